"""The two ways in which a person acts on a page: with the mouse, and with the keyboard alone.

A selector names what is acted upon; of several the first that is drawn.
"""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Final

# No page of the furnished exchange has more places that take the focus.
MOST_TABS: Final = 200
MOST_ARROWS: Final = 80
HAS_FOCUS: Final = "at => document.activeElement.matches(at)"
OUTLINE: Final = "getComputedStyle(document.activeElement).outlineStyle"


class Hand(ABC):
    """Acts on the page of a window."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        """Follow a link or press a button, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.activate(selector)

    def attach(self, selector: str, file: Path) -> None:
        """Open the browser's choice of files, and choose one."""
        with self.page.expect_file_chooser() as chosen:
            self.activate(selector)
        chosen.value.set_files(file)

    @abstractmethod
    def activate(self, selector: str) -> None:
        """Press what stays on its page."""

    @abstractmethod
    def tick(self, selector: str) -> None:
        """Choose a radio button, or tick a box."""

    @abstractmethod
    def write(self, selector: str, text: str) -> None:
        """Put a text into a field in place of what is in it."""

    @abstractmethod
    def choose(self, selector: str, value: str) -> None:
        """Choose from a list."""


class Mouse(Hand):
    """Clicks; only what is typed comes from the keyboard."""

    def activate(self, selector: str) -> None:
        """Click on it."""
        self.page.locator(f"{selector} >> visible=true").first.click()

    def tick(self, selector: str) -> None:
        """Click on its label, as people do."""
        self.page.locator(f"label:has({selector})").first.click()
        assert self.page.locator(selector).first.is_checked(), selector

    def write(self, selector: str, text: str) -> None:
        """Click into the field and type."""
        self.page.locator(selector).first.click(click_count=3)
        self.page.keyboard.type(text)

    def choose(self, selector: str, value: str) -> None:
        """The list itself is drawn by the system, outside of the page."""
        self.page.locator(selector).first.select_option(value)


class Keyboard(Hand):
    """Tab, arrows, space bar, Enter, and what is typed; whatever gets the focus must show it."""

    def activate(self, selector: str) -> None:
        """Tab to it and press Enter."""
        self._tab_to(selector)
        self.page.keyboard.press("Enter")

    def tick(self, selector: str) -> None:
        """A box is ticked by the space bar; among radio buttons one goes by arrows."""
        name = self.page.locator(selector).first.get_attribute("name")
        is_radio = self.page.locator(selector).first.get_attribute("type") == "radio"
        self._tab_to(f"input[name={name}]" if is_radio else selector)
        for _ in range(MOST_ARROWS):
            if self.page.evaluate(HAS_FOCUS, selector):
                break
            self.page.keyboard.press("ArrowDown")
        if not self.page.locator(selector).first.is_checked():
            self.page.keyboard.press("Space")
        assert self.page.locator(selector).first.is_checked(), selector

    def write(self, selector: str, text: str) -> None:
        """Tab to the field, mark what is in it, and type."""
        self._tab_to(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, selector: str, value: str) -> None:
        """Tab to the list, and go by arrows to the choice."""
        self._tab_to(selector)
        for key in ("ArrowDown", "ArrowUp"):
            for _ in range(MOST_ARROWS):
                if self.page.locator(selector).first.input_value() == value:
                    return
                self.page.keyboard.press(key)
        raise AssertionError(f"{selector} has no {value}")

    def _tab_to(self, selector: str) -> None:
        for _ in range(MOST_TABS):
            if self.page.evaluate(HAS_FOCUS, selector):
                assert self.page.evaluate(OUTLINE) != "none", f"{selector} does not show its focus"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not reached by {MOST_TABS} tabs")
