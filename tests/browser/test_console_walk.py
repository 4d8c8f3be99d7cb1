"""Every page of the console in every state that a person can bring it into, and no link that leads to an error.

The exchange holds months of data, so that lists are long, and things in the states in which most can be done with them.
"""

from collections.abc import Iterator

import pytest

from chalicelib.handlers.console.console_pages import PAGES
from local import launch
from tests.browser.console_site import ORGANISATIONS, ConsoleSite, furnish
from tests.browser.console_walk import PASSED_OVER, Walk
from tests.browser.console_windows import Windows
from tests.browser.duties.fresh_cases import FreshCases
from tests.browser.walk_states import prepared

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("local")]


@pytest.fixture(scope="module")
def console() -> Iterator[ConsoleSite]:
    running = launch.start(months=True)
    try:
        yield furnish(running)
    finally:
        running.stop(patience=60)


def alone(role: str) -> list[str]:
    """Every page of that role that stands by itself."""
    return [
        page.path
        for page in PAGES
        if page.method == "GET" and "{" not in page.path and role in page.roles and page.path not in PASSED_OVER
    ]


def test_no_link_leads_to_an_error_and_each_answer_of_a_form_is_drawn_without_fault(windows: Windows) -> None:
    faults, reached = [], {("GET", path) for path in PASSED_OVER}
    states = prepared(FreshCases(windows.console))
    for role in ORGANISATIONS:
        walk = Walk(windows.open(role, "phone", "zh"), windows.console.url, windows.fault_of)
        walk.follow_links([*states[role], *alone(role)])
        walk.send_forms()
        windows.console.running.settle()
        walk.look_again()
        faults += [f"{role}: {fault}" for fault in walk.faults]
        reached |= walk.reached
    faults += [f"never {page.method} {page.path}" for page in PAGES if (page.method, page.path) not in reached]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
