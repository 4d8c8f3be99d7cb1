"""What a display shows, in which state, and that nothing personal ever gets on it."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.displays.rules import display_states, displayed_fields
from chalicelib.displays.rules.display import Display
from chalicelib.displays.rules.display_states import DisplayParts
from chalicelib.displays.rules.platform_supplied_content import content, holds_personal_number, link
from chalicelib.errors import BadRequest
from chalicelib.handlers.pages import display_html
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.registry.rules.subject import Registration
from chalicelib.values.masking import mask_personal
from tests.support.licence_records import TRADER, display, display_record, trader_licence, verified_licence

TODAY = "2026-11-23"
# Valid by their checks, of nobody: the division is real, the person is not.
RESIDENT_IDS = ("11010519491231002X", "110105194912310038", "330106199001011233")
phones = st.builds("1{}{:09d}".format, st.integers(3, 9), st.integers(0, 999_999_999))
personal = st.one_of(phones, st.sampled_from(RESIDENT_IDS))
around = st.text(st.sampled_from("杭州市西湖区示例路号店（），、 abc"), max_size=8)
texts = st.tuples(around, personal, around).map("".join)


def public_view(
    display: Display, licence: VerifiedLicence | None = None, registration: Registration | None = None
) -> dict[str, Any]:
    return display_states.public_view(DisplayParts(display, licence, registration or Registration(), TODAY))


def test_an_enterprise_shows_what_the_law_names_in_the_order_of_the_licence() -> None:
    seen = public_view(display_record(), verified_licence())
    assert seen["state"] == "verified"
    assert [fact["zh"] for fact in seen["facts"]] == [
        "统一社会信用代码",
        "名称",
        "类型",
        "法定代表人（负责人）",
        "住所",
        "注册资本（出资额）",
        "经营范围",
        "登记机关",
        "成立日期",
        "登记状态",
    ]
    assert seen["facts"][-1]["value"] == "在营（开业）"


def test_a_sole_trader_shows_operator_place_and_form_and_no_capital() -> None:
    seen = public_view(display_record(uscc=TRADER), VerifiedLicence.from_item(trader_licence()))
    labels = {fact["zh"]: fact["value"] for fact in seen["facts"]}
    assert (labels["经营者"], seen["kind"]) == ("沈予安", displayed_fields.SOLE_TRADER)
    assert {"经营场所", "类型（组成形式）"} <= labels.keys()
    assert not {"注册资本（出资额）", "法定代表人（负责人）"} & labels.keys()
    # Buyers see the operator, as the law wants; machines that gather do not.
    assert display_states.machine_view(seen)["licence"]["legal_representative"] == "沈*"


@pytest.mark.parametrize("declaration", displayed_fields.DECLARATIONS)
def test_who_needs_no_registration_declares_it_in_the_words_of_the_law(declaration: str) -> None:
    seen = public_view(display_record(uscc="", declaration=declaration))
    assert (seen["state"], seen["facts"]) == ("declared", [])
    assert seen["declaration"]["zh"].startswith("个人")
    assert seen["declaration"]["zh"].endswith("依法不需要办理市场主体登记")


@pytest.mark.parametrize(
    ("given", "kept", "register", "state"),
    [
        ({}, {}, {}, "verified"),
        ({}, {"due_on": TODAY}, {}, "verified"),
        ({}, {"due_on": "2026-11-22"}, {}, "lapsed"),
        ({}, {"state": "lapsed"}, {}, "lapsed"),
        ({}, {}, {"name": "杭州霁川示例实业有限公司"}, "lapsed"),
        ({}, {}, {"name": "杭州霁川示例食品有限公司", "status": "operating"}, "verified"),
        ({}, {"state": "revoked"}, {}, "revoked"),
        ({}, {}, {"status": "licence_revoked"}, "revoked"),
        ({}, {}, {"status": "deregistered"}, "revoked"),
        ({"state": "suspended"}, {}, {}, "suspended"),
        ({"state": "suspended"}, {}, {"status": "licence_revoked"}, "revoked"),
    ],
)
def test_the_gravest_state_shows(
    given: dict[str, str], kept: dict[str, str], register: dict[str, Any], state: str
) -> None:
    result = DisplayParts(display_record(**given), verified_licence(**kept), Registration(**register), TODAY)
    assert display_states.state(result) == state


def test_a_licence_that_is_not_there_is_not_called_verified() -> None:
    assert display_states.state(DisplayParts(display_record(), None, Registration(), TODAY)) == "lapsed"


def test_a_suspended_display_says_whose_it_is_and_no_more() -> None:
    given = {
        "permits": [{"name": "食品经营许可证", "number": "JY1"}],
        "shop_links": [{"name": "店", "url": "https://a.cn"}],
    }
    seen = public_view(display_record(state="suspended", **given), verified_licence())
    assert [fact["field"] for fact in seen["facts"]] == ["uscc", "name"]
    assert not {"permits", "shop_links", "verified_at"} & seen.keys()
    assert "JY1" not in display_html.page(seen).body


@given(
    st.dictionaries(st.sampled_from(["name", "entity_type", "legal_representative", "address", "scope"]), texts), texts
)
def test_no_resident_id_and_no_phone_is_ever_drawn(fields: dict[str, str], shop: str) -> None:
    permits = [{"name": shop, "number": shop}]
    item = display_record(shop_name=shop, platform_name=shop, permits=permits)
    seen = public_view(item, verified_licence(**fields))
    for drawn in (
        display_html.page(seen),
        display_html.mark(seen),
        display_html.data(display_states.machine_view(seen)),
    ):
        plain = drawn.body.replace(item.url, "")
        for text in (*fields.values(), shop):
            number = next(iter(mask_free(text)))
            assert number not in plain


def mask_free(text: str) -> list[str]:
    """The personal number of a text that `texts` made."""
    return ["".join(char for char in text if char.isdigit() or char == "X")]


@given(texts, texts, texts)
def test_what_a_platform_gives_is_masked_before_it_is_kept(shop: str, name: str, number: str) -> None:
    kept = content(
        {
            "shop_name": shop,
            "permits": [{"name": name, "number": number}],
            "shop_links": [{"name": shop, "url": "https://shop.example.cn/1"}],
        }
    )
    assert mask_personal(json.dumps(kept.to_item(), ensure_ascii=False))[1] == ()


@given(personal, st.booleans())
@example(RESIDENT_IDS[0], True)
def test_an_address_with_a_personal_number_is_refused(number: str, encoded: bool) -> None:
    spelled = "".join(f"%{ord(char):02X}" for char in number) if encoded else number
    with pytest.raises(BadRequest, match="personal_number_in_link"):
        link(f"https://shop.example.cn/u/{spelled}", "url")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://shop.example.cn/", "link_not_https"),
        ("javascript:alert(1)", "link_no_url"),
        ("data:text/html,x", "link_no_url"),
        ("https://", "link_no_url"),
        ("https://localhost/", "link_no_url"),
        ("https://127.0.0.1/", "link_no_url"),
        ("https://[::1]/", "link_no_url"),
        ("https://user@shop.example.cn/", "link_no_url"),
        ("https://shop.example.cn:8443/", "link_no_url"),
        ("https://shop.example.cn:port/", "link_no_url"),
        ('https://shop.example.cn/"onclick=', "link_no_url"),
        ("https://shop.example.cn/\u202egpj", "link_no_url"),
        ("https://shop.example.cn/" + "a" * 500, "link_no_url"),
        ("//shop.example.cn/", "link_no_url"),
    ],
)
def test_only_plain_https_addresses_are_taken(url: str, code: str) -> None:
    with pytest.raises(BadRequest, match=code):
        link(url, "url")


@pytest.mark.parametrize(
    "url",
    ["https://shop.example.cn", "https://商城.中国/店?id=12", "https://shop.example.cn/item/721034567890?x=%E5%BA%97"],
)
def test_ordinary_addresses_stay_as_they_are(url: str) -> None:
    assert link(f" {url} ", "url") == url
    assert not holds_personal_number(url)


@pytest.mark.parametrize("day", ["2029-04-15", "长期", ""])
def test_a_permit_ends_on_a_day_or_never(day: str) -> None:
    permit = {"name": "食品经营许可证", "number": "JY13301060123456", "valid_until": day}
    assert content({"permits": [permit]}).permits[0].number == "JY13301060123456"
    with pytest.raises(BadRequest, match="invalid_request"):
        content({"permits": [{**permit, "valid_until": "2029-02-30"}]})


def test_what_a_merchant_types_stays_text() -> None:
    nasty = '</style><script>alert(1)</script>"><img src=x onerror=alert(1)>'
    seen = public_view(display_record(shop_name=nasty), verified_licence(name=nasty, scope=nasty))
    for drawn in (display_html.page(seen).body, display_html.mark(seen).body):
        assert "<script" not in drawn
        assert "<img" not in drawn
    line = display_states.embed('https://a.cn/x"><script>', 'y" onload="')
    assert "<script" not in line
    assert 'onload="' not in line


def test_the_embeddable_line_is_one_line_that_leads_to_the_page() -> None:
    line = display_states.embed(display()["url"], "")
    assert "\n" not in line
    assert line.startswith(f'<a href="{display()["url"]}"')
    assert f"{display()['url']}/mark.svg" in line
    assert "电子营业执照" in line


@given(st.text(max_size=40))
def test_a_digest_gives_an_id_that_says_nothing(text: str) -> None:
    from chalicelib.values.keyed_digest import keyed_digest

    ident = display_states.display_id(keyed_digest(b"k" * 32)("display", text))
    other = display_states.display_id(keyed_digest(b"l" * 32)("display", text))
    assert ident != other
    assert len(ident) == 22
    assert ident.startswith("d_")
