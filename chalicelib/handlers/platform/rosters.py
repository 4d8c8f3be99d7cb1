"""Rosters of merchants: /v1/rosters."""

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from chalicelib import errors, logs, wiring
from chalicelib.accounts.permissions import limited_to
from chalicelib.handlers.platform import reports
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors, Reply

if TYPE_CHECKING:
    from chalicelib.rosters.receive_roster import Sending
    from chalicelib.rosters.rules.roster import Roster

doors = Doors(__name__)

MODES: Final = ("full", "patch")
MOST_RESULTS: Final = 1_000
# A page of results is looked for in so many bytes; a single result is far smaller.
PAGE_BYTES: Final = 4 * 1024 * 1024
LINK_SECONDS: Final = 3_600


@doors.door("/v1/rosters/files", "POST", roles=(PLATFORM,), content_types=reports.FILE_TYPES)
def roster_file(ask: Ask) -> Reply:
    """Replace or patch this platform's roster by one file of up to 5 MB."""
    from chalicelib.rosters import receive_roster

    name = unquote(ask.header("x-file-name")).strip()
    if not name:
        raise errors.BadRequest("missing_file_name")
    body = ask.request.raw_body
    if isinstance(body, str):
        body = body.encode()
    if len(body) > reports.MOST_FILE_BYTES:
        most = reports.MOST_FILE_BYTES
        raise errors.TooLarge("too_large", bytes=len(body), most=most, instead="/v1/rosters/uploads")
    sending = _sending(ask, name)
    received = receive_roster.receive_roster(wiring.exchange(), wiring.bucket(), sending, body, wiring.now())
    logs.note("roster_received", roster=received["roster_id"], platform=ask.caller.platform_id, bytes=len(body))
    return Reply(received, 202)


@doors.door("/v1/rosters/uploads", "POST", roles=(PLATFORM,))
def roster_upload(ask: Ask) -> Reply:
    """Ask for a form with which a roster of up to 200 MB may be posted to the bucket."""
    from chalicelib.handlers.requests.rosters import RosterUpload
    from chalicelib.rosters import receive_roster

    sending = _sending(ask, ask.read(RosterUpload).file_name)
    return Reply(receive_roster.open_upload(wiring.exchange(), wiring.bucket(), sending, wiring.now()), 202)


@doors.door("/v1/rosters/{roster_id}", "GET", roles=(PLATFORM, REGULATOR))
def roster_status(ask: Ask, roster_id: str) -> dict[str, Any]:
    """How far a roster is, how fast, for how much longer; and its counts once it is done."""
    from chalicelib.rosters.rules.roster import view

    return view(_find(ask, roster_id), wiring.now())


@doors.door("/v1/rosters/{roster_id}/rejections", "GET", roles=(PLATFORM, REGULATOR))
def roster_rejections(ask: Ask, roster_id: str) -> Reply:
    """The rows that were rejected, each with its reason."""
    return reports.rejections_of(ask, _rows_key(_find(ask, roster_id), "rejected"), roster_id)


@doors.door("/v1/rosters/{roster_id}/warnings", "GET", roles=(PLATFORM, REGULATOR))
def roster_warnings(ask: Ask, roster_id: str) -> dict[str, Any]:
    """The rows that were taken although something was put right or left out."""
    return reports.warnings_of(ask, _rows_key(_find(ask, roster_id), "warnings"))


@doors.door("/v1/rosters/{roster_id}/results", "GET", roles=(PLATFORM, REGULATOR))
def roster_results(ask: Ask, roster_id: str) -> dict[str, Any]:
    """The merchants that matched, a page of them, and links to all of them as CSV and JSON lines."""
    from chalicelib.rosters.rules.roster_files import results_key

    since = ask.query("changed_since")
    if since not in ("", "last"):
        raise errors.BadRequest("invalid_request", field="changed_since", expected="last")
    limit = ask.number("limit", 100, MOST_RESULTS)
    after, roster = ask.cursor(), _find(ask, roster_id)
    if roster.status != "done":
        raise errors.Conflict("roster_not_done", status=roster.status)
    file = "changed" if since else "results"
    keys = {form: results_key(roster.platform_id, roster_id, file, form) for form in ("jsonl", "csv")}
    rows, following = _page(wiring.bucket().read_from(keys["jsonl"], after, PAGE_BYTES), after, max(limit, 1))
    links = {form: wiring.bucket().link(key, LINK_SECONDS) for form, key in keys.items()}
    return {
        "results": rows,
        "next": str(following),
        "rest": roster.rest,
        "links": {**links, "expire_in_seconds": LINK_SECONDS},
    }


def _sending(ask: Ask, file_name: str) -> "Sending":
    from chalicelib.rosters.receive_roster import Sending

    return Sending(
        platform_id=ask.caller.platform_id,
        file_name=file_name,
        mode=_mode(ask),
        idempotency_key=ask.header("idempotency-key"),
    )


def _mode(ask: Ask) -> str:
    mode = ask.query("mode", "full")
    if mode not in MODES:
        raise errors.BadRequest("invalid_request", field="mode", expected="full or patch")
    return mode


def _rows_key(roster: "Roster", kind: str) -> str:
    from chalicelib.rosters.rules.roster_files import results_key

    return results_key(roster.platform_id, roster.roster_id, kind, "jsonl") if getattr(roster, kind) else ""


def _find(ask: Ask, roster_id: str) -> "Roster":
    from chalicelib.rosters.receive_roster import find_roster

    return find_roster(wiring.exchange(), roster_id, limited_to(ask.caller))


def _page(body: bytes, after: int, limit: int) -> tuple[list[dict[str, Any]], int]:
    """The rows at the front of what was read at a byte, and the byte to read on from; that of the end stays."""
    rows: list[dict[str, Any]] = []
    for line in body.split(b"\n")[:-1][:limit]:
        rows.append(json.loads(line))
        after += len(line) + 1
    return rows, after
