"""Campaigns (专项): opened and ended by a regulator, read with every lookup, counted as listings and tasks come by.

A figure is the length of a numbered feed: what comes twice keeps its number, so it is counted once.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import BadRequest, Conflict, NotFound
from chalicelib.values.masking import mask_personal
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts.rules import campaign_rules
from chalicelib.verdicts.rules.campaign_rules import Campaign
from chalicelib.verdicts.rules.decide_verdict import CAMPAIGN, RULING_ID

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

# The numbered feed of that name.
Feeds = Callable[[str], "NumberedLog"]
CAMPAIGNS: Final = "campaigns"  # the set of all ids
# Every lookup reads the running ones, so they are few.
MOST_RUNNING: Final = 20
LISTINGS, TASKS, ANSWERED, CLOSED, IN_TIME = "listings", "tasks", "answered", "closed", "in_time"
FIGURES: Final = (LISTINGS, TASKS, ANSWERED, CLOSED, IN_TIME)


def start(exchange: "ExchangeTable", wanted: Campaign, by: Caller, now: datetime) -> dict[str, Any]:
    """Open a campaign; the same one opened again is the same. `Conflict` when it was ended, or too many run."""
    item: dict[str, Any] = {"id": _id(wanted.campaign_id), **campaign_rules.as_plain(wanted)}
    item |= {"opened_by": by.platform_id, "opened_at": iso(now)}
    if wanted.ends_on < china_date(now):
        raise BadRequest("invalid_request", field="ends_on", expected="today or later")
    known = exchange.get(item["id"])
    if known is None:
        running = _tidy(exchange, china_date(now))
        if len(running) >= MOST_RUNNING:
            raise Conflict("too_many_campaigns", most=MOST_RUNNING)
        known = exchange.put_new(item)
    if known and "ended_at" in known:
        raise Conflict("campaign_is_over", campaign_id=wanted.campaign_id)
    exchange.add_to_set(CAMPAIGNS, "members", {wanted.campaign_id})
    exchange.upsert(RULING_ID, {CAMPAIGN + wanted.campaign_id: campaign_rules.as_plain(wanted)})
    return view(known or item, now)


def end(exchange: "ExchangeTable", campaign_id: str, by: Caller, why: str, now: datetime) -> dict[str, Any]:
    """End a campaign before its last day; it overlays nothing from this call on. Ending it twice is fine."""
    item = _find(exchange, campaign_id)
    ended = {"ended_at": iso(now), "ended_by": by.platform_id, **({"why": mask_personal(why)[0]} if why else {})}
    if "ended_at" not in item:
        exchange.set_fields(item["id"], ended)
        item = {**item, **ended}
    exchange.remove_field(RULING_ID, CAMPAIGN + campaign_id)
    _tidy(exchange, china_date(now))
    return view(item, now)


def everyone(exchange: "ExchangeTable", now: datetime) -> list[dict[str, Any]]:
    """All campaigns, the latest first."""
    members = (exchange.get(CAMPAIGNS) or {"members": []})["members"]
    found = exchange.get_many(_id(member) for member in members).values()
    ordered = sorted(found, key=lambda one: (one["starts_on"], one["campaign_id"]), reverse=True)
    return [view(one, now) for one in ordered]


def describe(exchange: "ExchangeTable", feeds: Feeds, campaign_id: str, now: datetime) -> dict[str, Any]:
    """One campaign with its figures: listings opened in it, tasks, answered, closed, answered in time."""
    item = _find(exchange, campaign_id)
    figures = {what: _length(feeds(feed_name(campaign_id, what))) for what in FIGURES}
    return {**view(item, now), "figures": figures}


def tally(feeds: Feeds, what: str, marked: Iterable[Mapping[str, str]], ident: str) -> None:
    """Count something once for each campaign that marks it; `marked` are the labels that a change or task carries."""
    for label in marked:
        feeds(feed_name(label["campaign_id"], what)).append({"entry_id": ident})


def tally_answer(feeds: Feeds, marked: Iterable[Mapping[str, str]], ident: str, outcome: str, in_time: bool) -> None:
    """Count the answer to a task; the first one in time stays in time, whatever it is replaced with later."""
    for what, counts in ((ANSWERED, True), (CLOSED, outcome == "closed"), (IN_TIME, in_time)):
        if counts:
            tally(feeds, what, marked, ident)


def feed_name(campaign_id: str, what: str) -> str:
    """The numbered feed whose length is that figure."""
    return f"campaign-{what}:{campaign_id}"


def view(item: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The campaign as everyone may see it, with its `state`: planned, running, ended."""
    one = campaign_rules.read(item)
    today = china_date(now)
    over = "ended_at" in item or today > one.ends_on
    state = "ended" if over else "running" if campaign_rules.runs(one, today) else "planned"
    more = {key: item[key] for key in ("opened_by", "opened_at", "ended_by", "ended_at", "why") if key in item}
    return {**campaign_rules.as_plain(one), "state": state, **more}


def _tidy(exchange: "ExchangeTable", today: str) -> list[Campaign]:
    """The campaigns that lookups still read; those past their last day are taken off, which changes no answer."""
    ruling = exchange.get(RULING_ID) or {}
    read = [campaign_rules.read(value) for key, value in ruling.items() if key.startswith(CAMPAIGN)]
    for one in read:
        # A day later, so that no container with a slow clock still counts on it.
        if one.ends_on < china_date(datetime.fromisoformat(f"{today}T00:00:00+08:00") - timedelta(days=1)):
            exchange.remove_field(RULING_ID, CAMPAIGN + one.campaign_id)
    return [one for one in read if one.ends_on >= today]


def _length(feed: "NumberedLog") -> int:
    """How many entries there are; the head may lag behind by those whose writer died."""
    length = feed.head()
    while found := feed.read(length):
        length += len(found)
    return length


def _find(exchange: "ExchangeTable", campaign_id: str) -> dict[str, Any]:
    item = exchange.get(_id(campaign_id))
    if item is None:
        raise NotFound("not_found", campaign_id=campaign_id[:40])
    return item


def _id(campaign_id: str) -> str:
    return f"campaign#{campaign_id}"
