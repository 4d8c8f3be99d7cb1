"""The last shard of a run is done: its results become two files whole, the platform is told, the next run begins."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

from chalicelib.government_lists.rules import source_freshness
from chalicelib.notices.push_notices import send_notice
from chalicelib.reports.receive_report import DONE
from chalicelib.rosters import roster_run_queue, take_registry_snapshot
from chalicelib.rosters.receive_roster import Context, Item, view
from chalicelib.rosters.roster_run_queue import RESCREEN, kept_key
from chalicelib.rosters.rules.roster_notice import roster_notice
from chalicelib.rosters.split_roster import rows_key_of
from chalicelib.storage.item_keys import government_list_keys
from chalicelib.values.timestamps import iso

READERS: Final = 16
FILES: Final = ("results", "changed")
KINDS: Final = ("merchants", "results", "changed", "counts")
HEADER: Final = (
    "商家 merchant_id", "结论 verdict", "原结论 was", "自 since", "主体 subject", "信用代码 uscc", "关系 relation",
    "得分 score", "匹配结论 match", "来源 sources", "原因 reasons", "记录 listings",
)  # fmt: skip


def shards_done(run: Mapping[str, Any]) -> dict[str, int]:
    """How many merchants each shard holds that is done, by its number as text."""
    return {shard: int(count) for shard, _, count in (one.partition(":") for one in run.get("chunks_done", ()))}


def results_key(run: Mapping[str, Any], file: str, form: str) -> str:
    """Where a file of a run is: `results` or `changed`, as `jsonl` or `csv`."""
    return f"results/{run['platform_id']}/{run['roster_id']}/{file}.{form}"


def finish(context: Context, run: Item, now: datetime) -> None:
    """Join what the shards found, tell the platform, and let the run's generation count."""
    platform_id, run_id, shards = run["platform_id"], run["roster_id"], run["shards"]
    base = roster_run_queue.generation(context, platform_id, run["base"])
    holders = dict(base["in"]) if base["shards"] == shards else {}
    holders |= dict.fromkeys(shards_done(run), run_id)
    counts = _counts(context, run, holders)
    for file in FILES:
        parts = {shard: holder for shard, holder in holders.items() if file == "results" or holder == run_id}
        context.bucket.put_stream(
            results_key(run, file, "jsonl"), _joined(context, run, parts, file, counts["by_shard"])
        )
        lines = context.bucket.lines(results_key(run, file, "jsonl"))
        context.bucket.put_stream(results_key(run, file, "csv"), _as_csv(lines))
    full_at = max(base.get("full_at", ""), run["received_at"] if run["mode"] == "full" else "")
    manifest = {"shards": shards, "in": holders, "full_at": full_at}
    context.bucket.put(roster_run_queue.manifest_key(platform_id, run_id), json.dumps(manifest).encode())
    done = {
        "status": DONE,
        "done_at": iso(now),
        "counts": counts["total"],
        "merchants": counts["total"]["merchants"],
        "screened": bool(counts["built_at"]),
        "rest": _rest(context, counts["built_at"], now),
        **({"snapshot_built_at": counts["built_at"]} if counts["built_at"] else {}),
    }
    if run["mode"] != RESCREEN or counts["total"]["outcomes_changed"]:
        send_notice(context.task_context.sender, platform_id, *roster_notice(view({**run, **done}, now)), now)
    context.exchange.set_fields(run["id"], done)
    hand_over(context, {**run, **done}, now)


def hand_over(context: Context, run: Item, now: datetime) -> None:
    """Let the next run begin, and throw away what this one has replaced. Safe to do again."""
    roster_run_queue.hand_over(context, run, now)
    platform_id = run["platform_id"]
    gone = [rows_key_of(run, shard) for shard in range(run["split"])]
    base_key = roster_run_queue.manifest_key(platform_id, run["base"]) if run["base"] else ""
    body = context.bucket.get(base_key) if base_key else None
    if body is not None:
        base = json.loads(body)
        replaced = shards_done(run) if base["shards"] == run["shards"] else base["in"]
        for shard in replaced:
            if holder := base["in"].get(shard):
                gone += [kept_key(platform_id, holder, int(shard), base["shards"], kind) for kind in KINDS]
        gone.append(base_key)
    context.bucket.discard(gone)


def _counts(context: Context, run: Item, holders: Mapping[str, str]) -> dict[str, Any]:
    """What all shards hold and what this run did to them, and how old the oldest snapshot is that was used."""

    def read(pair: tuple[str, str]) -> dict[str, Any]:
        key = kept_key(run["platform_id"], pair[1], int(pair[0]), run["shards"], "counts")
        body = context.bucket.get(key)
        if body is None:
            raise LookupError(f"{key} is not in the bucket")
        told: dict[str, Any] = json.loads(body)
        return told

    with ThreadPoolExecutor(READERS) as pool:
        by_shard = dict(zip(holders, pool.map(read, holders.items()), strict=True))
    total = dict.fromkeys(("merchants", "added", "changed", "removed", "kept_enrolled", "outcomes_changed"), 0)
    total |= dict.fromkeys(("block", "review", "inform", "unknown"), 0)
    for shard, told in by_shard.items():
        for name in total:
            if name == "merchants" or holders[shard] == run["roster_id"]:
                total[name] += told.get(name, 0)
        for verdict, count in told["verdicts"].items():
            total[verdict] += count
    built = [told["snapshot_built_at"] for told in by_shard.values()]
    return {"total": total, "by_shard": by_shard, "built_at": min(built, default="")}


def _joined(
    context: Context, run: Item, parts: Mapping[str, str], file: str, by_shard: Mapping[str, Mapping[str, Any]]
) -> Iterator[bytes]:
    for shard in sorted(parts, key=int):
        told = by_shard[shard]
        if told["verdicts"] if file == "results" else told["outcomes_changed"]:
            yield context.bucket.get(kept_key(run["platform_id"], parts[shard], int(shard), run["shards"], file)) or b""


def _rest(context: Context, built_at: str, now: datetime) -> str:
    """The verdict on every merchant that the results do not name: clear, or unknown where a source was too old."""
    if not built_at or take_registry_snapshot.is_stale({"built_at": built_at}, now):
        return "unknown"
    searched = source_freshness.read_sources(context.exchange.get(government_list_keys.SOURCES), context.feeds)
    sources = source_freshness.source_statuses(searched, now)
    return "clear" if all(source["status"] == "ok" for source in sources) else "unknown"


def _as_csv(lines: Iterator[str]) -> Iterator[bytes]:
    """One line for each match, as Chinese Excel opens it: a byte order mark, and no cell that it would run."""
    yield "\ufeff".encode() + _csv_line(HEADER)
    for line in lines:
        row = json.loads(line)
        head = [row["merchant_id"], row["verdict"], row.get("was", ""), row["since"]]
        for match in row.get("matches", [{}]):
            subject, listings = match.get("subject", {}), match.get("listings", [])
            reasons = sorted({reason for one in listings for reason in one.get("reasons", ())})
            cells = [
                *head, subject.get("name", ""), subject.get("uscc", ""), match.get("relation", ""),
                match.get("score", ""), match.get("verdict", ""), " ".join(sorted({one["source"] for one in listings})),
                " ".join(reasons), " ".join(one["listing_id"] for one in listings),
            ]  # fmt: skip
            yield _csv_line(["'" + cell if str(cell)[:1] in tuple("=+-@\t\r") else cell for cell in map(str, cells)])


def _csv_line(cells: Any) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().encode("utf-8", "replace")
