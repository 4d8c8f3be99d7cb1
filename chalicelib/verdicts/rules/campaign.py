"""A campaign (专项): for a time, listings for certain reasons have a stricter clock, a label, and count as graver.

It changes no listing: each keeps its own severity, and on the day after its last day, or once a regulator has ended it,
a campaign is simply no longer read.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.reason_codes import REASONS, UNKNOWN
from chalicelib.values.records import Json, Record, stored

# What fits no reason, and reasons of government lists (企业经营异常名录管理暂行办法 4), are no matter of campaigns.
NOT_FOR_CAMPAIGNS: Final = (UNKNOWN, *(code for code in REASONS if code.startswith("GX")))
LEAST_SEVERITY: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign(Record):
    """One campaign; days are those of China, the last included. `working_days` None, `severity_floor` 0: unchanged."""

    campaign_id: str = stored()
    name: str = stored()
    reasons: tuple[str, ...] = stored(many="values")
    starts_on: str = stored()
    ends_on: str = stored()
    working_days: int | None = stored(None)
    severity_floor: int = stored(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCampaign(Campaign):
    """A campaign with the regulators that opened and ended it, when, and why it was ended."""

    opened_by: str = stored("")
    opened_at: str = stored("")
    ended_by: str = stored("")
    ended_at: str = stored("")
    why: str = stored("")


@dataclass(frozen=True, slots=True)
class Overlay:
    """What the running campaigns make of one listing: which cover it, its severity in them, days to answer if any."""

    campaigns: tuple[Campaign, ...]
    severity: int
    working_days: int | None


def campaign_id(name: str, reasons: Iterable[str], starts_on: str, ends_on: str) -> str:
    """The id of a campaign; the same one opened twice has the same id."""
    content = "|".join((name, *sorted(reasons), starts_on, ends_on))
    return "c_" + hashlib.sha256(content.encode()).hexdigest()[:16]


def runs(campaign: Campaign, today: str) -> bool:
    """Whether the campaign runs on that day."""
    return campaign.starts_on <= today <= campaign.ends_on


def covers(campaign: Campaign, listing: Listing, today: str) -> bool:
    """Whether the campaign runs and the listing is for one of its reasons; what informs only is never made graver."""
    if not runs(campaign, today) or listing.severity < LEAST_SEVERITY:
        return False
    return any(code in campaign.reasons for code in listing.reasons)


def overlay(listing: Listing, campaigns: Iterable[Campaign], today: str) -> Overlay:
    """What the campaigns that cover the listing make of it; of several the gravest floor and the shortest clock."""
    covering = tuple(campaign for campaign in campaigns if covers(campaign, listing, today))
    severity = max([listing.severity, *(campaign.severity_floor for campaign in covering)])
    days = [campaign.working_days for campaign in covering if campaign.working_days is not None]
    return Overlay(covering, severity, min(days, default=None))


def state_of(campaign: OpenedCampaign, today: str) -> str:
    """Whether the campaign is planned, running or ended on that day."""
    if campaign.ended_at or today > campaign.ends_on:
        return "ended"
    return "running" if runs(campaign, today) else "planned"


def labels(campaigns: Iterable[Campaign]) -> list[dict[str, str]]:
    """The campaigns as answers, notices and tasks name them."""
    return [{"campaign_id": campaign.campaign_id, "name": campaign.name} for campaign in campaigns]


def view(campaign: OpenedCampaign, today: str) -> Json:
    """The campaign as every caller may see it, with its state."""
    return {**campaign.replace(unknown={}).to_item(), "state": state_of(campaign, today)}
