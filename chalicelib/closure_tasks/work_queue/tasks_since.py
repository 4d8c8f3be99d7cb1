"""Where the tasks that a platform was sent since a moment begin in its log."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.storage.numbered_log import NumberedLog

# So many entries are looked at with one BatchGetItem: 100,000 tasks are searched with five.
PROBES: Final = 9


def first_task_since(log: "NumberedLog", moment: str) -> int:
    """The number of the first task that was opened at a moment (ISO, UTC) or later; 0 for none.

    Tasks are numbered in the order of their opening; 9 of them are read for each tenth of the log.
    """
    low, high, number = 1, log.length(), 0
    while low <= high:
        step = max((high - low + 1) // (PROBES + 1), 1)
        places = sorted({min(low + step * probe, high) for probe in range(PROBES)} | {high})
        entries = log.at_places(places)
        later = [at for at in places if at in entries and str(entries[at].get("opened_at", "")) >= moment]
        if not later:
            break
        number, high = int(entries[later[0]]["number"]), later[0] - 1
        earlier = [at for at in places if at < later[0]]
        low = earlier[-1] + 1 if earlier else low
    return number
