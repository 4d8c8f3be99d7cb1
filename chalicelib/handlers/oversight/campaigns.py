"""Campaigns (专项) and the guard against poisoning: /v1/campaigns, /v1/guards."""

from typing import TYPE_CHECKING

from chalicelib import logs, wiring
from chalicelib.handlers.route_declaration import decides
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.policies import Explanation, NewCampaign

routes = Routes(__name__, "campaigns")


@routes.route(
    "/v1/campaigns",
    "POST",
    "openCampaign",
    roles=(REGULATOR,),
    body="policies:NewCampaign",
    returns="decisions:Campaign",
    status=201,
    errors=(ErrorCode.TOO_MANY_CAMPAIGNS, ErrorCode.CAMPAIGN_IS_OVER),
)
def start(request: Request, body: "NewCampaign") -> Json:
    """Open a campaign; the same one opened again is the same."""
    from chalicelib.verdicts import manage_campaigns
    from chalicelib.verdicts.rules import campaign as campaign_rules

    wanted = body.campaign()
    opened = manage_campaigns.open_campaign(wiring.exchange(), wanted, request.caller, wiring.now())
    logs.note("campaign_opened", campaign=wanted.campaign_id, by=request.caller.platform_id)
    return campaign_rules.view(opened, _today())


@routes.route("/v1/campaigns", "GET", "listCampaigns", roles=(PLATFORM, REGULATOR), returns="decisions:CampaignList")
def campaigns(_request: Request) -> Json:
    """All campaigns, the latest first."""
    from chalicelib.verdicts import manage_campaigns
    from chalicelib.verdicts.rules import campaign as campaign_rules

    listed, today = manage_campaigns.list_campaigns(wiring.exchange()), _today()
    return {"campaigns": [campaign_rules.view(campaign, today) for campaign in listed]}


@routes.route(
    "/v1/campaigns/{campaign_id}",
    "GET",
    "getCampaign",
    roles=(PLATFORM, REGULATOR),
    returns="decisions:CampaignView",
    errors=(ErrorCode.NOT_FOUND,),
)
def campaign(request: Request, campaign_id: str) -> Json:
    """One campaign; for a regulator with its figures."""
    from chalicelib.verdicts import manage_campaigns

    view = manage_campaigns.describe_campaign(wiring.exchange(), wiring.numbered_log, campaign_id, wiring.now())
    return view if request.caller.role == REGULATOR else {key: view[key] for key in view if key != "figures"}


@routes.route(
    "/v1/campaigns/{campaign_id}/end",
    "POST",
    "endCampaign",
    roles=(REGULATOR,),
    body="policies:Explanation",
    returns="decisions:Campaign",
    errors=(ErrorCode.NOT_FOUND,),
)
def end(request: Request, body: "Explanation", campaign_id: str) -> Json:
    """End a campaign before its last day."""
    from chalicelib.verdicts import manage_campaigns
    from chalicelib.verdicts.rules import campaign as campaign_rules

    ended = manage_campaigns.end_campaign(wiring.exchange(), campaign_id, request.caller, body.why, wiring.now())
    logs.note("campaign_ended", campaign=campaign_id, by=request.caller.platform_id)
    return campaign_rules.view(ended, _today())


@routes.route("/v1/guards", "GET", "listGuards", roles=(PLATFORM, REGULATOR), returns="decisions:Guards")
def guards(request: Request) -> Json:
    """The bursts that stand, and how reporters are trusted: all for a regulator, its own for a platform."""
    from chalicelib.verdicts import detect_bursts

    bursts = detect_bursts.current_bursts(wiring.exchange())
    if request.caller.role == REGULATOR:
        low = [_trust(platform_id) for platform_id in detect_bursts.platforms_of_low_trust(wiring.exchange())]
        return {"bursts": [burst.to_item() for burst in bursts], "low_trust": low}
    own = [burst.to_item() for burst in bursts if burst.platform_id == request.caller.platform_id]
    return {"bursts": own, "trust": _trust(request.caller.platform_id)}


@routes.route(
    "/v1/guards/{guard_id}/lift",
    "POST",
    "liftBurst",
    roles=(REGULATOR,),
    body="policies:Explanation",
    returns="decisions:LiftedBurst",
    errors=(ErrorCode.NOT_FOUND,),
    also={202: "people.pending:HeldForSecond"},
    second_person=decides,
)
def lift_burst(request: Request, body: "Explanation", guard_id: str) -> Json:
    """Say that a burst is none; its listings count in full from this call on."""
    from chalicelib.verdicts import lift_guards

    lifted = lift_guards.lift_burst(wiring.exchange(), guard_id, request.caller, body.why, wiring.now())
    logs.note("burst_lifted", guard=guard_id, by=request.caller.platform_id)
    return lifted.to_item()


@routes.route(
    "/v1/listings/{listing_id}/guard/lift",
    "POST",
    "liftGuard",
    roles=(REGULATOR,),
    body="policies:Explanation",
    returns="decisions:LiftedListing",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.NOT_GUARDED),
    also={202: "people.pending:HeldForSecond"},
    second_person=decides,
)
def lift(request: Request, body: "Explanation", listing_id: str) -> Json:
    """Lift the guard from one listing, so that it counts in full."""
    from chalicelib.verdicts import lift_guards

    context = lift_guards.Context(wiring.registry(), wiring.exchange())
    lifted = lift_guards.lift_guard(context, request.caller, listing_id, body.why, wiring.now())
    logs.note("guard_lifted", listing=listing_id, by=request.caller.platform_id)
    return lift_guards.lifted_guard_view(lifted, request.caller)


def _trust(platform_id: str) -> Json:
    from chalicelib.verdicts import update_reporter_trust
    from chalicelib.verdicts.rules import reporter_trust

    return reporter_trust.view(platform_id, update_reporter_trust.get_trust(wiring.exchange(), platform_id))


def _today() -> str:
    from chalicelib.values.timestamps import china_date

    return china_date(wiring.now())
