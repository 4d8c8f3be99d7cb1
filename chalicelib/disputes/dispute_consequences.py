"""What follows from a step of a dispute, derived from the stream: the parties are notified, and so is every platform
that received the listing, when it is disputed, amended or void; the outcome counts among the reporter's figures.

Repeated after a kill, each step finds what was done: a notice keeps its id and number, an outcome counts once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.closure_tasks.dependencies import Context as ClosureTasks
from chalicelib.disputes.rules.dispute_notice import PARTY_KINDS, party_notice, received_notice
from chalicelib.monitoring import platforms_to_alert
from chalicelib.notices.push_notices import send_notice, send_to_regulators
from chalicelib.notices.rules.numbered_change import NumberedChange
from chalicelib.registry.rules import listing_history
from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.listing import VOIDED, Event, Listing
from chalicelib.registry.rules.listing_disputes import LISTING_ENDED
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.subject import Subject
from chalicelib.verdicts import update_reporter_trust
from chalicelib.verdicts.rules import reporter_trust

if TYPE_CHECKING:
    from chalicelib.storage.numbered_log import NumberedLog

# After these outcomes the listing is as it was before the dispute.
UNCHANGED: Final = ("upheld", "withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the consequences work with; `disputes` gives the numbered disputes of a platform, of '' all."""

    closure_tasks: ClosureTasks
    disputes: Callable[[str], "NumberedLog"]


def follow_disputes(context: Context, images: Iterable[tuple[Subject | None, Subject]], now: datetime) -> int:
    """Do what each new event of a dispute asks for, after the changes were numbered; how many events."""
    done = 0
    for old, new in images:
        for listing, event in listing_history.changes(old.listings if old else {}, new.listings):
            if event.dispute:
                _follow_event(context, new, listing, event, now)
                done += 1
    return done


def _follow_event(context: Context, subject: Subject, listing: Listing, event: Event, now: datetime) -> None:
    outcome = (event.after or {}).get("outcome", "")
    if event.kind == "disputed":
        _number_dispute(context, listing, event)
    if event.kind in PARTY_KINDS:
        _notify_parties(context, subject, listing, event, now)
    if event.kind == "dispute_closed":
        _count_outcome(context, listing, event, outcome)
    if not _concerns_receivers(event, outcome):
        return
    change = context.closure_tasks.changes.find(listing_history.change_id(listing.listing_id, event.revision))
    if change and change.is_public and (event.kind != "dispute_closed" or outcome in UNCHANGED):
        _notify_receivers(context, subject, listing, change, now)


def _concerns_receivers(event: Event, outcome: str) -> bool:
    """Whether platforms that received the listing see a difference by this event.

    They do not by a step between the parties, by the end of one of several disputes, or by the end of a dispute that
    comes with the end of the listing.
    """
    if event.kind == "dispute_closed":
        return outcome in (*UNCHANGED, "amended") and not (event.after or {}).get("disputed")
    return event.kind in ("disputed", "amended", VOIDED)


def _notify_receivers(
    context: Context, subject: Subject, listing: Listing, change: NumberedChange, now: datetime
) -> None:
    closure_tasks, opened_at = context.closure_tasks, listing.history[0].at
    for platform_id in platforms_to_alert.platforms_concerned_since(closure_tasks.exchange, subject, opened_at, now):
        if listing.source != Source.of_platform(platform_id):
            send_notice(closure_tasks.sender, platform_id, received_notice(change, platform_id), now)


def _notify_parties(context: Context, subject: Subject, listing: Listing, event: Event, now: datetime) -> None:
    sender, subject_view = context.closure_tasks.sender, subjects.view(subject)
    for platform_id in _parties(listing, event):
        send_notice(sender, platform_id, party_notice(subject_view, listing, event, platform_id), now)
    send_to_regulators(sender, party_notice(subject_view, listing, event, "regulators"), now)


def _number_dispute(context: Context, listing: Listing, event: Event) -> None:
    """Number the dispute among all, and among those of each platform that takes part."""
    entry = {"entry_id": event.dispute, "listing_id": listing.listing_id, "at": event.at}
    for platform_id in ("", *_parties(listing, event)):
        context.disputes(platform_id).append(entry)


def _count_outcome(context: Context, listing: Listing, event: Event, outcome: str) -> None:
    """Count the outcome among the reporter's figures; several disputes that one decision closes are one outcome."""
    reporter = listing.source.platform_id
    if outcome == LISTING_ENDED and event.by == listing.source:
        # Taken back while it was disputed: the reporter gave in.
        outcome = "conceded"
    if not reporter or outcome not in reporter_trust.OUTCOMES:
        return
    is_final = outcome in ("voided", "conceded")
    decision = f"{listing.listing_id}.{outcome}" if is_final else event.dispute
    update_reporter_trust.count_outcome(context.closure_tasks.exchange, reporter, outcome, decision)


def _parties(listing: Listing, event: Event) -> Iterator[str]:
    """The platforms among the reporter and the opener, each once."""
    parties = (listing.source, Source(listing.disputes[event.dispute].by))
    yield from dict.fromkeys(party.platform_id for party in parties if party.is_platform)
