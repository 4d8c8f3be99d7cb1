"""Rosters of merchants: /v1/rosters."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib import errors, logs, wiring
from chalicelib.handlers.parameters import AFTER, FILE_NAME, IDEMPOTENCY_KEY, Parameter, limit
from chalicelib.handlers.platform import reports
from chalicelib.handlers.replies import CSV, Reply
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.handlers.uploaded_file import FILE_TYPES, sent_file
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.handlers.requests.rosters import RosterUpload

routes = Routes(__name__, "rosters")

MODE: Final = Parameter("mode", "整体替换或增量", "replace the roster, or patch it", "full", choices=("full", "patch"))
RESULTS_PAGE: Final = (
    AFTER,
    limit(100, 1_000),
    Parameter("changed_since", "只列出相对上次有变化的", "only what changed since the last time", choices=("last",)),
)
# A page of results is looked for in so many bytes; a single result is far smaller.
PAGE_BYTES: Final = 4 * 1024 * 1024
LINK_SECONDS: Final = 3_600


@routes.route(
    "/v1/rosters/files",
    "POST",
    "createRosterFromFile",
    roles=(PLATFORM,),
    content_types=FILE_TYPES,
    query=(MODE,),
    headers=(FILE_NAME, IDEMPOTENCY_KEY),
    returns="reports:RosterStatus",
    status=202,
    errors=(ErrorCode.MISSING_FILE_NAME, ErrorCode.TOO_LARGE, ErrorCode.IDEMPOTENCY_CONFLICT),
)
def roster_file(request: Request) -> dict[str, Any]:
    """Replace or patch this platform's roster by one file of up to 5 MB."""
    from chalicelib.rosters import receive_roster

    name, body = sent_file(request, instead="/v1/rosters/uploads")
    mode, now = request.text("mode"), wiring.now()
    store = wiring.exchange(), wiring.bucket(), request.caller.platform_id
    received = receive_roster.receive(*store, name, mode, body, request.header("idempotency-key"), now)
    logs.note("roster_received", roster=received["roster_id"], platform=request.caller.platform_id, bytes=len(body))
    return received


@routes.route(
    "/v1/rosters/uploads",
    "POST",
    "createRosterUpload",
    roles=(PLATFORM,),
    body="rosters:RosterUpload",
    query=(MODE,),
    headers=(IDEMPOTENCY_KEY,),
    returns="reports:RosterUploadForm",
    status=202,
    errors=(ErrorCode.IDEMPOTENCY_CONFLICT,),
)
def roster_upload(request: Request, body: "RosterUpload") -> dict[str, Any]:
    """Ask for a form with which a roster of up to 200 MB may be posted to the bucket."""
    from chalicelib.rosters import receive_roster

    wanted, store = body, (wiring.exchange(), wiring.bucket(), request.caller.platform_id)
    key = request.header("idempotency-key")
    return receive_roster.open_upload(*store, wanted.file_name, request.text("mode"), key, wiring.now())


@routes.route(
    "/v1/rosters/{roster_id}",
    "GET",
    "getRoster",
    roles=(PLATFORM, REGULATOR),
    returns="reports:RosterStatus",
    errors=(ErrorCode.NOT_FOUND,),
)
def roster_status(request: Request, roster_id: str) -> dict[str, Any]:
    """How far a roster is, how fast, for how much longer; and its counts once it is done."""
    from chalicelib.rosters import receive_roster

    return receive_roster.view(_find(request, roster_id), wiring.now())


@routes.route(
    "/v1/rosters/{roster_id}/rejections",
    "GET",
    "listRosterRejections",
    roles=(PLATFORM, REGULATOR),
    query=reports.ROWS_OR_CSV,
    returns="reports:RejectionPage",
    media=(CSV,),
    errors=(ErrorCode.NOT_FOUND,),
)
def roster_rejections(request: Request, roster_id: str) -> Reply:
    """The rows that were rejected, each with its reason."""
    return reports.rejections_of(request, _find(request, roster_id), roster_id)


@routes.route(
    "/v1/rosters/{roster_id}/warnings",
    "GET",
    "listRosterWarnings",
    roles=(PLATFORM, REGULATOR),
    query=reports.ROWS,
    returns="reports:WarningPage",
    errors=(ErrorCode.NOT_FOUND,),
)
def roster_warnings(request: Request, roster_id: str) -> dict[str, Any]:
    """The rows that were taken although something was put right or left out."""
    return reports.warnings_of(request, _find(request, roster_id))


@routes.route(
    "/v1/rosters/{roster_id}/results",
    "GET",
    "listRosterResults",
    roles=(PLATFORM, REGULATOR),
    query=RESULTS_PAGE,
    returns="reports:RosterResults",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.ROSTER_NOT_DONE),
)
def roster_results(request: Request, roster_id: str) -> dict[str, Any]:
    """The merchants that matched, a page of them, and links to all of them as CSV and JSON lines."""
    from chalicelib.rosters import finish_roster_run

    since = request.text("changed_since")
    limit = request.number("limit")
    after, found = request.number("after"), _find(request, roster_id)
    if found["status"] != "done":
        raise errors.Conflict(ErrorCode.ROSTER_NOT_DONE, status=found["status"])
    file = "changed" if since else "results"
    key = finish_roster_run.results_key(found, file, "jsonl")
    rows, following = _page(wiring.bucket().read_from(key, max(after - 1, 0), PAGE_BYTES), after, limit)
    links = {form: wiring.bucket().link(finish_roster_run.results_key(found, file, form), LINK_SECONDS)
             for form in ("jsonl", "csv")}  # fmt: skip
    return {
        "results": rows,
        "next": str(following),
        "rest": found["rest"],
        "links": {**links, "expire_in_seconds": LINK_SECONDS},
    }


def _find(request: Request, roster_id: str) -> Mapping[str, Any]:
    from chalicelib.rosters import receive_roster

    mine = "" if request.caller.role == REGULATOR else request.caller.platform_id
    return receive_roster.find(wiring.exchange(), roster_id, mine)


def _page(body: bytes, after: int, limit: int) -> tuple[list[dict[str, Any]], int]:
    """The rows that begin at byte `after`, and the byte to read on from; that of the end stays.

    `body` is what was read from the byte before: a cursor that a page gave stands behind the end of a line.
    """
    if after and not body.startswith(b"\n"):
        raise errors.BadRequest(ErrorCode.INVALID_CURSOR, after=str(after))
    rows: list[dict[str, Any]] = []
    for line in body.removeprefix(b"\n").split(b"\n")[:-1][:limit]:
        rows.append(json.loads(line))
        after += len(line) + 1
    return rows, after
