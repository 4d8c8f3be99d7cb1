"""The regulator's rule: whether a finding slows the keys that probed, to how much, and for how many days."""

from dataclasses import dataclass

from chalicelib.values.records import Json, Record, stored


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowingRule(Record):
    """What a finding does; without a regulator's word it notifies and slows nobody."""

    slows: bool = stored(False, always=True)
    merchants_per_minute: int = stored(10, always=True)
    merchants_per_day: int = stored(500, always=True)
    days: int = stored(7, always=True)
    set_by: str = stored("")
    set_at: str = stored("")

    def view(self) -> Json:
        """The rule as the regulator reads it."""
        return {
            "slows": self.slows,
            "merchants_per_minute": self.merchants_per_minute,
            "merchants_per_day": self.merchants_per_day,
            "days": self.days,
            **({"set_by": self.set_by, "set_at": self.set_at} if self.set_by else {}),
        }
