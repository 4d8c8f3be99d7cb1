"""What an entry of a government list does to its subject."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from chalicelib.domain.feed import Feed
from chalicelib.domain.listing import listing_id
from chalicelib.domain.moment import china_date
from chalicelib.domain.reason import gravest
from chalicelib.domain.subject import Change, Ended, Listed, subject_id

IDENTITY_FIELDS: Final = ("uscc", "registration_no", "org_code", "name")
KEPT_FIELDS: Final = ("listed_on", "reason_text", "document_no", "listed_by", "source_id", "publish_until")


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
