"""Every page of the console: who may open it, what it may load, and where a visitor without a session is led."""

import hashlib
import json
import re
from urllib.parse import quote, unquote, urljoin

import pytest

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_assets, session_cookie
from chalicelib.handlers.console.console_pages import PAGES, find_page
from chalicelib.handlers.console.page import Page
from chalicelib.people.duties import Duty
from tests.handlers.html_structure import structure_faults
from tests.handlers.visitor import Forms, Visitor
from tests.people.persons import add_person, signed_in
from tests.world import World

ORGANISATIONS = {Role.PLATFORM: "alpha", Role.REGULATOR: "bureau", Role.OPERATOR: "ops"}
SEEN = [page for page in PAGES if page.method == "GET"]
SENT = [page for page in PAGES if page.method == "POST"]


def name(page: Page) -> str:
    return f"{page.method} {page.path}"


def visitor_of(world: World, role: Role, *duties: Duty) -> Visitor:
    return signed_in(world, add_person(world, ORGANISATIONS[role], *duties, role=role))[0]


def address(page: Page) -> str:
    return re.sub(r"{\w+}", "x", page.path)


def asked(visitor: Visitor, page: Page, **fields: str) -> tuple[int, str]:
    return visitor.get(address(page)) if page.method == "GET" else visitor.post(address(page), fields)


@pytest.mark.parametrize("role", list(ORGANISATIONS))
def test_a_page_is_for_its_organisations_and_duties_alone(world: World, role: Role) -> None:
    for duty in Duty:
        visitor, session = signed_in(world, add_person(world, ORGANISATIONS[role], duty, role=role))
        for page in PAGES:
            status, text = asked(visitor, page, key=session.csrf_key)
            admitted = role in page.roles and (not page.duties or duty in page.duties)
            assert (status == 403) == (not admitted), (name(page), role, duty, status, text[:200])
            assert status != 500, name(page)


def test_without_a_session_a_page_leads_to_the_sign_in_and_back(world: World) -> None:
    visitor = Visitor(world)
    for page in PAGES:
        assert asked(visitor, page)[0] == 303, name(page)
        depth = "../" * (address(page).count("/") - 1)
        back = f"?next={address(page).lstrip('/').replace('/', '%2F')}" if page.method == "GET" else ""
        assert visitor.headers["Location"] == f"{depth}console/sign-in{back}"


@pytest.mark.parametrize("role", list(ORGANISATIONS))
def test_a_form_counts_only_with_the_key_of_its_session_and_from_our_own_pages(world: World, role: Role) -> None:
    visitor, session = signed_in(world, add_person(world, ORGANISATIONS[role], *Duty, role=role))
    ours, others = "same-origin", "cross-site"
    for page in SENT:
        for fields, site in (({}, ours), ({"key": "0" * 32}, ours), ({"key": session.csrf_key}, others)):
            if role in page.roles:
                came_from = f"https://exchange.example{address(page)}"
                status, text = visitor.post(address(page), fields, Sec_Fetch_Site=site, Referer=came_from)
                assert (status, "表单不是由本页面提交的" in text) == (403, True), name(page)
                assert ways_on(text, address(page)), name(page)


def ways_on(text: str, path: str) -> bool:
    """Whether the way back from an error and the switch of languages lead to pages that can be read."""
    back = re.search(r'<a class="button" href="([^"]+)"', text)
    switch = re.search(r"language\?to=en&amp;back=([^\"]+)", text)
    assert back
    assert switch
    for address_of in (urljoin(path, back[1]), f"/{unquote(switch[1])}"):
        find_page("GET", address_of.split("/")[2:])
    return True


def test_a_form_with_files_is_taken_only_where_a_page_asks_for_one(world: World) -> None:
    visitor, session = signed_in(world, add_person(world, ORGANISATIONS[Role.PLATFORM], *Duty))
    for page in SENT:
        if Role.PLATFORM in page.roles:
            status, _text = visitor.send(address(page), {"key": session.csrf_key})
            assert (status == 415) == (not page.takes_file), name(page)


def test_what_is_no_page_is_said_in_the_frame(world: World) -> None:
    visitor = visitor_of(world, Role.PLATFORM, *Duty)
    for path, expected in (("/console/nowhere", 404), ("/console/a/b/c/d/e/f", 404), ("/console/tasks/7/notes", 405)):
        status, text = visitor.get(path)
        assert (status, "console/today" in text) == (expected, True), path


@pytest.mark.parametrize("role", list(ORGANISATIONS))
def test_a_page_is_well_formed_loads_its_own_files_alone_and_is_kept_nowhere(world: World, role: Role) -> None:
    visitor = visitor_of(world, role, *Duty)
    files = {console_assets.hashed_name(each) for each in ("console.css", "console.js", "htmx.min.js")}
    for page in SEEN:
        status, text = visitor.get(address(page)) if role in page.roles else (303, "")
        if status == 303:
            continue
        assert visitor.headers["Cache-Control"] == "no-store", name(page)
        if not visitor.headers["Content-Type"].startswith("text/html"):
            continue
        assert "script-src 'self'" in visitor.headers["Content-Security-Policy"]
        assert "unsafe" not in visitor.headers["Content-Security-Policy"]
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|javascript:", text), name(page)
        root = "../" * (address(page).count("/") - 1) + "console/"
        loaded = set(re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', text))
        assert loaded == {f"{root}assets/{file}" for file in files}, name(page)
        forms = {action for action, fields in Forms(text).found if "key" not in fields and is_sent(text, action)}
        assert forms == set(), name(page)
        assert structure_faults(text) == [], name(page)
        assert len(text.encode()) < 100_000, name(page)


def is_sent(text: str, action: str) -> bool:
    return f'method="post" action="{action}"' in text


@pytest.mark.parametrize("role", list(ORGANISATIONS))
def test_a_page_speaks_the_language_that_was_chosen(world: World, role: Role) -> None:
    visitor = visitor_of(world, role, *Duty)
    chinese = [page for page in SEEN if role in page.roles and page.path != "/console/language"]
    for page in chinese:
        visitor.get(address(page))
        assert visitor.headers.get("Content-Language", "zh-CN") == "zh-CN", name(page)
    visitor.get("/console/language?to=en&back=console/today")
    for page in chinese:
        _status, text = visitor.get(address(page))
        if "Content-Language" not in visitor.headers:
            continue
        assert visitor.headers["Content-Language"] == "en", name(page)
        frame = re.sub(r'<a [^>]*lang="zh-CN"[^>]*>中文</a>|lang="zh-CN">[^<]*<', "", text)
        assert set(re.findall("[\u3400-\u9fff]+", frame)) <= {"王示例", ORGANISATIONS[role]}, name(page)


@pytest.mark.parametrize(
    ("back", "location"),
    [
        ("console/search", "../console/search"),
        ("console/tasks?state=open", "../console/tasks?state=open"),
        ("//evil.example", "../console"),
        ("https://evil.example", "../console"),
        ("console/../v1", "../console"),
    ],
)
def test_the_language_is_switched_on_the_page_where_one_is(world: World, back: str, location: str) -> None:
    visitor = visitor_of(world, Role.PLATFORM, Duty.READ)
    assert visitor.get(f"/console/language?to=en&back={quote(back, safe='')}")[0] == 303
    assert visitor.headers["Location"].replace("console/../", "") == location
    assert visitor.cookies["lianfang_language"] == "en"


def test_files_are_kept_a_year_under_names_of_their_content(world: World) -> None:
    visitor = Visitor(world)
    for file in ("console.css", "console.js", "htmx.min.js"):
        hashed = console_assets.hashed_name(file)
        content = (console_assets.FOLDER / file).read_bytes()
        assert hashlib.sha256(content).hexdigest()[:12] in hashed
        status, text = visitor.get(f"/console/assets/{hashed}")
        assert (status, text) == (200, content.decode())
        assert visitor.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for unknown in ("console.css", "vendored.json", "console.000000000000.css", "..%2Fvisit.py"):
        assert visitor.get(f"/console/assets/{unknown}")[0] == 404


def test_what_others_wrote_is_what_they_published() -> None:
    for file, source in json.loads((console_assets.FOLDER / "vendored.json").read_text("utf-8")).items():
        content = (console_assets.FOLDER / file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == source["sha256"]
        assert source["version"].encode() in content
        assert source["licence"] == "0BSD"


def test_an_error_says_what_happened_that_nothing_changed_and_its_request_id(world: World) -> None:
    visitor = visitor_of(world, Role.OPERATOR, Duty.READ)
    status, text = visitor.get("/console/search")
    assert status == 403
    assert "当前角色无权访问" in text
    assert "没有任何内容被更改" in text
    assert visitor.headers["X-Request-Id"] in text


def test_a_session_that_was_ended_opens_no_page(world: World) -> None:
    visitor = visitor_of(world, Role.PLATFORM, Duty.READ)
    visitor.cookies[session_cookie.COOKIE] = visitor.cookies[session_cookie.COOKIE][:-1] + "!"
    assert visitor.get("/console/today")[0] == 303


def test_the_navigation_has_nine_entries_at_most_and_one_that_is_current(world: World) -> None:
    for role, organisation in ORGANISATIONS.items():
        visitor, session = signed_in(world, add_person(world, organisation, *Duty, role=role))
        text = visitor.get("/console/today")[1]
        links = re.findall(r'<li><a href="[^"]*"( aria-current="page")?><span>([^<]+)<', text)
        assert 2 < len(links) <= 9, (role, links)
        assert [name for current, name in links if current] == ["今日"]
        assert session.person.role == role
