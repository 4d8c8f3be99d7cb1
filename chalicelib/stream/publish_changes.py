"""From the stream to everyone concerned: each change takes its number in the feed, then its notice goes out.

Run again after a kill, each step finds what was done: the number stays, the notice id is the same.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.closure_tasks import changed_days, open_tasks
from chalicelib.closure_tasks.dependencies import Context
from chalicelib.notices.published_changes import read_changes
from chalicelib.notices.push_notices import send_to_all
from chalicelib.notices.rules import notice
from chalicelib.registry.rules import listing_history
from chalicelib.registry.rules.listing import Event, Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.storage.item_keys.numbered_log_keys import CHANGES
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import campaign_figures
from chalicelib.verdicts.load_rules import rules_for
from chalicelib.verdicts.rules import decide_verdict, rules_in_force

if TYPE_CHECKING:
    from chalicelib.storage.numbered_log import NumberedLog

__all__ = ["Context", "announce", "read_changes"]


def announce(
    context: Context,
    images: Iterable[tuple[Subject | None, Subject]],
    now: datetime,
) -> int:
    """Number and tell every change between the old and the new image of each subject; how many went out."""
    told: list[int] = []
    rules: rules_in_force.Rules | None = None
    for old, new in images:
        for listing, event in listing_history.changes(old.listings if old else {}, new.listings):
            rules = rules or rules_for(context.exchange, "")
            for one in (*_missed(context.changes, listing, event.revision), event):
                entry = notice.change_entry(new, listing, one)
                entry |= decide_verdict.marks_of(new, Listing.from_item(entry["listing"]), rules, china_date(now))
                told.append(_tell(context, new, entry, now))
    if told:
        changed_days.mark_days(context.exchange, CHANGES, {china_date(now)})
    return sum(told)


def _missed(changes: "NumberedLog", listing: Listing, revision: int) -> list[Event]:
    """The earlier events of a listing that have no number, oldest first.

    The stream gives up a batch after some tries and goes on; what it left out comes before what follows all the same.
    """
    missed: list[Event] = []
    earlier = [event for event in listing.history if event.revision < revision]
    for event in reversed(earlier):
        ident = listing_history.change_id(listing.listing_id, event.revision)
        if changes.numbers([ident]):
            break
        missed.insert(0, event)
    return missed


def _tell(context: Context, subject: Subject, entry: Mapping[str, Any], now: datetime) -> int:
    numbered = context.changes.append(entry)
    if "told_at" in numbered or not notice.is_public(numbered):
        return 0
    if notice.is_taken_back(numbered):
        _withhold(context, numbered["listing"])
    send_to_all(context.sender, context.changes, numbered, now)
    if numbered["kind"] == "opened":
        listing = numbered["listing"]["listing_id"]
        campaign_figures.tally(context.campaign_logs, campaign_figures.LISTINGS, numbered.get("campaigns", ()), listing)
    open_tasks.follow_change(context, subject, numbered, now)
    context.changes.set_fields(numbered["number"], {"told_at": iso(now)})
    return 1


def _withhold(context: Context, listing: Mapping[str, Any]) -> None:
    """Serve no more what earlier changes said of a government entry that has ended; the subject keeps it for the file.

    信用修复管理办法 (NDRC order 36), article 3: what is repaired is neither published nor shared nor used.
    """
    for revision in range(1, listing["revision"]):
        known = context.changes.find(listing_history.change_id(listing["listing_id"], revision))
        if known:
            context.changes.set_fields(known["number"], {"listing": notice.withheld(known["listing"]), "before": {}})
