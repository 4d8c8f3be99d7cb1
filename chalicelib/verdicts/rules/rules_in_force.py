"""Everything that judges listings beside the subject itself: policy, bounds, campaigns, bursts and trust in force."""

from dataclasses import dataclass
from typing import Final

from chalicelib.verdicts.rules.campaign import Campaign
from chalicelib.verdicts.rules.guards import NO_ALARMS, Alarms
from chalicelib.verdicts.rules.platform_policy import BOUNDS, Bound, Policy


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force for one platform; at their defaults, the exchange's own table alone."""

    policy: Policy | None = None
    bounds: tuple[Bound, ...] = BOUNDS
    campaigns: tuple[Campaign, ...] = ()
    alarms: Alarms = NO_ALARMS


# No policy of a platform, no campaign, no alarm.
EXCHANGE: Final = Rules()
