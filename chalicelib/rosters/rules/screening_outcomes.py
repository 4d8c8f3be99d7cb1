"""What a screening says of each merchant, and for which merchants that is another outcome than before."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

from chalicelib.rosters.rules.kept_merchant import KeptMerchant, Outcome
from chalicelib.values.records import Json, Record, stored

# What a result shows of a match.
_SHOWN: Final = ("subject", "verdict", "relation", "score", "reasons", "listings")


@dataclass(frozen=True, slots=True)
class ScreenedMerchant:
    """A merchant that matches a listed subject, or cannot be screened: the verdict, and what a lookup would answer."""

    merchant_id: str
    verdict: str
    matches: Sequence[Json]
    findings: Sequence[Json] = ()

    def row(self, since: str) -> Json:
        """The merchant as the results name it."""
        matches = [{field: match[field] for field in _SHOWN} for match in self.matches]
        row: Json = {"merchant_id": self.merchant_id, "verdict": self.verdict, "matches": matches, "since": since}
        return {**row, "findings": list(self.findings)} if self.findings else row


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """A merchant whose outcome is another one than before; `blocked` are the listings that block now and did not
    before, `screened` is None for a merchant that matches nobody any more."""

    merchant_id: str
    was: str
    since: str
    screened: ScreenedMerchant | None = None
    blocked: tuple[str, ...] = ()

    def row(self) -> Json:
        """The change as the results name it."""
        if self.screened is None:
            return {"merchant_id": self.merchant_id, "verdict": "clear", "was": self.was, "since": self.since}
        return {**self.screened.row(self.since), "was": self.was}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardCounts(Record):
    """What a run did to one shard, and how many of its merchants have each verdict.

    `snapshot_built_at` is empty where there was no snapshot to screen against.
    """

    merchants: int = stored()
    added: int = stored(0, always=True)
    changed: int = stored(0, always=True)
    removed: int = stored(0, always=True)
    kept_enrolled: int = stored(0, always=True)
    outcomes_changed: int = stored(0, always=True)
    verdicts: Mapping[str, int] = stored(factory=dict, always=True)
    snapshot_built_at: str = stored("", always=True)


# What all shards that a run processed add up to, beside the verdicts.
_ADDED_UP: Final = ("added", "changed", "removed", "kept_enrolled", "outcomes_changed")


def total_counts(all_shards: Iterable[ShardCounts], processed: Iterable[ShardCounts]) -> dict[str, int]:
    """The counts of a roster: merchants and verdicts of all its shards, changes of those that the run processed."""
    total = dict.fromkeys(("merchants", *_ADDED_UP, "block", "review", "inform", "unknown"), 0)
    for counts in all_shards:
        total["merchants"] += counts.merchants
        for verdict, count in counts.verdicts.items():
            total[verdict] += count
    for counts in processed:
        for name in _ADDED_UP:
            total[name] += getattr(counts, name)
    return total


def verdict_counts(screened: Iterable[ScreenedMerchant]) -> dict[str, int]:
    """How many merchants there are with each verdict."""
    counts: dict[str, int] = {}
    for merchant in screened:
        counts[merchant.verdict] = counts.get(merchant.verdict, 0) + 1
    return counts


def compare_outcomes(
    kept: Mapping[str, KeptMerchant], screened: Mapping[str, ScreenedMerchant], at: str
) -> tuple[dict[str, KeptMerchant], list[OutcomeChange]]:
    """The merchants with how they were screened at that moment and since when it is so; and the changes."""
    after, changes = dict(kept), []
    for merchant_id, entry in kept.items():
        before, merchant = entry.outcome, screened.get(merchant_id)
        if entry.merchant is None or (before is None and merchant is None):
            continue
        outcome = _outcome(merchant, before, at) if merchant else None
        after[merchant_id] = replace(entry, outcome=outcome)
        if outcome is None or before is None or before.fingerprint != outcome.fingerprint:
            changes.append(_change(merchant_id, before, outcome, merchant, at))
    return after, changes


def _change(
    merchant_id: str, before: Outcome | None, now: Outcome | None, screened: ScreenedMerchant | None, at: str
) -> OutcomeChange:
    blocked_before = before.blocking if before else ()
    blocked = tuple(listing for listing in now.blocking if listing not in blocked_before) if now else ()
    return OutcomeChange(merchant_id, before.verdict if before else "clear", at, screened, blocked)


def _outcome(screened: ScreenedMerchant, before: Outcome | None, at: str) -> Outcome:
    fingerprint = _fingerprint(screened)
    since = before.since if before and before.fingerprint == fingerprint else at
    return Outcome(screened.verdict, fingerprint, since, _blocking(screened))


def _fingerprint(screened: ScreenedMerchant) -> str:
    """What makes an outcome another one: who matches, how, by which listings, with which verdict."""
    matches = []
    for match in screened.matches:
        listings = sorted(f"{item['listing_id']}.{item['revision']}.{item['verdict']}" for item in match["listings"])
        matches.append([match["subject"]["subject_id"], match["relation"], match["verdict"], *listings])
    matches.sort()
    return blake2b(json.dumps([screened.verdict, matches]).encode(), digest_size=9).hexdigest()


def _blocking(screened: ScreenedMerchant) -> tuple[str, ...]:
    listings = (listing for match in screened.matches for listing in match["listings"])
    return tuple(listing["listing_id"] for listing in listings if listing.get("verdict") == "block")
