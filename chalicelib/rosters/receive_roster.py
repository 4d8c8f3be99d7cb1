"""A roster at the door: its bytes are kept, it gets its number, and whoever sent it can ask how it stands.

Unlike a report a roster may be sent again with the same bytes and mean something new: what came between it replaces. So
the number comes from the bytes, the mode and the roster received before, and sending again at once is the same roster.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.errors import Conflict, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.monitoring.rules import monitored_merchant
from chalicelib.reports import receive_report
from chalicelib.reports.receive_report import DONE, MOST_UPLOAD, RECEIVED, UPLOAD_SECONDS
from chalicelib.rosters.take_registry_snapshot import Holder
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.timestamps import age_seconds, iso

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context as Telling
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket
    from chalicelib.storage.sqs_queue import Queue
    from chalicelib.table_files.rules.table_row import TableRow

Item = dict[str, Any]
INCOMING: Final = "rosters/incoming"
SHOWN: Final = (
    "roster_id", "mode", "file_name", "received_at", "started_at", "done_at", "status", "refused", "screened",
    "snapshot_built_at", "rest", "previous_screening",
)  # fmt: skip
COUNTS: Final = ("rows", "accepted", "rejected", "warnings")


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that the work on rosters needs."""

    exchange: "ExchangeTable"
    bucket: "FileBucket"
    registry: "RegistryTable"
    chunks: "Queue"
    task_context: "Telling"
    digest: Callable[[], Digest]
    read: "Callable[[Path, str], Iterator[TableRow]]"
    held: Holder
    feeds: tuple[str, ...] = ()


def receive(
    exchange: "ExchangeTable",
    bucket: "FileBucket",
    platform_id: str,
    file_name: str,
    mode: str,
    body: bytes,
    idempotency_key: str,
    now: datetime,
) -> Item:
    """Take the bytes of one roster, full or patch."""
    content = f"{mode}|{hashlib.sha256(body).hexdigest()}"
    if idempotency_key:
        receive_report.claim_idempotency(exchange, platform_id, f"roster|{idempotency_key}", content, now)
        known = _by_key(exchange, platform_id, idempotency_key, mode, file_name, now)
        return _keep(exchange, bucket, known, body)
    last = exchange.get(monitored_merchant.news_id(platform_id)) or {}
    if last.get("last_content") == content:
        return _keep(exchange, bucket, find(exchange, last["last"], platform_id), body)
    roster_id = roster_id_of(platform_id, f"{content}|{last.get('last', '')}")
    shown = _keep(exchange, bucket, new_roster(platform_id, roster_id, mode, file_name, now), body)
    note_last(exchange, platform_id, roster_id, content)
    return shown


def open_upload(
    exchange: "ExchangeTable",
    bucket: "FileBucket",
    platform_id: str,
    file_name: str,
    mode: str,
    idempotency_key: str,
    now: datetime,
) -> dict[str, Any]:
    """A roster whose file will be posted straight to the bucket: the roster, and the form to post it with."""
    roster_id = roster_id_of(platform_id, f"upload|{idempotency_key or secrets.token_hex(16)}")
    wanted = new_roster(platform_id, roster_id, mode, file_name, now)
    known = exchange.put_new(wanted) or wanted
    if (known["file_name"], known["mode"]) != (wanted["file_name"], mode):
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT, roster_id=roster_id)
    form = bucket.upload_form(known["key"], MOST_UPLOAD, UPLOAD_SECONDS)
    expires_at = iso(now + timedelta(seconds=UPLOAD_SECONDS))
    return {**view(known, now), "upload": {**form, "most_bytes": MOST_UPLOAD, "expires_at": expires_at}}


def find(exchange: "ExchangeTable", roster_id: str, platform_id: str = "") -> Item:
    """The roster, or `NotFound`; of that platform alone, where one is given."""
    roster = exchange.get(f"roster#{roster_id}")
    if roster is None or (platform_id and roster["platform_id"] != platform_id):
        raise NotFound(ErrorCode.NOT_FOUND, roster_id=roster_id)
    return roster


def view(roster: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The roster as its platform sees it: how far it is, how fast, and for how much longer."""
    shown = {field: roster[field] for field in SHOWN if field in roster}
    shown |= {field: roster.get(field, 0) for field in COUNTS}
    shown |= {"counts": roster["counts"]} if "counts" in roster else {}
    done = [one.split(":") for one in roster.get("chunks_done", ())]
    shown["merchants_done"] = sum(int(one[1]) for one in done)
    if roster.get("started_at") and roster["status"] != DONE and done:
        seconds = max(age_seconds(roster["started_at"], now), 1)
        shown["merchants_a_second"] = round(shown["merchants_done"] / seconds, 1)
        left = roster["chunks"] - len(done)
        shown["seconds_left"] = round(seconds * left / len(done))
    return shown


def new_roster(platform_id: str, roster_id: str, mode: str, file_name: str, now: datetime) -> Item:
    """A roster as it starts: received, nothing done yet."""
    plain = file_name.replace("/", "_").replace("\\", "_")[-120:] or "file"
    return {
        "id": f"roster#{roster_id}",
        "roster_id": roster_id,
        "platform_id": platform_id,
        "mode": mode,
        "file_name": plain,
        "key": f"{INCOMING}/{platform_id}/{roster_id}/{plain}",
        "received_at": iso(now),
        "status": RECEIVED,
    }


def roster_id_of(platform_id: str, what: str) -> str:
    """The id of what a platform sent."""
    return "m_" + hashlib.sha256(f"{platform_id}|{what}".encode()).hexdigest()[:24]


def note_last(exchange: "ExchangeTable", platform_id: str, roster_id: str, content: str) -> None:
    """Remember what the platform sent last."""
    exchange.upsert(monitored_merchant.news_id(platform_id), {"last": roster_id, "last_content": content})


def _by_key(exchange: "ExchangeTable", platform_id: str, key: str, mode: str, file_name: str, now: datetime) -> Item:
    """The roster of that Idempotency-Key; a key that was used more than seven days ago may be used for another."""
    week = now.toordinal() // receive_report.IDEMPOTENCY_DAYS
    for one in (week, week - 1):
        roster_id = roster_id_of(platform_id, f"key|{key}|{one}")
        known = exchange.get(f"roster#{roster_id}")
        if known and age_seconds(known["received_at"], now) < receive_report.IDEMPOTENCY_DAYS * 86_400:
            return known
    return new_roster(platform_id, roster_id_of(platform_id, f"key|{key}|{week}"), mode, file_name, now)


def _keep(exchange: "ExchangeTable", bucket: "FileBucket", roster: Item, body: bytes) -> Item:
    known = exchange.put_new(roster) or roster
    # Received but never processed: the one who wrote the item may have died before it wrote the file.
    if known["status"] == RECEIVED:
        bucket.put(known["key"], body)
    return view(known, datetime.fromisoformat(known["received_at"]))
