"""Keys of what watches for probing: samples of lookups, figures by platform and day, the rule, slowed keys."""

from datetime import timedelta
from typing import Final

WATCHED_UNTIL: Final = "probing-watched-until"
RULE: Final = "probing-rule"
# How long an item is kept after its moment; what the moment is, its kind says.
SAMPLE_KEPT: Final = timedelta(days=20)
FIGURES_KEPT: Final = timedelta(days=400)


def sample(day: str, platform_id: str, place: int) -> str:
    """One of the requests of a platform's day that were drawn, to be looked at later."""
    return f"asked-sample#{day}#{platform_id}#{place}"


def figures(day: str, platform_id: str) -> str:
    """What a platform's lookups of a day look like."""
    return f"probing#{day}#{platform_id}"


def slowed(account: str) -> str:
    """How much a key may ask while it is slowed."""
    return f"slowed#{account}"
