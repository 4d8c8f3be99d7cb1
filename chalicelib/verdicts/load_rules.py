"""The rules in force, read from the two items that hold them: the rules for all, and a platform's own policy."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.storage.item_keys import verdict_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date
from chalicelib.verdicts.rules import decide_verdict
from chalicelib.verdicts.rules.campaign import Campaign
from chalicelib.verdicts.rules.decide_verdict import AnswerClock
from chalicelib.verdicts.rules.guards import Alarms
from chalicelib.verdicts.rules.platform_policy import BOUNDS, Policy, PolicyBounds
from chalicelib.verdicts.rules.rules_in_force import EXCHANGE, Rules

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


# Fields of the rules for all, each with the id of a campaign, a burst or a platform behind it.
CAMPAIGN: Final = "campaign:"
BURST: Final = "burst:"
TRUST: Final = "trust:"


def rules_for(exchange: "ExchangeTable", platform_id: str) -> Rules:
    """The rules in force for one platform; '' for those without any platform's own policy."""
    return read_rules(exchange.get_many(rule_ids(platform_id)), platform_id)


def rule_ids(platform_id: str) -> list[str]:
    """The keys of the items that hold the rules for one platform, to be read together with others."""
    return [verdict_keys.RULING, *([verdict_keys.policy(platform_id)] if platform_id else [])]


def read_rules(items: Mapping[str, Json], platform_id: str) -> Rules:
    """The rules for one platform, from items by key; an item that does not exist sets nothing."""
    ruling = items.get(verdict_keys.RULING)
    policy = items.get(verdict_keys.policy(platform_id), {}).get(verdict_keys.POLICY_FIELD)
    if ruling is None and policy is None:
        return EXCHANGE
    ruling = ruling or {}
    bounds = ruling.get(verdict_keys.BOUNDS_FIELD)
    return Rules(
        policy=Policy.from_item(policy) if policy else None,
        bounds=PolicyBounds.from_item(bounds).rows if bounds else BOUNDS,
        campaigns=read_campaigns(ruling),
        alarms=read_alarms(ruling),
    )


def read_campaigns(ruling: Json) -> tuple[Campaign, ...]:
    """The campaigns that lookups read, by id."""
    return tuple(Campaign.from_item(value) for field, value in sorted(ruling.items()) if field.startswith(CAMPAIGN))


def read_alarms(ruling: Json) -> Alarms:
    """The bursts in force and the platforms of low trust."""
    bursts = (field.removeprefix(BURST) for field in ruling if field.startswith(BURST))
    low = (field.removeprefix(TRUST) for field, level in ruling.items() if field.startswith(TRUST) and level == "low")
    return Alarms(frozenset(bursts), frozenset(low))


def answer_clocks(
    exchange: "ExchangeTable",
) -> Callable[[str, str, Subject, Listing, datetime], tuple[AnswerClock, ...]]:
    """A function that gives the clocks of a task: platform id, kind of task, subject, listing, now -> clocks."""

    def clocks(
        platform_id: str, kind: str, subject: Subject, listing: Listing, now: datetime
    ) -> tuple[AnswerClock, ...]:
        if kind != "check":
            return ()
        return decide_verdict.clocks_of(subject, listing, rules_for(exchange, platform_id), china_date(now))

    return clocks
