"""A merchant goes through its own record in a real browser, on a phone and on a computer, without a script."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from local import demo_data
from tests.browser.conftest import PICTURES, Site
from tests.support.builders import listed
from tests.support.licence_issuing import LICENCE, NAME, present_licence, publish_trust
from tests.support.onboarding import save

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("local")]
SIZES = {"phone": (360, 740), "computer": (1280, 900)}


@contextmanager
def opened(browser: Any, size: str, scripts: bool = False) -> Iterator[Any]:
    """A window in which no script runs unless told so; whatever the browser complains of fails."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    try:
        yield page
        assert complaints == []
    finally:
        context.close()


@pytest.fixture(scope="module")
def evicted(site: Site) -> None:
    """The merchant is listed by a platform and by an office, and was once by another."""
    publish_trust()
    result = {"uscc": LICENCE.uscc, "name": NAME}
    save(
        listed("qingluan", identity=result, expires_on="2029-01-02", measure="关闭店铺", notice_url="https://q.example/n/1"),
        listed("beidou", identity=result, reasons=["QC01"], evidence_level="E1", listed_on="2026-02-03"),
        listed(
            identity=result, source="government:abnormal_operations", reasons=["GX04"], severity=1, evidence_level="E4",
            reason_text="通过登记的住所无法联系", listed_by="苏州工业园区市场监督管理局", listed_on="2025-11-11",
        ),
        listed("shanhai", identity=result,
               reasons=["AD02"], severity=2, expires_on="2026-02-02", listed_on="2025-02-02"),
    )  # fmt: skip


def enter(page: Any, site: Site, picture: str = "") -> None:
    """From the form over the QR code to the record, the wallet answering meanwhile."""
    page.fill("#uscc", LICENCE.uscc)
    page.click("button[type=submit]")
    page.wait_for_url("**/my-record/check")
    if picture:
        look(page, picture)
    link = page.locator("a.button:not(.plain)").get_attribute("href")
    claim = next(cooky["value"] for cooky in page.context.cookies(site.url) if cooky["name"] == "__Host-claim")
    path = f"/v1/licence-checks/{claim.partition('.')[0]}/response"
    demo_data.call(site.url, "", "POST", path, {"presentation": present_licence({"deep_link": link})})
    page.get_by_role("link", name="已授权，继续").click()
    page.wait_for_url("**/my-record", timeout=15_000)


def look(page: Any, name: str) -> None:
    """Take a picture, and see that nothing leaves the window on either side."""
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    box = page.locator("main").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]


@pytest.mark.usefixtures("evicted")
@pytest.mark.parametrize("size", sorted(SIZES))
def test_a_merchant_shows_its_licence_and_reads_its_record(browser: Any, site: Site, size: str) -> None:
    with opened(browser, size) as page:
        page.goto(f"{site.url}/my-record")
        look(page, f"record-start-{size}")
        enter(page, site, f"record-check-{size}")
        text = page.inner_text("main")
        for entry in (
            NAME,
            LICENCE.uscc,
            "哄抬价格",
            "青鸾示例商城",
            "2029-01-02",
            "苏州工业园区市场监督管理局",
            "已到期",
        ):
            assert entry in text, entry
        look(page, f"record-{size}")
        page.locator("summary").first.click()
        look(page, f"record-dispute-{size}")
        page.get_by_role("button", name="领取声明").click()
        page.wait_for_url("**/my-record/statement")
        assert page.locator("#jws").input_value().startswith("eyJ")
        look(page, f"record-statement-{size}")
        page.get_by_role("button", name="结束查询").click()
        page.wait_for_url("**/my-record/end")
        look(page, f"record-end-{size}")
        page.goto(f"{site.url}/my-record")
        assert page.locator("#uscc").is_visible()


@pytest.mark.usefixtures("evicted")
@pytest.mark.parametrize("size", sorted(SIZES))
def test_axe_finds_no_violation_and_the_keyboard_reaches_the_form(browser: Any, site: Site, size: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with opened(browser, size, scripts=True) as page:
        for step in (lambda: page.goto(f"{site.url}/my-record"), lambda: enter(page, site)):
            step()
            violations = Axe().run(page).response["violations"]
            assert [
                (violation["id"], [node["html"][:120] for node in violation["nodes"]]) for violation in violations
            ] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
