"""The last shard of a run is done: its results become two files, the platform gets a notice, the next run begins."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.government_lists.rules import source_freshness
from chalicelib.notices.push_notices import send_notice
from chalicelib.reports.receive_report import DONE
from chalicelib.rosters import roster_run_queue
from chalicelib.rosters.dependencies import Context
from chalicelib.rosters.receive_roster import update_roster
from chalicelib.rosters.rules import roster_files, snapshot_state
from chalicelib.rosters.rules.results_csv import csv_of_results
from chalicelib.rosters.rules.roster import FULL, RESCREEN, Roster, view
from chalicelib.rosters.rules.roster_files import KINDS, Shard
from chalicelib.rosters.rules.roster_generation import Generation, read_generation, write_generation
from chalicelib.rosters.rules.roster_notice import roster_notice
from chalicelib.rosters.rules.screening_outcomes import ShardCounts, total_counts
from chalicelib.storage.item_keys import government_list_keys
from chalicelib.values.timestamps import iso

READERS: Final = 16


@dataclass(frozen=True, slots=True)
class _DoneShard:
    """A shard of the new generation, and what it counts."""

    shard: Shard
    counts: ShardCounts


def finish_run(context: Context, run: Roster, now: datetime) -> None:
    """Join what the shards found, send the platform a notice, and let the run's generation count."""
    base = roster_run_queue.read_generation(context, run.platform_id, run.base or "")
    generation = _generation(run, base)
    shards = _read_counts(context, run, generation)
    processed = [done for done in shards if done.shard.run_id == run.roster_id]
    _write_results(context, run, "results", [done.shard for done in shards if done.counts.verdicts])
    _write_results(context, run, "changed", [done.shard for done in processed if done.counts.outcomes_changed])
    context.bucket.put(roster_files.generation_key(run.platform_id, run.roster_id), write_generation(generation))
    counts = total_counts((done.counts for done in shards), (done.counts for done in processed))
    built_at = min((done.counts.snapshot_built_at for done in shards), default="")
    finished = run.replace(
        status=DONE,
        done_at=iso(now),
        counts=counts,
        merchants=counts["merchants"],
        screened=bool(built_at),
        rest=_remaining_verdict(context, built_at, now),
        snapshot_built_at=built_at,
    )
    if run.mode != RESCREEN or counts["outcomes_changed"]:
        send_notice(context.task_context.sender, run.platform_id, roster_notice(view(finished, now)), now)
    update_roster(context.exchange, run, finished)
    close_run(context, finished, now)


def close_run(context: Context, run: Roster, now: datetime) -> None:
    """Let the next run begin, and throw away what this one has replaced. Safe to do again."""
    roster_run_queue.complete_run(context, run, now)
    obsolete = [roster_files.rows_key(run.roster_id, shard) for shard in range(run.split)]
    base_key = roster_files.generation_key(run.platform_id, run.base) if run.base else ""
    body = context.bucket.get(base_key) if base_key else None
    if body is not None:
        base = read_generation(body)
        replaced = run.merchants_done() if base.shards == run.shards else base.holders
        for number in replaced:
            if shard := base.shard(run.platform_id, int(number)):
                obsolete += [shard.key(kind) for kind in KINDS]
        obsolete.append(base_key)
    context.bucket.discard(obsolete)


def _generation(run: Roster, base: Generation) -> Generation:
    """The generation after the run: the shards that it processed, and those that it left as they were."""
    holders = dict(base.holders) if base.shards == run.shards else {}
    holders |= dict.fromkeys(run.merchants_done(), run.roster_id)
    return Generation(run.shards, holders, max(base.full_at, run.received_at if run.mode == FULL else ""))


def _read_counts(context: Context, run: Roster, generation: Generation) -> list[_DoneShard]:
    """Every shard of the generation with its counts, by number."""

    def read(number: str) -> _DoneShard:
        shard = Shard(run.platform_id, generation.holders[number], int(number), generation.shards)
        body = context.bucket.get(shard.key("counts"))
        if body is None:
            raise LookupError(f"{shard.key('counts')} is not in the bucket")
        return _DoneShard(shard, ShardCounts.from_item(json.loads(body)))

    with ThreadPoolExecutor(READERS) as pool:
        return list(pool.map(read, sorted(generation.holders, key=int)))


def _write_results(context: Context, run: Roster, file: str, shards: list[Shard]) -> None:
    """Join a file of these shards, as JSON lines and as CSV."""
    lines_key = roster_files.results_key(run.platform_id, run.roster_id, file, "jsonl")
    context.bucket.put_stream(lines_key, (context.bucket.get(shard.key(file)) or b"" for shard in shards))
    rows = (json.loads(line) for line in context.bucket.lines(lines_key))
    csv_key = roster_files.results_key(run.platform_id, run.roster_id, file, "csv")
    context.bucket.put_stream(csv_key, csv_of_results(rows))


def _remaining_verdict(context: Context, built_at: str, now: datetime) -> str:
    """The verdict on every merchant that the results do not name: clear, or unknown where a source was too old."""
    if not built_at or snapshot_state.is_stale(built_at, now):
        return "unknown"
    searched = source_freshness.read_sources(context.exchange.get(government_list_keys.SOURCES), context.feeds)
    statuses = source_freshness.source_states(searched, now)
    return "clear" if all(source.status == "ok" for source in statuses) else "unknown"
