"""A subject (经营主体): who is behind a merchant account, with every listing against it.

A subject is one item of the `subjects` table. Changes are applied purely; the table only checks that nobody else
changed the subject in between.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.errors import UnreadableRecord
from chalicelib.registry.rules.listing import ACTIVE, Listing
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.subject_id import DIGEST_FIELDS, SINGLE_FIELDS, Identifiers, Identity
from chalicelib.values.keyed_digest import with_forms
from chalicelib.values.masking import shown_name
from chalicelib.values.records import Json, Record, stored

# A subject item may not pass DynamoDB's 400 KB; names beyond these add nothing that matching could use.
MOST_NAMES: Final = 12
# How the ids of natural persons begin.
PERSON_IDS: Final = ("person:", "permit:", "account:")
# What a match shows of a subject beside its names: what is public by law.
PUBLIC_FIELDS: Final = ("subject_id", "uscc", "registration_no", "org_code", "unverified_uscc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration(Record):
    """What the register says of a subject, from `source`, as of `at`; `names_until` are days by former name."""

    name: str = stored("")
    former_names: tuple[str, ...] = stored((), many="values", always=True)
    names_until: dict[str, str] = stored(factory=dict)
    renamed_on: str = stored("")
    status: str = stored("")
    entity_type: str = stored("")
    registered_by: str = stored("")
    established_on: str = stored("")
    approved_on: str = stored("")
    predecessor: str = stored("")
    source: Source = stored(Source(), read=Source)
    at: str = stored("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(Identifiers):
    """A subject with its names, what the register says of it, who carries it on, and its listings by their ids.

    `names_said_former` has the day of the report that first called one of the names a former one, by that name.
    """

    subject_id: str = stored()
    names: tuple[str, ...] = stored((), many="values")
    shop_names: tuple[str, ...] = stored((), many="values")
    names_said_former: dict[str, str] = stored(factory=dict)
    registration: Registration = stored(Registration(), record=Registration)
    successors: tuple[str, ...] = stored((), many="values")
    listings: dict[str, Listing] = stored(factory=dict, record=Listing, many="map", always=True)
    version: int = stored(0)
    updated_at: str = stored("")

    def changed(self, at: str) -> "Subject":
        """The subject as its next version."""
        return self.replace(version=self.version + 1, updated_at=at)


def read_subject(item: Json) -> Subject:
    """The subject that an item stands for; `UnreadableRecord` for an item that no version known here has written."""
    try:
        return Subject.from_item(item)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise UnreadableRecord(str(item.get("subject_id", ""))) from error


def active_listings(subject: Subject) -> list[Listing]:
    """The listings of the subject that are active."""
    return [listing for listing in subject.listings.values() if listing.state == ACTIVE]


def view(subject: Subject) -> Json:
    """What a match says of the subject: identifiers that are public by law, and its names."""
    public: Json = {field: value for field in PUBLIC_FIELDS if (value := getattr(subject, field))}
    if subject.names:
        public["name"] = subject.names[0]
        if len(subject.names) > 1:
            public["other_names"] = list(subject.names[1:])
    return shown(public)


def shown(public: Json) -> Json:
    """A view of a subject as anybody may see it now: the name of a natural person masked.

    Older versions stored views with the full name, in changes, tasks and notices.
    """
    if not str(public.get("subject_id", "")).startswith(PERSON_IDS) or not public.get("name"):
        return dict(public)
    name, *others = dict.fromkeys(shown_name(name) for name in (public["name"], *public.get("other_names", ())))
    rest = {field: value for field, value in public.items() if field != "other_names"}
    return {**rest, "name": name, **({"other_names": others} if others else {})}


def identified(subject: Subject, identity: Identity, at: str) -> Subject:
    """The subject with what a report says of it at a moment; what is stored already is never overwritten."""
    single = {field: value for field in SINGLE_FIELDS if (value := getattr(identity, field))}
    new = {field: value for field, value in single.items() if not getattr(subject, field)}
    new |= rekeyed(subject, single)
    names = with_name(with_name(subject.names, identity.name), identity.former_name)
    former = subject.names_said_former
    if identity.former_name and identity.former_name in names and identity.former_name not in former:
        former = {**former, identity.former_name: at[:10]}
    shop_names = with_name(subject.shop_names, identity.shop_name)
    return subject.replace(**new, names=names, shop_names=shop_names, names_said_former=former)


def rekeyed(subject: Subject, given: Mapping[str, str]) -> dict[str, str]:
    """The digests of the subject that were given again, with the forms under the keys of now."""
    moved = {field: with_forms(getattr(subject, field), given.get(field, "")) for field in DIGEST_FIELDS}
    return {field: digest for field, digest in moved.items() if digest != getattr(subject, field)}


def with_name(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The names with one more, if it is new and there is room."""
    return (*names, name) if name and name not in names and len(names) < MOST_NAMES else names


def with_listing(subject: Subject, listing: Listing) -> Subject:
    """The subject with that listing in place of the one of the same id."""
    return subject.replace(listings={**subject.listings, listing.listing_id: listing})


def change_listing(
    subject: Subject | None, listing_id: str, at: str, change: Callable[[Listing], Listing | None]
) -> Subject | None:
    """The subject after the change of one of its listings; None when it has no such listing, or that changes
    nothing."""
    listing = subject.listings.get(listing_id) if subject else None
    after = change(listing) if listing else None
    return with_listing(subject, after).changed(at) if subject and after else None
