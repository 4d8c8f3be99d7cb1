"""Browser windows in which people of the console are signed in, and what is wrong with what they show."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.browser.console_site import SIZES, ConsoleSite

# What leaves the window sideways; what axe finds; more than one heading of the page, or none.
WIDE: Final = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(e => e.outerHTML.slice(0, 160))"""
AXE: Final = """() => axe.run({resultTypes: ["violations"]}).then(all => all.violations.map(
  each => [each.id, ...each.nodes.slice(0, 3).map(node => node.html.slice(0, 160))]))"""
MOST_BYTES: Final = 100_000
# Chromium says of every answer that is an error that it is one.
EXPECTED: Final = "Failed to load resource: the server responded with a status of 4"


@cache
def axe() -> str:
    """The script of axe-core."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


class Windows:
    """Windows in which a person of a role is signed in, kept as long as this; `complaints`: what a browser said."""

    def __init__(self, browser: Any, console: ConsoleSite) -> None:
        self.browser, self.console = browser, console
        self.complaints: list[str] = []
        self.opened: dict[tuple[str, str, str, bool], Any] = {}

    def open(self, role: str, size: str, language: str, scripts: bool = True) -> Any:
        """The window of that person; what was complained of earlier is forgotten."""
        self.complaints.clear()
        key = role, size, language, scripts
        if key not in self.opened:
            page = self._open(size, scripts)
            page.goto(self.console.sign_in_link(role))
            if language == "en":
                page.goto(f"{self.console.url}/console/language?to=en&back=console/today")
            self.opened[key] = page
        return self.opened[key]

    def open_signed_out(self, size: str) -> Any:
        """A window in which nobody is signed in, or whoever signed in there last."""
        self.complaints.clear()
        key = "", size, "", True
        if key not in self.opened:
            self.opened[key] = self._open(size)
        return self.opened[key]

    def _open(self, size: str, scripts: bool = True) -> Any:
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def close(self) -> None:
        """Close every window."""
        for page in self.opened.values():
            page.context.close()

    def faults_of(self, page: Any) -> list[str]:
        """What is wrong with what a window shows at each size, to which it is drawn anew; the first size is kept."""
        faults = []
        for width, height in reversed(SIZES.values()):
            page.set_viewport_size({"width": width, "height": height})
            if fault := self.fault_of(page):
                faults.append(f"at {width} px: {fault}")
        return faults

    def fault_of(self, page: Any) -> str:
        """What is wrong with what a window shows, '' for nothing: something leaves it sideways, axe finds a violation,
        it is large, has no heading of its own, or the browser complained (of a broken policy, for one)."""
        page.evaluate(axe())
        faults = {
            "wide": page.evaluate(WIDE),
            "axe": page.evaluate(AXE),
            "headings": [] if page.locator("h1").count() == 1 else [page.locator("h1").count()],
            "large": [size] if (size := len(page.content().encode())) > MOST_BYTES else [],
            "complaints": [each for each in self.complaints if not each.startswith(EXPECTED)],
        }
        self.complaints.clear()
        return "; ".join(f"{name}: {fault}" for name, fault in faults.items() if fault)
