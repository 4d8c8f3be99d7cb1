"""The restricted-entry list (限制入驻名单): every listing that blocks now, with only what a gatekeeper needs.

A numbered log names every listing that may ever have blocked, and each page asks the subjects themselves whether it
still does. So the list is complete, and a removal is out of it with the save that makes it.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.closure_tasks.rules.blocking_listings import blocks
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import subject as subjects
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date
from chalicelib.verdicts.rules.rules_in_force import Rules

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.registry.rules.listing import Listing
    from chalicelib.registry.rules.subject import Subject
    from chalicelib.storage.exchange_table import Item
    from chalicelib.storage.numbered_log import NumberedLog

PAGE: Final = 100
READERS: Final = 8
FIELDS: Final = ("number", "name", "uscc", "registration_no", "subject_id", "reasons", "severity", "evidence_level",
                 "source", "since", "expires_on", "listing_id")  # fmt: skip


def page(
    registry: "RegistryTable", restricted: "NumberedLog", rules: Rules, after: int, limit: int, now: datetime
) -> Json:
    """What blocks now among the next `limit` listings after a number; `next` is '' at the end of the list.

    A page is short by what blocks no more.
    """
    restricted.read_on(after, 1)
    today = china_date(now)
    starts = range(after, after + limit, PAGE)
    with ThreadPoolExecutor(READERS) as pool:
        pages = list(pool.map(lambda start: restricted.read(start, min(PAGE, after + limit - start)), starts))
        slots = [slot for some in pages for slot in some]
        batches = [slots[start : start + PAGE] for start in range(0, len(slots), PAGE)]
        blocking = list(pool.map(lambda batch: _blocking(registry, batch, rules, today), batches))
    following = str(slots[-1]["number"]) if len(slots) == limit else ""
    return {"entries": [entry for entries in blocking for entry in entries], "next": following}


def _blocking(registry: "RegistryTable", slots: "list[Item]", rules: Rules, today: str) -> list[Json]:
    """The entries of those of the listings that block today."""
    read = registry.subjects(listings.subject_of(slot["entry_id"]) for slot in slots)
    entries = []
    for slot in slots:
        subject = read.get(listings.subject_of(slot["entry_id"]))
        listing = subject.listings.get(slot["entry_id"]) if subject else None
        if subject and listing and blocks(subject, listing, today, rules):
            entries.append(_entry(slot["number"], subject, listing))
    return entries


def _entry(number: int, subject: "Subject", listing: "Listing") -> Json:
    entry = {
        "number": number,
        "name": subjects.view(subject).get("name", ""),
        "uscc": subject.uscc,
        "registration_no": subject.registration_no,
        "subject_id": subject.subject_id,
        "reasons": list(listing.reasons),
        "severity": listing.severity,
        "evidence_level": listing.evidence_level,
        "source": listing.source,
        "since": listing.listed_on,
        "expires_on": listing.expires_on,
        "listing_id": listing.listing_id,
    }
    return {field: entry[field] for field in FIELDS if entry[field] not in (None, "")}
