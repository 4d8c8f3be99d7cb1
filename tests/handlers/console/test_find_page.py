"""A path of the console leads to its page."""

import re

import pytest

from chalicelib import errors
from chalicelib.handlers.console.console_pages import PAGES, find_page, page_behind
from chalicelib.handlers.console.console_routes import DEEPEST
from chalicelib.handlers.console.page import Page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.path}")
def test_every_page_is_at_its_path_with_the_values_of_its_parts(page: Page) -> None:
    names = re.findall(r"{(\w+)}", page.path)
    values = {name: f"值 {number}/x" for number, name in enumerate(names)}
    parts = [
        values[part[1:-1]].replace("/", "%2F").replace(" ", "%20") if part[0] == "{" else part
        for part in page.path.split("/")[2:]
    ]
    assert len(parts) <= DEEPEST
    assert find_page(page.method, parts) == (page, values)


@pytest.mark.parametrize("parts", [["nowhere"], ["tasks", "a", "b", "c"], ["tasks", "7", "note"], ["Tasks"]])
def test_a_path_of_no_page_is_not_found(parts: list[str]) -> None:
    for method in ("GET", "POST"):
        with pytest.raises(errors.NotFound):
            find_page(method, parts)


def test_the_address_of_a_form_is_not_read() -> None:
    with pytest.raises(errors.BadRequest) as refused:
        find_page("GET", ["tasks", "7", "notes"])
    assert (refused.value.code, refused.value.status) == ("method_not_allowed", 405)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.path}")
def test_behind_every_form_is_a_page_that_can_be_read(page: Page) -> None:
    behind = page_behind(page.path.lstrip("/"))
    assert f"{page.path}/".startswith(f"/{behind}/")
    found, _ = find_page("GET", behind.split("/")[1:])
    # Not one whose part that varies merely takes the word of a form's address.
    assert found.path == f"/{behind}"


@pytest.mark.parametrize(
    ("address", "behind"),
    [
        ("console/tasks?state=open", "console/tasks?state=open"),
        ("console/disputes/d_1/preview?x=1", "console/disputes/d_1"),
        ("console/people/preview", "console/people"),
        ("console/people/rosa", "console/people/rosa"),
        ("console/lists/a/holds/h/preview", "console/lists/a"),
        ("console/nowhere/at/all", "console"),
        ("console/", "console"),
        ("", "console"),
    ],
)
def test_an_address_at_which_nothing_is_read_leads_to_the_page_above_it(address: str, behind: str) -> None:
    assert page_behind(address) == behind
