"""How a roster changes: what was kept, what a file says, and what calls enrolled since, made one.

The newest word on a merchant counts, by when it was received and not by when it was processed; so rosters may be taken
in any order with the same end. A merchant that is missing from a new full roster leaves, unless a call enrolled it in
the last 30 days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.monitoring.rules.monitored_merchant import Enrolment, Merchant, hash_of
from chalicelib.rosters.rules.kept_merchant import KeptMerchant
from chalicelib.rosters.rules.roster import FULL, RESCREEN
from chalicelib.rosters.rules.validate_roster_row import ADD, KEEP
from chalicelib.values.timestamps import iso

# So long a merchant that was enrolled by a call stays although full rosters do not name it.
GRACE: Final = timedelta(days=30)
# So long is remembered that a merchant left, against older files that come late.
REMEMBERED: Final = timedelta(days=30)
# How many merchants one shard should hold, and how many shards there may be.
SHARD: Final = 5_000
MOST_SHARDS: Final = 4_096


@dataclass(frozen=True, slots=True)
class MergeCounts:
    """What a merge did: merchants now on the roster, added, changed, removed, and those kept that a full roster did
    not name because they were enrolled by a call."""

    merchants: int
    added: int
    changed: int
    removed: int
    kept_enrolled: int


def merge(
    kept: Mapping[str, KeptMerchant],
    rows: Iterable[tuple[str, Merchant]],
    mode: str,
    at: str,
    enrolled: Mapping[str, Enrolment],
    full_at: str = "",
) -> tuple[dict[str, KeptMerchant], MergeCounts]:
    """The roster after a file (`mode` full or patch; `rescreen` for none) received at that moment.

    `enrolled` is what calls said meanwhile, by merchant id. Enrolled merchants are taken in first, as if the calls had
    been files; one that a later full roster does not name stays for 30 days after its call, for the file may have been
    drawn before it. `full_at` is when the newest full roster was received: it spoke of everybody, so what is older says
    nothing any more.
    """
    if at < full_at:
        rows, mode = (), RESCREEN
    after = dict(kept)
    for merchant_id, enrolment in enrolled.items():
        _set(after, merchant_id, KeptMerchant(enrolment.at, enrolment.merchant, by_call=True))
    named = set()
    for operation, merchant in rows:
        named.add(merchant.id)
        if operation != KEEP:
            _set(after, merchant.id, KeptMerchant(at, merchant if operation == ADD else None))
    kept_enrolled = _remove_unnamed(after, named, at) if mode == FULL else 0
    forgotten = iso(datetime.fromisoformat(at) - REMEMBERED)
    after = {key: entry for key, entry in after.items() if entry.merchant is not None or entry.at > forgotten}
    return after, _counts(kept, after, kept_enrolled)


def merchants(kept: Mapping[str, KeptMerchant]) -> dict[str, Merchant]:
    """The merchants that are on the roster, by id."""
    return {key: entry.merchant for key, entry in kept.items() if entry.merchant is not None}


def shards_for(count: int) -> int:
    """Into how many shards so many merchants are spread: a power of two."""
    shards = 1
    while shards * SHARD < count and shards < MOST_SHARDS:
        shards *= 2
    return shards


def shard_number(merchant_id: str, shards: int) -> int:
    """The shard of a merchant; with twice as many shards it is this one, or this one and `shards` more."""
    return hash_of(merchant_id) % shards


def _remove_unnamed(after: dict[str, KeptMerchant], named: set[str], at: str) -> int:
    """Take off every merchant that a full roster does not name; how many stay because a call enrolled them lately."""
    kept_enrolled = 0
    since = iso(datetime.fromisoformat(at) - GRACE)
    for merchant_id, entry in list(after.items()):
        if merchant_id in named or entry.merchant is None or entry.at >= at:
            continue
        if entry.by_call and entry.at > since:
            kept_enrolled += 1
        else:
            after[merchant_id] = KeptMerchant(at, None)
    return kept_enrolled


def _set(after: dict[str, KeptMerchant], merchant_id: str, entry: KeptMerchant) -> None:
    """Let the word of that moment count, unless a newer one was received."""
    before = after.get(merchant_id)
    if before and (before.at > entry.at or (entry.by_call and before.at == entry.at)):
        return
    outcome = before.outcome if before and entry.merchant is not None else None
    after[merchant_id] = KeptMerchant(entry.at, entry.merchant, outcome, entry.by_call) if outcome else entry


def _counts(before: Mapping[str, KeptMerchant], after: Mapping[str, KeptMerchant], kept_enrolled: int) -> MergeCounts:
    old, new = merchants(before), merchants(after)
    added = sum(key not in old for key in new)
    changed = sum(key in old and not old[key].says_the_same(merchant) for key, merchant in new.items())
    return MergeCounts(len(new), added, changed, sum(key not in new for key in old), kept_enrolled)
