"""From the stream to everyone concerned: each change takes its number in the feed, then its notice goes out.

Run again after a kill, each step finds what was done: the number stays, the notice id is the same.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain import judgement
from chalicelib.domain import listing as listings
from chalicelib.domain import notice as notices
from chalicelib.domain.moment import china_date, iso
from chalicelib.services import campaigning, closing, counting, ruling
from chalicelib.services.admitting import Caller
from chalicelib.services.closing import Desk
from chalicelib.services.delivering import tell_everyone

if TYPE_CHECKING:
    from chalicelib.adapters.numbered_feed import NumberedFeed

__all__ = ["Desk", "announce", "read_changes"]

Subject = Mapping[str, Any]


def announce(
    desk: Desk,
    images: Iterable[tuple[Subject | None, Subject]],
    now: datetime,
) -> int:
    """Number and tell every change between the old and the new image of each subject; how many went out."""
    told: list[int] = []
    rules: judgement.Rules | None = None
    for old, new in images:
        for listing, event in listings.changes(old["listings"] if old else {}, new["listings"]):
            rules = rules or ruling.rules_for(desk.exchange, "")
            for one in (*_missed(desk.changes, listing, event["revision"]), event):
                entry = notices.change_entry(new, listing, one)
                entry |= judgement.marks_of(new, entry["listing"], rules, china_date(now))
                told.append(_tell(desk, new, entry, now))
    if told:
        counting.mark(desk.exchange, counting.CHANGES, {china_date(now)})
    return sum(told)


def _missed(changes: "NumberedFeed", listing: Mapping[str, Any], revision: int) -> list[Mapping[str, Any]]:
    """The earlier events of a listing that have no number, oldest first.

    The stream gives up a batch after some tries and goes on; what it left out comes before what follows all the same.
    """
    missed: list[Mapping[str, Any]] = []
    earlier = [event for event in listing["history"] if event["revision"] < revision]
    for event in reversed(earlier):
        ident = listings.change_id(listing, event)
        if changes.numbers([ident]):
            break
        missed.insert(0, event)
    return missed


def read_changes(changes: "NumberedFeed", caller: Caller, after: int, limit: int) -> dict[str, Any]:
    """The changes after a number that this caller may see, in order, and the cursor to read on from.

    `next` counts what was withheld too, so a reader never stands still; it equals `after` at the end of the feed.
    """
    entries = changes.read(after, max(limit, 1))
    shown = [
        notices.change_view(entry, caller.role, caller.platform_id)
        for entry in entries
        if notices.may_see(entry, caller.role, caller.platform_id)
    ]
    return {"changes": shown, "next": str(entries[-1]["number"] if entries else after)}


def _tell(desk: Desk, subject: Subject, entry: Mapping[str, Any], now: datetime) -> int:
    numbered = desk.changes.append(entry)
    if "told_at" in numbered or not notices.is_public(numbered):
        return 0
    if notices.is_taken_back(numbered):
        _withhold(desk, numbered["listing"])
    tell_everyone(desk.post, desk.changes, numbered, now)
    if numbered["kind"] == "opened":
        listing = numbered["listing"]["listing_id"]
        campaigning.tally(desk.feeds, campaigning.LISTINGS, numbered.get("campaigns", ()), listing)
    closing.follow(desk, subject, numbered, now)
    desk.changes.set_fields(numbered["number"], {"told_at": iso(now)})
    return 1


def _withhold(desk: Desk, listing: Mapping[str, Any]) -> None:
    """Serve no more what earlier changes said of a government entry that has ended; the subject keeps it for the file.

    信用修复管理办法 (NDRC order 36), article 3: what is repaired is neither published nor shared nor used.
    """
    for revision in range(1, listing["revision"]):
        known = desk.changes.find(listings.change_id(listing, {"revision": revision}))
        if known:
            desk.changes.set_fields(known["number"], {"listing": notices.withheld(known["listing"]), "before": {}})
