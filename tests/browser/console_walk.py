"""Walks through the console as a person does: over every link that pages have, and with every button of their forms.

No page is named here: what there is follows from the table of pages, so that a new page cannot be forgotten.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.handlers.console.console_pages import PAGES
from tests.support.builders import uscc

# The switch of languages leads back to where it was chosen.
PASSED_OVER: Final = ("/console", "/console/language")
# So many answers in a row are sent on: a preview, what it asks to confirm, and what comes of that.
DEEPEST: Final = 4
TABLE: Final = (
    "商家ID,主体名称,统一社会信用代码,清退日期,清退原因,证据等级\n"
    f"S-1,杭州霁月示例服饰有限公司,{uscc(99, '330106')},2026-11-20,售假,E2\n"
    "S-2,错码示例商行,91330106X,2026-11-20,售假,E2\n"
)
PICTURE: Final = b"\x89PNG\r\n\x1a\n a picture of a licence"
# What is typed into a field of that name; into any other a sentence.
TYPED: Final = {
    "uscc": uscc(99, "330106"),
    "email": "new.person@example.com",
    "platform_id": "newcomer",
    "aws_account": "123456789012",
}
# The buttons of forms that are posted: which form and element, where it sends to, and what tells it from others.
BUTTONS: Final = """() => [...document.querySelectorAll("main form")].flatMap((form, place) =>
  (form.method !== "post" ? [] : [...form.elements]).filter(e => e.type === "submit" && e.offsetParent).map(button => ({
    place,
    number: [...form.elements].indexOf(button),
    action: new URL(button.hasAttribute("formaction") ? button.formAction : form.action).pathname,
    name: ["do", "act"].includes(button.name) ? `${button.name}=${button.value}` : button.name || button.innerText,
  })))"""
FILL: Final = """([place, typed]) => {
  const form = document.querySelectorAll("main form")[place], day = new Date(Date.now() + 864e6);
  const said = e => e.value || typed[e.name] || "示例说明";
  for (const e of form.elements) {
    if (e.type === "checkbox") e.checked = !e.disabled;
    else if (e.type === "radio") e.checked = e === form.querySelector(`[type=radio][name="${e.name}"]:not(:disabled)`);
    else if (e.tagName === "SELECT") e.selectedIndex = e.options.length - 1;
    else if (e.type === "date") e.value = day.toISOString().slice(0, 10);
    else if (e.type === "number") e.value = e.value || e.min || "3";
    else if (["text", "email", "tel", "search", "textarea"].includes(e.type)) e.value = said(e);
  }
}"""
SEND: Final = """([place, number]) => {
  const form = document.querySelectorAll("main form")[place];
  form.noValidate = true;
  form.requestSubmit(form.elements[number]);
}"""


def pattern_of(method: str, path: str) -> str:
    """The path of the table that an address is of, '' for none; one without parameters comes first."""
    fits = [
        page.path
        for page in PAGES
        if page.method == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", page.path), path)
    ]
    return min(fits, key=lambda each: each.count("{"), default="")


@dataclass
class Walk:
    """One person's walk: `page` is its window, `check` says what is wrong with what the window shows ('' for nothing).

    `reached`: method and pattern of what was opened or sent; `faults`: what was wrong, and where.
    """

    page: Any
    url: str
    check: Callable[[Any], str]
    reached: set[tuple[str, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    _with_forms: list[str] = field(default_factory=list)
    _sent: set[tuple[str, str, bool]] = field(default_factory=set)

    def follow_links(self, paths: list[str]) -> None:
        """Open these pages and every kind of page that their links lead to."""
        waiting = list(paths)
        while waiting:
            path = waiting.pop(0)
            pattern = pattern_of("GET", urlsplit(path).path)
            if ("GET", pattern) not in self.reached and pattern not in PASSED_OVER:
                waiting += self._open(path, pattern)

    def send_forms(self) -> None:
        """Send every form of the pages that were opened: as it stands, and filled in, by each of its buttons."""
        for path in self._with_forms:
            for is_filled in (False, True):
                while self._is_left(path, is_filled):
                    self._send(is_filled, 1)

    def _is_left(self, path: str, is_filled: bool) -> bool:
        self.page.goto(self.url + path)
        return bool(self._unsent(is_filled))

    def _open(self, path: str, pattern: str) -> list[str]:
        self.reached.add(("GET", pattern))
        is_file = path.partition("?")[0].endswith(".csv") or "/evidence/" in path
        answer = self.page.request.get(self.url + path) if is_file else self.page.goto(self.url + path)
        if answer.status != 200:
            self.faults.append(f"{path}: {answer.status}")
        if is_file or not answer.headers["content-type"].startswith("text/html"):
            return []
        self._look(path)
        if self.page.evaluate(BUTTONS):
            self._with_forms.append(path)
        links: list[str] = self.page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
        ours = [
            each.removeprefix(self.url).partition("#")[0] for each in links if each.startswith(self.url + "/console")
        ]
        return [each for each in ours if "/assets/" not in each]

    def _look(self, name: str) -> None:
        if fault := self.check(self.page):
            self.faults.append(f"{name}: {fault}")

    def _unsent(self, is_filled: bool) -> list[dict[str, Any]]:
        """The buttons of the page that were not pressed yet; one that gives a file leads nowhere."""
        left = []
        for button in self.page.evaluate(BUTTONS):
            button["pattern"] = pattern_of("POST", button["action"])
            key = button["pattern"], button["name"] if is_filled else "", is_filled
            if button["pattern"] and button["name"] != "do=csv" and key not in self._sent:
                left.append({**button, "key": key})
        return left

    def _send(self, is_filled: bool, depth: int) -> None:
        button = self._unsent(is_filled)[0]
        self._sent.add(button["key"])
        self.reached.add(("POST", button["pattern"]))
        if is_filled:
            self._fill(button["place"])
        with self.page.expect_navigation():
            self.page.evaluate(SEND, [button["place"], button["number"]])
        name = f"{button['pattern']} {'filled' if is_filled else 'bare'} by {button['name']}"
        self._look(name)
        if depth < DEEPEST and self._unsent(True):
            self._send(True, depth + 1)

    def _fill(self, place: int) -> None:
        self.page.evaluate(FILL, [place, TYPED])
        files = self.page.locator("main form").nth(place).locator("input[type=file]")
        if files.count():
            is_table = "csv" in (files.first.get_attribute("accept") or "")
            name, kind, body = ("t.csv", "text/csv", TABLE.encode()) if is_table else ("l.png", "image/png", PICTURE)
            files.first.set_input_files([{"name": name, "mimeType": kind, "buffer": body}])
