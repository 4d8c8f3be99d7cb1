"""From the stream to everyone concerned: each change takes its number in the feed, then its notice goes out.

Run again after a kill, each step finds what was done: the number stays, the notice id is the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain import listing as listings
from chalicelib.domain import notice as notices
from chalicelib.domain.moment import iso
from chalicelib.services import closing
from chalicelib.services.admitting import Caller
from chalicelib.services.delivering import Post, tell_everyone

if TYPE_CHECKING:
    from chalicelib.adapters.exchange_table import ExchangeTable
    from chalicelib.adapters.numbered_feed import NumberedFeed

Subject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that telling works with."""

    exchange: "ExchangeTable"
    changes: "NumberedFeed"
    ledger: closing.Ledger
    post: Post


def announce(
    desk: Desk,
    images: Iterable[tuple[Subject | None, Subject]],
    now: datetime,
) -> int:
    """Number and tell every change between the old and the new image of each subject; how many went out."""
    told = 0
    for old, new in images:
        for listing, event in listings.changes(old["listings"] if old else {}, new["listings"]):
            for missed in _missed(desk.changes, listing, event["revision"]):
                told += _tell(desk, new, notices.change_entry(new, listing, missed), now)
            told += _tell(desk, new, notices.change_entry(new, listing, event), now)
    return told


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
        if listings.may_see(entry["listing"], caller.role, caller.platform_id)
    ]
    return {"changes": shown, "next": str(entries[-1]["number"] if entries else after)}


def _tell(desk: Desk, subject: Subject, entry: Mapping[str, Any], now: datetime) -> int:
    numbered = desk.changes.append(entry)
    if "told_at" in numbered or not listings.is_shared(numbered["listing"]):
        return 0
    if notices.is_taken_back(numbered):
        _withhold(desk, numbered["listing"])
    tell_everyone(desk.post, desk.changes, numbered, now)
    closing.open_tasks(desk.exchange, desk.ledger, desk.post, subject, numbered, now)
    desk.changes.set_fields(numbered["number"], {"told_at": iso(now)})
    return 1


def _withhold(desk: Desk, listing: Mapping[str, Any]) -> None:
    """Serve no more what earlier changes said of a government entry that has ended; the subject keeps it for the file.

    信用修复管理办法 (NDRC order 36), article 3: what is repaired is neither published nor shared nor used.
    """
    for revision in range(1, listing["revision"]):
        known = desk.changes.find(listings.change_id(listing, {"revision": revision}))
        if known:
            desk.changes.set_fields(known["number"], {"listing": notices.withheld(known["listing"])})
