"""A display (亮照) as it is stored: what a platform gave to it, its state, and what the last visit of its shops saw."""

from dataclasses import dataclass
from typing import Final

from chalicelib.values.records import Record, stored

SHOWN, SUSPENDED, DELETED = "shown", "suspended", "deleted"
# What a platform gives to a display; asked for again with other values, it is another display.
GIVEN: Final = ("shop_name", "permits", "shop_links", "rules_url", "over_limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit(Record):
    """A permit that is shown beside the licence; `valid_until` is a day or 长期."""

    name: str = stored("")
    number: str = stored("")
    authority: str = stored("")
    valid_until: str = stored("")
    url: str = stored("")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopLink(Record):
    """The name and address of a shop of the merchant."""

    name: str = stored("", always=True)
    url: str = stored("", always=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayContent(Record):
    """What a platform gives to a display; `over_limit`: over the yearly limit below which no registration is needed."""

    shop_name: str = stored("", always=True)
    permits: tuple[Permit, ...] = stored((), record=Permit, many="list", always=True)
    shop_links: tuple[ShopLink, ...] = stored((), record=ShopLink, many="list", always=True)
    rules_url: str = stored("", always=True)
    over_limit: bool = stored(False, always=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVisit(Record):
    """A shop's page as one kind of device got it: what it says of the licence, or why it was not read."""

    url: str = stored()
    device: str = stored()
    finding: str = stored(name="found")
    problem: str = stored("", always=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopVisit(Record):
    """The last visit of a display's shops: the gravest finding, since which day it is so, and each page."""

    looked_at: str = stored()
    finding: str = stored()
    since: str = stored()
    pages: tuple[PageVisit, ...] = stored((), record=PageVisit, many="list", always=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Display(DisplayContent):
    """A display of a verified licence (`uscc`), or of a seller that needs none (`declaration`).

    state    shown, suspended, deleted: what its platform wants; the public also sees the state of the licence
    why      of a suspension or deletion, never shown to the public
    look_on  the day (China) on which its shops' pages are visited next, '' where it has none
    visit_due  the day of the visit that has begun and was not finished, '' where there is none
    watch    what the last visit of its shops saw
    version  raised by each change; each change is on condition that nobody else changed it meanwhile
    """

    display_id: str = stored()
    platform_id: str = stored()
    platform_name: str = stored("", always=True)
    shop_id: str = stored("", always=True)
    uscc: str = stored("", always=True)
    declaration: str = stored("", always=True)
    state: str = stored(SHOWN, always=True)
    why: str = stored("")
    url: str = stored("", always=True)
    look_on: str = stored("", always=True)
    visit_due: str = stored("")
    watch: ShopVisit | None = stored(None, record=ShopVisit)
    version: int = stored(1, always=True)
    made_at: str = stored("", always=True)
    changed_at: str = stored("", always=True)
    changed_by: str = stored("")
