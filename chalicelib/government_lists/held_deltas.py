"""A delta that is too odd to be applied unseen waits for a person, who releases or discards it, and is recorded."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import Conflict, NotFound
from chalicelib.government_lists.dependencies import Context
from chalicelib.government_lists.feed_status import read_hold, read_state
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.feed_state import FeedState
from chalicelib.government_lists.rules.fetched_list import FetchedList
from chalicelib.government_lists.rules.held_delta import RELEASED, HeldDelta
from chalicelib.government_lists.rules.hold_notice import hold_notice
from chalicelib.government_lists.rules.hold_thresholds import Counts
from chalicelib.government_lists.rules.pull_findings import PullFindings
from chalicelib.messages import ErrorCode
from chalicelib.notices.push_notices import send_to_regulators
from chalicelib.storage.item_keys import government_list_keys
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decides on a held delta: `released` or `discarded`, by whom, and why."""

    decision: str
    by: Caller
    why: str = ""


def hold_delta(context: Context, held: HeldDelta, now: datetime) -> None:
    """Hold what was delivered and send the regulators a notice; once, however often the same comes again."""
    existing = context.exchange.put_new(held.to_item())
    hold = HeldDelta.from_item(existing) if existing else held
    if not hold.told_at:
        send_to_regulators(context.sender, hold_notice(hold), now)
        context.exchange.set_fields(held.id, {"told_at": iso(now)})


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a person must look at a delivery, a key of `HOLD_REASONS`, and what reading it came to, as far as it came."""

    reason: str
    counts: Counts | None = None
    findings: PullFindings = field(default_factory=PullFindings)


def new_hold(feed: Feed, fetched: FetchedList, originals: Sequence[str], doubt: Doubt, now: datetime) -> HeldDelta:
    """The held delta of what was fetched; `originals` are the keys of its files in the bucket."""
    hold_id = fetched.sha256[:16]
    return HeldDelta(
        id=government_list_keys.hold(feed.name, hold_id),
        hold_id=hold_id,
        feed=feed.name,
        reason=doubt.reason,
        counts=asdict(doubt.counts) if doubt.counts else {},
        findings=doubt.findings,
        held_at=iso(now),
        version=hold_id,
        sha256=fetched.sha256,
        originals=tuple(originals),
        whole=fetched.whole,
        cursor=fetched.cursor,
    )


def decide(exchange: "ExchangeTable", feed_name: str, hold_id: str, decision: Decision, now: datetime) -> HeldDelta:
    """Release or discard what is held; the next pull acts on it. `NotFound`, or `Conflict` once it was decided or is
    no longer what is held."""
    item = exchange.get(government_list_keys.hold(feed_name, hold_id))
    if item is None:
        raise NotFound(ErrorCode.NOT_FOUND, hold_id=hold_id[:40])
    hold = HeldDelta.from_item(item)
    if decision.decision == RELEASED and hold.reason == "unreadable":
        raise Conflict(ErrorCode.HOLD_UNREADABLE, hold_id=hold_id)
    state = read_state(exchange, feed_name)
    if hold.decision or state.hold != hold_id or state.run:
        raise Conflict(ErrorCode.HOLD_IS_OVER, hold_id=hold_id)
    decided = hold.replace(
        decision=decision.decision,
        decided_by=decision.by.platform_id,
        decided_key=decision.by.key_id,
        why=decision.why,
        decided_at=iso(now),
    )
    if not exchange.set_fields(hold.id, decided.changes_since(hold), only_if={"decision": ""}):
        raise Conflict(ErrorCode.HOLD_IS_OVER, hold_id=hold_id)
    return decided


def decided_hold(exchange: "ExchangeTable", feed_name: str, state: FeedState) -> HeldDelta | None:
    """What is held now, if a person has decided on it."""
    hold = read_hold(exchange, feed_name, state)
    return hold if hold and hold.decision else None


def fetch(bucket: "FileBucket", hold: HeldDelta, folder: Path) -> FetchedList:
    """What was held, as it was delivered."""
    parts = tuple(folder / f"part-{place}" for place in range(len(hold.originals)))
    for key, part in zip(hold.originals, parts, strict=True):
        bucket.download(key, part)
    return FetchedList(parts, hold.whole, hold.cursor, hold.sha256)
