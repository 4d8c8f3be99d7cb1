"""The record as a person goes through it: pages and forms, with cookies, without a script."""

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib import wiring
from tests.handlers.public.test_merchant_record import evict
from tests.handlers.test_outages import failing
from tests.handlers.visitor import Forms, Visitor
from tests.support.builders import listed, uscc
from tests.support.licence_issuing import LICENCE, NAME, present_licence, publish_trust
from tests.support.onboarding import save
from tests.world import World

THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "op")


def enter(world: World) -> tuple[Visitor, str]:
    """Go in by the front door; the visitor and the page of its record."""
    publish_trust()
    visitor = Visitor(world)
    assert "统一社会信用代码" in visitor.get("/my-record")[1]
    assert visitor.post("/my-record/checks", {"uscc": LICENCE.uscc})[0] == 303
    assert visitor.headers["Location"] == "check"
    _, waiting = visitor.get("/my-record/check")
    assert "http-equiv" not in waiting
    assert "<svg" in waiting
    (link,) = re.findall(r'class="button" href="([^"]+)"', waiting)
    made = {"deep_link": link.replace("&amp;", "&")}
    check_id = visitor.cookies["__Host-claim"].partition(".")[0]
    answer = {"presentation": present_licence(made)}
    assert world.call("POST", f"/v1/licence-checks/{check_id}/response", "", answer)[1]["state"] == "verified"
    assert visitor.get("/my-record/check")[0] == 303
    assert visitor.headers["Location"] == "../my-record"
    status, page = visitor.get("/my-record")
    assert status == 200
    return visitor, page


def test_a_person_goes_from_the_code_to_the_record_and_out_again(world: World) -> None:
    evict(world, evidence_level="E4", shop_id="S-778899", reason_text="售假，内部备注778899")
    save(listed(identity={"uscc": uscc(5), "name": "武汉朔序医疗器械有限公司"}))
    visitor, page = enter(world)
    for text in (NAME, LICENCE.uscc, "掺杂掺假", "提示平台拒绝入驻", "alpha", "2026-01-02", "申诉", "未接入"):
        assert text in page, text
    assert "778899" not in page
    assert "朔序" not in page
    forms = Forms(page).found
    action, fields = next(form for form in forms if form[0].endswith("statement"))
    status, page = visitor.post("/" + action, fields)
    assert status == 200
    assert re.search(r"readonly[^>]*>eyJ[\w-]+\.[\w-]+\.[\w-]+</textarea>", page)
    assert all(element.startswith("../my-record/") for element, _ in Forms(page).found)
    assert visitor.post("/my-record/end", fields)[0] == 200
    assert visitor.cookies["__Host-record"] == ""
    assert "统一社会信用代码" in visitor.get("/my-record")[1]


def test_the_cookies_are_for_this_host_https_and_no_script(world: World) -> None:
    visitor, _ = enter(world)
    again = Visitor(world)
    again.post("/my-record/checks", {"uscc": LICENCE.uscc})
    for cookie in (again.headers["Set-Cookie"],):
        name, *attributes = [part.strip() for part in cookie.split(";")]
        assert name.startswith("__Host-")
        assert set(attributes) == {"Path=/", "Max-Age=900", "Secure", "HttpOnly", "SameSite=Strict"}
    assert re.fullmatch(r"rs_[0-9a-f]{32}_[0-9a-f]{64}", visitor.cookies["__Host-record"])


def test_a_page_allows_its_own_style_and_forms_and_nothing_else(world: World) -> None:
    visitor, page = enter(world)
    rules = dict(rule.split(" ", 1) for rule in visitor.headers["Content-Security-Policy"].split("; "))
    assert rules.keys() == {"default-src", "style-src", "img-src", "base-uri", "form-action", "frame-ancestors"}
    assert (rules["default-src"], rules["form-action"], rules["frame-ancestors"]) == ("'none'", "'self'", "'none'")
    assert "unsafe" not in visitor.headers["Content-Security-Policy"]
    assert visitor.headers["Cache-Control"] == "no-store"
    assert visitor.headers["Referrer-Policy"] == "no-referrer"
    assert "<script" not in page
    assert not re.search(r"\son[a-z]+=|\sstyle=", page)
    assert len(page.encode()) < 50_000


@pytest.mark.parametrize("path", ["/my-record/statement", "/my-record/end"])
def test_a_form_that_another_page_made_is_refused(world: World, path: str) -> None:
    visitor, page = enter(world)
    fields = Forms(page).found[0][1]
    for form, headers in (
        ({}, {}),
        ({"key": "0" * 32}, {}),
        ({"key": "é"}, {}),
        (fields, {"Sec_Fetch_Site": "cross-site"}),
        (fields, {"Sec_Fetch_Site": "same-site"}),
    ):
        status, text = visitor.post(path, form, **headers)
        assert (status, "表单不是由本页面提交的" in text) == (403, True)
    assert visitor.get("/my-record")[1].count("领取声明") == 1, "the session is as it was"
    visitor.cookies.clear()
    assert visitor.post(path, fields)[0] == 401


def test_a_wrong_code_is_told_on_the_page_and_nothing_that_was_typed_becomes_markup(world: World) -> None:
    visitor = Visitor(world)
    status, page = visitor.post("/my-record/checks", {"uscc": '"><script>alert(1)</script>'})
    assert (status, "校验不通过" in page) == (400, True)
    assert "<script" not in page
    status, page = visitor.post("/my-record/checks", {"uscc": "x" * 70_000})
    assert (status, "大小限制" in page) == (413, True)


def test_a_name_with_markup_in_it_is_only_a_name(world: World) -> None:
    evict(world, measure="<img src=x onerror=alert(1)>", evidence_level="E4")
    _, page = enter(world)
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_check_that_failed_or_is_another_browsers_shows_nothing(world: World) -> None:
    publish_trust()
    visitor, other = Visitor(world), Visitor(world)
    visitor.post("/my-record/checks", {"uscc": LICENCE.uscc})
    assert "还没有" not in other.get("/my-record/check")[1]
    assert "请先用电子营业执照核验身份" in other.get("/my-record/check")[1]
    _, waiting = visitor.get("/my-record/check")
    (link,) = re.findall(r'class="button" href="([^"]+)"', waiting)
    check_id = visitor.cookies["__Host-claim"].partition(".")[0]
    answer = {"presentation": present_licence({"deep_link": link.replace("&amp;", "&")}, holder_role="办事人")}
    world.call("POST", f"/v1/licence-checks/{check_id}/response", "", answer)
    status, page = visitor.get("/my-record/check")
    assert (status, "核验未通过" in page, "refresh" in page) == (200, True, False)
    assert "__Host-record" not in visitor.cookies


def test_when_the_store_is_away_the_page_says_so_and_the_session_lasts(world: World, clients: dict[str, Any]) -> None:
    visitor, _ = enter(world)
    with failing(clients["dynamodb"], "BatchGetItem", THROTTLED):
        status, page = visitor.get("/my-record")
    assert (status, "暂时无法查询" in page) == (503, True)
    assert visitor.get("/my-record")[0] == 200


def test_when_the_key_of_statements_is_away_the_record_is_still_there(world: World, clients: dict[str, Any]) -> None:
    visitor, page = enter(world)
    with failing(clients["secretsmanager"], "GetSecretValue", THROTTLED):
        status, _ = visitor.post("/my-record/statement", Forms(page).found[0][1])
    assert status == 503
    assert visitor.get("/my-record")[0] == 200
    assert wiring.statement_keys().ring(wiring.now()).jwks()["keys"]


def test_a_dispute_is_sent_from_the_page_and_shown_on_it(world: World) -> None:
    evict(world, evidence_level="E4")
    visitor, page = enter(world)
    action, fields = next(form for form in Forms(page).found if form[0].endswith("disputes"))
    status, page = visitor.post("/" + action, {**fields, "statement": "检验报告证明为正品", "contact": ""})
    assert status == 200
    for text in ("申诉已提交", "等待报送平台答复", "申诉处理中"):
        assert text in page, text
    assert not any(element.endswith("disputes") for element, _ in Forms(page).found), "one dispute at a time"
    status, page = visitor.post("/my-record/disputes", {**fields, "statement": "又一份"})
    assert (status, "my-record" in page) == (409, True)
    assert visitor.post("/my-record/disputes", {**fields, "statement": "  "})[0] == 400
    other = listed(identity={"uscc": uscc(5), "name": "武汉朔序医疗器械有限公司"})
    save(other)
    wanted = {**fields, "listing_id": other.listing.listing_id, "statement": "不属实"}
    assert visitor.post("/my-record/disputes", wanted)[0] == 404
