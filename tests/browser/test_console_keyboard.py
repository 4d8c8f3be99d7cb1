"""What each duty comes for, done by the keyboard alone: with Tab, the space bar, Enter and what is typed."""

from typing import Any

import pytest

from tests.browser.console_site import CODES
from tests.browser.console_windows import Windows

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("local")]
MOST_TABS = 80
# What can be done again is done on a computer in zh and on a phone in en.
TWICE = pytest.mark.parametrize(("size", "language"), [("computer", "zh"), ("phone", "en")])


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until what the selector names has the focus, and see that the focus is drawn."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("at => document.activeElement.matches(at)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", selector
            return
    raise AssertionError(f"{selector} is not reached by {MOST_TABS} tabs")


def type_into(page: Any, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(text)


def press(page: Any, selector: str) -> None:
    """Press a button, and wait for the page that it leads to."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_regulator_decides_a_dispute(windows: Windows) -> None:
    page = windows.open("regulator", "computer", "zh")
    page.goto(windows.console.url + windows.console.paths["dispute"])
    tab_to(page, "input[name=decision]")
    page.keyboard.press("Space")
    type_into(page, "textarea[name=statement]", "授权书属实。")
    press(page, "form[action$=preview] button")
    assert page.locator(".preview").is_visible()
    press(page, "form[action$=decision] button")
    for _ in range(60):
        if "裁定维持" in page.inner_text("main"):
            break
        page.wait_for_timeout(500)
        page.reload()
    assert "裁定维持" in page.inner_text("main")
    assert windows.fault_of(page) == ""


def test_a_platform_answers_a_task(windows: Windows) -> None:
    page = windows.open("platform", "phone", "en")
    page.goto(windows.console.url + windows.console.paths["task"])
    tab_to(page, "input[name=outcome]")
    page.keyboard.press("Space")
    press(page, "form[action$='tasks/answers'] button")
    assert page.locator("main .note").is_visible()
    assert windows.fault_of(page) == ""


@TWICE
def test_a_reader_looks_an_applicant_up(windows: Windows, size: str, language: str) -> None:
    page = windows.open("platform", size, language)
    page.goto(windows.console.url + "/console/today")
    page.keyboard.press("/")
    page.keyboard.type(CODES[0])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".verdict").is_visible()
    assert windows.fault_of(page) == ""


@TWICE
def test_an_administrator_adds_a_person(windows: Windows, size: str, language: str) -> None:
    page = windows.open("operator", size, language)
    page.goto(windows.console.url + "/console/people/new")
    type_into(page, "input[name=name]", "欧阳示例")
    type_into(page, "input[name=email]", f"ouyang-{size}@example.com")
    tab_to(page, "input[name=duties]")
    page.keyboard.press("Space")
    press(page, "form[action$='people/preview'] button:not(.second)")
    press(page, "main form button")
    assert "欧阳示例" in page.inner_text("main")
    assert windows.fault_of(page) == ""


@TWICE
def test_an_auditor_filters_the_log(windows: Windows, size: str, language: str) -> None:
    page = windows.open("operator", size, language)
    page.goto(windows.console.url + "/console/audit")
    tab_to(page, "select[name=action]")
    page.keyboard.press("ArrowDown")
    press(page, "form.filters button")
    assert "action=" in page.url
    assert windows.fault_of(page) == ""
