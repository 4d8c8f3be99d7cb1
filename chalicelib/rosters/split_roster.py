"""The file of a roster becomes rows in shards: read once as a stream, every row accepted or rejected.

Shards are spread by a digest of the merchant's id, so that each can be merged, monitored and screened by itself.
"""

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from chalicelib.errors import FileRefused, TooLarge
from chalicelib.messages import ErrorCode
from chalicelib.notices.push_notices import send_notice
from chalicelib.reports.receive_report import MOST_UPLOAD, PROCESSING, REFUSED, rows_key
from chalicelib.reports.rules.eviction import Rejection, rejection_as_dict
from chalicelib.rosters import roster_run_queue
from chalicelib.rosters.receive_roster import Context, find, new_roster, note_last, roster_id_of, view
from chalicelib.rosters.rules import merge_roster, validate_roster_row
from chalicelib.rosters.rules.roster_notice import roster_notice
from chalicelib.values.timestamps import iso

# Rows wait in memory for their shard up to so many bytes in all.
WAITING: Final = 16 * 1024 * 1024


def take_file(context: Context, key: str, now: datetime) -> None:
    """Split the roster that arrived under `key`, and let it wait its turn among the rosters of its platform.

    Raises when something outside fails, so that the file comes again; a bad file is refused, which is a result.
    """
    platform_id, roster_id = key.split("/")[2:4]
    roster = find(context.exchange, roster_id, platform_id)
    if "chunks" in roster and not context.bucket.has(key):
        roster_run_queue.line_up(context, platform_id, roster_id, now)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        try:
            if (size := context.bucket.size(key)) > MOST_UPLOAD:
                raise TooLarge(ErrorCode.TOO_LARGE, bytes=size, most=MOST_UPLOAD)
            content = f"{roster['mode']}|{context.bucket.download(key, path)}"
            if roster.get("content", content) != content:
                _used_twice(context, roster, content, now)
                return
            if "chunks" not in roster and roster["status"] != REFUSED:
                context.exchange.set_fields(roster["id"], {"status": PROCESSING, "content": content})
                context.exchange.set_fields(roster["id"], split(context, roster, path))
        except (FileRefused, TooLarge) as error:
            _refuse(context, roster, error, now)
            return
    context.bucket.erase(key)
    if roster["status"] != REFUSED:
        roster_run_queue.line_up(context, platform_id, roster_id, now)


def rows_key_of(roster: Mapping[str, Any], shard: int) -> str:
    """Where the rows of a shard wait."""
    return f"chunks/{roster['roster_id']}/{shard:04d}.jsonl"


def split(context: Context, roster: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Normalise every row; what it asks for goes to shards, rejections and warnings beside them. Counts of all."""
    counts = {"rows": 0, "accepted": 0, "rejected": 0, "warnings": 0}
    digest = context.digest()
    lines = path.with_name("lines")
    beside = {kind: path.with_name(kind) for kind in ("rejected", "warnings")}
    with (
        lines.open("w", encoding="utf-8") as accepted,
        beside["rejected"].open("w", encoding="utf-8") as rejected,
        beside["warnings"].open("w", encoding="utf-8") as warnings,
    ):
        for record in context.read(path, roster["file_name"]):
            counts["rows"] += 1
            taken = validate_roster_row.take_merchant(
                record.number, record.cells, roster["mode"], digest, record.headers
            )
            if isinstance(taken, Rejection):
                counts["rejected"] += 1
                rejected.write(_line(rejection_as_dict(taken)))
                # The merchant is named, so a full roster does not take it off for a row that cannot be read.
                if named := validate_roster_row.id_in(record.cells):
                    accepted.write(_line([validate_roster_row.KEEP, {"id": named}]))
                continue
            op, merchant, remarks = taken
            if remarks:
                counts["warnings"] += 1
                warnings.write(_line({"row": record.number, "codes": list(remarks)}))
            counts["accepted"] += 1
            accepted.write(_line([op, merchant]))
    for kind, kept in beside.items():
        if counts[kind]:
            context.bucket.put_file(rows_key(roster, kind), kept)
    shards = merge_roster.shards_for(counts["rows"])
    touched = _spread(context, roster, lines, shards)
    return {**counts, "split": shards, "touched": touched, "chunks": 0}


def _spread(context: Context, roster: Mapping[str, Any], lines: Path, shards: int) -> str:
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
            merchant_id = json.loads(line)[1]["id"]
            touched |= 1 << merge_roster.shard_of(merchant_id, merge_roster.MOST_SHARDS)
            waiting.setdefault(merge_roster.shard_of(merchant_id, shards), []).append(line)
            size += len(line)
            if size > WAITING:
                write_out()
                size = 0
    lines.unlink()
    write_out()
    for shard, place in enumerate(places):
        if place.exists():
            context.bucket.put_file(rows_key_of(roster, shard), place)
            place.unlink()
    return f"{touched:x}"


def _used_twice(context: Context, roster: Mapping[str, Any], content: str, now: datetime) -> None:
    """A form that was used again with other bytes: they are a roster of their own."""
    roster_id = roster_id_of(roster["platform_id"], f"{roster['roster_id']}|{content}")
    other = new_roster(roster["platform_id"], roster_id, roster["mode"], roster["file_name"], now)
    context.exchange.put_new(other)
    context.bucket.copy(roster["key"], other["key"])
    context.bucket.erase(roster["key"])
    note_last(context.exchange, roster["platform_id"], roster_id, content)


def _refuse(context: Context, roster: Mapping[str, Any], error: FileRefused | TooLarge, now: datetime) -> None:
    refused = {
        "status": REFUSED,
        "refused": {**error.body()["error"], "details": dict(error.details)},
        "done_at": iso(now),
    }
    shown = view({**roster, **refused}, now)
    send_notice(context.task_context.sender, roster["platform_id"], *roster_notice(shown), now)
    context.bucket.erase(roster["key"])
    context.exchange.set_fields(roster["id"], refused)


def _line(row: Any) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
