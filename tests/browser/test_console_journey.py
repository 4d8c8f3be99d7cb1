"""The whole way of a case in the browsers of its people, without a call of the API.

A file goes in, its rejected row is mended, an officer of another platform finds the applicant and answers its task, a
dispute is opened, a regulator voids the listing with a second person, and it is undone everywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.people.duties import Duty
from local import launch, stack
from local.demo_data import made_up_uscc

pytestmark = pytest.mark.long
CODE, OTHER_CODE = made_up_uscc("330106", "MA9XX001"), made_up_uscc("330106", "MA9XX002")
NAME = "杭州霁川示例食品有限公司"
HEADS = "主体名称,统一社会信用代码,清退日期,清退原因,证据等级\n"
ROWS = f"{NAME},{CODE},2026-11-20,销售假冒注册商标商品,E4\n霁川示例二店,{OTHER_CODE},很久以前,售假,E4\n"
PATIENCE_MS = 30_000


@dataclass(frozen=True, slots=True)
class City:
    """A running exchange with two platforms and a regulator, and its people by name."""

    running: stack.Stack
    people: dict[str, str]

    def open(self, browser: Any, name: str) -> Any:
        """A browser of its own in which the person is signed in."""
        from chalicelib import wiring
        from chalicelib.people import sign_in_links

        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(PATIENCE_MS)
        secret = sign_in_links.make_link(wiring.exchange(), self.people[name], wiring.now())
        page.goto(f"{self.running.url}/console/enter?link={secret}")
        return page


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    running = launch.start(seed=False)
    try:
        yield City(running, _admit())
    finally:
        running.stop(patience=60)


def _admit() -> dict[str, str]:
    from chalicelib import wiring
    from chalicelib.accounts import admit_platform
    from chalicelib.accounts.roles import Role
    from chalicelib.people import people

    exchange, now, ids = wiring.exchange(), wiring.now(), {}
    acting = frozenset({Duty.READ, Duty.REPORT, Duty.DECIDE})
    for account, title, role, names in (
        ("qingluan", "青鸾示例商城", Role.PLATFORM, ("李例",)),
        ("beidou", "北斗示例优选", Role.PLATFORM, ("陈示",)),
        ("regulator", "示例监管部门", Role.REGULATOR, ("周例", "吴示例")),
    ):
        admit_platform.admit(exchange, wiring.topics(), admit_platform.NewPlatform(account, title, role), now)
        for name in names:
            new = people.NewPerson(account, name, acting)
            ids[name] = people.add(exchange, wiring.digest(), new, "operator:ops", now).person_id
    return ids


def searched(page: Any, url: str, text: str) -> str:
    page.goto(f"{url}/console/search")
    page.fill("#q", text)
    page.get_by_role("main").get_by_role("button", name="查询").click()
    return str(page.locator("#word").inner_text())


def until_shown(page: Any, path: str, words: str) -> None:
    """Open a page again until it says something that the exchange does behind it."""
    for _ in range(30):
        page.goto(path)
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{path} never says {words}: {page.locator('main').inner_text()}")


def test_a_case_from_its_file_to_its_end(city: City, browser: Any) -> None:
    url = city.running.url
    reporter, reviewer = city.open(browser, "李例"), city.open(browser, "陈示")
    assert searched(reviewer, url, CODE) == "未发现记录"

    reporter.goto(f"{url}/console/reports")
    file = {"name": "清退名单.csv", "mimeType": "text/csv", "buffer": (HEADS + ROWS).encode("gb18030")}
    reporter.set_input_files("input[type=file] >> nth=0", files=[file])
    reporter.get_by_role("button", name="核对文件").click()
    assert "清退日期无法识别或不存在" in reporter.locator("main").inner_text()
    reporter.get_by_role("button", name="确认报送").click()
    reporter.get_by_role("heading", name="拒收的行").wait_for()
    reporter.get_by_role("link", name="修改").first.click()
    reporter.fill("input[name=c-2-evicted_on]", "2026-11-21")
    reporter.get_by_role("button", name="发送改过的行").click()
    reporter.wait_for_url("**mended=1**")
    until_shown(reporter, reporter.url, "已完成")

    assert searched(reviewer, url, CODE) == searched(reviewer, url, OTHER_CODE) == "不得入驻"
    until_shown(reviewer, f"{url}/console/tasks", NAME)
    reviewer.get_by_role("link", name=NAME).click()
    listing = reviewer.locator("a[href*='listings/']").first.get_attribute("href")
    reviewer.get_by_label("已清退").check()
    reviewer.get_by_role("button", name="提交结果").click()
    assert "已处理 1 项" in reviewer.locator(".note").inner_text()

    reviewer.goto(f"{url}/console/{listing.partition('console/')[2]}")
    reviewer.locator("input[name=kind]").first.check()
    reviewer.fill("textarea[name=statement]", "商户出示了授权书，所售并非假冒商品。")
    reviewer.get_by_role("button", name="提出申诉").click()

    decider, second = city.open(browser, "周例"), city.open(browser, "吴示例")
    until_shown(decider, f"{url}/console/disputes", NAME)
    decider.get_by_role("link", name=NAME).click()
    decider.get_by_label("撤销记录").check()
    decider.fill("textarea[name=statement]", "授权书属实。")
    decider.get_by_role("button", name="预览裁定影响").click()
    assert "已清退的平台会收到恢复任务" in decider.locator(".preview").inner_text()
    decider.get_by_role("button", name="作出裁定").click()
    assert "等待第二人确认" in decider.locator(".note").inner_text()
    second.goto(f"{url}/console/decisions")
    second.locator("tbody a").first.click()
    second.get_by_role("button", name="批准").click()

    until_shown(reviewer, f"{url}/console/tasks", "核查并恢复")
    assert searched(reviewer, url, CODE) == "未发现记录"
    assert searched(reviewer, url, OTHER_CODE) == "不得入驻"
    until_shown(reporter, f"{url}/console/disputes", "裁定撤销")
