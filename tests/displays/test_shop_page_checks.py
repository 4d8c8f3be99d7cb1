"""Visits that are cut off: no shop holds up the others, and what was missing is asked for once."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.displays import manage_displays, shop_page_checks
from chalicelib.handlers import dependencies
from chalicelib.storage.item_keys import licence_keys
from tests.interruptions.interruption import Killed
from tests.licences.test_licence_renewal import ALPHA, FIRST, NOW, SHOP, Shelf, always, both, context, show, tasks
from tests.support.licence_records import COMPANY, licence
from tests.world import World

OTHER = "https://shop.qingluan.example/wanqu"


class KillingShelf(Shelf):
    """Ends the function at each page of this address."""

    def __init__(self, address: str, others: Shelf) -> None:
        super().__init__(others.pages)
        self.address = address

    def read(self, url: str, device: str) -> tuple[str, str]:
        if url == self.address:
            raise Killed
        return super().read(url, device)


def display(display_id: str) -> dict[str, Any]:
    return wiring.exchange().get(licence_keys.display(display_id)) or {}


def other_display(shop_id: str) -> str:
    """Another shop of the same merchant on the same platform."""
    wanted = {"uscc": COMPANY, "shop_id": shop_id, "shop_links": [{"name": "店", "url": SHOP}]}
    made, _ = manage_displays.make(
        dependencies.displays(), wiring.digest(), ALPHA, wanted, "https://l.example.cn", FIRST
    )
    return str(made["display_id"])


def visit(pages: Shelf, days: int) -> dict[str, int | str]:
    return shop_page_checks.visit_shops(context(), pages, FIRST + timedelta(days=days), always)


def test_a_shop_that_ends_the_function_is_visited_tomorrow_and_the_others_today(world: World) -> None:
    wiring.exchange().put(licence())
    ids = [show(world, shop_id="0")["display_id"], *(other_display(f"{number}") for number in (1, 2))]
    pages = KillingShelf(SHOP, Shelf({}))
    for _ in ids:
        with pytest.raises(Killed):
            visit(pages, 1)
    assert set(visit(pages, 1)) == {"done_until"}, "each was tried, and nothing is left for the day"
    assert {display(display_id)["look_on"] for display_id in ids} == {"2026-11-18"}


def test_a_visit_that_was_cut_off_asks_once(world: World) -> None:
    wiring.exchange().put(licence())
    made = show(world)
    exchange, moves = wiring.exchange(), []
    set_fields = exchange.set_fields

    class Dying:
        """The exchange's table, whose second change of the display is never made."""

        def __getattr__(self, name: str) -> Any:
            return getattr(exchange, name)

        def set_fields(self, item_id: str, fields: Any, only_if: Any = None) -> bool:
            moves.append(fields)
            if len(moves) == 2:
                raise Killed
            return set_fields(item_id, fields, only_if)

    dying = dataclasses.replace(context(), exchange=Dying())
    with pytest.raises(Killed):
        shop_page_checks.visit_shops(dying, both("<p>"), FIRST + timedelta(days=1), always)
    assert tasks() != []
    asked = tasks()
    assert display(made["display_id"])["visit_due"] == "2026-11-17"
    assert visit(both("<p>"), 2)["missing"] == 1
    assert tasks() == asked, "the same finding of the same visit is one task"
    assert display(made["display_id"])["visit_due"] == ""
    assert display(made["display_id"])["watch"]["since"] == "2026-11-17"


def test_pages_for_which_no_time_is_left_count_as_unreachable(world: World) -> None:
    wiring.exchange().put(licence())
    made = show(world, shop_links=[{"name": "店", "url": SHOP}, {"name": "二店", "url": OTHER}])
    left = iter([True, True, False, False, True])
    pages = Shelf({(url, device): (made["url"], "") for url in (SHOP, OTHER) for device in ("pc", "mobile")})
    shop_page_checks.visit_shops(context(), pages, NOW, lambda: next(left))
    visits = display(made["display_id"])["watch"]["pages"]
    assert [page["found"] for page in visits] == ["displayed", "displayed", "unreachable", "unreachable"]
