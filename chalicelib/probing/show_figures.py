"""The figures and findings of days, as the regulator reads them."""

from typing import TYPE_CHECKING

from chalicelib.accounts import platforms
from chalicelib.accounts.roles import Role
from chalicelib.probing import slow_keys, watch_lookups
from chalicelib.probing.count_figures import days_between
from chalicelib.probing.rules.lookup_figures import LookupFigures
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def show(exchange: "ExchangeTable", platform_id: str, since: str, until: str) -> Json:
    """Each platform's days from `since` to `until` on which it looked up, the newest first; '' for all platforms."""
    ids = [platform_id] if platform_id else platforms.ids_with_role(exchange, Role.PLATFORM)
    figures = watch_lookups.read_figures(exchange, ids, days_between(since, until))
    days = [(day, ident, of_day) for ident, of_days in figures.items() for day, of_day in of_days.items()]
    ordered = sorted(days, key=lambda each: each[1])
    ordered.sort(key=lambda each: each[0], reverse=True)
    return {
        "since": since,
        "until": until,
        "rule": slow_keys.read_rule(exchange).view(),
        "days": [_view(day, ident, of_day) for day, ident, of_day in ordered],
    }


def _view(day: str, platform_id: str, figures: LookupFigures) -> Json:
    finding = {"finding": dict(figures.finding)} if figures.finding else {}
    return {
        "day": day,
        "platform_id": platform_id,
        "checked_at": figures.checked_at,
        "figures": figures.view(),
        **finding,
    }
