"""A regulator lifts a burst, or the guard from one listing: what it holds back counts in full from then on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import Conflict, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject_changes import GuardLifted
from chalicelib.storage.item_keys import verdict_keys
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import load_rules
from chalicelib.verdicts.bursts_in_force import StandingBurst, field_of, members_of, standing_bursts
from chalicelib.verdicts.detect_bursts import FilingDay
from chalicelib.verdicts.request_recheck import of_platform, request_recheck
from chalicelib.verdicts.rules import guards
from chalicelib.verdicts.rules.burst_thresholds import LiftedBurst

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable


@dataclass(frozen=True, slots=True)
class Context:
    """What lifting a guard works with: the subjects and the rules in force."""

    registry: "RegistryTable"
    exchange: "ExchangeTable"


def lift_burst(exchange: "ExchangeTable", guard_id: str, by: Caller, why: str, now: datetime) -> LiftedBurst:
    """Decide that a burst is harmless; its listings count in full from this call on. `NotFound` for none of that id."""
    standing = next((each for each in standing_bursts(exchange) if each.burst.guard_id == guard_id), None)
    lifted = _lifted(exchange, guard_id) or _lift(exchange, standing, guard_id, by, (why, now))
    members = members_of(exchange, lifted)
    # First that it may not start again, then that it is over.
    _mark_lifted(exchange, lifted, members)
    exchange.remove_field(verdict_keys.RULING, standing.field if standing else field_of(lifted))
    for member in members:
        day, _, key = member.partition("|")
        exchange.take_from_set(FilingDay(lifted.platform_id, day).item_id, "standing", {key})
    # What it held back blocks from now on: those who know the merchants are asked to close.
    request_recheck(exchange, of_platform(lifted.platform_id, "" if lifted.until else lifted.day))
    return lifted


def lift_guard(context: Context, by: Caller, listing_id: str, why: str, now: datetime) -> Listing:
    """Lift the guard from one listing; doing it twice is fine. `Conflict` where none holds."""
    subject_id = listings.subject_of(listing_id)
    subject = context.registry.subject(subject_id) if subject_id else None
    listing = subject.listings.get(listing_id) if subject else None
    if subject is None or listing is None:
        raise NotFound(ErrorCode.NOT_FOUND, listing_id=listing_id)
    if listing.guard_lifted:
        return listing
    alarms = load_rules.read_alarms(context.exchange.get(verdict_keys.RULING) or {})
    guard = guards.guard_of(listing, subject, alarms, china_date(now))
    if guard is None or listing.state != listings.ACTIVE:
        raise Conflict(ErrorCode.NOT_GUARDED, listing_id=listing_id)
    words = mask_personal(why)[0]
    lifted = GuardLifted(subject_id, listing_id, guard.name, iso(now), by.actor, words, by.person_id)
    saved = context.registry.save(lifted, subject, just_read=True) or subject
    return saved.listings[listing_id]


def lifted_guard_view(listing: Listing, caller: Caller) -> Json:
    """The listing as the caller may see it, with the guard that was lifted and the whole history."""
    return {
        **listings.view(listing, caller.role, caller.platform_id),
        "guard_lifted": listing.guard_lifted,
        "history": [event.view(caller.role, caller.platform_id) for event in listing.history],
    }


def _lifted(exchange: "ExchangeTable", guard_id: str) -> LiftedBurst | None:
    item = exchange.get(verdict_keys.lifted_burst(guard_id))
    return LiftedBurst.from_item({field: value for field, value in item.items() if field != "id"}) if item else None


def _mark_lifted(exchange: "ExchangeTable", lifted: LiftedBurst, members: Iterable[str]) -> None:
    """Mark each day and key of a burst as found harmless."""
    for member in members:
        day, _, key = member.partition("|")
        # Where the counters of the day are gone, no report is counted on it any more.
        exchange.add_where_there_is(FilingDay(lifted.platform_id, day).item_id, "lifted", {key})


def _lift(
    exchange: "ExchangeTable", standing: StandingBurst | None, guard_id: str, by: Caller, said: tuple[str, datetime]
) -> LiftedBurst:
    if standing is None:
        raise NotFound(ErrorCode.NOT_FOUND, guard_id=guard_id[:40])
    why, now = said
    lifted = LiftedBurst.from_item(
        {**standing.burst.to_item(), "lifted_by": by.platform_id, "lifted_at": iso(now), "why": mask_personal(why)[0]}
    )
    exchange.put_new({"id": verdict_keys.lifted_burst(guard_id), **lifted.to_item()})
    return lifted
