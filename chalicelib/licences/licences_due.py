"""The preview of licences that are due soon, and of those that lapsed within a month, by day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.licences import licence_store
from chalicelib.licences.rules import licence as licences
from chalicelib.licences.rules import licence_lapse
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

PAGE: Final = 50


def due_within(exchange: "ExchangeTable", caller: Caller, days: int, after: str, limit: int, now: datetime) -> Json:
    """The licences due within so many days, those that lapsed within a month before them, by day; `next` leads on.

    A platform sees those that were verified for it or that it displays; a regulator sees all.
    """
    start = now - licence_lapse.LAPSED_SHOWN
    asked = [china_date(start + timedelta(days=day)) for day in range(licence_lapse.LAPSED_SHOWN.days + days + 1)]
    return _due_on(exchange, caller, asked, after, limit)


def lapsed_since(exchange: "ExchangeTable", caller: Caller, day: str, after: str, limit: int, now: datetime) -> Json:
    """The same of the licences that lapsed from a day in China until today: they were due by the day before it."""
    first, today = date.fromisoformat(day) - timedelta(days=1), date.fromisoformat(china_date(now))
    asked = [(first + timedelta(days=more)).isoformat() for more in range((today - first).days)]
    page = _due_on(exchange, caller, asked, after, limit)
    return {**page, "licences": [each for each in page["licences"] if each["state"] == licences.LAPSED]}


def _due_on(exchange: "ExchangeTable", caller: Caller, asked: Iterable[str], after: str, limit: int) -> Json:
    entries = [entry for entry in licence_store.licences_due_on(exchange, asked) if ".".join(entry) > after]
    seen: list[Json] = []
    for day, licence, displays in _licences(exchange, entries):
        view = _view(licence, displays, caller) if licence.due_on == day else None
        if view:
            seen.append(view)
        if len(seen) >= limit:
            return {"licences": seen, "next": f"{day}.{licence.uscc}"}
    return {"licences": seen, "next": ""}


def _licences(
    exchange: "ExchangeTable", entries: list[tuple[str, str]]
) -> Iterator[tuple[str, VerifiedLicence, Mapping[str, str]]]:
    """Day, licence and displays of each entry whose licence there is, read page by page."""
    for place in range(0, len(entries), PAGE):
        page = entries[place : place + PAGE]
        read = licence_store.licences_with_displays(exchange, [uscc for _, uscc in page])
        for day, uscc in page:
            if uscc in read:
                yield day, *read[uscc]


def _view(licence: VerifiedLicence, displays: Mapping[str, str], caller: Caller) -> Json | None:
    """The licence and its displays as the caller may see them; None for a revoked licence or one of others."""
    if licence.state == licences.REVOKED:
        return None
    if caller.role != Role.REGULATOR:
        if caller.platform_id not in licence.verified_for and caller.platform_id not in displays.values():
            return None
        displays = {display: platform for display, platform in displays.items() if platform == caller.platform_id}
    return {**licences.view(licence), "displays": sorted(displays)}
