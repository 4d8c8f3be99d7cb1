"""Publishes the changes of saved subjects: each change takes its number in the log, then its notice is pushed.

Run again after a kill, each step finds what was done: the number stays, the notice id is the same.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.closure_tasks import days_to_recount, open_tasks
from chalicelib.closure_tasks.dependencies import Context
from chalicelib.notices.push_notices import send_to_all
from chalicelib.notices.rules.numbered_change import NumberedChange, new_change
from chalicelib.registry.rules import listing_history
from chalicelib.registry.rules.listing import Event, Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.storage.item_keys.numbered_log_keys import CHANGES
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import campaign_figures
from chalicelib.verdicts.load_rules import rules_for
from chalicelib.verdicts.rules import decide_verdict
from chalicelib.verdicts.rules.rules_in_force import Rules

if TYPE_CHECKING:
    from chalicelib.notices.change_log import ChangeLog


def publish_changes(context: Context, images: Iterable[tuple[Subject | None, Subject]], now: datetime) -> int:
    """Number and publish every change between the old and the new image of each subject; how many were published."""
    published: list[bool] = []
    rules: Rules | None = None
    for old, new in images:
        for listing, event in listing_history.changes(old.listings if old else {}, new.listings):
            rules = rules or rules_for(context.exchange, "")
            for unnumbered in (*_skipped_events(context.changes, listing, event.revision), event):
                change = _marked(new_change(new, listing, unnumbered), new, rules, china_date(now))
                published.append(_publish(context, new, change, now))
    if published:
        days_to_recount.mark_days(context.exchange, CHANGES, {china_date(now)})
    return sum(published)


def _skipped_events(changes: "ChangeLog", listing: Listing, revision: int) -> list[Event]:
    """The earlier events of a listing that have no number, oldest first.

    The stream gives up a batch after some tries and goes on; what it left out comes before what follows all the same.
    """
    skipped: list[Event] = []
    earlier = [event for event in listing.history if event.revision < revision]
    for event in reversed(earlier):
        if changes.numbers([listing_history.change_id(listing.listing_id, event.revision)]):
            break
        skipped.insert(0, event)
    return skipped


def _marked(change: NumberedChange, subject: Subject, rules: Rules, today: str) -> NumberedChange:
    """The change with the campaigns and the guard that affect its listing now."""
    marks = decide_verdict.marks_of(subject, change.listing, rules, today)
    return change.replace(campaigns=tuple(marks.get("campaigns", ())), guard=marks.get("guard", {}))


def _publish(context: Context, subject: Subject, change: NumberedChange, now: datetime) -> bool:
    """Number one change and, where every platform may see it, publish it; whether it was published now."""
    numbered = context.changes.append(change)
    if numbered.told_at or not numbered.is_public:
        return False
    if numbered.ends_government_entry:
        _withhold_earlier(context, numbered.listing)
    send_to_all(context.sender, context.changes, numbered, now)
    if numbered.kind == "opened":
        listing_id = numbered.listing.listing_id
        campaign_figures.tally(context.campaign_logs, campaign_figures.LISTINGS, numbered.campaigns, listing_id)
    open_tasks.follow_change(context, subject, numbered, now)
    context.changes.update(numbered, numbered.replace(told_at=iso(now)))
    return True


def _withhold_earlier(context: Context, listing: Listing) -> None:
    """Serve no more what earlier changes said of a government entry that has ended; the subject keeps it for the file.

    信用修复管理办法 (NDRC order 36), article 3: what is repaired is neither published nor shared nor used.
    """
    for revision in range(1, listing.revision):
        change = context.changes.find(listing_history.change_id(listing.listing_id, revision))
        if change:
            context.changes.update(change, change.withheld())
