"""What a roster keeps of one merchant: the newest word on it, and how it was last screened."""

import json
from dataclasses import dataclass

from chalicelib.monitoring.rules.monitored_merchant import Merchant
from chalicelib.values.records import Json


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a merchant was screened: the verdict, a digest of all that it rests on, since when it is so, and the listings
    that block."""

    verdict: str
    fingerprint: str
    since: str
    blocking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptMerchant:
    """A merchant as the newest word on it says, received `at`; None as merchant: it has left the roster."""

    at: str
    merchant: Merchant | None
    outcome: Outcome | None = None
    by_call: bool = False


def read_kept(line: str) -> tuple[str, KeptMerchant]:
    """The id of a merchant and what is kept of it, from the line that `kept_item` wrote."""
    stored = json.loads(line)
    outcome, merchant = stored.get("o"), stored.get("m")
    return stored["id"], KeptMerchant(
        at=stored["at"],
        merchant=Merchant.from_item(merchant) if merchant is not None else None,
        outcome=Outcome(outcome["v"], outcome["f"], outcome["s"], tuple(outcome["b"])) if outcome else None,
        by_call=bool(stored.get("by_call")),
    )


def kept_item(merchant_id: str, kept: KeptMerchant) -> Json:
    """What is stored of a merchant."""
    stored: Json = {"id": merchant_id, "at": kept.at}
    if kept.merchant is None:
        return {**stored, "gone": True}
    stored["m"] = kept.merchant.to_item()
    if kept.outcome:
        outcome = kept.outcome
        stored["o"] = {
            "v": outcome.verdict,
            "f": outcome.fingerprint,
            "s": outcome.since,
            "b": list(outcome.blocking),
        }
    if kept.by_call:
        stored["by_call"] = True
    return stored
