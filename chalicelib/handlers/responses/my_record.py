"""Answers of a merchant's own record (企业自证合规): checks, sessions, the record, statements and their keys."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.responses.disputes import DisputeState
from chalicelib.handlers.responses.licences import CheckMethod, HolderRole, QrCode
from chalicelib.handlers.responses.listings import DisputeOutcome
from chalicelib.handlers.responses.lookups import RegisteredFacts
from chalicelib.handlers.responses.shared import (
    Answer,
    Coded,
    Count,
    Day,
    Empty,
    EvidenceLevel,
    ListingState,
    ListingVerdict,
    Moment,
    RegisterStatus,
    Sentence,
    Severity,
    Source,
    Url,
    Uscc,
    Verdict,
    absent,
)


class RecordChallenge(Answer):
    """An open licence check for one's own record: what to scan, and the claim that makes it a session."""

    check_id: str
    uscc: Uscc
    state: Literal["pending"]
    purpose: Literal["my_record"]
    method: CheckMethod
    created_at: Moment
    expires_at: Moment
    deep_link: str
    claim: str = Field(description="a secret of the browser that started the check")
    qr: QrCode = absent("where there is something to scan")


class SessionWaiting(Answer):
    """The check is not answered yet; ask again."""

    state: Literal["pending", "unknown"]
    expires_at: Moment


class SessionHolder(Answer):
    """Whose session it is, and until when."""

    uscc: Uscc
    name: str
    holder_role: HolderRole
    verified_at: Moment
    ends_at: Moment


class SessionOpened(SessionHolder):
    """The session that the verified check opens."""

    state: Literal["verified"]
    token: str = Field(description="sent as `Authorization: Bearer rs_…`", pattern=r"^rs_[0-9a-f]{32}_[0-9a-f]{64}$")


class SessionEnded(Answer):
    """The session is over."""

    state: Literal["ended"]


class Standing(Answer):
    """The standing in a few words."""

    verdict: Verdict
    platform_listings: Count
    government_listings: Count
    reasons: list[str]
    registration: RegisterStatus | Literal["unknown"]
    licence: Literal["current", "due", "revoked", "none"]


class ListedAt(Answer):
    """Who lists: a platform by its name, or a government list."""

    kind: Literal["platform", "government"]
    name: str = absent("of a platform")
    zh: str = absent("of a government list")
    en: str = absent("of a government list")


class RecordReason(Answer):
    """A reason with its law."""

    code: str
    zh: str = absent()
    en: str = absent()
    basis: str = absent("the law")


class OwnDispute(Answer):
    """Where the merchant's own dispute stands."""

    dispute_id: str
    state: DisputeState
    opened_at: Moment
    answer_due: Moment | Empty
    outcome: DisputeOutcome = absent()
    closed_at: Moment = absent()


class Effect(Answer):
    """The answer to a platform that asks for exactly this merchant."""

    verdict: ListingVerdict
    zh: str
    en: str


class RecordListing(Answer):
    """One listing as its merchant may see it."""

    listing_id: str
    listed_on: Day
    expires_on: Day = absent()
    severity: Severity
    evidence_level: EvidenceLevel
    document_no: str = absent("行政处罚决定书文号")
    notice_url: Url = absent()
    measure: str = absent("处理措施")
    listed_by: str = absent("列入机关")
    ended_because: str = absent()
    text: str = absent("what the authority published of its entry")
    state: ListingState
    says: Sentence = Field(description="the state in words")
    listed_at: ListedAt
    reasons: list[RecordReason]
    evidence: Sentence
    disputes: list[OwnDispute]
    can_dispute: bool
    how_to_dispute: Sentence
    effect: Effect = absent("of a listing that stands")
    ended_at: Moment | Day = absent("of one that has ended")


class MyRecord(Answer):
    """Every listing of the merchant: by whom, for what, until when, and how to dispute it."""

    uscc: Uscc
    name: str = Field(description='"" where neither register nor licence names it')
    standing: Standing
    listings: list[RecordListing] = Field(description="those in force first")
    registration: RegisteredFacts
    sources: list[Source]
    as_of: Moment
    session: SessionHolder


class RecordDisputeOpened(Answer):
    """The dispute that was opened."""

    dispute_id: str
    state: DisputeState
    opened_at: Moment
    answer_due: Moment
    listing_id: str


class StatementLicence(Answer):
    """By which check of its licence the merchant proved who it is."""

    receipt_id: str
    verified_at: Moment


class StatementClaims(Answer):
    """What a statement says (the payload of the JWS)."""

    iss: str
    sub: str
    jti: str
    iat: int
    exp: int
    uscc: Uscc
    name: str
    standing: Standing
    sources: list[Source]
    as_of: Moment
    licence: StatementLicence


class StandingNow(Answer):
    """The standing as it is now."""

    standing: Standing
    as_of: Moment
    sources: list[Source]


class PersonRecord(StandingNow):
    """What the exchange holds of a natural person, as that person may see it."""

    listings: list[RecordListing]


class SignedStatement(Answer):
    """A signed statement of standing."""

    statement: str = Field(description="a compact JWS (RFC 7515), Ed25519")
    expires_at: Moment
    claims: StatementClaims


class StatementChecked(Answer):
    """Whether a statement is genuine, what it said, and whether that is still so."""

    genuine: bool
    in_time: bool
    problem: Coded | None
    checked_at: Moment
    said: StatementClaims = absent("where it is genuine")
    now: StandingNow = absent("where it is genuine")
    still_true: bool = absent("where it is genuine")
    changed: list[str] = absent("the claims that do not hold any more")


class JsonWebKey(Answer):
    """The public half of a key that signs statements (RFC 8037)."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str
    kid: str
    use: Literal["sig"]
    alg: Literal["EdDSA"]


class JsonWebKeys(Answer):
    """A JWK set (RFC 7517)."""

    keys: list[JsonWebKey]
