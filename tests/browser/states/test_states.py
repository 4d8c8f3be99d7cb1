"""Pages of the console in the states that a clean exchange lacks: errors, what waits, what is long, what failed.

Each state is looked at on a phone and on a computer, in zh and in en.
"""

from typing import Any

import pytest

from tests.browser.console_site import CODES, ConsoleSite
from tests.browser.console_windows import Windows
from tests.browser.duties.fresh_cases import FreshCases
from tests.browser.states.long_things import LATIN, LongThings, long_things

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("local"), pytest.mark.parametrize("language", ["zh", "en"])]


@pytest.fixture(scope="module")
def cases(console: ConsoleSite) -> FreshCases:
    return FreshCases(console)


@pytest.fixture(scope="module")
def long(console: ConsoleSite) -> LongThings:
    return long_things(console)


def named(name: str, faults: list[str]) -> list[str]:
    return [f"{name} {fault}" for fault in faults]


def faults_at(windows: Windows, page: Any, path: str, status: int = 200) -> list[str]:
    answer = page.goto(windows.console.url + path)
    wrong = [] if answer.status == status else [f"{path}: {answer.status}"]
    return [*wrong, *named(path, windows.faults_of(page))]


def test_what_is_refused_or_not_there(windows: Windows, language: str) -> None:
    operator, platform = (windows.open(role, "phone", language) for role in ("operator", "platform"))
    faults = faults_at(windows, operator, "/console/search", 403)
    for path in ("nowhere", "tasks/qingluan.999999", "reports/r_0", "disputes/d_0", "licences/checks/c_0"):
        faults += faults_at(windows, platform, f"/console/{path}", 404)
    faults += faults_at(windows, platform, "/console/tasks/7/notes", 405)
    faults += faults_at(windows, operator, "/console/audit?day=tomorrow", 400)
    assert faults == []


def test_a_form_that_does_not_fit_and_one_that_came_too_late(windows: Windows, language: str) -> None:
    operator, platform = (windows.open(role, "phone", language) for role in ("operator", "platform"))
    operator.goto(f"{windows.console.url}/console/people/new")
    send(operator, "form[action$='people/preview']", 400)
    assert operator.locator("input[name=name][aria-invalid=true]").count() == 1
    faults = named("a person without a name", windows.faults_of(operator))
    platform.goto(f"{windows.console.url}/console/rules")
    send(platform, "#rows", 200, "button[value=try]")
    platform.evaluate("document.querySelector('form[action$=rules] input[name=version]').value = 77")
    send(platform, "form[action$=rules]", 409)
    faults += named("a policy that was saved meanwhile", windows.faults_of(platform))
    # The session of another window has another key.
    platform.goto(f"{windows.console.url}/console/onboarding")
    platform.evaluate("document.querySelectorAll('input[name=key]').forEach(each => each.value = 'another')")
    send(platform, "form[action$=onboarding]", 403)
    faults += named("a form of another session", windows.faults_of(platform))
    assert faults == []


def send(page: Any, form: str, status: int, button: str = "button") -> None:
    """Send a form as it stands, though the browser would not, and hold the status of the answer."""
    with page.expect_navigation() as answer:
        page.evaluate(
            """([at, button]) => { const form = document.querySelector(at); form.noValidate = true;
            form.requestSubmit([...form.elements].filter(e => e.matches(button)).pop()); }""",
            [form, button],
        )
    assert answer.value.status == status


def test_an_act_that_waits_for_a_second_person(windows: Windows, cases: FreshCases, language: str) -> None:
    decision = cases.pending_decision()
    page = windows.open("operator", "phone", language)
    faults = faults_at(windows, page, f"/console/decisions/{decision}")
    faults += faults_at(windows, page, "/console/decisions?state=pending")
    faults += faults_at(windows, page, "/console/today")
    page.goto(windows.console.sign_in_link("operator", "read", "decide"))
    faults += faults_at(windows, page, f"/console/decisions/{decision}")
    page.goto(windows.console.sign_in_link("operator"))
    assert faults == []


def test_a_list_that_is_held(windows: Windows, cases: FreshCases, language: str) -> None:
    name = cases.held_list()
    page = windows.open("regulator", "phone", language)
    faults = faults_at(windows, page, f"/console/lists/{name}")
    entries = page.locator("main a[href$='/entries']").first.get_attribute("href")
    faults += faults_at(windows, page, f"/console/lists{entries.partition('lists')[2]}")
    for path in ("/console/lists", "/console/today", "/console/overview", "/console/findings"):
        faults += faults_at(windows, page, path)
    assert faults == []


def test_names_and_lists_that_are_long(windows: Windows, long: LongThings, language: str) -> None:
    faults = []
    for role, paths in long.pages.items():
        page = windows.open(role, "phone", language)
        for path, says in paths.items():
            faults += faults_at(windows, page, path)
            if says not in page.inner_text("main") and says not in page.content():
                faults.append(f"{path} does not show {says[:20]}")
    page = windows.open("platform", "phone", language)
    page.goto(f"{windows.console.url}/console/search")
    page.fill("#q", LATIN)
    page.locator(".ask button").click()
    page.wait_for_selector(".verdict")
    faults += named("the verdict on a long name", windows.faults_of(page))
    assert faults == []


def test_a_file_that_could_not_be_read(windows: Windows, long: LongThings, language: str) -> None:
    page = windows.open("platform", "phone", language)
    faults = []
    for path in long.failed:
        faults += faults_at(windows, page, path)
        assert page.locator("main .note.bad").count() == 1, path
    page.goto(f"{windows.console.url}/console/reports")
    page.set_input_files("#file", {"name": "t.xlsx", "mimeType": "application/zip", "buffer": b"no workbook"})
    page.locator("form[action$='reports/drafts'] button").click()
    page.wait_for_selector("main .note.bad")
    faults += named("a file that is refused at once", windows.faults_of(page))
    assert faults == []


def test_a_window_that_is_offline(windows: Windows, language: str) -> None:
    page = windows.open("platform", "phone", language)
    page.goto(f"{windows.console.url}/console/onboarding")
    page.fill("#f-uscc", CODES[0])
    page.context.set_offline(True)
    try:
        page.locator("form[action$=onboarding] button").click()
        page.wait_for_selector("main .note[data-unsent]")
        assert page.locator("#offline").is_visible()
        assert page.input_value("#f-uscc") == CODES[0]
        faults = named("offline", windows.faults_of(page))
    finally:
        page.context.set_offline(False)
    assert faults == []


def test_the_sign_in_and_what_comes_of_a_session_that_was_ended(windows: Windows, language: str) -> None:
    page = windows.open_signed_out("phone")
    page.context.clear_cookies()
    faults = faults_at(windows, page, "/console/sign-in")
    faults += faults_at(windows, page, "/console/reports")
    assert "next=console%2Freports" in page.url
    faults += faults_at(windows, page, "/console/enter?link=used-before", 401)
    page.goto(windows.console.sign_in_link("regulator"))
    page.goto(f"{windows.console.url}/console/merchants")
    page.context.clear_cookies()
    page.fill("#f-name", "示例")
    page.locator(".ask button").click()
    page.wait_for_url("**/console/sign-in*")
    faults += named("a form of a session that was ended", windows.faults_of(page))
    assert faults == []
