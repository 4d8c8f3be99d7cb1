"""Display pages that are made and changed by a form: rows, errors beside their field, and what was typed stays."""

import re

import pytest

from chalicelib import wiring
from chalicelib.displays import display_store
from chalicelib.displays.rules.display import Permit, ShopLink
from chalicelib.people.duties import Duty
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.world import World

NEW = "/console/licences/displays"
Fields = list[tuple[str, str]]


@pytest.fixture
def officer(world: World) -> tuple[Visitor, str]:
    visitor, session = signed_in(world, add_person(world, "alpha", *Duty))
    return visitor, session.csrf_key


def typed(key: str, *more: tuple[str, str], **texts: str) -> Fields:
    plain = {"declaration": "handicraft", "shop_id": "s-1", "shop_name": "示例手作<坊>", **texts}
    return [("key", key), *plain.items(), *more]


def row(part: str, **cells: str) -> Fields:
    return [(f"{part}_{name}", text) for name, text in cells.items()]


LINK = row("shop_links", name="主店", url="https://shop.example.com/a")
EMPTY = row("shop_links", name="", url="")
PERMIT = row("permits", name="食品经营许可证", number="JY-1", authority="某区局", valid_until="2027-06-30", url="")


def test_a_display_is_made_without_its_empty_rows_and_then_changed(world: World, officer: tuple[Visitor, str]) -> None:
    visitor, key = officer
    assert visitor.get(f"{NEW}/new")[0] == 200
    status, _ = visitor.post(NEW, typed(key, *EMPTY, *LINK, *PERMIT, ("over_limit", "yes")))
    assert status == 303
    found = re.search(r"displays/(d_[0-9a-f]{20})\?done=made", visitor.headers["Location"])
    assert found
    display_id = found[1]
    stored = display_store.find_display(wiring.exchange(), display_id)
    assert stored is not None
    assert stored.shop_links == (ShopLink(name="主店", url="https://shop.example.com/a"),)
    assert stored.permits == (
        Permit(name="食品经营许可证", number="JY-1", authority="某区局", valid_until="2027-06-30"),
    )
    assert (stored.shop_name, stored.over_limit) == ("示例手作<坊>", True)
    path = f"{NEW}/{display_id}/content"
    text = visitor.get(path)[1]
    assert "示例手作&lt;坊&gt;" in text
    assert text.count('name="permits_number"') == 2, "one permit and an empty row"
    assert 'name="uscc"' not in text
    changed = [("key", key), ("display_id", display_id), ("shop_name", "示例手作店"), *LINK]
    assert visitor.post(path, changed)[0] == 303
    stored = display_store.find_display(wiring.exchange(), display_id)
    assert stored is not None
    assert (stored.shop_name, stored.permits, stored.over_limit) == ("示例手作店", (), False)
    entries = world.call("GET", "/v1/audit?organisation=alpha", world.admit("bureau", "regulator"))[1]["entries"]
    acts = [entry["action"] for entry in entries if entry["action"].endswith("Display")]
    assert acts == ["changeDisplay", "createDisplay"]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        (LINK + row("shop_links", name="分店", url="http://shop.example.com/b"), "shop_links_url", "链接未使用 https"),
        (EMPTY + row("shop_links", name="", url="https://shop.example.com/b"), "shop_links_name", "至少"),
        (
            row("permits", name="证", number="1", authority="", valid_until="明年", url=""),
            "permits_valid_until",
            "不符合",
        ),
        ([("rules_url", "shop.example.com")], "rules_url", "不是网址"),
        ([("declaration", ""), ("uscc", "9133")], "uscc", "校验不通过"),
    ],
)
def test_what_does_not_fit_stands_beside_its_field_and_all_that_was_typed_stays(
    officer: tuple[Visitor, str], fields: Fields, field: str, sentence: str
) -> None:
    visitor, key = officer
    fields = [*fields, *(pair for pair in typed(key) if pair[0] not in dict(fields))]
    status, text = visitor.post(NEW, fields)
    assert status == 400
    (wrong,) = re.findall(r'<input[^>]*name="(\w+)"[^>]*aria-invalid[^>]*>\s*<p class="wrong"[^>]*>([^<]*)', text)
    assert wrong[0] == field
    assert sentence in wrong[1]
    assert all(
        f'value="{value}"' in text
        for name, value in fields
        if name not in ("key", "declaration", "shop_name") and value
    )
    assert "示例手作&lt;坊&gt;" in text
    assert "没有任何" in text or "尚未保存" in text


def test_the_wrong_row_is_marked_also_behind_empty_ones(officer: tuple[Visitor, str]) -> None:
    visitor, key = officer
    bad = row("shop_links", name="分店", url="ftp://x")
    text = visitor.post(NEW, typed(key, *EMPTY, *LINK, *EMPTY, *bad))[1]
    assert re.search(r'id="f-shop_links-3-url"[^>]*aria-invalid', text)


def test_a_row_is_added_without_saving_and_not_beyond_twenty(officer: tuple[Visitor, str]) -> None:
    visitor, key = officer
    text = visitor.post(f"{NEW}/draft", typed(key, *LINK, ("act", "permits"), *PERMIT))[1]
    assert text.count('name="permits_number"') == 2
    assert text.count('name="shop_links_url"') == 2
    text = visitor.post(f"{NEW}/draft", typed(key, *(LINK * 20), ("act", "shop_links")))[1]
    assert text.count('name="shop_links_url"') == 20
    assert 'value="shop_links"' not in text
    assert "还没有亮照页" in visitor.get(NEW)[1]


def test_a_shop_with_other_content_and_a_code_that_is_not_verified_are_said(
    world: World, officer: tuple[Visitor, str]
) -> None:
    visitor, key = officer
    assert visitor.post(NEW, typed(key))[0] == 303
    status, text = visitor.post(NEW, typed(key, shop_name="别的名字"))
    assert status == 400
    assert re.search(r'name="shop_id"[^>]*aria-invalid', text)
    status, text = visitor.post(NEW, typed(key, declaration="", uscc="91330106MA2GT0011B"))
    assert status == 400
    assert re.search(r'name="uscc"[^>]*aria-invalid', text)
    reader = signed_in(world, add_person(world, "alpha", Duty.READ))[0]
    assert reader.get(f"{NEW}/new")[0] == 403
    other, session = signed_in(world, add_person(world, "beta", *Duty))
    display_id = re.findall(r"displays/(d_[0-9a-f]{20})", visitor.get(NEW)[1])[0]
    assert other.get(f"{NEW}/{display_id}/content")[0] == 404
    assert other.post(f"{NEW}/{display_id}/content", [("key", session.csrf_key), ("shop_name", "x")])[0] == 404
