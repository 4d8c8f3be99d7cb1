"""The whole way of a licence: shown by its holder's wallet, seen on both screens, ended by the register."""

from datetime import UTC, datetime
from typing import Any

import pytest

from local import demo_data, wallet
from tests.browser.conftest import PICTURES, Site
from tests.support.builders import uscc

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("local")]
CODE = uscc(77, "330106")
NAME = "杭州霁川示例食品有限公司"
BOTH = {"phone": (360, 740), "computer": (1280, 900)}


def test_a_licence_is_verified_shown_and_ended(browser: Any, site: Site) -> None:
    def call(method: str, path: str, body: Any = None) -> Any:
        return demo_data.call(site.url, site.key, method, path, body)

    check = call("POST", "/v1/licence-checks", {"uscc": CODE, "purpose": "onboarding"})
    assert wallet.answer(check["deep_link"], {"name": NAME})["state"] == "verified"
    answer = call("POST", "/v1/displays", {"uscc": CODE, "shop_name": "霁川零食铺"})
    assert "营业执照已核验" in seen(browser, answer["url"], "verified")
    assert CODE in [licence["uscc"] for licence in call("GET", "/v1/licences?due_within=184d")["licences"]]

    register_says("吊销")
    # The page reads the register itself; what follows from the stream takes its moment.
    assert "执照已失效" in seen(browser, answer["url"], "ended")
    assert site.running.settle(30)
    assert call("GET", f"/v1/displays/{answer['display_id']}")["shown"] == "revoked"
    tasks = call("GET", "/v1/tasks")["tasks"]
    assert "licence_revoked" in [task["task"] for task in tasks if task["subject"].get("uscc") == CODE]
    result = [notice["notice"] for notice in site.running.notices]
    assert {"licence_changed", "licence_task_opened"} <= {entry["kind"] for entry in result}
    assert CODE not in [licence["uscc"] for licence in call("GET", "/v1/licences?due_within=184d")["licences"]]


def seen(browser: Any, url: str, name: str) -> str:
    """What both screens say, where they say the same."""
    texts = []
    for width, height in BOTH.values():
        with browser.new_context(viewport={"width": width, "height": height}) as context:
            page = context.new_page()
            page.goto(url)
            page.screenshot(path=PICTURES / f"journey-{name}-{width}.png")
            texts.append(" ".join(str(page.locator("main").text_content()).split()))
    assert texts[0] == texts[1]
    return str(texts[0])


def register_says(status: str) -> None:
    """What a pull of the register saves when the merchant's status has changed."""
    from chalicelib import wiring
    from chalicelib.government_lists.rules.company_register_row import read_status
    from chalicelib.values.timestamps import iso
    from tests.support.builders import registered

    result = {"status": read_status(status), "name": NAME}
    wiring.registry().save(registered({"uscc": CODE}, result, iso(datetime.now(UTC))))
