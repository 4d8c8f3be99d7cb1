"""The figures of campaigns: listings opened in them, tasks, answers, closures, answers in time.

A figure is the length of an append-only log: an entry that comes twice keeps its number, so it is counted once.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from chalicelib.storage.item_keys.numbered_log_keys import campaign_log_name

if TYPE_CHECKING:
    from chalicelib.storage.numbered_log import NumberedLog

# The log of that name.
CampaignLogs = Callable[[str], "NumberedLog"]
# A campaign as changes and tasks name it: `campaign_id` and `name`.
Label = Mapping[str, str]
LISTINGS, TASKS, ANSWERED, CLOSED, IN_TIME = "listings", "tasks", "answered", "closed", "in_time"
FIGURES: Final = (LISTINGS, TASKS, ANSWERED, CLOSED, IN_TIME)


def tally(logs: CampaignLogs, figure: str, labels: Iterable[Label], entry_id: str) -> None:
    """Count a listing or task once for each of the campaigns that it is labelled with."""
    for label in labels:
        logs(campaign_log_name(figure, label["campaign_id"])).append({"entry_id": entry_id})


def tally_answer(logs: CampaignLogs, labels: Iterable[Label], task_id: str, outcome: str, in_time: bool) -> None:
    """Count the answer to a task; once in time, it stays in time, whatever a later answer says."""
    for figure, counts in ((ANSWERED, True), (CLOSED, outcome == "closed"), (IN_TIME, in_time)):
        if counts:
            tally(logs, figure, labels, task_id)


def figures(logs: CampaignLogs, campaign_id: str) -> dict[str, int]:
    """All figures of a campaign."""
    return {figure: logs(campaign_log_name(figure, campaign_id)).length() for figure in FIGURES}
