"""Today: what waits, by clock, and the way into every other screen; and the switch of the language."""

from typing import Final

from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.visit import CHINESE, ENGLISH, LANGUAGE_COOKIE, Visit
from chalicelib.handlers.replies import Reply
from chalicelib.handlers.sign_in_redirect import next_page

A_YEAR: Final = 31_536_000


def start(visit: Visit) -> Reply:
    """On to the first screen."""
    return console_frame.go_to(visit, "today")


def today(visit: Visit) -> Reply:
    """What waits for the person's organisation."""
    return console_frame.page(visit, "today.html", ("今日", "Today"))


def language(visit: Visit) -> Reply:
    """Keep the language in the browser and go back to the page; to no place but one of the console."""
    to = visit.query("to", (CHINESE, ENGLISH)) or CHINESE
    cookie = f"{LANGUAGE_COOKIE}={to}; Path=/; Max-Age={A_YEAR}; SameSite=Lax"
    return console_frame.go_to(visit, "../" + next_page(visit.query("back")), cookie)
