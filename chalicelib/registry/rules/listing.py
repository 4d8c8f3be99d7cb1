"""A listing: one eviction by a platform, or one government entry, against a subject.

A listing is stored inside its subject. `revision` counts what happened to it and `history` says what and when, so that
every change can be published again from the subject alone.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.registry.rules.listing_source import Source
from chalicelib.values.records import Json, Record, fields_that_are, stored

ACTIVE: Final = "active"
VOIDED: Final = "voided"
# Changes that end a listing; each is named as the state that it leads to.
ENDS: Final = ("withdrawn", "removed", "expired", VOIDED)
LISTING_ID: Final = re.compile(r"l_([a-z]+)-(.+)_([0-9a-f]{16})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Record):
    """One event of a listing's history: what happened, when, by whom, why, and what it changed.

    `kind` is opened, amended, reopened, guard_lifted, one of ENDS, or a step of the dispute `dispute`. `person_id` is
    who acted in the name of `by`, '' for a key; its own organisation and regulators alone see it.
    """

    revision: int = stored(0)
    kind: str = stored()
    at: str = stored()
    by: str = stored()
    why: str = stored("")
    dispute: str = stored("")
    person_id: str = stored("")
    before: Json | None = stored(None)
    after: Json | None = stored(None)

    def view(self, role: Role, account_id: str) -> Json:
        """The event as an account sees it."""
        may_see = role == Role.REGULATOR or self.by.partition(":")[2] == account_id
        return (self if may_see else self.replace(person_id="")).to_item()


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeAct(Record):
    """How a dispute was answered or closed: the result, when, by whom, and the digest of the statement beside it."""

    result: str = stored(name="what")
    at: str = stored()
    by: str = stored()
    words: str = stored("", always=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute(Record):
    """The state of one dispute over a listing: open, answered or closed; `due` is when its answer is due."""

    dispute_id: str = stored()
    by: str = stored()
    kind: str = stored()
    state: str = stored()
    opened_at: str = stored()
    due: str = stored()
    overdue_at: str = stored("")
    answered: DisputeAct | None = stored(None, record=DisputeAct)
    closed: DisputeAct | None = stored(None, record=DisputeAct)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedContent(Record):
    """What a report says of an eviction beside whom, when and by which reasons; '' is what it does not say."""

    reason_text: str = stored(
        "", public=True, correctable=True, about="the reason in words; numbers of persons are masked"
    )
    evidence_level: str = stored("", public=True, correctable=True, amendable=True)
    document_no: str = stored("", public=True, correctable=True, text=True, about="行政处罚决定书文号")
    notice_url: str = stored(
        "", public=True, correctable=True, text=True, about="where the platform published the measure (电子商务法 36)"
    )
    measure: str = stored("", public=True, correctable=True, text=True, about="处理措施")
    expires_on: str = stored("", public=True, correctable=True, amendable=True)
    shop_name: str = stored("", private=True, correctable=True, text=True, about="店铺名称")
    shop_id: str = stored("", private=True, correctable=True, text=True, about="the platform's own merchant or shop id")
    shop_url: str = stored("", private=True, correctable=True, text=True, about="店铺链接")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment(Record):
    """What a regulator decided of a listing; no report overwrites it."""

    severity: int = stored(0)
    reasons: tuple[str, ...] = stored((), many="values")
    evidence_level: str = stored("")
    expires_on: str = stored("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(ReportedContent):
    """One eviction by a platform or one government entry; a new one, as reported, has no revision and no history yet.

    `filed_by` is the regulator that filed it for its source; `after_void` the voided listing that it may only repeat;
    `guard_lifted` the guard that a regulator lifted from it. `source_state` is what a government list says that leaves
    its entry in doubt (objection, other_state, unknown_state); `kind_unknown`: nothing says what a penalty imposed.
    """

    listing_id: str = stored("", public=True)
    source: Source = stored(Source(), read=Source, public=True)
    filed_by: str = stored("", public=True, filing=True)
    filed_on: str = stored("", filing=True)
    state: str = stored("", public=True)
    listed_on: str = stored("", public=True)
    reasons: tuple[str, ...] = stored((), many="values", public=True, amendable=True)
    severity: int = stored(0, public=True, correctable=True, amendable=True)
    ended_because: str = stored("", public=True)
    disputed: bool = stored(False, public=True)
    revision: int = stored(0, public=True)
    report_id: str = stored("", private=True)
    row: int | None = stored(None, private=True)
    reported_at: str = stored("", private=True)
    after_void: str = stored("", private=True)
    source_id: str = stored("", correctable=True)
    listed_by: str = stored("", correctable=True)
    publish_until: str = stored("", correctable=True)
    source_state: str = stored("", public=True, correctable=True)
    kind_unknown: bool = stored(False, public=True, correctable=True)
    guard_lifted: str = stored("", filing=True)
    history: tuple[Event, ...] = stored((), record=Event, many="list", internal=True)
    disputes: dict[str, Dispute] = stored(factory=dict, record=Dispute, many="map", internal=True)
    decided: Amendment = stored(Amendment(), record=Amendment, internal=True)


def _fields(kind: str) -> tuple[str, ...]:
    """The fields of that kind: first those that say which listing it is, then what was reported."""
    content = ReportedContent.__dataclass_fields__
    return tuple(sorted(fields_that_are(Listing, kind), key=content.__contains__))


CONTENT_FIELDS: Final = tuple(name for name in ReportedContent.__dataclass_fields__ if name != "unknown")
# What another platform may see; the reporter's own shop ids and row numbers stay with the reporter and the regulator.
PUBLIC_FIELDS: Final = _fields("public")
PRIVATE_FIELDS: Final = _fields("private")
# What is said in words, and what a measure was: no verdict needs it, and nothing of it is told of an entry that ended.
PUBLIC_TEXTS: Final = ("reason_text", *(field for field in fields_that_are(Listing, "text") if field in PUBLIC_FIELDS))
# What stays inside: served by routes of its own, or by none.
INTERNAL_FIELDS: Final = _fields("internal")
# What a newer report of the same eviction may correct.
CORRECTABLE: Final = _fields("correctable")
# What a regulator may amend.
AMENDABLE: Final = _fields("amendable")
# Who filed it and when, and what was decided on that: begins anew when a listing is opened again.
FILED_FIELDS: Final = _fields("filing")


def listing_id(source: str, subject_id: str, listed_on: str, reasons: Sequence[str], source_id: str = "") -> str:
    """The id of a listing; the same eviction reported twice has the same id, wherever and whenever it is computed.

    It names its subject, so that a listing is found without an index: l_uscc-<code>_<digest of the rest>. A
    government entry that has an id of its own (`source_id`) is identified by that one.
    """
    own = source_id or "|".join((listed_on, *sorted(reasons)))
    digest = hashlib.sha256(f"{source}|{subject_id}|{own}".encode()).hexdigest()[:16]
    return f"l_{subject_id.replace(':', '-', 1)}_{digest}"


def subject_of(listing_id: str) -> str:
    """The id of the subject that the listing is about; '' for what is no listing id."""
    match = LISTING_ID.fullmatch(listing_id)
    return f"{match[1]}:{match[2]}" if match else ""


def is_disputed(listing: Listing) -> bool:
    """Whether a dispute over the listing is open, here or at its source: nobody is blocked or asked to close by it
    meanwhile."""
    return listing.disputed or bool(listing.source_state)


def is_shared(listing: Listing) -> bool:
    """Whether platforms share it: severity 1 informs and is never shared as an eviction; a government entry is public
    by law."""
    return listing.severity >= 2 or listing.source.is_government


def why_over(listing: Listing) -> str:
    """Why a listing ends on its day: its publication was cut short (公示截止期), or its term is over."""
    cut = listing.publish_until and listing.publish_until == listing.expires_on
    return "publication_over" if cut else "term_over"


def may_see(listing: Listing, role: Role, platform_id: str) -> bool:
    """Whether the caller may see the listing: a regulator sees all, the reporter its own, every platform what is
    shared."""
    return role == Role.REGULATOR or listing.source == Source.of_platform(platform_id) or is_shared(listing)


def view(listing: Listing, role: Role, platform_id: str) -> Json:
    """The listing as this caller may see it."""
    fields = {field: value for field in PUBLIC_FIELDS if (value := getattr(listing, field))}
    if role == Role.REGULATOR or listing.source == Source.of_platform(platform_id):
        private = ((field, getattr(listing, field)) for field in PRIVATE_FIELDS)
        fields |= {field: value for field, value in private if value not in (None, "")}
    return {**fields, "reasons": list(listing.reasons)} if listing.reasons else fields
