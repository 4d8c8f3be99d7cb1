"""Government lists: /v1/feeds, where they are edited and holds are decided on."""

import re
from typing import Any

from chalicelib import errors, logs, wiring
from chalicelib.government_lists import feed_settings, feed_status, held_deltas
from chalicelib.government_lists.feed_status import FeedStatus
from chalicelib.government_lists.rules import held_delta
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.handlers.routing import ANYONE, OPERATOR, PLATFORM, REGULATOR, Ask, Doors, Reply

doors = Doors(__name__)
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")


@doors.door("/v1/feeds", "GET", roles=ANYONE)
def feeds(ask: Ask) -> dict[str, Any]:
    """How each government list stands."""
    statuses = feed_status.all_statuses(wiring.exchange(), wiring.default_feeds(), wiring.now())
    return {"feeds": [_view(ask, status) for status in statuses]}


@doors.door("/v1/feeds/{name}", "GET", roles=ANYONE)
def feed(ask: Ask, name: str) -> dict[str, Any]:
    """One government list."""
    return _view(ask, feed_status.status_of(wiring.exchange(), name, wiring.default_feeds(), wiring.now()))


@doors.door("/v1/feeds/{name}", "PUT", roles=(OPERATOR,))
def put_feed(ask: Ask, name: str) -> dict[str, Any]:
    """Add a government list, or change its entry whole."""
    from chalicelib.handlers.requests.government_lists import FeedEntry

    if not NAME.fullmatch(name):
        raise errors.BadRequest("invalid_request", field="name", expected=NAME.pattern)
    wanted = ask.read(FeedEntry)
    put = feed_settings.save_feed(wiring.exchange(), Feed(name=name, **wanted.model_dump()), ask.caller, wiring.now())
    logs.note("feed_edited", feed=name, by=ask.caller.platform_id)
    return put


@doors.door("/v1/feeds/{name}", "DELETE", roles=(OPERATOR,))
def remove_feed(ask: Ask, name: str) -> dict[str, Any]:
    """Pull a list no more; what it listed stands until its own end."""
    gone = feed_settings.remove_feed(wiring.exchange(), name, wiring.default_feeds(), ask.caller, wiring.now())
    logs.note("feed_removed", feed=name, by=ask.caller.platform_id)
    return gone


@doors.door("/v1/feeds/{name}/uploads", "POST", roles=(OPERATOR, REGULATOR))
def upload(ask: Ask, name: str) -> Reply:
    """A form with which an office drops a file for a list that arrives that way."""
    from chalicelib.handlers.requests.reports import Upload

    wanted = ask.read(Upload)
    dropped = feed_settings.find_feed(wiring.exchange(), name, wiring.default_feeds())
    form = feed_settings.open_upload(wiring.bucket(), dropped, wanted.file_name, wiring.now())
    logs.note("feed_upload_opened", feed=name, by=ask.caller.platform_id)
    return Reply(form, 201)


@doors.door("/v1/feeds/{name}/holds/{hold_id}/release", "POST", roles=(OPERATOR, REGULATOR))
def release(ask: Ask, name: str, hold_id: str) -> dict[str, Any]:
    """Let what was held be applied, at the next schedule tick."""
    return _decide(ask, name, hold_id, "released")


@doors.door("/v1/feeds/{name}/holds/{hold_id}/discard", "POST", roles=(OPERATOR, REGULATOR))
def discard(ask: Ask, name: str, hold_id: str) -> dict[str, Any]:
    """Throw away what was held; the last known good list stays."""
    return _decide(ask, name, hold_id, "discarded")


def _view(ask: Ask, status: FeedStatus) -> dict[str, Any]:
    view = feed_status.platform_view if ask.caller.role == PLATFORM else feed_status.view
    return view(status, wiring.now())


def _decide(ask: Ask, name: str, ident: str, decision: str) -> dict[str, Any]:
    from chalicelib.handlers.requests.government_lists import HoldDecision

    wanted = ask.read(HoldDecision)
    decided = held_deltas.Decision(decision=decision, by=ask.caller, why=wanted.why)
    hold = held_deltas.decide(wiring.exchange(), name, ident, decided, wiring.now())
    logs.note("hold_decided", feed=name, hold=ident, decision=decision, by=ask.caller.platform_id)
    return held_delta.view(hold)
