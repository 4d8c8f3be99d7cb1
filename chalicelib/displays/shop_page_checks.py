"""Looking at shop pages: does each carry the mark, on a computer and on a phone, as the law wants?

A display with shop links is filed under the day on which it is to be looked at (`shops_due#<day>`); its own field
`look_on` decides. A look that was cut off is made again, and asks for nothing twice.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from chalicelib.displays.rules import shop_page_findings
from chalicelib.displays.rules.shop_page_findings import Look
from chalicelib.licences.licence_renewal import Context, each_day, open_task, said
from chalicelib.licences.rules import licence_renewal_tasks, licence_validity
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

Item = Mapping[str, Any]
LOOKED_ID: Final = "shops-looked-until"
DEVICES: Final = ("pc", "mobile")


class Pages(Protocol):
    """Shop pages, fetched with care: `read` gives the page's text, or '' and why not (unreachable, not_allowed)."""

    def read(self, url: str, device: str) -> tuple[str, str]:
        """The page's text, and '' or the problem."""


def look_at_shops(context: Context, pages: Pages, now: datetime, time_is_left: Callable[[], bool]) -> dict[str, Any]:
    """Look at the pages of each display whose day has come; counts by finding, and how far it got."""
    counts: dict[str, Any] = {}

    def one_day(day: str) -> bool:
        for ident in sorted((context.exchange.get(shops_due_id(day)) or {}).get("displays", ())):
            finding = _look_one(context, pages, ident, day, now)
            if finding:
                counts[finding] = counts.get(finding, 0) + 1
            if not time_is_left():
                return False
        return True

    done_until = each_day(context.exchange, LOOKED_ID, now, one_day)
    return {**counts, "done_until": done_until}


def file(exchange: "ExchangeTable", display: Item) -> None:
    """Let the display be found on the day on which its pages are to be looked at. Safe to repeat."""
    if display.get("look_on"):
        exchange.add_to_set(shops_due_id(display["look_on"]), "displays", {display["display_id"]})


def shops_due_id(day: str) -> str:
    """The id of the set (`displays`) of displays whose pages were, at some time, to be looked at on that day."""
    return f"shops_due#{day}"


def _look_one(context: Context, pages: Pages, ident: str, day: str, now: datetime) -> str:
    display = context.exchange.get(f"display#{ident}")
    if display is None or display.get("look_on") != day or display["state"] != "shown" or not display["shop_links"]:
        return ""
    looks = [_look(pages, display, link["url"], device, now) for link in display["shop_links"] for device in DEVICES]
    finding = shop_page_findings.worst(looks)
    before = display.get("watch", {})
    since = before.get("since", day) if before.get("finding") == finding else day
    if finding in licence_renewal_tasks.TASKS:
        bad = sorted({look.url for look in looks if look.found == finding})
        licence = context.exchange.get(licence_validity.item_id(display["uscc"])) or {}
        found = {**said(licence), "name": licence.get("name") or display["shop_name"], "display_id": ident}
        task = licence_renewal_tasks.task(
            finding, display["platform_id"], {**found, "pages": bad}, f"{ident}.{since}.{','.join(bad)}", iso(now)
        )
        open_task(context, display["platform_id"], task, now)
    seen = {
        "looked_at": iso(now),
        "finding": finding,
        "since": since,
        "pages": [
            {"url": look.url, "device": look.device, "found": look.found, "problem": look.problem} for look in looks
        ],
    }
    again = shop_page_findings.next_look(finding, now)
    context.exchange.add_to_set(shops_due_id(again), "displays", {ident})
    context.exchange.set_fields(display["id"], {"watch": seen, "look_on": again}, only_if={"look_on": day})
    return finding


def _look(pages: Pages, display: Item, url: str, device: str, now: datetime) -> Look:
    text, problem = pages.read(url, device)
    if problem:
        kind = (
            licence_renewal_tasks.NOT_ALLOWED
            if problem == licence_renewal_tasks.NOT_ALLOWED
            else licence_renewal_tasks.UNREACHABLE
        )
        return Look(url, device, kind, problem)
    return Look(url, device, shop_page_findings.read_page(text, display["url"], display["uscc"], now))
