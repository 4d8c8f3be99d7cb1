"""A delta that waits for a person: what was delivered, why it is held, and what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.government_lists.rules.pull_findings import PullFindings, findings_view
from chalicelib.values.records import Json, Record, stored

RELEASED: Final = "released"
_SHOWN: Final = ("hold_id", "feed", "reason", "counts", "held_at", "version", "decision", "decided_by", "decided_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDelta(Record):
    """A delivery that is held. `decision` is empty until a person releases or discards it; `told_at` until the
    regulators were sent the notice. `counts` is empty for a delivery that cannot be read."""

    id: str = stored()
    hold_id: str = stored()
    feed: str = stored()
    reason: str = stored()
    counts: Mapping[str, int] = stored(factory=dict, always=True)
    held_at: str = stored()
    version: str = stored()
    sha256: str = stored()
    originals: tuple[str, ...] = stored((), many="values", always=True)
    whole: bool = stored()
    cursor: Json = stored(factory=dict, always=True)
    decision: str = stored("", always=True)
    told_at: str = stored("", always=True)
    decided_by: str = stored("")
    decided_key: str = stored("")
    decided_at: str = stored("")
    why: str = stored("")
    findings: PullFindings = stored(PullFindings(), record=PullFindings)


def view(hold: HeldDelta) -> Json:
    """A held delta as people see it."""
    shown: Json = {field: value for field in (*_SHOWN, "why") if (value := getattr(hold, field))}
    return shown | findings_view(hold.findings)
