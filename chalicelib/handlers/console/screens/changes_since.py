"""What changed for an organisation since its person was here: each count with the list of the cases behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from chalicelib import wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.screens import since as moments
from chalicelib.handlers.console.screens.oversight.findings import DAYS
from chalicelib.handlers.console.visit import Visit
from chalicelib.people.duties import Duty
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.government_lists.feed_status import FeedStatus

# So many of the newest are looked at; where all of them changed, there may be more.
MOST: Final = 50
DISPUTES: Final = (
    ("opened", "新申诉", "new disputes"),
    ("answered", "申诉已答复", "disputes answered"),
    ("closed", "申诉已结束", "disputes closed"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """How many of a kind changed, and the list of them, from /console/ on; `count` is such as '50+' past a bound."""

    label: str
    count: str
    path: str


def changes_since(visit: Visit, since: str, open_tasks: Sequence[int]) -> list[Change]:
    """What changed since a moment, as far as the person may see it; what did not is left out.

    `open_tasks` are the numbers of a platform's open tasks. Read are, of a platform: nine tasks for each tenth of its
    log, and three items of its roster; of platforms and regulators: the newest 50 disputes with their subjects, the
    reports of the days since (50 at most), 16 parts for each of these days and two items for each of 50 licences; of
    regulators and operators: the state of each list; of regulators the rules in force, and an item for each platform
    and day since (seven at most); of operators the newest 50 records that were set aside; of who decides or
    administers: the newest 20 acts that wait.
    """
    person = visit.session.person
    kinds: list[Iterator[Change]] = []
    if Duty.READ in person.duties:
        if person.role == Role.PLATFORM:
            kinds += [_tasks(visit, since, open_tasks), _roster(visit, since)]
        if person.role != Role.OPERATOR:
            kinds += [_disputes(visit, since), _reports(visit, since), _licences(visit, since)]
        if person.role != Role.PLATFORM:
            kinds.append(_lists(visit, since))
        if person.role == Role.REGULATOR:
            kinds += [_bursts(visit, since), _probing(visit, since)]
        if person.role == Role.OPERATOR:
            kinds.append(_set_aside(visit, since))
    if person.duties & {Duty.DECIDE, Duty.ADMINISTER}:
        kinds.append(_decisions(visit, since))
    return [change for kind in kinds for change in kind if change.count != "0"]


def _tasks(visit: Visit, since: str, open_tasks: Sequence[int]) -> Iterator[Change]:
    from chalicelib.closure_tasks.work_queue.tasks_since import first_task_since

    first = first_task_since(wiring.task_log(visit.caller.platform_id), since)
    count = sum(number >= first for number in open_tasks) if first else 0
    yield Change(visit.t("新任务", "new tasks"), str(count), _path("tasks", since))


def _roster(visit: Visit, since: str) -> Iterator[Change]:
    """What the last screening found that the one before it had not, where it was since."""
    from chalicelib.rosters.list_rosters import list_rosters
    from chalicelib.rosters.receive_roster import find_roster
    from chalicelib.storage.day_log import DaySpan

    owner, today = visit.caller.platform_id, china_date(wiring.now())
    listed = list_rosters(wiring.exchange(), owner, "", DaySpan(today, today), 1)
    if listed.current and listed.screened_at >= since:
        counts = find_roster(wiring.exchange(), listed.current, owner).counts or {}
        text = visit.t("名册商户较上次筛查有变化", "merchants of the roster changed in its last screening")
        yield Change(text, str(counts.get("outcomes_changed", 0)), f"roster/{listed.current}?show=changed")


def _disputes(visit: Visit, since: str) -> Iterator[Change]:
    from chalicelib.handlers.desk import dispute_desk

    changed = dispute_desk.changed_since(visit.caller, since, MOST)
    for step, zh, en in DISPUTES:
        yield Change(visit.t(zh, en), _most(len(changed[step])), _path("disputes", since, step=step))


def _reports(visit: Visit, since: str) -> Iterator[Change]:
    from chalicelib.reports.list_reports import ReportFilter, is_rejected, list_reports
    from chalicelib.storage.day_log import DaySpan

    span = DaySpan(moments.day_before(since), china_date(wiring.now()))
    page = list_reports(wiring.exchange(), visit.caller.platform_id, ReportFilter(done_since=since), span, MOST)
    rejected = sum(is_rejected(report) for report in page.reports)
    yield Change(visit.t("报送已处理", "reports finished"), _most(len(page.reports)), _path("reports", since))
    text = visit.t("报送有拒收", "reports with rejected rows")
    yield Change(text, _most(rejected), _path("reports", since, state="rejected"))


def _licences(visit: Visit, since: str) -> Iterator[Change]:
    from chalicelib.licences import licences_due

    day = china_date(datetime.fromisoformat(since))
    page = licences_due.lapsed_since(wiring.exchange(), visit.caller, day, "", MOST, wiring.now())
    yield Change(
        visit.t("执照核验已过期", "licences lapsed"), _most(len(page["licences"])), _path("licences/renewals", since)
    )


def _lists(visit: Visit, since: str) -> Iterator[Change]:
    from chalicelib.government_lists import feed_status

    statuses = feed_status.all_statuses(wiring.exchange(), wiring.default_feeds(), wiring.now())
    count = sum(is_held_since(status, since) for status in statuses)
    yield Change(visit.t("新增待放行的名单", "lists newly held"), str(count), _path("lists", since))


def _bursts(visit: Visit, since: str) -> Iterator[Change]:
    from chalicelib.verdicts import detect_bursts

    count = sum(burst.at >= since for burst in detect_bursts.current_bursts(wiring.exchange()))
    yield Change(visit.t("新的集中报送", "new bursts"), str(count), _path("rules/guards", since))


def _probing(visit: Visit, since: str) -> Iterator[Change]:
    """The platforms whose lookups were noticed since as looking like probing."""
    from chalicelib.probing import show_figures

    until = china_date(wiring.now())
    farthest = (date.fromisoformat(until) - timedelta(days=DAYS - 1)).isoformat()
    days = show_figures.show(wiring.exchange(), "", max(moments.day_before(since), farthest), until)["days"]
    noticed = {day["platform_id"] for day in days if "finding" in day and day["finding"]["at"] >= since}
    yield Change(visit.t("疑似试探查询的平台", "platforms newly noticed"), str(len(noticed)), "findings?only=findings")


def _set_aside(visit: Visit, since: str) -> Iterator[Change]:
    from chalicelib.storage.set_aside import set_aside_since

    count = len(set_aside_since(wiring.exchange(), since, MOST))
    yield Change(visit.t("新搁置的记录", "records set aside"), _most(count), _path("operation/set-aside", since))


def _decisions(visit: Visit, since: str) -> Iterator[Change]:
    from chalicelib.handlers.console.screens.accounts.decisions import count_waiting

    yield Change(
        visit.t("新提交待复核", "acts newly waiting for you"),
        str(count_waiting(visit, since)),
        _path("decisions", since, state="pending"),
    )


def is_held_since(status: "FeedStatus", since: str) -> bool:
    """Whether something of a list is held that nobody has decided, since a moment."""
    return status.hold is not None and not status.hold.decision and status.hold.held_at >= since


def _path(path: str, since: str, **filters: str) -> str:
    return f"{path}?{urlencode({**filters, 'since': since})}"


def _most(count: int) -> str:
    return f"{count}+" if count >= MOST else str(count)
