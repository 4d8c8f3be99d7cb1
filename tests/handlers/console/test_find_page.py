"""A path of the console leads to its page, and the gateway has room for the routes."""

import re
from itertools import accumulate

import pytest

import app
from chalicelib import errors
from chalicelib.handlers.console.console_pages import PAGES, find_page
from chalicelib.handlers.console.console_routes import DEEPEST
from chalicelib.handlers.console.page import Page

# The quota of an API that nobody has asked to raise.
MOST_RESOURCES = 300
ROOM = 60


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


def test_the_api_stays_far_from_the_number_of_resources_that_a_gateway_takes() -> None:
    resources = {place for path in app.app.routes for place in accumulate(path.strip("/").split("/"), "{}/{}".format)}
    assert len(resources) + 1 <= MOST_RESOURCES - ROOM
