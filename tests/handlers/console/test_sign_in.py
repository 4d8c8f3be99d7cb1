"""The sign-in as a browser meets it: links, cookies, fixation, forged forms, where a sign-in leads."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib import wiring
from chalicelib.handlers.console import session_cookie
from chalicelib.people import sessions, sign_in_links
from chalicelib.people.duties import Duty
from tests.handlers.test_outages import failing
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.world import World

COOKIE = session_cookie.COOKIE
THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "op")


def link_of(world: World) -> str:
    person = add_person(world, "alpha", Duty.READ)
    return "/console/enter?link=" + sign_in_links.make_link(wiring.exchange(), person.person_id, wiring.now())


def test_a_link_signs_in_once_and_its_cookie_is_for_this_host_and_no_script(world: World) -> None:
    link, visitor = link_of(world), Visitor(world)
    assert visitor.get(link)[0] == 303
    assert visitor.headers["Location"] == "../console"
    name, *attributes = [part.strip() for part in visitor.headers["Set-Cookie"].split(";")]
    assert name == f"{COOKIE}={visitor.cookies[COOKIE]}"
    assert set(attributes) == {"Path=/", "Max-Age=43200", "Secure", "HttpOnly", "SameSite=Lax"}
    assert sessions.read_session(wiring.exchange(), visitor.cookies[COOKIE], wiring.now())
    again = Visitor(world)
    status, page = again.get(link)
    assert (status, "登录未成功" in page, COOKIE in again.cookies) == (401, True, False)


def test_without_the_setting_links_open_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_of(world)
    monkeypatch.setenv("SIGN_IN_LINKS", "")
    wiring.reset(keep_clients=True)
    visitor = Visitor(world)
    assert visitor.get(link)[0] == 404
    assert not visitor.cookies


def test_a_session_that_was_planted_before_the_sign_in_is_over_after_it(world: World) -> None:
    """Session fixation: the attacker's own cookie in the victim's browser, or any earlier one."""
    planted, _ = signed_in(world, add_person(world, "beta", Duty.READ))
    victim = Visitor(world)
    victim.cookies[COOKIE] = before = planted.cookies[COOKIE]
    victim.get(link_of(world))
    assert victim.cookies[COOKIE] != before
    assert sessions.read_session(wiring.exchange(), before, wiring.now()) is None
    victim.cookies[COOKIE] = "p_0000000000000000." + "A" * 43
    victim.get(link_of(world))
    assert sessions.read_session(wiring.exchange(), victim.cookies[COOKIE], wiring.now())


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ("", "../console"),
        ("console/tasks", "../console/tasks"),
        ("console/tasks%3Fstate%3Dopen%26after%3D7", "../console/tasks?state=open&after=7"),
        ("//evil.example", "../console"),
        ("https:evil.example", "../console"),
        ("console/../v1/reports", "../console"),
        ("console/%2e%2e%2f%2e%2e", "../console"),
        ("console\\evil.example", "../console"),
        ("console/x%0d%0aSet-Cookie:a=b", "../console"),
        ("my-record", "../console"),
        ("console/" + "x" * 1_000, "../console"),
    ],
)
def test_a_sign_in_leads_to_pages_of_the_console_alone(world: World, sent: str, wanted: str) -> None:
    visitor = Visitor(world)
    assert visitor.get(f"{link_of(world)}&next={sent}")[0] == 303
    assert visitor.headers["Location"] == wanted


def test_people_who_are_signed_in_go_on_and_others_are_asked_who_they_are(world: World) -> None:
    visitor, _ = signed_in(world, add_person(world, "alpha", Duty.READ))
    assert visitor.get("/console/sign-in?next=console/tasks")[0] == 303
    assert visitor.headers["Location"] == "../console/tasks"
    status, page = Visitor(world).get("/console/sign-in")
    assert (status, "登录工作台" in page) == (200, True)


def test_each_sign_in_and_out_is_in_the_audit_log(world: World) -> None:
    visitor = Visitor(world)
    visitor.get(link_of(world))
    session = sessions.read_session(wiring.exchange(), visitor.cookies[COOKIE], wiring.now())
    assert session is not None
    visitor.post("/console/sign-out", {"key": session.csrf_key})
    entries = world.call("GET", "/v1/audit", world.admit("bureau", "regulator"))[1]["entries"]
    assert [(entry["action"], entry["person_id"], entry["outcome"]) for entry in reversed(entries)] == [
        ("signIn", session.person.person_id, "done"),
        ("signOut", session.person.person_id, "done"),
    ]
    assert entries[1]["after"] == {"method": "link"}


def test_signing_out_ends_the_session(world: World) -> None:
    visitor, session = signed_in(world, add_person(world, "alpha", Duty.READ))
    before = visitor.cookies[COOKIE]
    assert visitor.post("/console/sign-out", {"key": session.csrf_key})[0] == 303
    assert visitor.headers["Location"] == "sign-in"
    assert visitor.cookies[COOKIE] == ""
    assert sessions.read_session(wiring.exchange(), before, wiring.now()) is None
    visitor.cookies[COOKIE] = before
    assert visitor.post("/console/sign-out", {"key": session.csrf_key})[0] == 303
    assert visitor.headers["Location"] == "../console/sign-in"


@pytest.mark.parametrize(
    ("key", "headers"),
    [
        ("", {}),
        ("0" * 32, {}),
        ("é", {}),
        (None, {"Sec_Fetch_Site": "cross-site"}),
        (None, {"Sec_Fetch_Site": "same-site"}),
        (None, {"Origin": "https://evil.example", "Host": "lianfang.example"}),
        (None, {"Origin": "https://lianfang.example.evil.example", "Host": "lianfang.example"}),
    ],
)
def test_a_form_of_another_site_is_refused(world: World, key: str | None, headers: dict[str, str]) -> None:
    visitor, session = signed_in(world, add_person(world, "alpha", Duty.READ))
    fields = {"key": session.csrf_key if key is None else key}
    status, page = visitor.post("/console/sign-out", fields, **headers)
    assert (status, "表单不是由本页面提交的" in page) == (403, True)
    assert sessions.read_session(wiring.exchange(), visitor.cookies[COOKIE], wiring.now())


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "same-origin", "Origin": "null"},
        {"Sec_Fetch_Site": "same-origin", "Origin": "https://zhao.example.cn", "Host": "x.execute-api.example"},
        {"Origin": "https://lianfang.example", "Host": "lianfang.example"},
    ],
)
def test_a_form_of_this_site_is_taken(world: World, headers: dict[str, str]) -> None:
    visitor, session = signed_in(world, add_person(world, "alpha", Duty.READ))
    assert visitor.post("/console/sign-out", {"key": session.csrf_key}, **headers)[0] == 303


def test_when_the_store_is_away_the_sign_in_says_so(world: World, clients: dict[str, Any]) -> None:
    link, visitor = link_of(world), Visitor(world)
    with failing(clients["dynamodb"], "GetItem", THROTTLED):
        status, page = visitor.get(link)
    assert (status, "暂时无法登录" in page) == (503, True)
    assert visitor.get(link)[0] == 303
