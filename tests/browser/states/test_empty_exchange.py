"""The console of an exchange that holds nothing yet: each page says so, and what to do first."""

from collections.abc import Iterator

import pytest

from chalicelib.handlers.console.console_pages import PAGES
from local import launch
from tests.browser.console_site import LEADS_ON, ORGANISATIONS, ConsoleSite, open_doors
from tests.browser.console_windows import Windows

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("local")]
PAGES_OF = [
    (role, page.path)
    for role in ORGANISATIONS
    for page in PAGES
    if role in page.roles
    and page.method == "GET"
    and not page.path.endswith(".csv")
    and "{" not in page.path
    and page.path not in LEADS_ON
]
# Each part of a page that is empty, as its heading and the sentence below it.
EMPTY = """() => [...document.querySelectorAll("main .empty")].map(
  each => [each.querySelector("b").innerText.trim(), each.querySelector("p").innerText.trim()])"""
# What a page has that is to be read or done even so: rows, figures, a form that is sent, a plot.
CONTENT = "main tbody tr, main .figures, main form[method=post], main figure, main dl"


@pytest.fixture(scope="module")
def console() -> Iterator[ConsoleSite]:
    running = launch.start(seed=False)
    try:
        yield open_doors(running)
    finally:
        running.stop()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("role", "path"), PAGES_OF)
def test_an_empty_page_says_what_to_do_first(windows: Windows, role: str, path: str, language: str) -> None:
    page = windows.open(role, "phone", language)
    assert page.goto(windows.console.url + path).status == 200
    assert windows.faults_of(page) == []
    empty = page.evaluate(EMPTY)
    assert empty or page.locator(CONTENT).count(), "neither content nor a word on why there is none"
    assert [title for title, more in empty if len(more) <= len(title) / 2] == []
