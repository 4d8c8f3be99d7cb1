"""The rosters of one platform are processed one after the other; the shards of one, many at a time.

Each run makes a new generation of shards and leaves the old one as it was, so a shard that is done twice is done from
the same beginning. The generation that counts moves once, when all is done.
"""

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.file_turns import PIECES_AT_ONCE
from chalicelib.accounts.roles import Role
from chalicelib.errors import Unavailable
from chalicelib.messages import ErrorCode
from chalicelib.reports.rules.report import DONE, FINISHED, PROCESSING
from chalicelib.rosters.dependencies import Context
from chalicelib.rosters.receive_roster import (
    Sending,
    find_roster,
    new_roster,
    put_new,
    roster_id_of,
    update_roster,
)
from chalicelib.rosters.rules import merge_roster, roster_files, roster_generation
from chalicelib.rosters.rules.roster import FULL, RESCREEN, Roster, RosterNews, RosterQueue
from chalicelib.rosters.rules.roster_generation import Generation
from chalicelib.rosters.rules.snapshot_state import EVERY, SnapshotFile
from chalicelib.rosters.snapshot_holder import read_pointer
from chalicelib.storage.item_keys import roster_keys
from chalicelib.values.timestamps import age_seconds, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

TRIES: Final = 20
# So many waiting rosters the queue names; further ones wait in a log.
MOST_WAITING: Final = 500


def enqueue(context: Context, platform_id: str, roster_id: str, now: datetime) -> None:
    """Let a roster that was split wait its turn, once; and start the run whose turn it is."""
    for _ in range(TRIES):
        queue = read_queue(context.exchange, platform_id)
        is_queued = roster_id == queue.active or roster_id in queue.waiting
        if is_queued or find_roster(context.exchange, roster_id).status in FINISHED:
            break
        if queue.overflow or len(queue.waiting) >= MOST_WAITING:
            entry = context.waiting(platform_id).append({"entry_id": roster_id})
            if entry["number"] <= queue.taken or _replace(context, queue, queue.replace(overflow=True)):
                break
        elif _replace(context, queue, queue.replace(waiting=(*queue.waiting, roster_id))):
            break
    else:
        raise Unavailable(ErrorCode.STORE_UNAVAILABLE, roster_id=roster_id)
    start_next_run(context, platform_id, now)


def start_next_run(context: Context, platform_id: str, now: datetime) -> None:
    """Begin the run whose turn it is, or see that the active one was sent; safe at any time."""
    for _ in range(TRIES):
        queue = read_queue(context.exchange, platform_id)
        if not queue.active and not queue.waiting and queue.overflow:
            _replace(context, queue, _refilled(context, platform_id, queue))
            continue
        if not queue.active and queue.waiting:
            begun = queue.replace(active=queue.waiting[0], waiting=queue.waiting[1:], base=queue.current)
            if not _replace(context, queue, begun):
                continue
            queue = begun
        if queue.active:
            _send(context, queue, find_roster(context.exchange, queue.active), now)
        return
    raise Unavailable(ErrorCode.STORE_UNAVAILABLE, platform_id=platform_id)


def complete_run(context: Context, run: Roster, now: datetime) -> None:
    """The run's generation is the one that counts; the next one begins."""
    for _ in range(TRIES):
        queue = read_queue(context.exchange, run.platform_id)
        if queue.active != run.roster_id:
            break
        done = queue.replace(active="", current=run.roster_id, shards=run.shards, merchants=run.merchants)
        if run.screened:
            done = done.replace(screened_with=run.snapshot_id or "", screened_at=iso(now))
        if _replace(context, queue, done):
            break
    else:
        raise Unavailable(ErrorCode.STORE_UNAVAILABLE, roster_id=run.roster_id)
    start_next_run(context, run.platform_id, now)


def abandon_run(context: Context, run: Roster, now: datetime) -> None:
    """The run ends without a generation of its own: that before it counts, and the next one begins. Safe at any
    time."""
    for _ in range(TRIES):
        queue = read_queue(context.exchange, run.platform_id)
        waiting = tuple(roster_id for roster_id in queue.waiting if roster_id != run.roster_id)
        left = queue.replace(active="" if queue.active == run.roster_id else queue.active, waiting=waiting)
        if left == queue or _replace(context, queue, left):
            break
    else:
        raise Unavailable(ErrorCode.STORE_UNAVAILABLE, roster_id=run.roster_id)
    start_next_run(context, run.platform_id, now)


def enqueue_rescreening(context: Context, now: datetime) -> int:
    """After a snapshot with news every roster is screened again; how many were enqueued. Safe at any time."""
    newest = read_pointer(context.exchange)
    enqueued = 0
    for platform_id in platforms.ids_with_role(context.exchange, Role.PLATFORM):
        queue, item = (
            read_queue(context.exchange, platform_id),
            context.exchange.get(roster_keys.roster_news(platform_id)),
        )
        if not (item or queue.turn):
            continue
        if newest and _is_due(queue, RosterNews.from_item(item or {}), newest, now):
            roster_id = roster_id_of(platform_id, f"{RESCREEN}|{newest.snapshot_id}|{queue.current}")
            sending = Sending(platform_id=platform_id, file_name="", mode=RESCREEN)
            run = new_roster(sending, roster_id, now).replace(split=1, touched="", chunks=0)
            enqueued += put_new(context.exchange, run).status != DONE
            enqueue(context, platform_id, roster_id, now)
        else:
            start_next_run(context, platform_id, now)
    return enqueued


def read_queue(exchange: "ExchangeTable", platform_id: str) -> RosterQueue:
    """The queue of a platform's rosters."""
    item_id = roster_keys.roster_state(platform_id)
    return RosterQueue.from_item(exchange.get(item_id) or {"id": item_id})


def read_generation(context: Context, platform_id: str, run_id: str) -> Generation:
    """The generation that a run made; an empty one for the run ''."""
    if not run_id:
        return Generation()
    body = context.bucket.get(roster_files.generation_key(platform_id, run_id))
    if body is None:
        raise LookupError(f"the manifest of {run_id} is not in the bucket")
    return _parse_generation(body)


@lru_cache(maxsize=64)
def _parse_generation(body: bytes) -> Generation:
    return roster_generation.read_generation(body)


def _is_due(queue: RosterQueue, news: RosterNews, newest: SnapshotFile, now: datetime) -> bool:
    """Whether a roster was not screened against this snapshot yet, or calls have enrolled merchants a while ago."""
    if not (queue.current or news.enrolled_at):
        return False
    if queue.screened_with != newest.snapshot_id:
        return True
    is_waiting = news.enrolled_at > queue.screened_at
    return is_waiting and age_seconds(queue.screened_at, now) >= EVERY.total_seconds()


def _send(context: Context, queue: RosterQueue, run: Roster, now: datetime) -> None:
    """Send the first shards of the active run to the workers, once; each that is done sends another."""
    if run.sent:
        return
    if run.base is None:
        run = _plan(context, queue, run, now)
    base = read_generation(context, run.platform_id, run.base or "")
    shards = list(roster_generation.shards_to_process(run, base)) or [0]
    planned = run.replace(chunks=len(shards))
    update_roster(context.exchange, run, planned)
    context.chunks.send([{"roster_id": run.roster_id, "shard": shard} for shard in shards[:PIECES_AT_ONCE]])
    update_roster(context.exchange, planned, planned.replace(sent=True))


def send_next_shard(context: Context, run: Roster, shard: int) -> None:
    """Send the shard that waits for this one, so that few of one run are in the queue at a time."""
    shards = _shards(run)
    following = shards.index(shard) + PIECES_AT_ONCE if shard in shards else len(shards)
    if following < len(shards) and str(shards[following]) not in run.merchants_done():
        context.chunks.send([{"roster_id": run.roster_id, "shard": shards[following]}])


def _shards(run: Roster) -> list[int]:
    """The shards that a run processes, in their order, by what is recorded of it."""
    if run.chunks == run.shards:
        return list(range(run.shards))
    # A patch that leaves shards as they are began from a generation of as many.
    return list(roster_generation.shards_to_process(run, Generation(shards=run.shards))) or [0]


def _plan(context: Context, queue: RosterQueue, run: Roster, now: datetime) -> Roster:
    """What a run begins with; fixed now, so that a shard that is done again has the same beginning."""
    base = read_generation(context, run.platform_id, queue.base)
    expected = run.accepted if run.mode == FULL else queue.merchants + run.accepted
    newest = read_pointer(context.exchange)
    planned = run.replace(
        status=PROCESSING,
        started_at=iso(now),
        base=queue.base,
        shards=max(base.shards, run.split, merge_roster.shards_for(expected)),
        snapshot_id=newest.snapshot_id if newest else "",
        previous_screening=queue.screened_at,
    )
    update_roster(context.exchange, run, planned)
    return planned


def _refilled(context: Context, platform_id: str, queue: RosterQueue) -> RosterQueue:
    """The queue with the next rosters of the log of those that wait; without those that were refused meanwhile."""
    entries = context.waiting(platform_id).read(queue.taken)
    if not entries:
        return queue.replace(overflow=False)
    items = context.exchange.get_many(roster_keys.roster(entry["entry_id"]) for entry in entries)
    rosters = [
        Roster.from_item(items[key]) for entry in entries if (key := roster_keys.roster(entry["entry_id"])) in items
    ]
    waiting = tuple(roster.roster_id for roster in rosters if roster.status not in FINISHED)
    return queue.replace(waiting=waiting, taken=entries[-1]["number"])


def _replace(context: Context, before: RosterQueue, after: RosterQueue) -> bool:
    """Change the queue unless another worker did since it was read."""
    after = after.replace(turn=before.turn + 1)
    if before.turn == 0:
        return context.exchange.put_new(after.to_item()) is None
    return context.exchange.set_fields(before.id, after.changes_since(before), only_if={"turn": before.turn})
