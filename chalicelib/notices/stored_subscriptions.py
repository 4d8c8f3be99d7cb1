"""Subscriptions as they are stored: those of a platform, and all of closures."""

from typing import TYPE_CHECKING

from chalicelib.accounts import platforms
from chalicelib.notices.rules.subscription import Subscription
from chalicelib.storage.item_keys import notice_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.storage.exchange_table import ExchangeTable


def active_of(exchange: "ExchangeTable", platform_id: str) -> list[Subscription]:
    """The platform's subscriptions that have not ended, oldest first."""
    members = (exchange.get(notice_keys.subscriptions(platform_id)) or {"members": []})["members"]
    active = _read(exchange, (notice_keys.subscription(platform_id, member) for member in members))
    return sorted(active, key=lambda subscription: (subscription.created_at, subscription.id))


def active_of_all(exchange: "ExchangeTable") -> list[Subscription]:
    """The same of every participant: reads each account, its set of subscriptions, and each of these."""
    owners = {notice_keys.subscriptions(account.platform_id): account for account in platforms.find_all(exchange)}
    sets = exchange.get_many(owners)
    return _read(
        exchange,
        [
            notice_keys.subscription(owners[key].platform_id, member)
            for key, item in sets.items()
            for member in item["members"]
        ],
    )


def _read(exchange: "ExchangeTable", keys: "Iterable[str]") -> list[Subscription]:
    items = exchange.get_many(keys).values()
    return [subscription for subscription in map(Subscription.from_item, items) if not subscription.ended_at]
