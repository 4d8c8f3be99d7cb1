"""Every page of the console in every state that a person can bring it into, and no link that leads to an error.

The exchange holds months of data, so that lists are long. What waits for a second person, or for a file to arrive, is
not reached by one person's walk; tests/handlers/console has it.
"""

from collections.abc import Iterator

import pytest

from chalicelib.handlers.console.console_pages import PAGES
from local import launch
from tests.browser.console_site import FILES, ConsoleSite, furnish
from tests.browser.console_walk import PASSED_OVER, Walk
from tests.browser.console_windows import Windows

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("local")]
# The beginning leads on, and the switch of languages leads back.
UNSEEN = {("GET", path) for path in PASSED_OVER}
ROLES = ("platform", "regulator", "operator")


@pytest.fixture(scope="module")
def console() -> Iterator[ConsoleSite]:
    running = launch.start(months=True)
    try:
        yield furnish(running)
    finally:
        running.stop(patience=60)


def starts(site: ConsoleSite, role: str) -> list[str]:
    """The files of the site, which can still be acted upon, and every page of that role that stands by itself."""
    return [site.paths[name] for name, whose in FILES.items() if whose == role] + [
        page.path
        for page in PAGES
        if page.method == "GET" and "{" not in page.path and role in page.roles and page.path not in PASSED_OVER
    ]


def test_no_link_leads_to_an_error_and_each_answer_of_a_form_is_drawn_without_fault(windows: Windows) -> None:
    faults, reached = [], set[tuple[str, str]]()
    for role in ROLES:
        walk = Walk(windows.open(role, "phone", "zh"), windows.console.url, windows.fault_of)
        walk.follow_links(starts(windows.console, role))
        walk.send_forms()
        faults += [f"{role}: {fault}" for fault in walk.faults]
        reached |= walk.reached
    assert "\n".join(faults) == ""
    missing = {(page.method, page.path) for page in PAGES} - reached - UNSEEN
    assert len(missing) < len(PAGES) / 5, sorted(missing)
