"""Answers about listings and what happens to them: what ends soon, changes, corroboration, history."""

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, create_model
from typing_extensions import TypeAliasType

from chalicelib.handlers.responses.shared import (
    NEXT_ALWAYS,
    NEXT_UNTIL_END,
    Answer,
    CampaignLabel,
    Count,
    Day,
    EvidenceLevel,
    GuardMark,
    Listing,
    ListingOrMark,
    ListingState,
    Moment,
    Sentence,
    Severity,
    Subject,
    Url,
    Uscc,
    absent,
    reported_content,
)

ChangeKind = TypeAliasType(
    "ChangeKind",
    Literal[
        "opened",
        "amended",
        "reopened",
        "withdrawn",
        "removed",
        "expired",
        "voided",
        "disputed",
        "dispute_answered",
        "dispute_overdue",
        "dispute_closed",
        "guard_lifted",
    ],
)
DisputeOutcome = TypeAliasType(
    "DisputeOutcome", Literal["upheld", "amended", "voided", "withdrawn", "conceded", "listing_ended"]
)
CorroborationState = Literal["conflict", "both", "platform_only", "government_only", "none"]


class CorroborationSide(Answer):
    """What one side says: since when, and as of when that is known."""

    since: Day = absent("the earliest day of listing")
    as_of: Moment = absent("when the latest of it was reported")


class Corroboration(Answer):
    """How platforms and government stand to each other over one subject (比对与印证)."""

    state: Literal["conflict", "both", "platform_only", "government_only", "none"]
    finding: Literal[
        "name_is_anothers",
        "traded_after_end",
        "government_took_back",
        "both_agree",
        "lead",
        "official_only",
        "nothing",
    ]
    says: Sentence
    platforms: CorroborationSide = absent("what platforms say")
    government: CorroborationSide = absent("what the government says")
    first: Literal["platform", "government", "same_day"] = absent("who said it first")
    days_between: Count = absent("how many days earlier")


class ListedSubject(Answer):
    """A listing and its merchant."""

    subject: Subject
    listing: Listing


class ExpiringListings(Answer):
    """The listings that end soon, by day."""

    listings: list[ListedSubject]
    next: str = Field(description=NEXT_UNTIL_END)


class _Before(Answer):
    """What a change replaced, as it was."""

    state: ListingState = absent()
    severity: Severity = absent()
    reasons: list[str] = absent()
    evidence_level: EvidenceLevel = absent()
    expires_on: Day = absent()
    source_state: str = absent()
    kind_unknown: bool = absent()


if TYPE_CHECKING:
    Before = _Before
else:
    Before = create_model("Before", __base__=_Before, __doc__=_Before.__doc__, **reported_content(_Before, "public"))


class ChangeContent(Answer):
    """What happened to a listing, and the listing as it then was."""

    change: int = Field(ge=1, description="the number of the change in the feed")
    at: Moment
    subject: Subject
    campaigns: list[CampaignLabel] = absent("campaigns that overlaid it")
    guard: GuardMark = absent("what held it at review")
    before: Before = absent("what an amendment or a void replaced")
    outcome: DisputeOutcome = absent("how a dispute ended")
    listing: ListingOrMark


class ListingChange(ChangeContent):
    """One change of one listing."""

    kind: ChangeKind


class ChangePage(Answer):
    """The changes after a cursor, in order."""

    changes: list[ListingChange]
    next: str = Field(description=NEXT_ALWAYS)


class CorroborationEntry(Answer):
    """One subject on which platforms and government stand so to each other now."""

    number: int = Field(ge=1)
    state: CorroborationState
    was: CorroborationState
    subject: Subject
    corroboration: Corroboration
    platforms: list[str] = Field(description="its reporters; a platform sees itself alone")
    at: Moment


class CorroborationPage(Answer):
    """The subjects in that state, in the order in which they came to it."""

    corroborations: list[CorroborationEntry]
    next: str = Field(description=NEXT_ALWAYS)


class ListingEvent(Answer):
    """One event of a listing's history: who did what when, before and after."""

    revision: int = Field(ge=1)
    kind: ChangeKind
    at: Moment
    by: str = Field(
        description="platform:<id>, government:<list>, regulator:<id>, merchant:<subject>, term or exchange"
    )
    why: str = absent()
    dispute: str = absent("the dispute that it belongs to")
    person_id: str = absent("the person who acted, for its own organisation and regulators")
    before: dict[str, Any] = absent("what it replaced")
    after: dict[str, Any] = absent("what it put in its place")


class ListingHistory(Answer):
    """A listing as it stands, and everything that happened to it."""

    subject: Subject
    listing: Listing
    history: list[ListingEvent]


class RestrictedEntry(Answer):
    """A listing that blocks now, with only what is needed at the entry."""

    number: int = Field(ge=1)
    name: str = absent()
    uscc: Uscc = absent()
    registration_no: str = absent()
    subject_id: str
    reasons: list[str]
    severity: Severity
    evidence_level: EvidenceLevel
    source: str
    since: Day
    expires_on: Day = absent()
    listing_id: str


class RestrictedEntries(Answer):
    """One page of what blocks now."""

    entries: list[RestrictedEntry]
    next: str = Field(description=NEXT_UNTIL_END)


class RestrictedFile(Answer):
    """A link to one file with the whole list (`format=file`)."""

    entries: Count
    url: Url
    expires_in_seconds: int
    next: str = Field(description='"" for all; else where another file goes on')
