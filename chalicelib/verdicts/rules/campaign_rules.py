"""A campaign (专项): for a time, listings for certain reasons have a stricter clock, a label, and count as graver.

It overlays and changes nothing: a listing keeps its own severity, and on the day after its last day, or once it was
ended, a campaign is simply read no more.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from chalicelib.registry.rules.reason_codes import REASONS, UNKNOWN

# What fits no reason, and reasons of government lists (企业经营异常名录管理暂行办法 4), are no matter of campaigns.
NOT_FOR_CAMPAIGNS: Final = (UNKNOWN, *(code for code in REASONS if code.startswith("GX")))
LEAST_SEVERITY: Final = 2


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign; days are those of China, the last included. `working_days` None, `severity_floor` 0: as it is."""

    campaign_id: str
    name: str
    reasons: tuple[str, ...]
    starts_on: str
    ends_on: str
    working_days: int | None = None
    severity_floor: int = 0


@dataclass(frozen=True, slots=True)
class Overlay:
    """What the running campaigns say of one listing: which they are, its severity in them, days to answer if any."""

    campaigns: tuple[Campaign, ...]
    severity: int
    working_days: int | None

    def as_dict(self) -> dict[str, Any]:
        """`labels`, and as far as the campaigns say so `severity` and `working_days`."""
        plain: dict[str, Any] = {"labels": labels(self.campaigns), "severity": self.severity}
        return plain if self.working_days is None else {**plain, "working_days": self.working_days}


def campaign_id(name: str, reasons: Iterable[str], starts_on: str, ends_on: str) -> str:
    """The same campaign opened twice has the same id."""
    what = "|".join((name, *sorted(reasons), starts_on, ends_on))
    return "c_" + hashlib.sha256(what.encode()).hexdigest()[:16]


def runs(campaign: Campaign, today: str) -> bool:
    """Whether the campaign runs on that day."""
    return campaign.starts_on <= today <= campaign.ends_on


def covers(campaign: Campaign, listing: Mapping[str, Any], today: str) -> bool:
    """Whether the campaign runs and the listing is for one of its reasons; what informs only is never made graver."""
    if not runs(campaign, today) or listing["severity"] < LEAST_SEVERITY:
        return False
    return any(code in campaign.reasons for code in listing.get("reasons", ()))


def overlay(listing: Mapping[str, Any], campaigns: Iterable[Campaign], today: str) -> Overlay:
    """What the campaigns that cover the listing make of it; of several the gravest floor and the shortest clock."""
    covering = tuple(one for one in campaigns if covers(one, listing, today))
    severity = max([listing["severity"], *(one.severity_floor for one in covering)])
    days = [one.working_days for one in covering if one.working_days is not None]
    return Overlay(covering, severity, min(days, default=None))


def labels(campaigns: Iterable[Campaign]) -> list[dict[str, str]]:
    """The campaigns as answers, notices and tasks name them."""
    return [{"campaign_id": one.campaign_id, "name": one.name} for one in campaigns]


def as_plain(campaign: Campaign) -> dict[str, Any]:
    """The campaign as plain data, what it does not say left out."""
    plain = {key: value for key, value in asdict(campaign).items() if value not in (None, 0) or key == "working_days"}
    plain["reasons"] = list(campaign.reasons)
    return {key: value for key, value in plain.items() if value is not None}


def read(plain: Mapping[str, Any]) -> Campaign:
    """The campaign that `as_plain` wrote; other keys are passed over."""
    fields = {key: plain[key] for key in Campaign.__slots__ if key in plain}
    return Campaign(**{**fields, "reasons": tuple(plain["reasons"])})
