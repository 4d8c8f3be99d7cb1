"""The government lists that are pulled, as data: how each is read, how fresh it must be, what is too odd to apply."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Feed:
    """One government list.

    `list_name` tells how its rows are read; `evidence_level` is what an entry proves; `term_years` is how long an
    entry stands by law; `shrink_limit` is the share of records that may vanish at once before a person must look;
    `stale_after_seconds` is the age past which a clean answer is no longer clear.
    """

    name: str
    list_name: Literal["serious_violations", "abnormal_operations"]
    evidence_level: str
    term_years: int
    stale_after_seconds: int
    shrink_limit: float
    unreadable_limit: float


FEEDS: Final = {
    # 市场监督管理严重违法失信名单管理办法 (SAMR order 44): each entry rests on a penalty, and stands for three years.
    "serious_violations": Feed(
        name="serious_violations",
        list_name="serious_violations",
        evidence_level="E4",
        term_years=3,
        stale_after_seconds=3 * 86_400,
        shrink_limit=0.10,
        unreadable_limit=0.05,
    ),
}


def state_id(name: str) -> str:
    """The exchange item that holds how a feed stands: version, etag, rows, confirmed_at, last result."""
    return f"feed#{name}"


def hold_reason(feed: Feed, before: int, rows: int, rejected: int) -> str:
    """Why a list of `rows` records, after one of `before`, must wait for a person; '' when it may be applied.

    An empty or shrunken list is far more often an accident at the source than a day of mass pardon.
    """
    if rows == 0:
        return "empty"
    if rejected > feed.unreadable_limit * (rows + rejected):
        return "unreadable_rows"
    if before and rows < before * (1 - feed.shrink_limit):
        return "shrunken"
    return ""
