"""A real exchange on a local port, with displays in every state, and a real browser to look at them with.

The browser is Debian's chromium (tests/browser/setup.sh). Where there is none the tests are skipped, unless
BROWSER_REQUIRED is set: then its lack is a failure.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local import demo_data, launch, stack
from tests.browser.console_site import ConsoleSite, furnish
from tests.browser.console_windows import Windows
from tests.support.builders import uscc
from tests.support.licence_records import COMPANY, TRADER, licence, trader_licence

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
ARGUMENTS = [*QUIET, "--disable-component-update", "--disable-sync"]
PICTURES = Path(__file__).parent.parent.parent / "build" / "pages"
FAR = "2999-01-01"
PERMITS = [
    {
        "name": "食品经营许可证",
        "number": "JY13301060123456",
        "authority": "杭州市西湖区市场监督管理局",
        "valid_until": "2029-04-15",
    },
    {"name": "第二类医疗器械经营备案凭证", "number": "浙杭食药监械经营备20260001号", "valid_until": "长期"},
]
SHOPS = [
    {"name": "霁川零食铺（青鸾示例商城）", "url": "https://shop.qingluan.example/jichuan"},
    {"name": "霁川零食直播间", "url": "https://live.qingluan.example/room?shop=jichuan-food"},
]
RULES = "https://www.qingluan.example/rules"
LONG = {
    "name": "杭州市西湖区" + "霁川示例国际供应链管理" * 4 + "股份有限公司杭州西湖分公司",
    "scope": "许可项目：食品销售；" * 40,
    "address": "浙江省杭州市西湖区" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 4,
}


@dataclass(frozen=True, slots=True)
class Site:
    """The exchange as people reach it: its address, a platform's key, and the path of a page for each state."""

    url: str
    key: str
    running: stack.Stack
    pages: dict[str, str]
    embeds: dict[str, str]


@pytest.fixture(scope="module")
def console() -> Iterator[ConsoleSite]:
    running = launch.start(seed=False)
    try:
        yield furnish(running)
    finally:
        running.stop(patience=60)


@pytest.fixture(scope="module")
def windows(browser: Any, console: ConsoleSite) -> Iterator[Windows]:
    made = Windows(browser, console)
    yield made
    made.close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    running = launch.start(seed=False)
    try:
        yield _furnish(running)
    finally:
        running.stop(patience=60)


def _furnish(running: stack.Stack) -> Site:
    from chalicelib import wiring
    from chalicelib.accounts import admit_platform

    new = admit_platform.NewPlatform("qingluan", "青鸾示例商城")
    key = str(admit_platform.admit(wiring.exchange(), wiring.topics(), new, wiring.now())["key"])
    made: dict[str, dict[str, Any]] = {}
    url = running.url

    def show(state: str, **body: Any) -> None:
        made[state] = demo_data.call(url, key, "POST", "/v1/displays", {"shop_id": state, **body})

    mine = {"verified_for": {"qingluan": "2026-11-20T02:00:00.000Z"}}
    for number, state in enumerate(("lapsed", "revoked", "suspended", "deleted", "long"), 20):
        code = uscc(number, "330106")
        wiring.exchange().put(licence(uscc=code, due_on=FAR, **mine, **(LONG if state == "long" else {})))
        show(state, uscc=code, shop_name="霁川零食铺", permits=PERMITS, shop_links=SHOPS, rules_url=RULES)
    wiring.exchange().set_fields(f"licence#{uscc(20, '330106')}", {"state": "lapsed", "due_on": "2026-01-05"})
    wiring.exchange().set_fields(f"licence#{uscc(21, '330106')}", {"state": "revoked", "status": "licence_revoked"})
    for state, door in (("suspended", "suspension"), ("deleted", "deletion")):
        path = f"/v1/displays/{made[state]['display_id']}/{door}"
        demo_data.call(url, key, "POST", path, {"why": "核查"})
    wiring.exchange().put(licence(due_on=FAR, **mine))
    wiring.exchange().put(trader_licence(due_on=FAR, **mine))
    show("verified", uscc=COMPANY, shop_name="霁川零食铺", permits=PERMITS, shop_links=SHOPS, rules_url=RULES)
    show("trader", uscc=TRADER, shop_name="予安食品小店", shop_links=SHOPS[:1])
    show("declared", declaration="farm_produce", shop_name="山野小铺", shop_links=SHOPS[:1])
    pages = {state: f"/licences/{element['display_id']}" for state, element in made.items()}
    return Site(url, key, running, pages, {state: str(element.get("embed", "")) for state, element in made.items()})


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        if os.environ.get("BROWSER_REQUIRED"):
            pytest.fail(f"there is no {CHROMIUM}, and BROWSER_REQUIRED is set; run tests/browser/setup.sh")
        pytest.skip(f"there is no {CHROMIUM}; tests/browser/setup.sh installs it")
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()
