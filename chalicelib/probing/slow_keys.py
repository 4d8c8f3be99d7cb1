"""Slow the keys that probed, by the regulator's rule, and let them go on as before when a regulator says so."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.quotas import key_account
from chalicelib.errors import NotFound
from chalicelib.messages import ErrorCode
from chalicelib.probing.count_figures import Sampled
from chalicelib.probing.rules.slowing_rule import SlowingRule
from chalicelib.storage.item_keys import probing_keys
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# A key that sent less of what is suspicious than one in so many is let alone.
LEAST_PART: Final = 5
MOST_KEYS: Final = 5


def read_rule(exchange: "ExchangeTable") -> SlowingRule:
    """The rule in force."""
    item = exchange.get(probing_keys.RULE)
    return (
        SlowingRule.from_item({name: value for name, value in item.items() if name != "id"}) if item else SlowingRule()
    )


def set_rule(exchange: "ExchangeTable", rule: SlowingRule) -> SlowingRule:
    """Set what a finding does from now on."""
    exchange.put({"id": probing_keys.RULE, **rule.to_item()})
    return rule


def keys_of(sampled: Iterable[Sampled], suspicious: frozenset[str]) -> list[str]:
    """The keys that sent what is suspicious: each with a fifth of it or more, by their part."""
    counted: Counter[str] = Counter()
    for request in sampled:
        counted[request.key_id] += sum(asked.asked_id in suspicious for asked in request.asked)
    least = sum(counted.values()) / LEAST_PART
    return [key_id for key_id, count in counted.most_common(MOST_KEYS) if count and count >= least]


def slow(exchange: "ExchangeTable", key_ids: Sequence[str], rule: SlowingRule, now: datetime) -> str:
    """Slow these keys; until when."""
    until = iso(now + timedelta(days=rule.days))
    for key_id in key_ids:
        item = {"merchants_per_minute": rule.merchants_per_minute, "merchants_per_day": rule.merchants_per_day}
        exchange.put({"id": probing_keys.slowed(key_account(key_id)), **item, "until": until})
    return until


def let_go(exchange: "ExchangeTable", key_id: str, now: datetime) -> None:
    """Let a slowed key go on as before; `NotFound` for one that is not slowed."""
    item_id = probing_keys.slowed(key_account(key_id))
    item = exchange.get(item_id)
    if item is None or item["until"] <= iso(now):
        raise NotFound(ErrorCode.NOT_FOUND, key_id=key_id)
    exchange.set_fields(item_id, {"until": iso(now)})
