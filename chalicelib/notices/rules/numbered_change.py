"""A change of a listing as it is numbered in the log of changes, and what each caller may see of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.accounts.roles import Role
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import listing_history
from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.listing import PUBLIC_TEXTS, Event, Listing
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.records import Json, Record, stored

# What affected a listing when its change was numbered: running campaigns, the guard against bursts of reports.
MARKS: Final = ("campaigns", "guard")
# Steps of a dispute that only the parties and the regulators may see.
BETWEEN_PARTIES: Final = ("dispute_answered", "dispute_overdue")
# What a change that ends a government entry leaves out besides internal fields.
_TEXTS: Final = (*PUBLIC_TEXTS, "listed_by")
# What is served of an entry that has ended: that there was one, and not what it said.
_WITHHELD_FIELDS: Final = ("listing_id", "source", "state", "severity", "revision")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedChange(Record):
    """An entry of the log of changes; `number` is its place there, 0 until it has one.

    `subject` and `listing` are as they were then; `before` holds the public fields that the change replaced. `told_at`
    is when its tasks were opened and its notice was handed over, `pushed_at` when SNS took the notice; both '' until
    then.
    """

    id: str = stored("")
    number: int = stored(0)
    entry_id: str = stored()
    kind: str = stored()
    at: str = stored()
    subject: Json = stored()
    before: Json = stored(factory=dict)
    outcome: str = stored("")
    listing: Listing = stored(record=Listing)
    campaigns: tuple[Json, ...] = stored((), many="values")
    guard: Json = stored(factory=dict)
    told_at: str = stored("")
    pushed_at: str = stored("")

    @property
    def listing_before(self) -> Listing:
        """The listing as it was before, as far as the change says."""
        return Listing.from_item({**self.listing.to_item(), **self.before})

    @property
    def is_public(self) -> bool:
        """Whether every platform may see the change."""
        return may_see(self, Role.PUBLIC, "")

    @property
    def ends_government_entry(self) -> bool:
        """Whether the change ends an entry of a government list."""
        return _ends_government_entry(self.kind, self.listing)

    @property
    def is_withheld(self) -> bool:
        """Whether no more is served of the listing than that there was one."""
        return not self.listing.reasons

    def withheld(self) -> "NumberedChange":
        """The change without what the listing said."""
        return self.replace(listing=Listing.from_item(withheld_listing(self.listing.to_item())), before={})


def new_change(subject: Subject, listing: Listing, event: Event) -> NumberedChange:
    """The entry of one event of a listing: the subject, what happened, and the listing as it then was."""
    before = {field: value for field, value in (event.before or {}).items() if field in listings.PUBLIC_FIELDS}
    return NumberedChange(
        entry_id=listing_history.change_id(listing.listing_id, event.revision),
        kind=event.kind,
        at=event.at,
        subject=subjects.view(subject),
        before=before if event.kind in ("amended", listings.VOIDED) else {},
        outcome=(event.after or {}).get("outcome", ""),
        listing=_published(listing, event),
    )


def may_see(change: NumberedChange, role: Role, platform_id: str) -> bool:
    """Whether the caller may see the change: who may see the listing, or could until this change; but what happens
    between reporter and regulator in a dispute stays between them."""
    if change.kind in BETWEEN_PARTIES and role != Role.REGULATOR:
        return change.listing.source == Source.of_platform(platform_id)
    return listings.may_see(change.listing, role, platform_id) or listings.is_shared(change.listing_before)


def view(change: NumberedChange, role: Role, platform_id: str) -> Json:
    """The change as this caller may see it."""
    return {
        "change": change.number,
        "kind": change.kind,
        "at": change.at,
        "subject": subjects.shown(change.subject),
        **marks_of(change),
        **({"before": change.before} if change.before else {}),
        **({"outcome": change.outcome} if change.outcome else {}),
        "listing": listings.view(change.listing, role, platform_id),
    }


def marks_of(change: NumberedChange) -> Json:
    """The campaigns and the guard of a change, as it is shown; nothing where there are none."""
    campaigns = {"campaigns": list(change.campaigns)} if change.campaigns else {}
    return {**campaigns, **({"guard": change.guard} if change.guard else {})}


def withheld_listing(listing: Mapping[str, Any]) -> Json:
    """What is left to serve of a listing whose government entry has ended."""
    return {field: listing[field] for field in _WITHHELD_FIELDS if field in listing}


def _published(listing: Listing, event: Event) -> Listing:
    """The listing as it was after the event, without what stays internal, and without the texts of what it ended."""
    # Every other event happens to a listing that is active.
    state = event.kind if event.kind in listings.ENDS else listings.ACTIVE
    texts = _TEXTS if _ends_government_entry(event.kind, listing) else ()
    empty = Listing()
    removed = {field: getattr(empty, field) for field in (*listings.INTERNAL_FIELDS, *texts)}
    return listing.replace(**removed, state=state, revision=event.revision)


def _ends_government_entry(kind: str, listing: Listing) -> bool:
    return kind in ("removed", "expired") and listing.source.is_government
