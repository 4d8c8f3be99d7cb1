"""The pages of rules: policies, bounds, campaigns (专项) and guards."""

from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.page import Page
from chalicelib.people.duties import Duty

PLATFORM: Final = (Role.PLATFORM,)
REGULATOR: Final = (Role.REGULATOR,)
OFFICES: Final = (*PLATFORM, *REGULATOR)
READ: Final = (Duty.READ,)
DECIDE: Final = (Duty.DECIDE,)
# fmt: off
RULES: Final[tuple[Page, ...]] = (
    Page("GET", "/console/rules", "policies.policy:rules", OFFICES, READ),
    Page("POST", "/console/rules", "policies.policy:save", PLATFORM, DECIDE, "putPolicy"),
    Page("POST", "/console/rules/draft", "policies.policy:draft", PLATFORM, READ),
    Page("POST", "/console/rules/bounds", "policies.bounds:save", REGULATOR, DECIDE, "putPolicyBounds"),
    Page("POST", "/console/rules/bounds/draft", "policies.bounds:draft", REGULATOR, READ),
    Page("GET", "/console/rules/campaigns", "policies.campaigns:campaigns", OFFICES, READ),
    Page("GET", "/console/rules/campaigns.csv", "policies.campaigns:export", OFFICES, READ),
    Page("GET", "/console/rules/campaigns/new", "policies.campaigns:new", REGULATOR, DECIDE),
    Page("POST", "/console/rules/campaigns/draft", "policies.campaigns:draft", REGULATOR, DECIDE),
    Page("POST", "/console/rules/campaigns", "policies.campaigns:start", REGULATOR, DECIDE, "openCampaign"),
    Page("GET", "/console/rules/campaigns/{campaign_id}", "policies.campaigns:campaign", OFFICES, READ),
    Page("POST", "/console/rules/campaigns/{campaign_id}/end", "policies.campaigns:end", REGULATOR, DECIDE,
         "endCampaign"),
    Page("GET", "/console/rules/guards", "policies.guards:guards", OFFICES, READ),
    Page("GET", "/console/rules/guards.csv", "policies.guards:export", OFFICES, READ),
    Page("GET", "/console/rules/guards/{guard_id}", "policies.guards:guard", OFFICES, READ),
    Page("POST", "/console/rules/guards/{guard_id}/lift", "policies.guards:lift", REGULATOR, DECIDE),
)
# fmt: on
