"""One shard of a roster is processed: merged, monitored and screened against the snapshot.

Everything a shard writes can be written again: what is monitored follows from the shard before and after, tasks have
ids of their own, and the shard itself is written last, under a name that only this run has.
"""

import gzip
import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from chalicelib.closure_tasks import open_tasks
from chalicelib.messages import FindingCode
from chalicelib.monitoring import platforms_to_alert, roster_index
from chalicelib.monitoring.rules.monitored_merchant import SLOT, Enrolment, Merchant
from chalicelib.registry.rules import listing
from chalicelib.reports.rules.report import DONE, REFUSED
from chalicelib.rosters import finish_roster_run, roster_run_queue
from chalicelib.rosters.dependencies import Context
from chalicelib.rosters.receive_roster import find_roster
from chalicelib.rosters.rules import merge_roster, roster_files
from chalicelib.rosters.rules.kept_merchant import KeptMerchant, kept_item, read_kept
from chalicelib.rosters.rules.merge_roster import MergeCounts
from chalicelib.rosters.rules.roster import Roster
from chalicelib.rosters.rules.roster_generation import Generation, enrolment_slots, is_in_shard
from chalicelib.rosters.rules.screening_outcomes import (
    OutcomeChange,
    ScreenedMerchant,
    ShardCounts,
    compare_outcomes,
    verdict_counts,
)
from chalicelib.rosters.screen_roster import screen
from chalicelib.storage.item_keys import roster_keys
from chalicelib.storage.set_aside import SetAside, set_aside, setting_aside
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

JOB = "roster"


def process_shard(context: Context, roster_id: str, shard: int, now: datetime) -> None:
    """Process one shard of the run whose turn it is, and send the next; the worker of the last finishes the run."""
    run = find_roster(context.exchange, roster_id)
    if run.status == DONE:
        finish_roster_run.close_run(context, run, now)
        return
    if run.status == REFUSED:
        roster_run_queue.abandon_run(context, run, now)
        return
    try:
        if str(shard) not in run.merchants_done():
            merchants = _process(context, run, shard, now)
            run = Roster.from_item(context.exchange.add_to_set(run.id, "chunks_done", {f"{shard}:{merchants}"}))
    finally:
        # A shard that fails comes again by itself, and holds none of the others up.
        roster_run_queue.send_next_shard(context, run, shard)
    if len(run.merchants_done()) == run.chunks:
        finish_roster_run.finish_run(context, run, now)


def _process(context: Context, run: Roster, shard: int, now: datetime) -> int:
    base = roster_run_queue.read_generation(context, run.platform_id, run.base or "")
    kept = _read_kept(context, run, base, shard)
    enrolled = _read_enrolled(context, run, shard, kept)
    rows = _read_rows(context, run, shard)
    merged, counts = merge_roster.merge(kept, rows, run.mode, run.received_at, enrolled, base.full_at)
    merchants = merge_roster.merchants(merged)
    refused = roster_index.index_merchants(context.exchange, run.platform_id, merge_roster.merchants(kept), merchants)
    set_aside(context.exchange, (_wrong(run, merchant_id, now, FindingCode.ITEM_TOO_LARGE) for merchant_id in refused))
    held = context.snapshots.current(now, run.snapshot_id or "")
    screened: dict[str, ScreenedMerchant] = {}
    if held:
        screened = screen(held.snapshot, context.exchange, context.feeds, run.platform_id, merchants, now)
    after, changes = compare_outcomes(merged, screened, run.started_at)
    for change in changes:
        with setting_aside(context.exchange, _wrong(run, change.merchant_id, now)):
            _open_tasks(context, run.platform_id, change, now)
    shard_counts = _counts(counts, screened, changes, held.file.built_at if held else "")
    results = [merchant.row(_since(after, key)) for key, merchant in screened.items()]
    bodies = {
        "results": _lines(results),
        "changed": _lines(change.row() for change in changes),
        "counts": json.dumps(shard_counts.to_item()).encode(),
        "merchants": gzip.compress(_lines(kept_item(key, after[key]) for key in sorted(after)), 1, mtime=0),
    }
    for kind, body in bodies.items():
        context.bucket.put(roster_files.shard_of(run, shard).key(kind), body)
    return counts.merchants


def _counts(
    merged: MergeCounts, screened: Mapping[str, ScreenedMerchant], changes: list[OutcomeChange], built_at: str
) -> ShardCounts:
    return ShardCounts(
        merchants=merged.merchants,
        added=merged.added,
        changed=merged.changed,
        removed=merged.removed,
        kept_enrolled=merged.kept_enrolled,
        outcomes_changed=len(changes),
        verdicts=verdict_counts(screened.values()),
        snapshot_built_at=built_at,
    )


def _since(after: Mapping[str, KeptMerchant], merchant_id: str) -> str:
    outcome = after[merchant_id].outcome
    return outcome.since if outcome else ""


def _read_kept(context: Context, run: Roster, base: Generation, shard: int) -> dict[str, KeptMerchant]:
    """The shard as the run before left it."""
    source = base.shard(run.platform_id, shard % base.shards)
    if source is None:
        return {}
    body = context.bucket.get(source.key("merchants"))
    if body is None:
        raise LookupError(f"{source.key('merchants')} is not in the bucket")
    lines = gzip.decompress(body).decode("utf-8", "surrogatepass").splitlines()
    return {key: kept for key, kept in map(read_kept, lines) if is_in_shard(run, shard, key)}


def _read_rows(context: Context, run: Roster, shard: int) -> list[tuple[str, Merchant]]:
    """What the file says of the merchants of this shard, in its order."""
    body = context.bucket.get(roster_files.rows_key(run.roster_id, shard % run.split)) or b""
    rows = (json.loads(line) for line in body.decode("utf-8", "surrogatepass").split("\n") if line)
    return [(operation, Merchant.from_item(item)) for operation, item in rows if is_in_shard(run, shard, item["id"])]


def _read_enrolled(context: Context, run: Roster, shard: int, kept: Mapping[str, KeptMerchant]) -> dict[str, Enrolment]:
    """What calls said of the merchants of this shard; what an earlier run took in is removed."""
    slots = enrolment_slots(run, shard)
    items = context.exchange.get_many(roster_keys.enrolments(run.platform_id, slot) for slot in slots)
    enrolled: dict[str, Enrolment] = {}
    for item_id, item in items.items():
        for field, stored in item.items():
            merchant_id = field.removeprefix(SLOT)
            if not field.startswith(SLOT) or not is_in_shard(run, shard, merchant_id):
                continue
            if merchant_id in kept and kept[merchant_id].at >= stored["at"]:
                context.exchange.forget_field(item_id, field, stored)
            else:
                enrolled[merchant_id] = Enrolment.from_item(stored)
    return enrolled


def _open_tasks(context: Context, platform_id: str, change: OutcomeChange, now: datetime) -> None:
    """A listing that was active before the merchant was found asks the platform what a new listing would have asked."""
    for match in change.screened.matches if change.screened else ():
        blocking = [item["listing_id"] for item in match["listings"] if item["listing_id"] in change.blocked]
        subject = context.registry.subject(match["subject"]["subject_id"]) if blocking else None
        for listing_id in blocking:
            current = subject.listings.get(listing_id) if subject else None
            if subject is None or current is None or current.state != listing.ACTIVE:
                continue  # ended since the snapshot was built
            announced = open_tasks.current_change(context.task_context.changes, current)
            # A listing without a number is still to be announced, and finds the merchant by what is monitored.
            if announced:
                merchants = (change.merchant_id,)
                recipient = platforms_to_alert.Recipient(platform_id, "roster", merchants, match["relation"])
                open_tasks.open_task_for(context.task_context, subject, announced, recipient, now)


def _wrong(run: Roster, merchant_id: str, now: datetime, finding: str = "") -> SetAside:
    return SetAside(at=iso(now), job=JOB, origin=run.roster_id, record_id=merchant_id, finding=str(finding))


def _lines(rows: Iterable[Json]) -> bytes:
    texts = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows]
    return "".join(texts).encode("utf-8", "surrogatepass")
