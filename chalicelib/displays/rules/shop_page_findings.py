"""What a visit to a shop's page finds: whether it carries the mark of the licence (亮照), and when to visit again.

A page shows a licence when it carries our display's address or a well-formed link of the national system for that
merchant (电子商务法 15: on the home page, conspicuously and continuously, or a link mark to it). Whether a mark is
conspicuous no machine can say; that it is there, it can.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from html import unescape
from typing import Final

from chalicelib.displays.rules.display import PageVisit
from chalicelib.licences.rules import national_licence_link
from chalicelib.licences.rules.licence_renewal_tasks import MISSING, OUTDATED
from chalicelib.values.timestamps import china_date

DISPLAYED, NATIONAL = "displayed", "national_link"
UNREACHABLE, NOT_ALLOWED = "unreachable", "not_allowed"
# Why a page was not read: its host took all of the time; it did so three times in a row and more, and rests.
TOO_SLOW, RESTING = "too_slow", "too slow three times, left alone"
GRAVEST_FIRST: Final = (MISSING, OUTDATED, UNREACHABLE, NOT_ALLOWED, NATIONAL, DISPLAYED)
# Pages are visited each week; one that could not be reached, on the next day.
VISIT_EVERY: Final = timedelta(days=7)
VISIT_AGAIN: Final = timedelta(days=1)
# A comment that is never closed hides what follows, for browsers too (HTML Standard, 13.2.5.51).
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DISPLAY: Final = re.compile(r"/licences/(d_[0-9a-f]{20})")
_LINK: Final = re.compile(r"https?:[^\s\"'<>]{10,2000}", re.IGNORECASE)


def read_page(html: str, display_url: str, uscc: str, now: datetime) -> str:
    """What the page says of the licence: displayed, national_link, outdated (another's or an older one), missing."""
    text = unescape(_COMMENT.sub("", html)).replace("\\/", "/").replace("\\u0026", "&")
    if display_url in text:
        return DISPLAYED
    links = [link for link in _LINK.findall(text) if national_licence_link.HOST in link]
    if uscc and any(not national_licence_link.check_link(link, uscc, now).problems for link in links):
        return NATIONAL
    base = display_url.rpartition("/licences/")[0]
    others = set(_DISPLAY.findall(text)) if base and base in text else set()
    return OUTDATED if others or links else MISSING


def gravest(visits: Iterable[PageVisit]) -> str:
    """The gravest finding of the visits to a display's pages."""
    findings = {visit.finding for visit in visits}
    return next((finding for finding in GRAVEST_FIRST if finding in findings), DISPLAYED)


def next_visit(finding: str, now: datetime) -> str:
    """The day on which the pages are visited again."""
    return china_date(now + (VISIT_AGAIN if finding == UNREACHABLE else VISIT_EVERY))
