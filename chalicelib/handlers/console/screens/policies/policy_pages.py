"""The pages of rules: policies, bounds, campaigns (专项) and guards."""

from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.administration_pages import Row
from chalicelib.people.duties import Duty

PLATFORM: Final = (Role.PLATFORM,)
REGULATOR: Final = (Role.REGULATOR,)
OFFICES: Final = (*PLATFORM, *REGULATOR)
READ: Final = (Duty.READ,)
DECIDE: Final = (Duty.DECIDE,)
# fmt: off
RULES: Final[tuple[Row, ...]] = (
    ("GET", "/console/rules", "policies.policy:rules", OFFICES, READ, ""),
    ("POST", "/console/rules", "policies.policy:save", PLATFORM, DECIDE, "putPolicy"),
    ("POST", "/console/rules/draft", "policies.policy:draft", PLATFORM, READ, ""),
    ("POST", "/console/rules/bounds", "policies.bounds:save", REGULATOR, DECIDE, "putPolicyBounds"),
    ("POST", "/console/rules/bounds/draft", "policies.bounds:draft", REGULATOR, READ, ""),
    ("GET", "/console/rules/campaigns", "policies.campaigns:campaigns", OFFICES, READ, ""),
    ("GET", "/console/rules/campaigns.csv", "policies.campaigns:export", OFFICES, READ, ""),
    ("GET", "/console/rules/campaigns/new", "policies.campaigns:new", REGULATOR, DECIDE, ""),
    ("POST", "/console/rules/campaigns/draft", "policies.campaigns:draft", REGULATOR, DECIDE, ""),
    ("POST", "/console/rules/campaigns", "policies.campaigns:start", REGULATOR, DECIDE, "openCampaign"),
    ("GET", "/console/rules/campaigns/{campaign_id}", "policies.campaigns:campaign", OFFICES, READ, ""),
    ("POST", "/console/rules/campaigns/{campaign_id}/end", "policies.campaigns:end", REGULATOR, DECIDE, "endCampaign"),
    ("GET", "/console/rules/guards", "policies.guards:guards", OFFICES, READ, ""),
    ("GET", "/console/rules/guards.csv", "policies.guards:export", OFFICES, READ, ""),
    ("GET", "/console/rules/guards/{guard_id}", "policies.guards:guard", OFFICES, READ, ""),
    ("POST", "/console/rules/guards/{guard_id}/lift", "policies.guards:lift", REGULATOR, DECIDE, ""),
)
# fmt: on
