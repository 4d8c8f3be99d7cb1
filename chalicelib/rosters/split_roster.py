"""The file of a roster becomes rows in shards: read once as a stream, every row accepted or rejected.

Shards are spread by a digest of the merchant's id, so that each can be merged, monitored and screened by itself.
"""

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from chalicelib.accounts import row_quotas
from chalicelib.errors import FileRefused, TooLarge
from chalicelib.messages import ErrorCode, FindingCode
from chalicelib.reports.receive_report import MOST_UPLOAD
from chalicelib.reports.rules.eviction import Rejection, rejection_as_dict
from chalicelib.reports.rules.report import FINISHED, PROCESSING, RECEIVED
from chalicelib.rosters import roster_run_queue
from chalicelib.rosters.dependencies import Context
from chalicelib.rosters.receive_roster import (
    Sending,
    answers_for_content,
    find_roster,
    new_roster,
    put_new,
    read_news,
    record_last_received,
    roster_id_of,
    update_roster,
)
from chalicelib.rosters.refuse_roster import end_refused, refuse_roster
from chalicelib.rosters.rules import merge_roster, roster_files
from chalicelib.rosters.rules.roster import Roster
from chalicelib.rosters.rules.validate_roster_row import KEEP, merchant_id_in, read_roster_row
from chalicelib.table_files.rules.suggest_headers import FileHeaders
from chalicelib.values.timestamps import china_date

# Rows wait in memory for their shard up to so many bytes in all.
WAITING: Final = 16 * 1024 * 1024


def take_file(context: Context, key: str, now: datetime) -> None:
    """Split the roster that arrived under `key`, and let it wait its turn among the rosters of its platform.

    Raises when something outside fails, so that the file comes again; a bad file is refused, which is a result.
    """
    platform_id, roster_id = key.split("/")[2:4]
    roster = find_roster(context.exchange, roster_id, platform_id)
    versions = context.bucket.versions(key)
    if roster.status in FINISHED or roster.is_split:
        _receive_other_versions(context, roster, versions, now)
        if roster.object_version in versions:
            context.bucket.erase(key, roster.object_version)
    elif roster.refused:
        end_refused(context, roster, now)
    else:
        roster = _take_version(context, roster, versions, now)
    if roster.is_split:
        roster_run_queue.enqueue(context, platform_id, roster_id, now)


def _take_version(context: Context, roster: Roster, versions: list[str], now: datetime) -> Roster:
    """The roster, split from the version of its file that it has taken already, or else from the first."""
    if not versions and not roster.object_version:
        raise LookupError(f"{roster.key} is not in the bucket")
    key, version = roster.key, roster.object_version or versions[0]
    taken = roster.replace(status=PROCESSING, object_version=version, waits_until="")
    update_roster(context.exchange, roster, taken)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        try:
            if (size := context.bucket.size(key, version)) > MOST_UPLOAD:
                raise TooLarge(ErrorCode.TOO_LARGE, bytes=size, most=MOST_UPLOAD)
            processing = taken.replace(content=f"{taken.mode}|{context.bucket.download(key, path, version)}")
            update_roster(context.exchange, taken, processing)
            _receive_other_versions(context, processing, versions, now)
            done = split(context, processing, path)
        except (FileRefused, TooLarge) as error:
            refuse_roster(context, taken, error, now)
            return taken
    update_roster(context.exchange, processing, done)
    row_quotas.count_rows(context.exchange, done.platform_id, done.key_id, done.roster_id, done.rows, now)
    record_last_received(context.exchange, done.platform_id, done.roster_id, done.content)
    context.bucket.erase(key, version)
    return done


def split(context: Context, roster: Roster, path: Path) -> Roster:
    """Normalise every row; accepted rows go to shards, rejections and warnings beside them. The roster with counts."""
    counts = {"rows": 0, "accepted": 0, "rejected": 0, "warnings": 0, "not_hosted": 0}
    headers, digest, lines = FileHeaders(), context.digest(), path.with_name("lines")
    today = china_date(datetime.fromisoformat(roster.received_at))
    beside = {kind: path.with_name(kind) for kind in ("rejected", "warnings")}
    with (
        lines.open("w", encoding="utf-8") as accepted,
        beside["rejected"].open("w", encoding="utf-8") as rejected,
        beside["warnings"].open("w", encoding="utf-8") as warnings,
    ):
        for row in context.read(path, roster.file_name):
            counts["rows"] += 1
            headers.see(row.unread, row.headers)
            taken = read_roster_row(row.number, row.cells, roster.mode, digest, row.headers, today)
            if isinstance(taken, Rejection):
                counts["rejected"] += 1
                rejected.write(_line(rejection_as_dict(taken)))
                # The merchant is named, so a full roster does not take it off for a row that cannot be read.
                if named := merchant_id_in(row.cells):
                    accepted.write(_row_line(KEEP, named, {"id": named}))
                continue
            if codes := [*taken.warnings, *row.remarks]:
                counts["warnings"] += 1
                warnings.write(_line({"row": row.number, "codes": codes}))
            counts["accepted"] += 1
            counts["not_hosted"] += FindingCode.NOT_HOSTED in taken.warnings
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


def _receive_other_versions(context: Context, roster: Roster, versions: list[str], now: datetime) -> None:
    """A form that was used again: each version of the file but the roster's own becomes a roster, unless it has the
    same bytes and the roster answers for them."""
    for version in versions:
        if version == roster.object_version:
            continue
        with tempfile.TemporaryDirectory() as folder:
            digest = context.bucket.download(roster.key, Path(folder) / "file", version)
        news = read_news(context.exchange, roster.platform_id)
        answers = roster.status not in FINISHED or answers_for_content(roster, news, context.key_state)
        if f"{roster.mode}|{digest}" != roster.content or not answers:
            _receive_version(context, roster, version, now)
        context.bucket.erase(roster.key, version)


def _receive_version(context: Context, roster: Roster, version: str, now: datetime) -> None:
    # Named by the version, so that one that is received twice is one roster.
    roster_id = roster_id_of(roster.platform_id, f"posted|{roster.roster_id}|{version}")
    sending = Sending(
        platform_id=roster.platform_id, file_name=roster.file_name, mode=roster.mode, key_id=roster.key_id
    )
    other = put_new(context.exchange, new_roster(sending, roster_id, now))
    if other.status == RECEIVED:
        context.bucket.copy(roster.key, other.key, version)
    context.exchange.set_fields(roster.id, {"followed_by": roster_id})


def _row_line(operation: str, merchant_id: str, item: Any) -> str:
    """A row before it has a shard: the finest shard that its merchant may be in, then what its shard will hold."""
    return f"{merge_roster.shard_number(merchant_id, merge_roster.MOST_SHARDS)}\t{_line([operation, item])}"


def _line(row: Any) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
