"""What follows from a dispute, derived from the stream: the parties are told, tasks stand still, and everyone who
received the listing hears that it is disputed, amended or void.

Run again after a kill, each step finds what was done: a notice keeps its id and number, a figure counts once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.closure_tasks.dependencies import Context as Telling
from chalicelib.disputes.rules.dispute_notice import PARTY_KINDS, party_notice, received_notice
from chalicelib.monitoring import platforms_to_alert
from chalicelib.notices.push_notices import send_notice, send_to_regulators
from chalicelib.notices.rules import notice
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import listing_history
from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.listing import Event, Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.verdicts import update_reporter_trust
from chalicelib.verdicts.rules import reporter_trust

if TYPE_CHECKING:
    from chalicelib.storage.numbered_log import NumberedLog

# After these the listing stands as it did.
STANDS: Final = ("upheld", "withdrawn")


@dataclass(frozen=True, slots=True)
class Context:
    """What undoing works with; `disputes` gives the numbered disputes of a platform, of '' all."""

    task_context: Telling
    disputes: Callable[[str], "NumberedLog"]


def follow(context: Context, images: Iterable[tuple[Subject | None, Subject]], now: datetime) -> int:
    """Do what each new event of a dispute asks for, after the changes were numbered; how many events."""
    done = 0
    for old, new in images:
        for listing, event in listing_history.changes(old.listings if old else {}, new.listings):
            if event.dispute:
                _follow(context, new, listing, event, now)
                done += 1
    return done


def _follow(context: Context, subject: Subject, listing: Listing, event: Event, now: datetime) -> None:
    outcome = (event.after or {}).get("outcome", "")
    if event.kind == "disputed":
        _number(context, listing, event)
    if event.kind in PARTY_KINDS:
        _tell_parties(context, subject, listing, event, now)
    if event.kind == "dispute_closed":
        _count(context, listing, event, outcome)
    if not _concerns_receivers(event, outcome):
        return
    entry = context.task_context.changes.find(listing_history.change_id(listing.listing_id, event.revision))
    if entry and notice.is_public(entry) and (event.kind != "dispute_closed" or outcome in STANDS):
        _tell_receivers(context, subject, listing, entry, now)


def _concerns_receivers(event: Event, outcome: str) -> bool:
    """Whether those who received the listing see a difference by this event: not by what goes on between the parties,
    by the end of one of several disputes, or by the end of a dispute that comes with the end of the listing."""
    if event.kind == "dispute_closed":
        return outcome in (*STANDS, "amended") and not (event.after or {}).get("disputed")
    return event.kind in ("disputed", "amended", listings.VOIDED)


def _tell_receivers(
    context: Context, subject: Subject, listing: Listing, entry: Mapping[str, Any], now: datetime
) -> None:
    opened_at = listing.history[0].at
    for platform_id in platforms_to_alert.platforms_concerned_since(
        context.task_context.exchange, subject, opened_at, now
    ):
        if listing.source != f"platform:{platform_id}":
            send_notice(context.task_context.sender, platform_id, *received_notice(entry, platform_id), now)


def _tell_parties(context: Context, subject: Subject, listing: Listing, event: Event, now: datetime) -> None:
    who = subjects.shown(subject)
    for platform_id in _parties(listing, event):
        send_notice(context.task_context.sender, platform_id, *party_notice(who, listing, event, platform_id), now)
    send_to_regulators(context.task_context.sender, *party_notice(who, listing, event, "regulators"), now)


def _number(context: Context, listing: Listing, event: Event) -> None:
    """Number the dispute among all, and among those of each platform that takes part."""
    entry = {"entry_id": event.dispute, "listing_id": listing.listing_id, "at": event.at}
    for whose in ("", *_parties(listing, event)):
        context.disputes(whose).append(entry)


def _count(context: Context, listing: Listing, event: Event, outcome: str) -> None:
    """The outcome among the reporter's figures. Several disputes that one decision closes are one outcome."""
    kind, _, reporter = listing.source.partition(":")
    if outcome == "listing_ended" and event.by == listing.source:
        # Taken back while somebody disputed it: the reporter gave in.
        outcome = "conceded"
    if kind != "platform" or outcome not in reporter_trust.OUTCOMES:
        return
    final = outcome in ("voided", "conceded")
    decision = f"{listing.listing_id}.{outcome}" if final else event.dispute
    update_reporter_trust.count_outcome(context.task_context.exchange, reporter, outcome, decision)


def _parties(listing: Listing, event: Event) -> Iterator[str]:
    for one in dict.fromkeys((listing.source, listing.disputes[event.dispute].by)):
        kind, _, name = one.partition(":")
        if kind == "platform":
            yield name
