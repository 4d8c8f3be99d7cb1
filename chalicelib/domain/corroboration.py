"""What platforms and government say of one subject, held beside each other (比对与印证)."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.listing import ACTIVE


def state(subject: Mapping[str, Any], today: str) -> str:
    """How the two sides stand to each other.

    `both`: each holds something active. `platform_only`, `government_only`: one alone does. `conflict`: a platform's
    eviction still stands where the government has ended its own entry. `none`: nothing is active.
    """
    platform, government, ended = False, False, False
    for listing in subject["listings"].values():
        official = listing["source"].startswith("government:")
        active = listing["state"] == ACTIVE and not (listing.get("expires_on") and listing["expires_on"] <= today)
        platform |= active and not official
        government |= active and official
        ended |= official and not active
    if platform and government:
        return "both"
    if platform:
        return "conflict" if ended else "platform_only"
    return "government_only" if government else "none"
