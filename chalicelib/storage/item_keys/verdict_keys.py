"""Keys of the rules that judge listings: bounds, policies, campaigns, guards, trust, corroboration."""

from datetime import timedelta
from typing import Final

from chalicelib.storage.item_keys.numbered_log_keys import CORROBORATIONS, campaign_log_name, slot

RULING: Final = "ruling"
CAMPAIGNS: Final = "campaigns"
CORROBORATION_COUNTS: Final = "corroboration-counts"
# The fields that hold what is in force: the bounds in `ruling`, a platform's table in its policy.
BOUNDS_FIELD: Final = "bounds"
POLICY_FIELD: Final = "current"
# How long an item is kept after its moment; what the moment is, its kind says.
FILINGS_KEPT: Final = timedelta(days=60)


def policy(platform_id: str) -> str:
    """A platform's own policy as it is in force."""
    return f"policy#{platform_id}"


def rules_version(holder: str, field: str, version: int) -> str:
    """One version of the rules that a field of an item (`ruling`, a policy) holds."""
    return f"{holder}#{field}#{version:06d}"


def policy_version(platform_id: str, version: int) -> str:
    """One version of a platform's policy."""
    return rules_version(policy(platform_id), POLICY_FIELD, version)


def bounds_version(version: int) -> str:
    """One version of the regulator's bounds."""
    return rules_version(RULING, BOUNDS_FIELD, version)


def campaign(campaign_id: str) -> str:
    """A campaign."""
    return f"campaign#{campaign_id}"


def campaign_entry(figure: str, campaign_id: str, number: int) -> str:
    """One listing or task that counts for a figure of a campaign."""
    return slot(campaign_log_name(figure, campaign_id), number)


def filings(platform_id: str, day: str) -> str:
    """What a platform filed on a day, counted by trade and region."""
    return f"filed#{platform_id}#{day}"


def burst(guard_id: str) -> str:
    """A burst that is or was in force."""
    return f"burst#{guard_id}"


def lifted_burst(guard_id: str) -> str:
    """A burst that a regulator lifted."""
    return f"guard#{guard_id}"


def trust(platform_id: str) -> str:
    """How disputes over a platform's listings ended."""
    return f"trust#{platform_id}"


def more_trust(platform_id: str, part: int) -> str:
    """How further disputes over a platform's listings ended, once the marks of decisions fill what came before."""
    return f"trust#{platform_id}#{part:02x}"


def corroboration(number: int) -> str:
    """A change of how platforms and government agree on a subject."""
    return slot(CORROBORATIONS, number)


def current_corroboration(subject_id: str) -> str:
    """Which entry of the feed of corroborations is current for a subject."""
    return f"corroborated#{subject_id}"
