"""Rosters of merchants: /v1/rosters, the queues on which their files and shards arrive, the schedule of snapshots."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from chalicelib import errors, logs, wiring
from chalicelib.domain.moment import age_seconds
from chalicelib.handlers import desks, reports
from chalicelib.handlers.api import PLATFORM, REGULATOR, Ask, Doors, Reply
from chalicelib.handlers.lookups import configured_feeds

if TYPE_CHECKING:
    from chalicelib.adapters.exchange_table import ExchangeTable
    from chalicelib.adapters.file_bucket import FileBucket
    from chalicelib.services.rostering import Desk
    from chalicelib.services.snapshotting import Holder

doors = Doors(__name__)

MODES: Final = ("full", "patch")
MOST_RESULTS: Final = 1_000
# A page of results is looked for in so many bytes; a single result is far smaller.
PAGE_BYTES: Final = 4 * 1024 * 1024
LINK_SECONDS: Final = 3_600
# What a function keeps back of its time, to end in order.
RESERVED_MS: Final = 120_000


@doors.door("/v1/rosters/files", "POST", roles=(PLATFORM,), content_types=reports.FILE_TYPES)
def roster_file(ask: Ask) -> Reply:
    """Replace or patch this platform's roster by one file of up to 5 MB."""
    from chalicelib.services import rostering

    name = unquote(ask.header("x-file-name")).strip()
    if not name:
        raise errors.BadRequest("missing_file_name")
    body = ask.request.raw_body
    if isinstance(body, str):
        body = body.encode()
    if len(body) > reports.MOST_FILE_BYTES:
        most = reports.MOST_FILE_BYTES
        raise errors.TooLarge("too_large", bytes=len(body), most=most, instead="/v1/rosters/uploads")
    mode, now = _mode(ask), wiring.now()
    store = wiring.exchange(), wiring.bucket(), ask.caller.platform_id
    received = rostering.receive(*store, name, mode, body, ask.header("idempotency-key"), now)
    logs.note("roster_received", roster=received["roster_id"], platform=ask.caller.platform_id, bytes=len(body))
    return Reply(received, 202)


@doors.door("/v1/rosters/uploads", "POST", roles=(PLATFORM,))
def roster_upload(ask: Ask) -> Reply:
    """Ask for a form with which a roster of up to 200 MB may be posted to the bucket."""
    from chalicelib.handlers.roster_models import RosterUpload
    from chalicelib.services import rostering

    wanted, store = ask.read(RosterUpload), (wiring.exchange(), wiring.bucket(), ask.caller.platform_id)
    key = ask.header("idempotency-key")
    return Reply(rostering.open_upload(*store, wanted.file_name, _mode(ask), key, wiring.now()), 202)


@doors.door("/v1/rosters/{roster_id}", "GET", roles=(PLATFORM, REGULATOR))
def roster_status(ask: Ask, roster_id: str) -> dict[str, Any]:
    """How far a roster is, how fast, for how much longer; and its counts once it is done."""
    from chalicelib.services import rostering

    return rostering.view(_find(ask, roster_id), wiring.now())


@doors.door("/v1/rosters/{roster_id}/rejections", "GET", roles=(PLATFORM, REGULATOR))
def roster_rejections(ask: Ask, roster_id: str) -> Reply:
    """The rows that were rejected, each with its reason."""
    return reports.rejections_of(ask, _find(ask, roster_id), roster_id)


@doors.door("/v1/rosters/{roster_id}/warnings", "GET", roles=(PLATFORM, REGULATOR))
def roster_warnings(ask: Ask, roster_id: str) -> dict[str, Any]:
    """The rows that were taken although something was put right or left out."""
    return reports.warnings_of(ask, _find(ask, roster_id))


@doors.door("/v1/rosters/{roster_id}/results", "GET", roles=(PLATFORM, REGULATOR))
def roster_results(ask: Ask, roster_id: str) -> dict[str, Any]:
    """The merchants that matched, a page of them, and links to all of them as CSV and JSON lines."""
    from chalicelib.services import finishing_rosters

    since = ask.query("changed_since")
    if since not in ("", "last"):
        raise errors.BadRequest("invalid_request", field="changed_since", expected="last")
    limit = ask.number("limit", 100, MOST_RESULTS)
    after, found = ask.cursor(), _find(ask, roster_id)
    if found["status"] != "done":
        raise errors.Conflict("roster_not_done", status=found["status"])
    file = "changed" if since else "results"
    key = finishing_rosters.results_key(found, file, "jsonl")
    rows, following = _page(wiring.bucket().read_from(key, after, PAGE_BYTES), after, max(limit, 1))
    links = {form: wiring.bucket().link(finishing_rosters.results_key(found, file, form), LINK_SECONDS)
             for form in ("jsonl", "csv")}  # fmt: skip
    return {
        "results": rows,
        "next": str(following),
        "rest": found["rest"],
        "links": {**links, "expire_in_seconds": LINK_SECONDS},
    }


def file_arrived(body: str) -> None:
    """A message of the bucket: the file of a roster was written. One file a message."""
    from chalicelib.services import sharding

    for key in reports.written_keys(body):
        sharding.take_file(desk(), key, wiring.now())
        logs.note("roster_file_taken", roster=key.split("/")[3])


def chunk_arrived(body: str) -> None:
    """A message of our own: a shard of a roster waits for its work."""
    from chalicelib.services import screening_rosters

    message = json.loads(body)
    screening_rosters.take_shard(desk(), message["roster_id"], message["shard"], wiring.now())
    logs.note("roster_shard_done", roster=message["roster_id"], shard=message["shard"])
    if problem := holder().problem:
        logs.warn("snapshot_not_taken", problem=problem)


def snapshot_due(event: Mapping[str, Any], context: Any) -> None:
    """Build the snapshot as far as the time reaches; once there is a new one, screen every roster again."""
    from chalicelib.services import snapshotting, taking_turns

    if event.get("feeds") == []:
        return

    def time_is_left() -> bool:
        return context is None or bool(context.get_remaining_time_in_millis() > RESERVED_MS)

    state = snapshotting.build(wiring.registry(), wiring.exchange(), wiring.bucket(), wiring.now(), time_is_left)
    lined_up = taking_turns.rescreen(desk(), wiring.now())
    logs.note("snapshot_built", published=bool(state.get("published")), subjects=state["subjects"], rosters=lined_up)
    pointer = wiring.exchange().get(snapshotting.POINTER)
    if pointer:
        logs.measure({"SnapshotAgeSeconds": age_seconds(pointer["built_at"], wiring.now())})


def holder() -> "Holder":
    """The snapshot that this container holds."""
    return _holder(wiring.exchange(), wiring.bucket())


@lru_cache(maxsize=1)
def _holder(exchange: "ExchangeTable", bucket: "FileBucket") -> "Holder":
    from chalicelib.services.snapshotting import Holder

    return Holder(exchange, bucket)


def desk() -> "Desk":
    """Everything that the work on rosters needs."""
    from chalicelib.adapters.table_file import read_records
    from chalicelib.services.rostering import Desk

    return Desk(
        wiring.exchange(),
        wiring.bucket(),
        wiring.registry(),
        wiring.roster_chunks(),
        desks.telling(),
        wiring.digest,
        read_records,
        holder(),
        tuple(configured_feeds()),
    )


def _mode(ask: Ask) -> str:
    mode = ask.query("mode", "full")
    if mode not in MODES:
        raise errors.BadRequest("invalid_request", field="mode", expected="full or patch")
    return mode


def _find(ask: Ask, roster_id: str) -> Mapping[str, Any]:
    from chalicelib.services import rostering

    mine = "" if ask.caller.role == REGULATOR else ask.caller.platform_id
    return rostering.find(wiring.exchange(), roster_id, mine)


def _page(body: bytes, after: int, limit: int) -> tuple[list[dict[str, Any]], int]:
    """The rows at the front of what was read at a byte, and the byte to read on from; that of the end stays."""
    rows: list[dict[str, Any]] = []
    for line in body.split(b"\n")[:-1][:limit]:
        rows.append(json.loads(line))
        after += len(line) + 1
    return rows, after
