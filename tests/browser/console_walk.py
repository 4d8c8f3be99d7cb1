"""Walks through the console as a person does: over every link that pages have, and with every button of their forms.

No page is named here: what there is follows from the table of pages, so that a new page cannot be forgotten.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.handlers.console.console_pages import PAGES
from tests.browser.console_site import CODES, NAMES
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
    "q": NAMES[0],
    "lines": CODES[0],
    "file_name": "table.csv",
    "email": "new.person@example.com",
    "id": "newcomer",
    "aws_account": "123456789012",
}
# The buttons of forms that are posted: which form and element, where it sends to, and what tells it from others.
BUTTONS: Final = """() => document.querySelectorAll("main details").forEach(each => each.open = true) ||
  [...document.querySelectorAll("main form")].flatMap((form, place) =>
  (form.getAttribute("method") !== "post" ? [] : [...form.elements])
  .filter(e => e.type === "submit" && e.offsetParent && !e.matches(".unseen")).map(button => ({
    place,
    number: [...form.elements].indexOf(button),
    action: new URL(button.hasAttribute("formaction") ? button.formAction : form.action).pathname,
    name: ["do", "act"].includes(button.name) ? `${button.name}=${button.value}` :
      button.name || [button.innerText, form.elements.act?.value].join(" "),
  })))"""
FILL: Final = """([place, typed]) => {
  const form = document.querySelectorAll("main form")[place], days = [...form.querySelectorAll("[type=date]")];
  const said = e => e.value || typed[e.name] || "示例说明";
  for (const e of form.elements) {
    // The search takes one line, or field by field.
    if (form.elements.q && e.closest("details")) continue;
    // Of many boxes those that come first, for some lists are bounded.
    if (e.type === "checkbox")
      e.checked = !e.disabled && [...form.querySelectorAll(`[name="${e.name}"]`)].indexOf(e) < 5;
    else if (e.type === "radio") e.checked = e === form.querySelector(`[type=radio][name="${e.name}"]:not(:disabled)`);
    else if (e.tagName === "SELECT") e.selectedIndex = e.value ? e.selectedIndex : e.options.length - 1;
    // Of two days the second is the later.
    else if (e.type === "date")
      e.value = new Date(Date.now() + 864e5 * (5 + days.indexOf(e))).toISOString().slice(0, 10);
    else if (e.type === "number") e.value = e.value || (e.required ? e.min || "3" : "");
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
    _looked_at: set[str] = field(default_factory=set)
    # The pages that forms led to, and the links of all that they were answered with.
    _landed: list[str] = field(default_factory=list)
    _offered: list[str] = field(default_factory=list)
    _sent: set[tuple[str, str, bool]] = field(default_factory=set)

    def follow_links(self, paths: list[str]) -> None:
        """Open these pages, and every kind of page that their links lead to."""
        self._follow([link for path in paths for link in self._open(path)])

    def send_forms(self) -> None:
        """Send every form of the pages that were opened: as it stands, and filled in, by each of its buttons."""
        while self._with_forms:
            path = self._with_forms.pop(0)
            for is_filled in (False, True):
                while self._is_left(path, is_filled):
                    self._send(is_filled, self._unsent(is_filled), 1)

    def look_again(self) -> None:
        """Open the pages that forms led to, now that what these began is done, and go on from there.

        What a form has used up meanwhile, such as a draft, is gone.
        """
        there = [path for path in dict.fromkeys(self._landed) if self.page.request.get(self.url + path).status != 404]
        self._follow([link for path in there for link in self._open(path)] + self._offered)
        self.send_forms()

    def _follow(self, waiting: list[str]) -> None:
        while waiting:
            path = waiting.pop(0)
            pattern = pattern_of("GET", urlsplit(path).path)
            if ("GET", pattern) not in self.reached and pattern not in PASSED_OVER:
                waiting += self._open(path)

    def _is_left(self, path: str, is_filled: bool) -> bool:
        self.page.goto(self.url + path)
        return bool(self._unsent(is_filled))

    def _open(self, path: str) -> list[str]:
        """Open a page and look at it; the links that it has. What is no page is asked for, for a window saves it."""
        self.reached.add(("GET", pattern_of("GET", urlsplit(path).path)))
        is_page = not path.partition("?")[0].endswith(".csv")
        answer = self.page.request.get(self.url + path) if not is_page or "/evidence/" in path else None
        if answer is None or (is_page and answer.headers["content-type"].startswith("text/html")):
            answer = self.page.goto(self.url + path)
        if answer.status != 200:
            self.faults.append(f"{path}: {answer.status}")
        if not answer.headers["content-type"].startswith("text/html"):
            return []
        self._look(path)
        if self.page.evaluate(BUTTONS):
            self._with_forms.append(path)
        return self._links()

    def _links(self) -> list[str]:
        links: list[str] = self.page.eval_on_selector_all("a[href]:not([href^='#'])", "all => all.map(e => e.href)")
        ours = [
            each.removeprefix(self.url).partition("#")[0] for each in links if each.startswith(self.url + "/console")
        ]
        return [each for each in ours if "/assets/" not in each]

    def _look(self, name: str) -> None:
        if name not in self._looked_at and (fault := self.check(self.page)):
            self.faults.append(f"{name}: {fault}")
        self._looked_at.add(name)

    def _unsent(self, is_filled: bool) -> list[dict[str, Any]]:
        """The buttons of the page that were not pressed yet; one that gives a file leads nowhere."""
        left = []
        for button in self.page.evaluate(BUTTONS):
            button["pattern"] = pattern_of("POST", button["action"])
            key = button["pattern"], button["name"] if is_filled else "", is_filled
            if button["pattern"] and button["name"] != "do=csv" and key not in self._sent:
                left.append({**button, "key": key})
        return left

    def _send(self, is_filled: bool, buttons: list[dict[str, Any]], depth: int) -> None:
        """Press the first of these buttons, and then what its answer has that this page has not."""
        button = buttons[0]
        self._sent.add(button["key"])
        self.reached.add(("POST", button["pattern"]))
        if is_filled:
            self._fill(button["place"])
        with self.page.expect_navigation() as answer:
            self.page.evaluate(SEND, [button["place"], button["number"]])
        if answer.value.request.method == "GET":
            self._landed.append(self.page.url.removeprefix(self.url).partition("#")[0])
            self.reached.add(("GET", pattern_of("GET", urlsplit(self.page.url).path)))
        self._offered += self._links()
        self._look(f"{button['pattern']} {'filled' if is_filled else 'bare'} by {button['name']}")
        here = {(each["pattern"], each["name"]) for each in buttons}
        left = [each for each in self._unsent(True) if (each["pattern"], each["name"]) not in here]
        if depth < DEEPEST and left:
            self._send(True, left, depth + 1)
            if len(left) > 1:
                # What else can be done with what came of it takes another of its kind.
                self._sent.discard(button["key"])

    def _fill(self, place: int) -> None:
        self.page.evaluate(FILL, [place, TYPED])
        files = self.page.locator("main form").nth(place).locator("input[type=file]")
        if files.count():
            is_table = "csv" in (files.first.get_attribute("accept") or "")
            name, kind, body = ("t.csv", "text/csv", TABLE.encode()) if is_table else ("l.png", "image/png", PICTURE)
            files.first.set_input_files([{"name": name, "mimeType": kind, "buffer": body}])
