"""The page of a licence in a real browser, on a phone and on a computer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.browser.conftest import PICTURES, Site
from tests.support.licence_records import COMPANY, TRADER
from tests.support.local_office import Office

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("local")]
SIZES = {"phone": (360, 740), "computer": (1280, 900)}
STATES = ("verified", "lapsed", "revoked", "suspended", "declared", "trader", "deleted", "long")
SHOWN = {
    "verified": (
        "营业执照已核验",
        COMPANY,
        "法定代表人（负责人）",
        "沈予安",
        "500 万元人民币",
        "在营（开业）",
        "JY13301060123456",
    ),
    "lapsed": ("待重新核验", "2026-01-05"),
    "revoked": ("执照已失效", "吊销"),
    "suspended": ("亮照已暂停",),
    "declared": ("依法免予登记", "个人销售自产农副产品，依法不需要办理市场主体登记"),
    "trader": ("营业执照已核验", TRADER, "经营者", "经营场所", "类型（组成形式）"),
    "deleted": ("亮照已撤下",),
    "long": ("营业执照已核验",),
}
# The rest of the pages at each size is looked at with the long tests.
PAGES = [
    pytest.param(state, size, marks=() if size == "phone" and state in ("verified", "long") else pytest.mark.long)
    for state in STATES
    for size in SIZES
]
SOME_STATES = [pytest.param(state, marks=() if state == "verified" else pytest.mark.long) for state in STATES]
WHERE = """() => {
  const one = document.activeElement, how = getComputedStyle(one), box = one.getBoundingClientRect();
  const outline = parseFloat(how.outlineWidth);
  return {text: one.textContent.trim(), outline, kind: how.outlineStyle, seen: box.left >= 0 && box.width > 0};
}"""
EVERY_TEXT = "() => document.body.innerText"
# An A4 page is a little under 300 mm high; Chromium's PDFs name each page once.
PAGE_OF_PDF = re.compile(rb"/Type\s*/Page\b(?!s)")


@contextmanager
def opened(browser: Any, site: Site, state: str, size: str = "computer", **more: Any) -> Iterator[Any]:
    """The page of a state in a window of a size, closed at the end; whatever the browser complains of fails."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, **more)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        page.goto(site.url + site.pages[state], wait_until="networkidle")
        yield page
        # A browser says of each 4xx that it is one.
        assert [complaint for complaint in complaints if "status of 410" not in complaint] == []
    finally:
        context.close()


@pytest.mark.parametrize(("state", "size"), PAGES)
def test_everything_is_there_at_both_sizes_and_nothing_scrolls_sideways(
    browser: Any, site: Site, state: str, size: str
) -> None:
    with opened(browser, site, state, size) as page:
        page.screenshot(path=PICTURES / f"{state}-{SIZES[size][0]}.png", full_page=True)
        result = page.evaluate(EVERY_TEXT)
        assert [text for text in SHOWN[state] if text not in result] == []
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth") <= SIZES[size][0]


@pytest.mark.parametrize("state", SOME_STATES)
def test_without_scripts_it_says_the_same(browser: Any, site: Site, state: str) -> None:
    with opened(browser, site, state, java_script_enabled=False) as page:
        result = page.locator("body").inner_text()
        assert all(text in result for text in SHOWN[state])


@pytest.mark.parametrize(("state", "size"), PAGES)
def test_axe_finds_no_violation(browser: Any, site: Site, state: str, size: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with opened(browser, site, state, size) as page:
        results = Axe().run(page)
        result = [
            (violation["id"], [node["html"][:120] for node in violation["nodes"]])
            for violation in results.response["violations"]
        ]
        assert result == []


def test_the_keyboard_reaches_every_link_and_shows_where_it_is(browser: Any, site: Site) -> None:
    with opened(browser, site, "verified") as page:
        links = page.locator("a").count()
        reached = []
        for _ in range(links):
            page.keyboard.press("Tab")
            where = page.evaluate(WHERE)
            reached.append(where["text"])
            assert where["kind"] == "solid", where
            assert where["outline"] >= 2, where
            assert where["seen"], where
        assert reached[0].startswith("跳到正文")
        assert len(set(reached)) == links
        page.keyboard.press("Shift+Tab")
        page.locator("a.skip").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#main"


def test_landmarks_headings_and_languages_are_marked(browser: Any, site: Site) -> None:
    with opened(browser, site, "verified") as page:
        for landmark in ("header", "main", "footer"):
            assert page.locator(landmark).count() == 1
        assert page.locator("h1").all_inner_texts() == ["杭州霁川示例食品有限公司"]
        assert page.locator("h2").count() == 4
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        english = page.locator("[lang=en]").all_inner_texts()
        assert {"Licence verified", "Legal representative", "Permits"} <= {text.strip() for text in english}


@pytest.mark.parametrize(("state", "most"), [("verified", 1), ("trader", 1), ("declared", 1), ("long", 2)])
def test_on_paper_it_is_one_page_of_a4(browser: Any, site: Site, state: str, most: int) -> None:
    with opened(browser, site, state) as page:
        pdf = page.pdf(prefer_css_page_size=True, path=PICTURES / f"{state}.pdf")
        assert len(PAGE_OF_PDF.findall(pdf)) <= most
        box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        assert box is not None
        assert (round(float(box[1])), round(float(box[2]))) == (595, 842)


@pytest.mark.parametrize("state", SOME_STATES)
def test_it_loads_in_one_small_request(browser: Any, site: Site, state: str) -> None:
    with browser.new_context() as context:
        page, sizes = context.new_page(), []
        page.on("response", lambda answer: sizes.append((answer.url, len(answer.body()))))
        page.goto(site.url + site.pages[state], wait_until="networkidle")
        assert len(sizes) == 1, sizes
        assert sum(size for _, size in sizes) < 50_000


def test_a_shop_page_embeds_the_mark_by_one_line_but_cannot_frame_the_page(browser: Any, site: Site) -> None:
    line, url = site.embeds["verified"], site.url + site.pages["verified"]
    with Office() as shop, browser.new_context() as context:
        shop.files["/"] = f"<!doctype html><title>shop</title><body>{line}<iframe src='{url}'></iframe>".encode()
        page = context.new_page()
        page.goto(shop.url, wait_until="load")
        picture = page.locator("img")
        assert picture.evaluate("one => one.complete && one.naturalWidth") == 168
        picture.screenshot(path=PICTURES / "mark.png")
        framed = page.frames[1]
        assert COMPANY not in framed.locator("body").text_content()
        assert page.locator("a").get_attribute("href") == url


@pytest.mark.parametrize("state", [state for state in STATES if state not in ("trader", "long")])
def test_each_state_has_its_mark(browser: Any, site: Site, state: str) -> None:
    with browser.new_context(viewport={"width": 200, "height": 80}, device_scale_factor=3) as context:
        page = context.new_page()
        page.goto(site.url + site.pages[state] + "/mark.svg")
        assert SHOWN[state][0] in page.locator("title").text_content()
        # The words stay within the mark, whatever font is there.
        right = page.locator("text").last.evaluate("one => one.getBBox().x + one.getBBox().width")
        assert right <= 160
        page.screenshot(path=PICTURES / f"mark-{state}.png")


def test_the_qr_code_is_a_picture_that_leads_to_the_page(browser: Any, site: Site) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        answer = page.goto(site.url + site.pages["verified"] + "/qr.svg")
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert page.locator("path").count() >= 1
