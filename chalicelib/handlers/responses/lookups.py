"""Answers to lookups and onboarding checks (入驻核验): matches with reasons, decisions, a merchant by its code."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from chalicelib.handlers.responses.licences import LicenceRecord
from chalicelib.handlers.responses.listings import Corroboration
from chalicelib.handlers.responses.shared import (
    Answer,
    Coded,
    Count,
    Day,
    Empty,
    Error,
    JudgedListing,
    ListingVerdict,
    Moment,
    RegisterStatus,
    Relation,
    Sentence,
    Source,
    Subject,
    Uscc,
    Verdict,
    absent,
)

LOOKUP_ID = r"^k_[0-9a-f]{24}$"


class MatchReason(Answer):
    """Why a match was made: one field, how the two values relate, and both values."""

    field: str = Field(description="the field that was compared, such as uscc, name, brand, place, phone")
    relation: str = Field(description="how the two values relate, such as same_uscc, same_reading, different")
    query: str = Field(description="the value of the request; digests are not shown")
    candidate: str = Field(description="the value of the listed subject")
    score: float = Field(description="of an identifier 0 to 1; of a part of a name, evidence in bits")
    says: Sentence


class Match(Answer):
    """A listed subject that the applicant may be, its listings, and why they match."""

    subject: Subject
    relation: Relation
    score: float = Field(ge=0, le=1, description="how likely they are the same")
    verdict: ListingVerdict = Field(description="the gravest of its listings")
    corroboration: Corroboration
    listings: list[JudgedListing] = Field(min_length=1)
    reasons: list[MatchReason]


class RegisterAnswer(Answer):
    """What the register says of exactly the code that was given."""

    status: RegisterStatus
    verdict: Verdict
    why: Sentence
    said_at: Moment | Empty = Field(description="when the register's list said so")


Asked = Annotated[
    dict[str, Literal["used", "unusable"]],
    Field(description="each field that was given: `used`, or `unusable` for what says nothing or cannot be read"),
]
Findings = Annotated[
    list[Coded],
    Field(description="why it is not `clear` although nothing was found: `cannot_decide_alone`, `uscc_check_failed`"),
]


class LookupAnswer(Answer):
    """The verdict on one applicant, with every match, why it matched, and every source that was searched."""

    lookup_id: str = Field(pattern=LOOKUP_ID)
    verdict: Verdict = Field(
        description="block refuses, review wants a person, unknown: a source could not be searched, or see `findings`"
    )
    asked: Asked
    findings: Findings
    matches: list[Match] = Field(description="the gravest first")
    registration: RegisterAnswer = absent("where the register knows the code")
    told_apart: list[str] = Field(description="subjects that people of this platform decided are not the applicant")
    sources: list[Source]
    looked_up_at: Moment


class LookupAnswers(Answer):
    """One answer for each applicant, in the order of the request; an `error` for one that could not be looked up."""

    lookups: list[LookupAnswer | Error]


class DecisionAnswer(Answer):
    """What was decided about a match; it counts for this platform alone."""

    lookup_id: str = Field(pattern=r"^[ko]_[0-9a-f]{24}$")
    subject_id: str
    decision: Literal["not_same", "undecided"]
    decided_at: Moment


class MerchantAnswer(Answer):
    """The listings of exactly this merchant."""

    subject: Subject
    verdict: Verdict
    corroboration: Corroboration
    listings: list[JudgedListing]


class RegisteredFacts(Answer):
    """What the register holds of a merchant."""

    name: str = absent()
    former_names: list[str] = absent()
    status: RegisterStatus = absent()
    entity_type: str = absent("市场主体类型")
    registered_by: str = absent("登记机关")
    established_on: Day = absent()
    approved_on: Day = absent("核准日期")


RECEIPT = r"^o_[0-9a-f]{24}$"
PartName = TypeAliasType(
    "PartName",
    Literal[
        "evictions",
        "serious_violations",
        "abnormal_operations",
        "penalties",
        "registration",
        "name_and_uscc",
        "licence",
        "display_link",
        "successor_signals",
    ],
)


class OnboardingPart(Answer):
    """What one part of the check came to."""

    part: PartName
    checked: bool = Field(description="false where the part was not asked for or is not connected")
    verdict: Verdict | None = Field(description="null where the part was not checked")
    outcome: str = Field(description="a row of `onboarding` in /v1/methodology")
    why: Sentence
    age_seconds: Count | None = Field(description="of its oldest source; null for none, or where one never arrived")
    sources: list[Source]
    listings: list[str] = absent("listings that were matched, of the parts about lists")
    registered: RegisteredFacts = absent("of part registration")
    said_at: Moment | Empty = absent("of part registration: when the register's list said so")
    given: str | list[str] = absent("of name_and_uscc the name or code as given; of successor_signals the fields given")
    repaired: str = absent("of part name_and_uscc: the code as it was repaired")
    compared_with: str = absent("of part name_and_uscc: the registered name that is nearest")
    relation: str = absent("of part name_and_uscc: how the two names relate")
    reason: str = absent("of part licence: why the check failed")
    licence: LicenceRecord = absent("of part licence: the licence as it was last verified")
    problems: list[Coded] = absent("of part display_link")
    link_confirmed: bool = absent("of part display_link: the national system is not asked here, so false")
    made_at: Moment = absent("of part display_link")
    subjects: list[str] = absent("of part successor_signals: evicted subjects that share signals")


class OnboardingAnswer(Answer):
    """The verdict on an applicant, part by part, with the number of its receipt."""

    receipt: str = Field(pattern=RECEIPT)
    verdict: Verdict
    asked: Asked = absent("each field that was given: `used`, or `unusable`; earlier receipts have none")
    findings: Findings = absent("why it is not `clear` although nothing was found; earlier receipts have none")
    parts: list[OnboardingPart]
    not_checked: list[PartName]
    matches: list[Match]
    told_apart: list[str]
    sources: list[Source]
    enrolled: bool = Field(description="whether the merchant was put on the roster")
    checked_at: Moment
    merchant_id: str = absent("the platform's own id of the merchant")
    uscc: Uscc = absent()
    unverified_uscc: Uscc = absent("the credit code, where its check character fails")


class KeptMatchReason(MatchReason):
    """Why a match was made, as it is kept: of somebody without a code, no name that was typed."""

    query: str = absent()
    says: Sentence = absent()


class KeptMatch(Match):
    """A match as a receipt keeps it."""

    reasons: list[KeptMatchReason]  # type: ignore[assignment]


class OnboardingReceipt(OnboardingAnswer):
    """What an onboarding check said then, word for word."""

    platform_id: str = Field(description="the platform that asked")
    matches: list[KeptMatch]  # type: ignore[assignment]
