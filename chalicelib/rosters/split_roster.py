"""The file of a roster becomes rows in shards: read once as a stream, every row accepted or rejected.

Shards are spread by a digest of the merchant's id, so that each can be merged, monitored and screened by itself.
"""

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from chalicelib.errors import FileRefused, TooLarge
from chalicelib.messages import ErrorCode
from chalicelib.notices.push_notices import send_notice
from chalicelib.reports.receive_report import MOST_UPLOAD
from chalicelib.reports.rules.eviction import Rejection, rejection_as_dict
from chalicelib.reports.rules.report import PROCESSING, REFUSED
from chalicelib.rosters import roster_run_queue
from chalicelib.rosters.dependencies import Context
from chalicelib.rosters.receive_roster import (
    Sending,
    find_roster,
    new_roster,
    put_new,
    record_last_received,
    roster_id_of,
    update_roster,
)
from chalicelib.rosters.rules import merge_roster, roster_files
from chalicelib.rosters.rules.roster import Roster, view
from chalicelib.rosters.rules.roster_notice import roster_notice
from chalicelib.rosters.rules.validate_roster_row import KEEP, merchant_id_in, read_roster_row
from chalicelib.table_files.rules.suggest_headers import FileHeaders
from chalicelib.values.timestamps import iso

# Rows wait in memory for their shard up to so many bytes in all.
WAITING: Final = 16 * 1024 * 1024


def take_file(context: Context, key: str, now: datetime) -> None:
    """Split the roster that arrived under `key`, and let it wait its turn among the rosters of its platform.

    Raises when something outside fails, so that the file comes again; a bad file is refused, which is a result.
    """
    platform_id, roster_id = key.split("/")[2:4]
    roster = find_roster(context.exchange, roster_id, platform_id)
    if roster.is_split and not context.bucket.has(key):
        roster_run_queue.enqueue(context, platform_id, roster_id, now)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        try:
            if (size := context.bucket.size(key)) > MOST_UPLOAD:
                raise TooLarge(ErrorCode.TOO_LARGE, bytes=size, most=MOST_UPLOAD)
            content = f"{roster.mode}|{context.bucket.download(key, path)}"
            if (roster.content or content) != content:
                _receive_other_content(context, roster, content, now)
                return
            if not roster.is_split and roster.status != REFUSED:
                processing = roster.replace(status=PROCESSING, content=content)
                update_roster(context.exchange, roster, processing)
                update_roster(context.exchange, processing, split(context, processing, path))
        except (FileRefused, TooLarge) as error:
            _refuse(context, roster, error, now)
            return
    context.bucket.erase(key)
    if roster.status != REFUSED:
        roster_run_queue.enqueue(context, platform_id, roster_id, now)


def split(context: Context, roster: Roster, path: Path) -> Roster:
    """Normalise every row; accepted rows go to shards, rejections and warnings beside them. The roster with counts."""
    counts = {"rows": 0, "accepted": 0, "rejected": 0, "warnings": 0}
    headers, digest, lines = FileHeaders(), context.digest(), path.with_name("lines")
    beside = {kind: path.with_name(kind) for kind in ("rejected", "warnings")}
    with (
        lines.open("w", encoding="utf-8") as accepted,
        beside["rejected"].open("w", encoding="utf-8") as rejected,
        beside["warnings"].open("w", encoding="utf-8") as warnings,
    ):
        for row in context.read(path, roster.file_name):
            counts["rows"] += 1
            headers.see(row.unread, row.headers)
            taken = read_roster_row(row.number, row.cells, roster.mode, digest, row.headers)
            if isinstance(taken, Rejection):
                counts["rejected"] += 1
                rejected.write(_line(rejection_as_dict(taken)))
                # The merchant is named, so a full roster does not take it off for a row that cannot be read.
                if named := merchant_id_in(row.cells):
                    accepted.write(_row_line(KEEP, named, {"id": named}))
                continue
            if taken.warnings:
                counts["warnings"] += 1
                warnings.write(_line({"row": row.number, "codes": list(taken.warnings)}))
            counts["accepted"] += 1
            accepted.write(_row_line(taken.operation, taken.merchant.id, taken.merchant.to_item()))
    for kind, kept in beside.items():
        if counts[kind]:
            context.bucket.put_file(roster.rows_key(kind), kept)
    shards = merge_roster.shards_for(counts["rows"])
    touched = _spread(context, roster, lines, shards)
    return roster.replace(**counts, **headers.nearest(), split=shards, touched=touched, chunks=0)


def _spread(context: Context, roster: Roster, lines: Path, shards: int) -> str:
    """Put the rows of each shard into the bucket; the finest shards that are touched, as bits in hex."""
    places = [lines.with_name(f"shard-{shard}") for shard in range(shards)]
    waiting: dict[int, list[str]] = {}
    touched, size = 0, 0

    def write_out() -> None:
        for shard, some in waiting.items():
            with places[shard].open("a", encoding="utf-8") as target:
                target.writelines(some)
        waiting.clear()

    with lines.open(encoding="utf-8") as rows:
        for line in rows:
            finest, _, row = line.partition("\t")
            touched |= 1 << int(finest)
            waiting.setdefault(int(finest) % shards, []).append(row)
            size += len(row)
            if size > WAITING:
                write_out()
                size = 0
    lines.unlink()
    write_out()
    for shard, place in enumerate(places):
        if place.exists():
            context.bucket.put_file(roster_files.rows_key(roster.roster_id, shard), place)
            place.unlink()
    return f"{touched:x}"


def _receive_other_content(context: Context, roster: Roster, content: str, now: datetime) -> None:
    """A form that was used again with other bytes: they are a roster of their own."""
    roster_id = roster_id_of(roster.platform_id, f"{roster.roster_id}|{content}")
    sending = Sending(platform_id=roster.platform_id, file_name=roster.file_name, mode=roster.mode)
    other = new_roster(sending, roster_id, now)
    put_new(context.exchange, other)
    context.bucket.copy(roster.key, other.key)
    context.bucket.erase(roster.key)
    record_last_received(context.exchange, roster.platform_id, roster_id, content)


def _refuse(context: Context, roster: Roster, error: FileRefused | TooLarge, now: datetime) -> None:
    refusal = {**error.body()["error"], "details": dict(error.details)}
    refused = roster.replace(status=REFUSED, refused=refusal, done_at=iso(now))
    send_notice(context.task_context.sender, roster.platform_id, roster_notice(view(refused, now)), now)
    context.bucket.erase(roster.key)
    update_roster(context.exchange, roster, refused)


def _row_line(operation: str, merchant_id: str, item: Any) -> str:
    """A row before it has a shard: the finest shard that its merchant may be in, then what its shard will hold."""
    return f"{merge_roster.shard_number(merchant_id, merge_roster.MOST_SHARDS)}\t{_line([operation, item])}"


def _line(row: Any) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
