"""Campaigns (专项) and the guard against poisoning: /v1/campaigns, /v1/guards."""

from typing import Any

from chalicelib import logs, wiring
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors, Reply
from chalicelib.values.timestamps import china_date
from chalicelib.verdicts import detect_bursts, lift_guards, manage_campaigns, update_reporter_trust
from chalicelib.verdicts.rules import campaign_rules, reporter_trust

doors = Doors(__name__)


@doors.door("/v1/campaigns", "POST", roles=(REGULATOR,))
def start(ask: Ask) -> Reply:
    """Open a campaign; the same one opened again is the same."""
    from chalicelib.handlers.requests.policies import NewCampaign

    wanted = ask.read(NewCampaign).campaign()
    opened = manage_campaigns.open_campaign(wiring.exchange(), wanted, ask.caller, wiring.now())
    logs.note("campaign_opened", campaign=wanted.campaign_id, by=ask.caller.platform_id)
    return Reply(campaign_rules.view(opened, _today()), 201)


@doors.door("/v1/campaigns", "GET", roles=(PLATFORM, REGULATOR))
def campaigns(_ask: Ask) -> dict[str, Any]:
    """All campaigns, the latest first."""
    today = _today()
    listed = manage_campaigns.list_campaigns(wiring.exchange())
    return {"campaigns": [campaign_rules.view(campaign, today) for campaign in listed]}


@doors.door("/v1/campaigns/{campaign_id}", "GET", roles=(PLATFORM, REGULATOR))
def campaign(ask: Ask, campaign_id: str) -> dict[str, Any]:
    """One campaign; for a regulator with its figures."""
    found = manage_campaigns.describe_campaign(wiring.exchange(), wiring.numbered_log, campaign_id, wiring.now())
    return found if ask.caller.role == REGULATOR else {key: found[key] for key in found if key != "figures"}


@doors.door("/v1/campaigns/{campaign_id}/end", "POST", roles=(REGULATOR,))
def end(ask: Ask, campaign_id: str) -> dict[str, Any]:
    """End a campaign before its last day."""
    from chalicelib.handlers.requests.policies import Why

    ended = manage_campaigns.end_campaign(wiring.exchange(), campaign_id, ask.caller, ask.read(Why).why, wiring.now())
    logs.note("campaign_ended", campaign=campaign_id, by=ask.caller.platform_id)
    return campaign_rules.view(ended, _today())


@doors.door("/v1/guards", "GET", roles=(PLATFORM, REGULATOR))
def guards(ask: Ask) -> dict[str, Any]:
    """The bursts that stand, and how reporters are trusted: all for a regulator, its own for a platform."""
    bursts = detect_bursts.current_bursts(wiring.exchange())
    if ask.caller.role == REGULATOR:
        low = [_trust(platform_id) for platform_id in detect_bursts.platforms_of_low_trust(wiring.exchange())]
        return {"bursts": [burst.to_item() for burst in bursts], "low_trust": low}
    own = [burst.to_item() for burst in bursts if burst.platform_id == ask.caller.platform_id]
    return {"bursts": own, "trust": _trust(ask.caller.platform_id)}


@doors.door("/v1/guards/{guard_id}/lift", "POST", roles=(REGULATOR,))
def lift_burst(ask: Ask, guard_id: str) -> dict[str, Any]:
    """Say that a burst is none; its listings count in full from this call on."""
    from chalicelib.handlers.requests.policies import Why

    lifted = lift_guards.lift_burst(wiring.exchange(), guard_id, ask.caller, ask.read(Why).why, wiring.now())
    logs.note("burst_lifted", guard=guard_id, by=ask.caller.platform_id)
    return lifted.to_item()


@doors.door("/v1/listings/{listing_id}/guard/lift", "POST", roles=(REGULATOR,))
def lift(ask: Ask, listing_id: str) -> dict[str, Any]:
    """Lift the guard from one listing, so that it counts in full."""
    from chalicelib.handlers.requests.policies import Why

    why = ask.read(Why).why
    context = lift_guards.Context(wiring.registry(), wiring.exchange())
    lifted = lift_guards.lift_guard(context, ask.caller, listing_id, why, wiring.now())
    logs.note("guard_lifted", listing=listing_id, by=ask.caller.platform_id)
    return lift_guards.lifted_guard_view(lifted, ask.caller)


def _trust(platform_id: str) -> dict[str, Any]:
    return reporter_trust.view(platform_id, update_reporter_trust.get_trust(wiring.exchange(), platform_id))


def _today() -> str:
    return china_date(wiring.now())
