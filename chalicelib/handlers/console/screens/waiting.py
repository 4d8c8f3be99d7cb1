"""How much waits behind the entries of the navigation, asked for by a page once it is drawn."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from chalicelib import logs, wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame, navigation
from chalicelib.handlers.console.navigation import Waiting
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import JSON, Reply
from chalicelib.people.duties import Duty

if TYPE_CHECKING:
    from chalicelib.registry.rules.listing import Dispute

# So many of the newest disputes are looked at.
MOST: Final = 50


def counts(visit: Visit) -> Reply:
    """What waits, by entry, in JSON; an entry of which it is not known is left out.

    Kept for a minute, by organisation and by person. Read are, for a platform: two items and 20 blocks of its open
    tasks at most; for platforms and regulators: the newest 50 disputes with their subjects; for regulators and
    operators: the state of each list; for regulators the rules in force; for who decides or administers: the newest 20
    acts of the organisation.
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
    if role == Role.PLATFORM:
        return {"tasks": lambda: _tasks(visit), "disputes": lambda: _disputes(visit)}
    if role == Role.REGULATOR:
        return {"overview": _findings, "disputes": lambda: _disputes(visit)}
    return {"operation": _held_lists}


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
