"""Government lists: /v1/feeds, where they are edited and holds are decided on."""

import re
from typing import TYPE_CHECKING, Final

from chalicelib import errors, logs, messages, wiring
from chalicelib.handlers.parameters import AFTER, Parameter, limit
from chalicelib.handlers.route_declaration import decides
from chalicelib.handlers.routing import ANYONE, OPERATOR, PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.government_lists.feed_status import FeedStatus
    from chalicelib.handlers.requests.government_lists import FeedEntry, HoldDecision
    from chalicelib.handlers.requests.reports import Upload

routes = Routes(__name__, "government-lists")
VERSION: Final = Parameter(
    "version",
    "该次交付的版本（`version` 或 `hold_id`）；默认最近一次",
    "the delivery, by its `version` or `hold_id`; the newest by default",
    pattern=r"[0-9a-f]{16}",
)
KIND: Final = Parameter(
    "kind",
    "放行后新增、变更、结束的条目，或其中平台也列入的商户",
    "entries that a release would add, change or end, or those of them whose merchant platforms have listed",
    "added",
    choices=("added", "changed", "ended", "touched"),
)
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")


@routes.route("/v1/feeds", "GET", "listFeeds", roles=ANYONE, returns="feeds:FeedList")
def feeds(request: Request) -> Json:
    """How each government list stands."""
    from chalicelib.government_lists import feed_status

    statuses = feed_status.all_statuses(wiring.exchange(), wiring.default_feeds(), wiring.now())
    return {"feeds": [_view(request, status) for status in statuses]}


@routes.route(
    "/v1/feeds/{name}", "GET", "getFeed", roles=ANYONE, returns="feeds:FeedStatus", errors=(ErrorCode.NOT_FOUND,)
)
def feed(request: Request, name: str) -> Json:
    """One government list."""
    from chalicelib.government_lists import feed_status

    return _view(request, feed_status.status_of(wiring.exchange(), name, wiring.default_feeds(), wiring.now()))


@routes.route(
    "/v1/feeds/{name}",
    "PUT",
    "putFeed",
    roles=(OPERATOR,),
    body="government_lists:FeedEntry",
    returns="feeds:FeedEntryView",
    errors=(ErrorCode.TOO_MANY_FEEDS,),
)
def put_feed(request: Request, body: "FeedEntry", name: str) -> Json:
    """Add a government list, or change its entry whole."""
    from chalicelib.government_lists import feed_settings
    from chalicelib.government_lists.rules.feed import Feed

    if not NAME.fullmatch(name):
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="name", expected=NAME.pattern)
    put = feed_settings.save_feed(wiring.exchange(), Feed(name=name, **body.model_dump()), request.caller, wiring.now())
    logs.note("feed_edited", feed=name, by=request.caller.platform_id)
    return put


@routes.route(
    "/v1/feeds/{name}",
    "DELETE",
    "removeFeed",
    roles=(OPERATOR,),
    returns="feeds:RemovedFeed",
    errors=(ErrorCode.NOT_FOUND,),
)
def remove_feed(request: Request, name: str) -> Json:
    """Pull a list no more; what it listed stands until its own end."""
    from chalicelib.government_lists import feed_settings

    gone = feed_settings.remove_feed(wiring.exchange(), name, wiring.default_feeds(), request.caller, wiring.now())
    logs.note("feed_removed", feed=name, by=request.caller.platform_id)
    return gone


@routes.route(
    "/v1/feeds/{name}/uploads",
    "POST",
    "createFeedUpload",
    roles=(OPERATOR, REGULATOR),
    body="reports:Upload",
    returns="feeds:DropForm",
    status=201,
    errors=(ErrorCode.NOT_FOUND, ErrorCode.FEED_NOT_DROPPED),
)
def upload(request: Request, body: "Upload", name: str) -> Json:
    """A form with which an office drops a file for a list that arrives that way."""
    from chalicelib.government_lists import feed_settings

    dropped = feed_settings.find_feed(wiring.exchange(), name, wiring.default_feeds())
    form = feed_settings.open_upload(wiring.bucket(), dropped, body.file_name, wiring.now())
    logs.note("feed_upload_opened", feed=name, by=request.caller.platform_id)
    return form


@routes.route(
    "/v1/feeds/{name}/rejections",
    "GET",
    "listFeedRejections",
    roles=(OPERATOR, REGULATOR),
    query=(AFTER, limit(100, 100), VERSION),
    returns="feeds:FeedRejectionPage",
    errors=(ErrorCode.NOT_FOUND,),
)
def rejections(request: Request, name: str) -> Json:
    """The rows of a delivery that were rejected, each with its reason and its values, masked."""
    from chalicelib.government_lists import feed_status, keep_rejections

    status = feed_status.status_of(wiring.exchange(), name, wiring.default_feeds(), wiring.now())
    after, most = request.number("after"), request.number("limit")
    page = keep_rejections.read_rejections(wiring.bucket(), status, request.text("version"), after, most)
    return {
        "feed": name,
        "version": page.version,
        "rejected": page.rejected,
        "kept": page.kept,
        "rejections": [{**row, "message": messages.message(row["code"])} for row in page.rows],
        "next": page.next,
    }


@routes.route(
    "/v1/feeds/{name}/holds/{hold_id}/entries",
    "GET",
    "listHoldEntries",
    roles=(OPERATOR, REGULATOR),
    query=(KIND, AFTER, limit(50, 100)),
    returns="lists.feeds:HoldEntryPage",
    errors=(ErrorCode.NOT_FOUND,),
)
def hold_entries(request: Request, name: str, hold_id: str) -> Json:
    """What a release would do, entry by entry."""
    from chalicelib.government_lists import hold_preview

    where, kind = (name, hold_id), request.text("kind")
    after, most = request.number("after"), request.number("limit")
    page = hold_preview.read_preview(wiring.bucket(), where, kind, after, most)
    return {
        "feed": name,
        "hold_id": hold_id,
        "at": page.at,
        "counts": dict(page.counts),
        "kept": page.kept,
        "is_whole": page.is_whole,
        "entries": [hold_preview.shown_to(request.caller.role, entry) for entry in page.entries],
        "next": page.next,
    }


@routes.route(
    "/v1/feeds/{name}/holds/{hold_id}/release",
    "POST",
    "releaseHold",
    roles=(OPERATOR, REGULATOR),
    body="government_lists:HoldDecision",
    returns="feeds:Hold",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.HOLD_IS_OVER, ErrorCode.HOLD_UNREADABLE),
    also={202: "people.pending:HeldForSecond"},
    second_person=decides,
)
def release(request: Request, body: "HoldDecision", name: str, hold_id: str) -> Json:
    """Let what was held be applied, at the next schedule tick."""
    return _decide(request, body.why, name, hold_id, "released")


@routes.route(
    "/v1/feeds/{name}/holds/{hold_id}/discard",
    "POST",
    "discardHold",
    roles=(OPERATOR, REGULATOR),
    body="government_lists:HoldDecision",
    returns="feeds:Hold",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.HOLD_IS_OVER),
)
def discard(request: Request, body: "HoldDecision", name: str, hold_id: str) -> Json:
    """Throw away what was held; the last known good list stays."""
    return _decide(request, body.why, name, hold_id, "discarded")


def _view(request: Request, status: "FeedStatus") -> Json:
    from chalicelib.government_lists import feed_status

    view = feed_status.platform_view if request.caller.role == PLATFORM else feed_status.view
    return view(status, wiring.now())


def _decide(request: Request, why: str, name: str, ident: str, decision: str) -> Json:

    from chalicelib.government_lists import held_deltas
    from chalicelib.government_lists.rules import held_delta

    decided = held_deltas.Decision(decision=decision, by=request.caller, why=why)
    hold = held_deltas.decide(wiring.exchange(), name, ident, decided, wiring.now())
    logs.note("hold_decided", feed=name, hold=ident, decision=decision, by=request.caller.platform_id)
    return held_delta.view(hold)
