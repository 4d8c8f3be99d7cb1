"""The corroboration matrix: how many merchants stand in each state, in all, by reporting platform and by province.

A change of state takes the merchant out of the cells of the change before it and puts it into its own. Of changes of
earlier versions, which do not say which was before them, the last one of each merchant alone is counted.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Final, Self

from chalicelib.notices.rules import notice
from chalicelib.values.records import Json
from chalicelib.verdicts.rules.corroboration_entry import CorroborationEntry

STATES: Final = ("conflict", "platform_only", "both", "government_only")
ALL, PLATFORM, PROVINCE = "all", "p:", "r:"
NO_PROVINCE: Final = "00"
_SEPARATOR: Final = "|"
Row = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CorroborationCounts:
    """How many merchants stand in each state: `rows` by `all`, `p:<platform>` and `r:<province>` (two digits).

    `number` is that of the last change that was counted, `at` its moment.
    """

    rows: Mapping[str, Row]
    number: int = 0
    at: str = ""

    @classmethod
    def from_item(cls, item: Json) -> Self:
        """The counts as they are stored: those of a row in the order of the states."""
        rows = {
            name: dict(zip(STATES, map(int, str(value).split(_SEPARATOR)), strict=True))
            for name, value in item.items()
            if name == ALL or name.startswith((PLATFORM, PROVINCE))
        }
        return cls(rows, int(item.get("number", 0)), str(item.get("at", "")))

    def to_item(self) -> Json:
        """What is stored, a row in one field."""
        rows = {name: _SEPARATOR.join(str(row.get(state, 0)) for state in STATES) for name, row in self.rows.items()}
        return {**rows, "number": self.number, "at": self.at}

    def of(self, kind: str) -> dict[str, Row]:
        """The rows of a kind, by platform or province, but for those with nothing."""
        rows = {name.removeprefix(kind): row for name, row in self.rows.items() if name.startswith(kind)}
        return {name: row for name, row in rows.items() if any(row.values())}


def count(
    counts: CorroborationCounts,
    entries: Iterable[CorroborationEntry],
    before: Mapping[int, CorroborationEntry],
    last_of_earlier_versions: Set[int],
) -> CorroborationCounts:
    """The counts after these changes; `before` holds the changes that were current before them, by number."""
    rows = {name: dict(row) for name, row in counts.rows.items()}
    number, at = counts.number, counts.at
    for entry in entries:
        number, at = entry.number, entry.at
        if entry.before is None and entry.number not in last_of_earlier_versions:
            continue
        earlier = before.get(entry.before or 0)
        if earlier is not None:
            _add(rows, earlier, -1)
        _add(rows, entry, 1)
    return CorroborationCounts(rows, number, at)


def province(subject: Json) -> str:
    """The province of a merchant as its view names it; `00` where nothing says it."""
    return notice.region(subject)[:2] or NO_PROVINCE


def _add(rows: dict[str, dict[str, int]], entry: CorroborationEntry, step: int) -> None:
    if entry.state not in STATES:
        return
    platforms = (PLATFORM + platform_id for platform_id in entry.platforms)
    for name in (ALL, PROVINCE + province(entry.subject), *platforms):
        row = rows.setdefault(name, {})
        row[entry.state] = max(row.get(entry.state, 0) + step, 0)
