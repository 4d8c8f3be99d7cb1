"""Open, end and list campaigns (专项); every lookup reads those that run."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import BadRequest, Conflict, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import verdict_keys
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import campaign_figures, load_rules
from chalicelib.verdicts.campaign_figures import CampaignLogs
from chalicelib.verdicts.load_rules import CAMPAIGN
from chalicelib.verdicts.request_recheck import of_reasons, request_recheck
from chalicelib.verdicts.rules import campaign as campaign_rules
from chalicelib.verdicts.rules.campaign import Campaign, OpenedCampaign

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# Every lookup reads the running ones, so they are few.
MOST_RUNNING: Final = 20
# One item names all that there ever were.
MOST_EVER: Final = 5_000


def open_campaign(exchange: "ExchangeTable", wanted: Campaign, by: Caller, now: datetime) -> OpenedCampaign:
    """Open a campaign; the same one opened again is the same. `Conflict` when it was ended, or too many run."""
    if wanted.ends_on < china_date(now):
        raise BadRequest(ErrorCode.INVALID_REQUEST, field="ends_on", expected="today or later")
    campaign = _read(exchange, wanted.campaign_id) or _put_new(exchange, wanted, by, now)
    if campaign.ended_at:
        raise Conflict(ErrorCode.CAMPAIGN_IS_OVER, campaign_id=wanted.campaign_id)
    if not exchange.add_capped(verdict_keys.CAMPAIGNS, "members", wanted.campaign_id, MOST_EVER):
        raise Conflict(ErrorCode.TOO_MANY_CAMPAIGNS, most=MOST_EVER)
    exchange.upsert(verdict_keys.RULING, {CAMPAIGN + wanted.campaign_id: wanted.to_item()})
    if campaign_rules.runs(wanted, china_date(now)):
        request_recheck(exchange, of_reasons(wanted.reasons))
    return campaign


def end_campaign(exchange: "ExchangeTable", campaign_id: str, by: Caller, why: str, now: datetime) -> OpenedCampaign:
    """End a campaign before its last day; from this call on it counts no more. Ending it twice is fine."""
    campaign = get_campaign(exchange, campaign_id)
    if not campaign.ended_at:
        before = campaign
        words = mask_personal(why)[0] if why else ""
        campaign = campaign.replace(ended_at=iso(now), ended_by=by.platform_id, why=words)
        exchange.set_fields(verdict_keys.campaign(campaign_id), campaign.changes_since(before))
    exchange.remove_field(verdict_keys.RULING, CAMPAIGN + campaign_id)
    request_recheck(exchange, of_reasons(campaign.reasons))
    _remove_past(exchange, china_date(now))
    return campaign


def request_days(exchange: "ExchangeTable", since: str, today: str) -> None:
    """Have the tasks checked again for campaigns that began, or were over, by their own days after `since`."""
    for campaign in list_campaigns(exchange):
        begun = since < campaign.starts_on <= today
        over = since <= campaign.ends_on < today
        if (begun or over) and not campaign.ended_at:
            request_recheck(exchange, of_reasons(campaign.reasons))


def list_campaigns(exchange: "ExchangeTable") -> list[OpenedCampaign]:
    """All campaigns, the latest first."""
    members = (exchange.get(verdict_keys.CAMPAIGNS) or {"members": []})["members"]
    items = exchange.get_many(verdict_keys.campaign(member) for member in members).values()
    campaigns = [OpenedCampaign.from_item(item) for item in items]
    return sorted(campaigns, key=lambda campaign: (campaign.starts_on, campaign.campaign_id), reverse=True)


def get_campaign(exchange: "ExchangeTable", campaign_id: str) -> OpenedCampaign:
    """The campaign of that id, or `NotFound`."""
    campaign = _read(exchange, campaign_id)
    if campaign is None:
        raise NotFound(ErrorCode.NOT_FOUND, campaign_id=campaign_id[:40])
    return campaign


def describe_campaign(exchange: "ExchangeTable", logs: CampaignLogs, campaign_id: str, now: datetime) -> Json:
    """One campaign with its figures: listings opened in it, tasks, answered, closed, answered in time."""
    campaign = campaign_rules.view(get_campaign(exchange, campaign_id), china_date(now))
    return {**campaign, "figures": campaign_figures.figures(logs, campaign_id)}


def _put_new(exchange: "ExchangeTable", wanted: Campaign, by: Caller, now: datetime) -> OpenedCampaign:
    """Store a campaign that is not stored yet, or read it should another call have been faster."""
    running = _remove_past(exchange, china_date(now))
    if len(running) >= MOST_RUNNING:
        raise Conflict(ErrorCode.TOO_MANY_CAMPAIGNS, most=MOST_RUNNING)
    opened = {"opened_by": by.platform_id, "opened_at": iso(now)}
    item = {"id": verdict_keys.campaign(wanted.campaign_id), **wanted.to_item(), **opened}
    return OpenedCampaign.from_item(exchange.put_new(item) or item)


def _remove_past(exchange: "ExchangeTable", today: str) -> list[Campaign]:
    """Take campaigns past their last day off what lookups read, which changes no answer; those that are left."""
    campaigns = load_rules.read_campaigns(exchange.get(verdict_keys.RULING) or {})
    # A day later, so that no container with a slow clock still counts on it.
    yesterday = china_date(datetime.fromisoformat(f"{today}T00:00:00+08:00") - timedelta(days=1))
    for campaign in campaigns:
        if campaign.ends_on < yesterday:
            exchange.remove_field(verdict_keys.RULING, CAMPAIGN + campaign.campaign_id)
    return [campaign for campaign in campaigns if campaign.ends_on >= today]


def _read(exchange: "ExchangeTable", campaign_id: str) -> OpenedCampaign | None:
    item = exchange.get(verdict_keys.campaign(campaign_id))
    return OpenedCampaign.from_item(item) if item else None
