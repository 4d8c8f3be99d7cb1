"""A path of the console leads to its page."""

import re

import pytest

from chalicelib import errors
from chalicelib.handlers.console.console_pages import PAGES, find_page
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
