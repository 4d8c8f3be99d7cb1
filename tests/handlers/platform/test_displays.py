"""The public page, mark, QR code and data of a licence, and the doors by which platforms make and change them."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import wiring
from tests.support.builders import registered
from tests.support.licence_records import COMPANY, TRADER, licence, trader_licence
from tests.world import World

PERMIT = {"name": "食品经营许可证", "number": "JY13301060123456", "valid_until": "2029-04-15"}
SHOP = {"name": "霁川零食铺（青鸾商城）", "url": "https://shop.qingluan.example/jichuan"}
WANTED = {"uscc": COMPANY, "shop_id": "s-1", "shop_name": "霁川零食铺", "permits": [PERMIT], "shop_links": [SHOP]}
# Far from now, so that the tests hold whenever they run.
FAR = "2999-01-01"


def verified(world: World, **fields: Any) -> str:
    """Admit alpha and let a licence be verified; alpha's key."""
    wiring.exchange().put(licence(due_on=FAR, **fields))
    return world.admit("alpha", name="青鸾示例商城")


def made(world: World, key: str, **fields: Any) -> dict[str, Any]:
    status, body, _ = world.call("POST", "/v1/displays", key, {**WANTED, **fields})
    assert status == 201, body
    return dict(body)


def path(display: dict[str, Any], more: str = "") -> str:
    return f"/licences/{display['display_id']}{more}"


def test_a_verified_licence_gets_a_page_for_anyone(world: World) -> None:
    display = made(world, verified(world))
    assert re.fullmatch(r"d_[0-9a-f]{20}", display["display_id"])
    assert display["url"].endswith(path(display))
    assert display["embed"].count("\n") == 0
    assert f'href="{display["url"]}"' in display["embed"]
    status, html, headers = world.call("GET", path(display))
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    for text in (COMPANY, "杭州霁川示例食品有限公司", "沈予安", "500 万元人民币", "JY13301060123456", SHOP["url"]):
        assert text in html
    assert '<html lang="zh-CN">' in html
    assert "<script" not in html
    assert len(html.encode()) < 50_000


def test_the_page_allows_its_own_style_and_nothing_else(world: World) -> None:
    import base64
    import hashlib

    display = made(world, verified(world))
    _, html, headers = world.call("GET", path(display))
    style = html.split("<style>")[1].split("</style>")[0]
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    rules = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'sha256-{hashed}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert " style=" not in html
    assert not re.search(r"<[^>]+ on\w+=", html)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]


def test_mark_and_qr_code_may_be_shown_on_any_page_and_do_nothing(world: World) -> None:
    display = made(world, verified(world))
    for more in ("/mark.svg", "/qr.svg"):
        status, svg, headers = world.call("GET", path(display, more))
        assert status == 200
        assert headers["Content-Type"].startswith("image/svg+xml")
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert svg.startswith("<svg")
    assert "营业执照已核验" in world.call("GET", path(display, "/mark.svg"))[1]


def test_machines_read_the_same(world: World) -> None:
    display = made(world, verified(world))
    status, body, headers = world.call("GET", path(display, "/data.json"))
    assert (status, body["state"], body["licence"]["uscc"]) == (200, "verified", COMPANY)
    assert headers["Cache-Control"] == "public, max-age=60, must-revalidate"


def test_who_has_the_page_already_is_told_so(world: World) -> None:
    display = made(world, verified(world))
    for more in ("", "/mark.svg", "/qr.svg", "/data.json"):
        headers = world.call("GET", path(display, more))[2]
        assert headers["Cache-Control"] == "public, max-age=60, must-revalidate"
        for tag in (headers["ETag"], "W/" + headers["ETag"], f'"x", {headers["ETag"]}'):
            status, body, _ = world.call("GET", path(display, more), If_None_Match=tag)
            assert (status, body) in ((304, ""), (304, b""))
        assert world.call("GET", path(display, more), If_None_Match='"other"')[0] == 200


def test_suspending_resuming_and_deleting_change_the_page_at_once(world: World) -> None:
    key = verified(world)
    display = made(world, key)
    door = f"/v1/displays/{display['display_id']}"
    first = world.call("GET", path(display))[2]["ETag"]
    assert world.call("POST", f"{door}/suspension", key, {"why": "核查中"})[1]["state"] == "suspended"
    status, html, headers = world.call("GET", path(display), If_None_Match=first)
    assert status == 200
    assert "亮照已暂停" in html
    assert "沈予安" not in html
    assert "核查中" not in html
    assert "亮照已暂停" in world.call("GET", path(display, "/mark.svg"))[1]
    assert headers["ETag"] != first
    assert world.call("DELETE", f"{door}/suspension", key)[1]["state"] == "shown"
    assert world.call("GET", path(display))[2]["ETag"] == first
    assert world.call("POST", f"{door}/deletion", key, {"why": "店铺退出"})[1]["state"] == "deleted"
    status, html, _ = world.call("GET", path(display))
    assert status == 410
    assert "亮照已撤下" in html
    assert COMPANY not in html
    assert world.call("GET", path(display, "/mark.svg"))[0] == 410
    for more in ("/qr.svg", "/data.json"):
        status, body, _ = world.call("GET", path(display, more))
        assert (status, body["error"]["code"]) == (410, "display_deleted")
    assert world.call("POST", f"{door}/deletion", key, {"why": "again"})[0] == 200
    status, body, _ = world.call("POST", f"{door}/suspension", key, {"why": "again"})
    assert (status, body["error"]["code"]) == (409, "display_deleted")
    anew = made(world, key)
    assert anew["display_id"] != display["display_id"]


@pytest.mark.parametrize(("status", "says"), [("licence_revoked", "吊销"), ("deregistered", "注销")])
def test_what_the_register_says_shows_at_the_next_request(world: World, status: str, says: str) -> None:
    display = made(world, verified(world))
    at = "2026-11-23T00:00:00.000Z"
    wiring.registry().save(registered({"uscc": COMPANY}, {"status": status, "name": "杭州霁川示例食品有限公司"}, at))
    html = world.call("GET", path(display))[1]
    assert "执照已失效" in html
    assert says in html
    assert "执照已失效" in world.call("GET", path(display, "/mark.svg"))[1]


def test_asked_twice_there_is_one_display_and_other_content_is_a_conflict(world: World) -> None:
    key = verified(world)
    display = made(world, key)
    status, again, _ = world.call("POST", "/v1/displays", key, WANTED)
    assert (status, again["display_id"]) == (200, display["display_id"])
    status, body, _ = world.call("POST", "/v1/displays", key, {**WANTED, "permits": []})
    assert (status, body["error"]["code"]) == (409, "display_exists")
    assert made(world, key, shop_id="s-2")["display_id"] != display["display_id"]
    listed = world.call("GET", "/v1/displays", key)[1]
    assert [display["shop_id"] for display in listed["displays"]] == ["s-1", "s-2"]
    assert world.call("GET", f"/v1/displays?after={listed['next']}", key)[1]["displays"] == []


def test_a_change_takes_the_place_of_what_was_given(world: World) -> None:
    key = verified(world)
    display = made(world, key)
    door = f"/v1/displays/{display['display_id']}"
    changed = world.call("PUT", door, key, {"shop_name": "霁川小店，店主 139-0000-0000"})[1]
    assert changed["version"] == 2
    assert "permits" not in changed
    html = world.call("GET", path(display))[1]
    assert "139****0000" in html
    assert "JY13301060123456" not in html
    assert world.call("PUT", door, key, {"shop_name": "霁川小店，店主 139-0000-0000"})[1]["version"] == 2


@pytest.mark.parametrize("state", ["lapsed", "revoked"])
def test_only_a_verified_licence_is_shown(world: World, state: str) -> None:
    key = verified(world, state=state)
    status, body, _ = world.call("POST", "/v1/displays", key, WANTED)
    assert (status, body["error"]["code"]) == (409, "licence_not_verified")
    other = {**WANTED, "uscc": TRADER}
    assert world.call("POST", "/v1/displays", key, other)[1]["error"]["details"]["state"] == "missing"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"shop_id": "s-1"}, "invalid_request"),
        ({"uscc": COMPANY, "declaration": "handicraft"}, "invalid_request"),
        ({"uscc": "91330106MA0000000"}, "invalid_uscc"),
        ({"declaration": "something_else"}, "invalid_request"),
        ({"uscc": COMPANY, "colour": "red"}, "unknown_field"),
        ({**WANTED, "shop_links": [{"name": "店", "url": "http://a.example.cn"}]}, "link_not_https"),
        ({**WANTED, "rules_url": "javascript:alert(1)"}, "link_no_url"),
        ({**WANTED, "permits": [{**PERMIT, "url": "https://a.example.cn/13900000000"}]}, "personal_number_in_link"),
        ({**WANTED, "permits": [PERMIT] * 21}, "invalid_request"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_made(world: World, wanted: dict[str, Any], code: str) -> None:
    key = verified(world)
    status, body, _ = world.call("POST", "/v1/displays", key, wanted)
    assert (status, body["error"]["code"]) == (400, code)
    assert world.call("GET", "/v1/displays", key)[1]["displays"] == []


def test_a_seller_without_registration_shows_the_declaration_of_the_law(world: World) -> None:
    key = world.admit("alpha")
    wanted = {"declaration": "farm_produce", "shop_name": "山野小铺", "shop_id": "s-9"}
    display = world.call("POST", "/v1/displays", key, wanted)[1]
    html = world.call("GET", path(display))[1]
    assert "个人销售自产农副产品，依法不需要办理市场主体登记" in html
    assert "未登记的自然人经营者" in html
    assert "营业执照已核验" not in html


def test_a_sole_trader_shows_the_operator(world: World) -> None:
    key = world.admit("alpha")
    wiring.exchange().put(trader_licence(due_on=FAR))
    display = world.call("POST", "/v1/displays", key, {"uscc": TRADER})[1]
    html = world.call("GET", path(display))[1]
    assert "经营者" in html
    assert "经营场所" in html
    assert "沈予安" not in str(world.call("GET", path(display, "/data.json"))[1])


def test_what_is_anothers_is_not_there_and_a_regulator_sees_all(world: World) -> None:
    display = made(world, verified(world))
    other, regulator = world.admit("beta"), world.admit("gamma", "regulator")
    door = f"/v1/displays/{display['display_id']}"
    for method, more, body in (("GET", "", None), ("PUT", "", {}), ("POST", "/deletion", {"why": "x"})):
        assert world.call(method, door + more, other, body)[0] == 404
    seen = world.call("GET", door, regulator)[1]
    assert (seen["platform_id"], seen["shown"]) == ("alpha", "verified")


def test_only_the_platform_to_which_the_holder_showed_it_may_show_a_licence(world: World) -> None:
    verified(world)
    other = world.admit("beta")
    status, body, _ = world.call("POST", "/v1/displays", other, WANTED)
    assert (status, body["error"]["code"], body["error"]["details"]["state"]) == (
        409,
        "licence_not_verified",
        "missing",
    ), "nor does it learn that another platform verified it"


def test_a_display_that_its_platform_should_not_have_made_shows_nothing_of_the_licence(world: World) -> None:
    """Made by an older version, which asked only whether anybody had verified the licence."""
    display = made(world, verified(world))
    wiring.exchange().put(licence(due_on=FAR, verified_for={"beta": "2026-11-20T02:00:00.000Z"}))
    html = world.call("GET", path(display))[1]
    assert "沈予安" not in html
    assert world.call("GET", path(display, "/data.json"))[1]["state"] == "lapsed"


def test_an_id_that_was_never_given_has_a_page_that_says_so(world: World) -> None:
    status, html, headers = world.call("GET", "/licences/d_00000000000000000000")
    assert status == 404
    assert "没有这个亮照页面" in html
    assert headers["Cache-Control"] == "no-store"
    assert world.call("GET", "/licences/d_0/mark.svg")[0] == 404


def test_while_the_store_is_away_the_page_says_so_and_nothing_of_the_licence(world: World) -> None:
    display = made(world, verified(world))
    world.dynamodb.delete_table(TableName="lianfang-exchange-test")
    status, html, headers = world.call("GET", path(display))
    assert status == 503
    assert "暂时无法显示" in html
    assert headers["Cache-Control"] == "no-store"


def test_the_address_of_a_page_follows_the_gateway(world: World) -> None:
    from chalice.app import Request

    from chalicelib.handlers.addresses import base_url
    from chalicelib.handlers.allowance import Allowance
    from chalicelib.handlers.routing import NOBODY
    from chalicelib.handlers.routing import Request as ApiRequest

    def asked(context: dict[str, str]) -> str:
        event = {"multiValueQueryStringParameters": None, "headers": {"host": "evil.example"}, "pathParameters": {}}
        event |= {"body": None, "stageVariables": {}, "isBase64Encoded": False}
        event["requestContext"] = {"httpMethod": "POST", "resourcePath": "/v1/displays", **context}
        return base_url(ApiRequest("", NOBODY, Request(event), {}, Allowance()))

    host = "x1.execute-api.cn-north-1.amazonaws.com.cn"
    assert asked({"domainName": host, "path": "/prod/v1/displays"}) == f"https://{host}/prod"
    assert asked({"domainName": "zhao.example.cn", "path": "/v1/displays"}) == "https://zhao.example.cn"


def test_killed_between_its_writes_a_display_is_finished_by_the_next_call(world: World) -> None:
    key = verified(world)
    display = made(world, key)
    # As if only the first write had come through.
    keys = (f"displays#{COMPANY}", "head#shown:alpha", "shown:alpha#000000000001")
    for entry in (*keys, f"numbered#shown:alpha#{display['display_id']}"):
        world.dynamodb.delete_item(TableName="lianfang-exchange-test", Key={"id": {"S": entry}})
    assert world.call("GET", "/v1/displays", key)[1]["displays"] == []
    assert world.call("POST", "/v1/displays", key, WANTED)[0] == 200
    assert [display["display_id"] for display in world.call("GET", "/v1/displays", key)[1]["displays"]] == [
        display["display_id"]
    ]
    assert datetime.fromisoformat(display["made_at"]) < datetime.now(UTC)
