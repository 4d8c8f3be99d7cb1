"""`make screenshots`: a picture of every screen of the console in zh, on a computer and on a phone, in build/screens.

The exchange holds the demo data of `make run`, and on top of it what tests/browser/console_site.py does.
"""

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from local import demo_data, launch
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.console_site import CODES, FILES, SHOWN, SIZES, ConsoleSite, furnish

# The wall view is made for a big screen.
WALL = (1920, 1080)
SCREENS = Path(__file__).parent.parent.parent / "build" / "screens"


def main() -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    running = launch.start(months=True)
    try:
        site = furnish(running)
        # One that waits for its decision says more than the one that was opened just now.
        path = "/v1/disputes?state=answered"
        if waiting := demo_data.call(site.url, running.keys["regulator"], "GET", path)["disputes"]:
            site.paths["dispute"] = f"/console/disputes/{waiting[0]['dispute_id']}"
        running.dispatcher.tick_now()
        running.settle()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, "--lang=zh-CN"])
            for size in SIZES:
                take(browser, site, size)
            browser.close()
    finally:
        running.stop()
    sys.stdout.write(f"{len(list(SCREENS.glob('*.png')))} pictures are in {SCREENS}\n")


def take(browser: Any, site: ConsoleSite, size: str) -> None:
    """A picture of every screen at that size, from its top to its foot, as a person of its first role sees it."""
    width, height = SIZES[size]
    windows: dict[str, Any] = {}
    screens = [(path.removeprefix("/console/").replace("/", "-"), role, path) for path, role in SHOWN.items()]
    for name, role, path in [*screens, *((name, role, site.paths[name]) for name, role in FILES.items())]:
        if role not in windows:
            windows[role] = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
            windows[role].goto(site.sign_in_link(role))
        windows[role].goto(site.url + path)
        shape = WALL if name == "wall" and size == "computer" else (width, height)
        picture(windows[role], f"{name}-{width}", shape)
    page = windows["platform"]
    page.goto(f"{site.url}/console/search")
    page.fill("#q", CODES[0])
    page.locator(".ask button").click()
    page.wait_for_selector(".verdict")
    picture(page, f"search-answer-{width}", (width, height))
    for page in windows.values():
        page.close()


def picture(page: Any, name: str, size: tuple[int, int]) -> None:
    """A picture of all of a page: its window is made as high as it, so that what stays in sight is drawn once."""
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    tall = max(height, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": tall})
    page.screenshot(path=SCREENS / f"{name}.png")
    page.set_viewport_size({"width": width, "height": height})


if __name__ == "__main__":
    main()
