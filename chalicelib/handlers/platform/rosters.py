"""Rosters of merchants: /v1/rosters."""

from typing import TYPE_CHECKING, Final

from chalicelib import errors, wiring
from chalicelib.accounts.permissions import limited_to
from chalicelib.handlers.desk import received_files
from chalicelib.handlers.parameters import AFTER, FILE_NAME, IDEMPOTENCY_KEY, Parameter, limit
from chalicelib.handlers.platform import reports
from chalicelib.handlers.replies import CSV, Reply
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.handlers.uploaded_file import FILE_TYPES, sent_file
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.rosters import RosterUpload
    from chalicelib.rosters.receive_roster import Sending
    from chalicelib.rosters.rules.roster import Roster

routes = Routes(__name__, "rosters")

MODE: Final = Parameter("mode", "整体替换或增量", "replace the roster, or patch it", "full", choices=("full", "patch"))
RESULTS_PAGE: Final = (
    AFTER,
    limit(100, 1_000),
    Parameter("changed_since", "只列出相对上次有变化的", "only what changed since the last time", choices=("last",)),
)
LINK_SECONDS: Final = 3_600


@routes.route(
    "/v1/rosters/files",
    "POST",
    "createRosterFromFile",
    is_file=True,
    roles=(PLATFORM,),
    content_types=FILE_TYPES,
    query=(MODE,),
    headers=(FILE_NAME, IDEMPOTENCY_KEY),
    returns="reports:RosterStatus",
    status=202,
    errors=(ErrorCode.MISSING_FILE_NAME, ErrorCode.TOO_LARGE, ErrorCode.IDEMPOTENCY_CONFLICT),
)
def roster_file(request: Request) -> Json:
    """Replace or patch this platform's roster by one file of up to 5 MB."""
    name, body = sent_file(request, instead="/v1/rosters/uploads")
    return received_files.receive_roster(request.caller, _sending(request, name), body)


@routes.route(
    "/v1/rosters/uploads",
    "POST",
    "createRosterUpload",
    is_file=True,
    roles=(PLATFORM,),
    body="rosters:RosterUpload",
    query=(MODE,),
    headers=(IDEMPOTENCY_KEY,),
    returns="reports:RosterUploadForm",
    status=202,
    errors=(ErrorCode.IDEMPOTENCY_CONFLICT,),
)
def roster_upload(request: Request, body: "RosterUpload") -> Json:
    """Ask for a form with which a roster of up to 200 MB may be posted to the bucket."""
    from chalicelib.rosters import receive_roster

    sending = _sending(request, body.file_name)
    return receive_roster.open_upload(wiring.exchange(), wiring.bucket(), sending, wiring.now())


@routes.route(
    "/v1/rosters/{roster_id}",
    "GET",
    "getRoster",
    roles=(PLATFORM, REGULATOR),
    returns="reports:RosterStatus",
    errors=(ErrorCode.NOT_FOUND,),
)
def roster_status(request: Request, roster_id: str) -> Json:
    """How far a roster is, how fast, for how much longer; and its counts once it is done."""
    from chalicelib.rosters.rules.roster import view

    return view(_find(request, roster_id), wiring.now())


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
    return reports.rejections_of(request, _rows_key(_find(request, roster_id), "rejected"), roster_id)


@routes.route(
    "/v1/rosters/{roster_id}/warnings",
    "GET",
    "listRosterWarnings",
    roles=(PLATFORM, REGULATOR),
    query=reports.ROWS,
    returns="reports:WarningPage",
    errors=(ErrorCode.NOT_FOUND,),
)
def roster_warnings(request: Request, roster_id: str) -> Json:
    """The rows that were taken although something was put right or left out."""
    return reports.warnings_of(request, _rows_key(_find(request, roster_id), "warnings"))


@routes.route(
    "/v1/rosters/{roster_id}/results",
    "GET",
    "listRosterResults",
    roles=(PLATFORM, REGULATOR),
    query=RESULTS_PAGE,
    returns="reports:RosterResults",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.ROSTER_NOT_DONE),
)
def roster_results(request: Request, roster_id: str) -> Json:
    """The merchants that matched, a page of them, and links to all of them as CSV and JSON lines."""
    from chalicelib.rosters.rules.roster_files import results_key

    after, roster = request.number("after"), _find(request, roster_id)
    if roster.status != "done":
        raise errors.Conflict(ErrorCode.ROSTER_NOT_DONE, status=roster.status)
    file = "changed" if request.text("changed_since") else "results"
    keys = {form: results_key(roster.platform_id, roster_id, file, form) for form in ("jsonl", "csv")}
    rows, following = received_files.lines_from(keys["jsonl"], after, request.number("limit"))
    links = {form: wiring.bucket().link(key, LINK_SECONDS) for form, key in keys.items()}
    return {
        "results": rows,
        "next": str(following),
        "rest": roster.rest,
        "links": {**links, "expire_in_seconds": LINK_SECONDS},
    }


def _sending(request: Request, file_name: str) -> "Sending":
    from chalicelib.rosters.receive_roster import Sending

    return Sending(
        platform_id=request.caller.platform_id,
        file_name=file_name,
        mode=request.text("mode"),
        idempotency_key=request.header("idempotency-key"),
        key_id=request.caller.key_id,
    )


def _rows_key(roster: "Roster", kind: str) -> str:
    from chalicelib.rosters.rules.roster_files import results_key

    return results_key(roster.platform_id, roster.roster_id, kind, "jsonl") if getattr(roster, kind) else ""


def _find(request: Request, roster_id: str) -> "Roster":
    from chalicelib.rosters.receive_roster import find_roster

    return find_roster(wiring.exchange(), roster_id, limited_to(request.caller))
