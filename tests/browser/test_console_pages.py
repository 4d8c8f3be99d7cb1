"""Pages of the console in a real browser: on a phone and a computer, in zh and en, by each duty, without script."""

import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.accounts.roles import Role
from chalicelib.people.duties import Duty
from tests.browser.console_site import CODES, FILES, NAMES, SHOWN, ConsoleSite
from tests.browser.console_windows import MOST_BYTES, Windows
from tests.browser.duties import journeys
from tests.browser.duties.hands import Hand

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("local")]


# Every run looks at one page of each kind (list, plots, form, file, table that is edited, one thing with its history)
# in zh; the long one at all of them, in both languages.
QUICK = {
    *("/console/tasks", "/console/overview", "/console/reports", "/console/people/new", "/console/rules"),
    *("/console/operation", "task", "dispute", "mend"),
}
COMBINED = [
    pytest.param(name, language, marks=() if name in QUICK and language == "zh" else pytest.mark.long)
    for language in ("zh", "en")
    for name in (*SHOWN, *FILES)
]


@pytest.mark.parametrize(("name", "language"), COMBINED)
def test_a_page_is_drawn_without_fault_on_a_phone_and_on_a_computer(windows: Windows, name: str, language: str) -> None:
    page = windows.open((SHOWN | FILES)[name], "phone", language)
    answer = page.goto(windows.console.url + windows.console.paths.get(name, name))
    assert answer.status == 200
    assert len(answer.body()) <= MOST_BYTES
    assert windows.faults_of(page) == []


@pytest.mark.parametrize(journeys.HEADS, journeys.QUICK)
def test_a_duty_is_done_from_the_sign_in_to_its_end(
    windows: Windows, tmp_path: Path, role: Role, duty: Duty, hand: type[Hand], size: str, language: str
) -> None:
    journeys.do(windows, tmp_path, role, duty, hand, size, language)


def submit(page: Any, **fields: str) -> None:
    """Fill the search of the page and send it."""
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    page.locator(".ask button").click()


@pytest.mark.parametrize("size", ["phone", pytest.param("computer", marks=pytest.mark.long)])
def test_an_answer_of_the_search_is_drawn_without_fault(windows: Windows, size: str) -> None:
    page = windows.open("platform", size, "zh")
    page.goto(windows.console.url + "/console/search")
    submit(page, q=CODES[0])
    page.wait_for_selector(".verdict")
    assert NAMES[0] in page.inner_text("main")
    assert CODES[0] not in page.url
    assert windows.fault_of(page) == ""


def test_the_console_works_without_script(windows: Windows) -> None:
    page = windows.open("platform", "computer", "zh", scripts=False)
    page.goto(windows.console.url + "/console/search")
    submit(page, q=CODES[2])
    assert NAMES[2] in page.inner_text("main")
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-CN"

    page.get_by_role("navigation").get_by_role("link", name="待办").click()
    page.locator("tbody a.main", has_text=NAMES[1]).click()
    page.get_by_label("未入驻本平台").check()
    page.get_by_role("button", name="提交结果").click()
    assert NAMES[1] in page.inner_text("h1")
    assert page.get_by_label("未入驻本平台").count() == 0
    assert windows.complaints == []


def test_rows_are_reached_and_marked_by_the_keyboard_alone(windows: Windows) -> None:
    page = windows.open("platform", "computer", "zh")
    press = page.keyboard.press
    active = "document.activeElement"
    page.goto(windows.console.url + "/console/tasks")

    press("Tab")
    assert page.evaluate(f"{active}.className") == "skip"
    press("Enter")
    assert page.evaluate(f"{active}.id") == "main"

    press("j")
    press("j")
    press("x")
    press("k")
    rows = page.locator("[data-rows] tbody tr")
    assert [rows.nth(place).get_attribute("class") or "" for place in (0, 1)] == ["at", ""]
    assert [box.is_checked() for box in page.locator("tbody input[type=checkbox]").all()[:2]] == [False, True]
    assert page.inner_text("[data-marked]") == "1"
    # A box that has the focus, for the pointer was on it, takes no key away: nothing is typed into it.
    page.locator("tbody input[type=checkbox]").nth(1).uncheck()
    assert page.inner_text("[data-marked]") == "0"
    press("x")
    assert page.locator("tbody input[type=checkbox]").nth(0).is_checked()

    press("?")
    assert page.locator("#keys").is_visible()
    press("Escape")
    assert page.locator("#keys").is_hidden()
    # Nor does Enter on it send the answers of all rows that are marked.
    press("Enter")
    page.wait_for_url(re.compile("/console/tasks/."))
    page.locator("#main").focus()
    press("Tab")
    assert page.evaluate(f"document.getElementById('main').contains({active})")
    press("/")
    assert page.evaluate(f"{active}.id") == "find"
    page.keyboard.type("?")
    assert page.locator("#keys").is_hidden()
    press("Backspace")
    page.keyboard.type(NAMES[0])
    press("Enter")
    page.wait_for_selector(".verdict")
    assert windows.complaints == []


def test_what_waits_is_counted_after_the_page_and_what_cannot_be_sent_stays_in_its_form(windows: Windows) -> None:
    page = windows.open("platform", "computer", "zh")
    page.goto(windows.console.url + "/console/onboarding")
    page.wait_for_selector("[data-entry=disputes]:not([hidden])")
    assert page.inner_text("[data-entry=disputes] > span") == "1"
    page.fill("#f-name", NAMES[0])
    page.context.set_offline(True)
    try:
        page.get_by_role("button", name="核验", exact=True).click()
        assert "没有提交" in page.inner_text("main .note")
        assert page.input_value("#f-name") == NAMES[0]
    finally:
        page.context.set_offline(False)
    page.wait_for_selector("main .note", state="detached")
    assert windows.complaints == []


def test_a_person_signs_out(windows: Windows, console: ConsoleSite) -> None:
    page = windows.open("operator", "computer", "en")
    page.goto(console.url + "/console/people")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/console/sign-in*")
    assert page.goto(console.url + "/console/people").url.endswith("/console/sign-in?next=console%2Fpeople")
    assert windows.fault_of(page) == ""
    del windows.opened["operator", "computer", "en", True]
    page.context.close()
