"""Government lists: the schedule that pulls them; /v1/feeds, where they are edited and holds are decided on."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import errors, logs, wiring
from chalicelib.domain.feed import Feed, is_due
from chalicelib.handlers import desks
from chalicelib.handlers.api import ANYONE, OPERATOR, PLATFORM, REGULATOR, Ask, Doors, Reply
from chalicelib.services import arranging, holding

doors = Doors(__name__)
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
# What a function keeps back of its time, to end in order.
RESERVED_MS = 60_000


@doors.door("/v1/feeds", "GET", roles=ANYONE)
def feeds(ask: Ask) -> dict[str, Any]:
    """How each government list stands."""
    views = arranging.describe(wiring.exchange(), wiring.default_feeds(), wiring.now())
    return {"feeds": [_shown(ask, view) for view in views]}


@doors.door("/v1/feeds/{name}", "GET", roles=ANYONE)
def feed(ask: Ask, name: str) -> dict[str, Any]:
    """One government list."""
    return _shown(ask, arranging.describe_one(wiring.exchange(), name, wiring.default_feeds(), wiring.now()))


@doors.door("/v1/feeds/{name}", "PUT", roles=(OPERATOR,))
def put_feed(ask: Ask, name: str) -> dict[str, Any]:
    """Add a government list, or change its entry whole."""
    from chalicelib.handlers.models import FeedEntry

    if not NAME.fullmatch(name):
        raise errors.BadRequest("invalid_request", field="name", expected=NAME.pattern)
    wanted = ask.read(FeedEntry)
    put = arranging.put(wiring.exchange(), Feed(name=name, **wanted.model_dump()), ask.caller, wiring.now())
    logs.note("feed_edited", feed=name, by=ask.caller.platform_id)
    return put


@doors.door("/v1/feeds/{name}", "DELETE", roles=(OPERATOR,))
def remove_feed(ask: Ask, name: str) -> dict[str, Any]:
    """Pull a list no more; what it listed stands until its own end."""
    gone = arranging.remove(wiring.exchange(), name, wiring.default_feeds(), ask.caller, wiring.now())
    logs.note("feed_removed", feed=name, by=ask.caller.platform_id)
    return gone


@doors.door("/v1/feeds/{name}/uploads", "POST", roles=(OPERATOR, REGULATOR))
def upload(ask: Ask, name: str) -> Reply:
    """A form with which an office drops a file for a list that arrives that way."""
    from chalicelib.handlers.models import Upload

    wanted = ask.read(Upload)
    form = arranging.open_drop(
        wiring.exchange(), wiring.bucket(), name, wanted.file_name, wiring.default_feeds(), wiring.now()
    )
    logs.note("feed_upload_opened", feed=name, by=ask.caller.platform_id)
    return Reply(form, 201)


@doors.door("/v1/feeds/{name}/holds/{hold_id}/release", "POST", roles=(OPERATOR, REGULATOR))
def release(ask: Ask, name: str, hold_id: str) -> dict[str, Any]:
    """Let what was held be applied, at the next stroke of the clock."""
    return _decide(ask, name, hold_id, "released")


@doors.door("/v1/feeds/{name}/holds/{hold_id}/discard", "POST", roles=(OPERATOR, REGULATOR))
def discard(ask: Ask, name: str, hold_id: str) -> dict[str, Any]:
    """Throw away what was held; the last known good list stays."""
    return _decide(ask, name, hold_id, "discarded")


def feeds_due(event: Mapping[str, Any], context: Any) -> None:
    """Pull every list that is due; one that fails does not stop the others.

    `{"feeds": [name]}` pulls just those, now.
    """
    if event.get("feeds") == []:
        return
    now, failures = wiring.now(), _end_the_day(_time_left(context))
    for one in arranging.known(wiring.exchange(), wiring.default_feeds()).values():
        state = wiring.exchange().get(f"feed#{one.name}") or {}
        wanted = one.name in event["feeds"] if "feeds" in event else is_due(one, state, now)
        wanted = wanted or _is_decided(one, state)
        if wanted and one.enabled:
            failures += _pull(one, _time_left(context))
    views = arranging.describe(wiring.exchange(), wiring.default_feeds(), wiring.now())
    logs.measure(arranging.counts(views))
    if failures:
        raise ExceptionGroup("feeds failed", failures)


def _shown(ask: Ask, view: dict[str, Any]) -> dict[str, Any]:
    return arranging.outside(view) if ask.caller.role == PLATFORM else view


def _end_the_day(time_is_left: Callable[[], bool]) -> list[Exception]:
    """End the listings whose day has come, at the first stroke after midnight in China; what went wrong."""
    from chalicelib.services import expiring

    try:
        done = expiring.run(wiring.registry(), wiring.exchange(), wiring.now(), time_is_left)
    except Exception as error:
        logs.failed("expiry_failed")
        return [error]
    logs.note("listings_expired", **done)
    return []


def _pull(one: Feed, time_is_left: Callable[[], bool]) -> list[Exception]:
    """Pull one list; what went wrong."""
    from chalicelib.adapters.table_file import read_records
    from chalicelib.services import refreshing

    desk = refreshing.Desk(
        wiring.registry(), wiring.exchange(), wiring.bucket(), desks.post(), wiring.feed_ways(), read_records
    )
    failures: list[Exception] = []
    try:
        result = refreshing.refresh(desk, one, wiring.now(), time_is_left)
    except Exception as error:
        logs.failed("feed_failed", feed=one.name)
        failures.append(error)
        result = refreshing.failed(desk, one, error, wiring.now())
    say = logs.warn if result["last_result"] == "held" else logs.note
    say("feed_pulled", feed=one.name, result=result["last_result"], rows=result.get("rows", 0))
    logs.measure({"FeedAgeSeconds": refreshing.age(result, wiring.now())}, feed=one.name)
    return failures


def _is_decided(one: Feed, state: Mapping[str, Any]) -> bool:
    return holding.decided(wiring.exchange(), one.name, state) is not None


def _time_left(context: Any) -> Callable[[], bool]:
    if context is None:
        return lambda: True
    return lambda: context.get_remaining_time_in_millis() > RESERVED_MS


def _decide(ask: Ask, name: str, ident: str, decision: str) -> dict[str, Any]:
    from chalicelib.handlers.models import HoldDecision

    wanted = ask.read(HoldDecision)
    decided = holding.decide(wiring.exchange(), name, ident, decision, ask.caller, wanted.why, wiring.now())
    logs.note("hold_decided", feed=name, hold=ident, decision=decision, by=ask.caller.platform_id)
    return decided
