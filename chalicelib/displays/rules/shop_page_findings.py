"""What a visit to a shop's page finds: whether it carries the mark of the licence (亮照), and when to visit again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Final

from chalicelib.licences.rules import national_licence_link
from chalicelib.licences.rules.licence_renewal_tasks import (
    _COMMENT,
    _DISPLAY,
    _LINK,
    DISPLAYED,
    MISSING,
    NATIONAL,
    NOT_ALLOWED,
    OUTDATED,
    UNREACHABLE,
)
from chalicelib.values.timestamps import china_date

# Pages are looked at each week; one that could not be reached, on the next day.
LOOK_EVERY: Final = timedelta(days=7)


LOOK_AGAIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Look:
    """One page seen by one kind of device; `found` is one of the words above, `problem` says why it was not seen."""

    url: str
    device: str
    found: str
    problem: str = ""


def read_page(html: str, display_url: str, uscc: str, now: datetime) -> str:
    """What the page says of the licence: displayed, national_link, outdated (another's or an older one), missing."""
    text = unescape(_COMMENT.sub("", html)).replace("\\/", "/").replace("\\u0026", "&")
    if display_url in text:
        return DISPLAYED
    links = [one for one in _LINK.findall(text) if national_licence_link.HOST in one]
    if uscc and any(not national_licence_link.check_link(one, uscc, now).problems for one in links):
        return NATIONAL
    base = display_url.rpartition("/licences/")[0]
    others = set(_DISPLAY.findall(text)) if base and base in text else set()
    return OUTDATED if others or links else MISSING


def worst(looks: list[Look]) -> str:
    """What all looks at a display's pages come to; the gravest counts."""
    for one in (MISSING, OUTDATED, UNREACHABLE, NOT_ALLOWED, NATIONAL, DISPLAYED):
        if any(look.found == one for look in looks):
            return one
    return DISPLAYED


def next_look(finding: str, now: datetime) -> str:
    """The day on which the pages are looked at again."""
    return china_date(now + (LOOK_AGAIN if finding == UNREACHABLE else LOOK_EVERY))
