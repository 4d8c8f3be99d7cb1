"""How a roster changes: what was kept, what a file says, and what calls enrolled since, made one.

The newest word on a merchant counts, by when it was received and not by when it was worked off; so rosters may be taken
in any order with the same end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.monitoring.rules.monitored_merchant import hash_of
from chalicelib.rosters.rules.validate_roster_row import ADD, KEEP
from chalicelib.values.timestamps import iso

# {"at": when the newest word on it was received, "m": the merchant, or "gone": true, "o": how it was last screened}
Kept = dict[str, Any]

# So long a merchant that was enrolled by a call stays although full rosters do not name it.
GRACE: Final = timedelta(days=30)
# So long is remembered that a merchant left, against older files that come late.
REMEMBERED: Final = timedelta(days=30)
# How many merchants one shard should hold, and how many shards there may be.
SHARD: Final = 5_000
MOST_SHARDS: Final = 4_096


@dataclass(frozen=True, slots=True)
class Counts:
    """What a merge did: merchants now on the roster, added, changed, removed, and those kept that a full roster did
    not name because they were enrolled by a call."""

    merchants: int
    added: int
    changed: int
    removed: int
    kept_enrolled: int


def merge(
    kept: Mapping[str, Kept],
    rows: Iterable[tuple[str, Mapping[str, Any]]],
    mode: str,
    at: str,
    enrolled: Mapping[str, Mapping[str, Any]],
    full_at: str = "",
) -> tuple[dict[str, Kept], Counts]:
    """The roster after a file (`mode` full or patch; `rescreen` for none) received at that moment.

    `enrolled` is what calls said meanwhile: by merchant id `{"at", "m"}` or `{"at", "gone"}`. Enrolled merchants are
    taken in first, as if the calls had been files; one that a later full roster does not name stays for 30 days after
    its call, for the file may have been drawn before it. `full_at` is when the newest full roster was received: it
    spoke of everybody, so what is older says nothing any more.
    """
    if at < full_at:
        rows, mode = (), "rescreen"
    after = dict(kept)
    for merchant_id, said in enrolled.items():
        _say(after, merchant_id, said["at"], said.get("m"), by_call=True)
    named = set()
    for op, merchant in rows:
        named.add(merchant["id"])
        if op != KEEP:
            _say(after, merchant["id"], at, merchant if op == ADD else None)
    kept_enrolled = 0
    if mode == "full":
        since = iso(datetime.fromisoformat(at) - GRACE)
        for merchant_id, one in list(after.items()):
            if merchant_id in named or "gone" in one or one["at"] >= at:
                continue
            if one.get("by_call") and one["at"] > since:
                kept_enrolled += 1
            else:
                _say(after, merchant_id, at, None)
    forgotten = iso(datetime.fromisoformat(at) - REMEMBERED)
    after = {key: one for key, one in after.items() if "gone" not in one or one["at"] > forgotten}
    return after, _counts(kept, after, kept_enrolled)


def merchants(kept: Mapping[str, Kept]) -> dict[str, Mapping[str, Any]]:
    """The merchants that are on the roster, by id."""
    return {key: one["m"] for key, one in kept.items() if "gone" not in one}


def shards_for(count: int) -> int:
    """Into how many shards so many merchants are spread: a power of two."""
    shards = 1
    while shards * SHARD < count and shards < MOST_SHARDS:
        shards *= 2
    return shards


def shard_of(merchant_id: str, shards: int) -> int:
    """The shard of a merchant; with twice as many shards it is this one, or this one and `shards` more."""
    return hash_of(merchant_id) % shards


def _say(after: dict[str, Kept], merchant_id: str, at: str, merchant: Any, by_call: bool = False) -> None:
    """Let the word of that moment count, unless a newer one was heard."""
    known = after.get(merchant_id, {})
    if known.get("at", "") > at or (by_call and known.get("at") == at):
        return
    outcome = {"o": known["o"]} if "o" in known else {}
    if merchant is None:
        after[merchant_id] = {"at": at, "gone": True}
    else:
        after[merchant_id] = {"at": at, "m": dict(merchant), **outcome, **({"by_call": True} if by_call else {})}


def _counts(before: Mapping[str, Kept], after: Mapping[str, Kept], kept_enrolled: int) -> Counts:
    old, new = merchants(before), merchants(after)
    added = sum(key not in old for key in new)
    changed = sum(key in old and old[key] != one for key, one in new.items())
    return Counts(len(new), added, changed, sum(key not in new for key in old), kept_enrolled)
