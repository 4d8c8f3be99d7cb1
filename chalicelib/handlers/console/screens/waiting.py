"""How much waits behind the entries of the navigation, asked for by a page once it is drawn."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib import logs, wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame, navigation
from chalicelib.handlers.console.navigation import Waiting
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import JSON, Reply
from chalicelib.people.duties import Duty
from chalicelib.storage.day_log import DaySpan
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.rules.listing import Dispute

# So many of the newest disputes are looked at, and so many reports and licence checks, of so many days.
MOST: Final = 50
MOST_LOOKED_AT: Final = 30
REPORT_DAYS: Final = 7
READING_DAYS: Final = 8


def counts(visit: Visit) -> Reply:
    """What waits, by entry, in JSON; an entry of which it is not known is left out.

    Kept for a minute, by organisation and by person. Read are, for a platform: two items and 20 blocks of its open
    tasks at most; for platforms and regulators: the newest 50 disputes with their subjects, and the newest 30 reports
    of seven days; for all: the newest 30 licence checks of eight days; for regulators and operators: the state of each
    list; for regulators the rules in force; for who decides or administers: the newest 20 acts of the organisation.
    """
    person = visit.session.person
    for owner, counted in ((person.organisation, _of_organisation(visit)), (person.person_id, _of_person(visit))):
        if navigation.kept(owner) is None:
            tried = {path: _tried(path, count) for path, count in counted.items()}
            navigation.keep(owner, {path: waiting for path, waiting in tried.items() if waiting is not None})
    body = {
        entry.path: {"text": entry.waiting.text, "late": entry.waiting.late}
        for entry in navigation.entries(visit)
        if entry.waiting
    }
    return Reply(body, 200, JSON, console_frame.HEADERS)


def _of_organisation(visit: Visit) -> Mapping[str, Callable[[], Waiting | None]]:
    """How what waits behind each entry is counted, for the visitor's kind of organisation."""
    role = visit.caller.role
    if role == Role.OPERATOR:
        return {"operation": _held_lists, "licences": lambda: _licences(visit)}
    counted = {
        "disputes": lambda: _disputes(visit),
        "reports": lambda: _reports(visit),
        "licences": lambda: _licences(visit),
    }
    if role == Role.PLATFORM:
        return {"tasks": lambda: _tasks(visit), **counted}
    return {"overview": _findings, "rules": _bursts, **counted}


def _of_person(visit: Visit) -> Mapping[str, Callable[[], Waiting | None]]:
    """The same for what waits for the person, as the second of its organisation."""
    if not visit.session.person.duties & {Duty.DECIDE, Duty.ADMINISTER}:
        return {}
    return {"people" if Duty.ADMINISTER in visit.session.person.duties else "today": lambda: _decisions(visit)}


def _tried(path: str, count: Callable[[], Waiting | None]) -> Waiting | None:
    """What waits; None where it cannot be counted now: a page is not worse without it."""
    try:
        return count()
    except Exception:
        logs.failed("waiting_not_counted", entry=path)
        return None


def _tasks(visit: Visit) -> Waiting | None:
    """The tasks of a platform that are late or due today."""
    from chalicelib.closure_tasks.work_queue.tasks_due_today import count_due_today

    due = count_due_today(wiring.exchange(), visit.caller.platform_id, wiring.now())
    return Waiting(str(due.count), due.late > 0) if due else None


def _disputes(visit: Visit) -> Waiting:
    """The disputes that wait for this organisation: for the reporter's answer, for a regulator's decision."""
    from chalicelib.handlers.desk import dispute_desk

    cases, is_complete = dispute_desk.newest(visit.caller, MOST)
    if visit.caller.role == Role.REGULATOR:
        waits = [case for case in cases if case.dispute.state == "answered" or _is_late(case.dispute)]
    else:
        waits = [case for case in cases if case.dispute.state == "open" and case.listing.source == visit.caller.actor]
    more = "" if is_complete else "+"
    return Waiting(f"{len(waits)}{more}", any(_is_late(case.dispute) for case in waits))


def _is_late(dispute: "Dispute") -> bool:
    """Whether the reporter did not answer in time; a regulator decides without it then."""
    return bool(dispute.overdue_at) and dispute.state == "open"


def _reports(visit: Visit) -> Waiting:
    """The reports of this organisation, among the newest of seven days, with rows that wait to be sent again mended."""
    from chalicelib.reports.list_reports import ReportFilter, list_reports, not_sent_again

    owner, today = visit.caller.platform_id, china_date(wiring.now())
    span = DaySpan((date.fromisoformat(today) - timedelta(days=REPORT_DAYS - 1)).isoformat(), today)
    page = list_reports(wiring.exchange(), owner, ReportFilter(), span, MOST_LOOKED_AT)
    waits = not_sent_again([report for report in page.reports if report.platform_id == owner])
    return _of_some(len(waits), bool(page.next))


def _licences(visit: Visit) -> Waiting:
    """The uploaded licences, among the newest checks of eight days, that wait for a reading of this organisation; late
    where one of them ends within a day."""
    from chalicelib.licences import list_licence_checks

    now = wiring.now()
    today = china_date(now)
    span = DaySpan((date.fromisoformat(today) - timedelta(days=READING_DAYS - 1)).isoformat(), today)
    owner, fits = list_licence_checks.owner_of(visit.caller, ""), list_licence_checks.waits_for(visit.caller, now)
    page = list_licence_checks.list_licence_checks(wiring.exchange(), owner, lambda _: True, span, MOST_LOOKED_AT)
    waits = [check for check in page.checks if fits(check)]
    soon = iso(now + timedelta(days=1))
    return _of_some(len(waits), bool(page.next), any(check.answer_until <= soon for check in waits))


def _of_some(count: int, has_more: bool, late: bool = False) -> Waiting:
    """A count of those that were looked at, where there may be more among the others."""
    return Waiting(f"{count}+" if has_more and count else str(count), late)


def _bursts() -> Waiting:
    """The bursts that no regulator has decided."""
    from chalicelib.verdicts import detect_bursts

    return Waiting(str(len(detect_bursts.current_bursts(wiring.exchange()))))


def _findings() -> Waiting:
    """Held lists and bursts that wait for a regulator."""
    from chalicelib.verdicts import detect_bursts

    return Waiting(str(_count_held() + len(detect_bursts.current_bursts(wiring.exchange()))))


def _held_lists() -> Waiting:
    return Waiting(str(_count_held()))


def _count_held() -> int:
    from chalicelib.government_lists import feed_status

    statuses = feed_status.all_statuses(wiring.exchange(), wiring.default_feeds(), wiring.now())
    return sum(status.hold is not None and not status.hold.decision for status in statuses)


def _decisions(visit: Visit) -> Waiting:
    """The acts of other people that wait for this person."""
    from chalicelib.handlers.console.screens.accounts.decisions import count_waiting

    return Waiting(str(count_waiting(visit)))
