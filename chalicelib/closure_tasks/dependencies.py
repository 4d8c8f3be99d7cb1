"""What the use cases of closure tasks work with: the tables, the logs and the clocks, handed in as one record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.closure_tasks.open_index.open_tasks import OpenTasks
from chalicelib.closure_tasks.rules.task_deadlines import Clock, Overlay, clock_for
from chalicelib.closure_tasks.task_log import TaskLog
from chalicelib.notices.change_log import ChangeLog
from chalicelib.notices.push_notices import NoticeSender
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.verdicts import campaign_figures
from chalicelib.verdicts.rules.decide_verdict import AnswerClock

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog


# What tightens a clock: platform id, kind of task, the subject, the listing, now -> overlays for `clock_for`.
Overlays = Callable[[str, str, Subject, Listing, datetime], Iterable[Overlay]]
AnswerClocks = Callable[[str, str, Subject, Listing, datetime], Iterable[AnswerClock]]


def no_overlays(*_: object) -> Iterable[Overlay]:
    """The clocks of the table as they are."""
    return ()


def overlays_from(answer_clocks: AnswerClocks) -> Overlays:
    """The overlays of the rules in force: what campaigns and policies leave to answer a task."""

    def overlays(platform_id: str, kind: str, subject: Subject, listing: Listing, now: datetime) -> Iterable[Overlay]:
        for clock in answer_clocks(platform_id, kind, subject, listing, now):
            yield Overlay(answer_days=clock.answer_days, why=clock.why)

    return overlays


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The tables, logs and clocks of closure tasks.

    `changes` numbers the changes of listings, `task_logs` gives the log of a platform's tasks, `restricted` numbers the
    listings that may ever have blocked, `campaign_logs` gives the logs whose lengths are the figures of campaigns.
    """

    exchange: "ExchangeTable"
    changes: ChangeLog
    task_logs: Callable[[str], "NumberedLog"]
    sender: NoticeSender
    restricted: "NumberedLog"
    campaign_logs: campaign_figures.CampaignLogs
    overlays: Overlays = no_overlays

    def tasks_of(self, platform_id: str) -> TaskLog:
        """The tasks of one platform."""
        return TaskLog(self.task_logs(platform_id), OpenTasks(self.exchange, platform_id))

    def clock_for(self, platform_id: str, kind: str, subject: Subject, listing: Listing, now: datetime) -> Clock:
        """The clock of a task: that of the table, tightened by the overlays of this platform, subject and listing."""
        return clock_for(kind, listing.severity, self.overlays(platform_id, kind, subject, listing, now))
