"""The government lists that are pulled, as data: how each is read, how fresh it must be, what is too odd to apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from chalicelib.domain.listing import listing_id
from chalicelib.domain.moment import china_date
from chalicelib.domain.reason import gravest
from chalicelib.domain.register_row import ListName
from chalicelib.domain.subject import Change, Ended, Listed, subject_id

IDENTITY_FIELDS: Final = ("uscc", "registration_no", "org_code", "name")
KEPT_FIELDS: Final = ("listed_on", "reason_text", "document_no", "listed_by", "source_id", "publish_until")


@dataclass(frozen=True, slots=True)
class Feed:
    """One government list.

    `list_name` tells how its rows are read; `evidence_level` is what an entry proves; `term_years` is how long an
    entry stands by law; `shrink_limit` is the share of records that may vanish at once before a person must look;
    `stale_after_seconds` is the age past which a clean answer is no longer clear.
    """

    name: str
    list_name: ListName
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


def change(feed: Feed, record: Mapping[str, Any], *, gone: bool, at: str) -> Change:
    """What a record of the list does to its subject: a listing, or the end of one that was removed or is gone.

    Removal ends the government's own listing and nothing else: what platforms reported stands.
    """
    identity = {field: record.get(field, "") for field in IDENTITY_FIELDS}
    who = subject_id(identity)
    source = f"government:{feed.name}"
    ident = listing_id(source, who, record.get("listed_on", ""), record["reasons"], record["key"])
    expires_on = _expires_on(feed, record)
    if gone or record.get("removed_on"):
        return Ended(who, ident, "removed", at, source)
    if expires_on and expires_on <= china_date(datetime.fromisoformat(at)):
        return Ended(who, ident, "expired", at, source)
    listing = {
        "listing_id": ident,
        "source": source,
        "listed_on": record.get("listed_on", ""),
        "reasons": list(record["reasons"]),
        "severity": gravest(record["reasons"]),
        "evidence_level": feed.evidence_level,
        "reported_at": at,
        "expires_on": expires_on,
        **{field: record[field] for field in KEPT_FIELDS if field in record},
    }
    return Listed(identity, {field: value for field, value in listing.items() if value != ""}, at)


def _expires_on(feed: Feed, record: Mapping[str, Any]) -> str:
    """The day from which the record no longer counts: the end of its term, or of its publication if that is sooner
    (信用修复管理办法, NDRC order 36, article 3)."""
    ends = [record["publish_until"]] if record.get("publish_until") else []
    if record.get("listed_on"):
        day = date.fromisoformat(record["listed_on"])
        last = 28 if (day.month, day.day) == (2, 29) else day.day
        ends.append(day.replace(year=day.year + feed.term_years, day=last).isoformat())
    return min(ends, default="")
