"""A licence check (电子营业执照核验): what is asked of the holder of a licence, and what an answer must say.

A verifier says who signed what; whether that is the merchant that was asked for, and whether it may trade, is judged
here, in one place for all verifiers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.government_lists.rules.company_register_row import ENDED, read_status
from chalicelib.licences.rules.licence import Licence, LicenceFacts
from chalicelib.matching.parse_name import comparison_key
from chalicelib.registry.rules.subject import Registration
from chalicelib.values.organisation_codes import has_uscc_shape
from chalicelib.values.records import Record, stored

PENDING, VERIFIED, FAILED, EXPIRED, UNKNOWN = "pending", "verified", "failed", "expired", "unknown"
METHODS: Final = ("local", "manual", "national")
# Who may hold an electronic licence (国市监注〔2018〕249号): the legal representative, and persons
# that it authorised.
REPRESENTATIVE, ADMINISTRATOR, AGENT = "法定代表人", "证照管理员", "办事人"
ROLES: Final = (REPRESENTATIVE, ADMINISTRATOR, AGENT)
# A purpose, and the roles of the holder that suffice for it: an agent may not read the merchant's own record.
PURPOSES: Final[Mapping[str, tuple[str, ...]]] = {
    "onboarding": ROLES,
    "recheck": ROLES,
    "my_record": (REPRESENTATIVE, ADMINISTRATOR),
}
# How long a challenge may be answered; two people who read a picture need longer than a wallet.
ANSWER_SECONDS: Final = 300
REVIEW_SECONDS: Final = 7 * 86_400
# How far the clock of a wallet may be off (RFC 7519, 4.1.4: "a few minutes" at most).
SKEW_SECONDS: Final = 60
# How long a verified check proves to the exchange's own pages who the caller is.
PROOF_SECONDS: Final = 900
# The attributes of a stored check that its decision writes, each time all of them.
DECIDED: Final = ("facts", "said", "remarks", "reason", "state", "proof", "decided_at", "decided_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Record):
    """What one reviewer read off an uploaded licence: `decision` is genuine or not_genuine, `sha256` the picture's."""

    decision: str = stored(always=True)
    uscc: str = stored("", always=True)
    name: str = stored("", always=True)
    entity_type: str = stored("", always=True)
    legal_representative: str = stored("", always=True)
    address: str = stored("", always=True)
    registered_capital: str = stored("", always=True)
    scope: str = stored("", always=True)
    authority: str = stored("", always=True)
    established_on: str = stored("", always=True)
    status: str = stored("", always=True)
    holder_role: str = stored("", always=True)
    sha256: str = stored("", always=True)
    by: str = stored("", always=True)
    key_id: str = stored("", always=True)
    at: str = stored("", always=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder(Record):
    """Who showed the licence: the name on it, and the role of the person."""

    name: str = stored("", always=True)
    holder_role: str = stored("", always=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceCheck(Record):
    """A check as it is stored: whose licence is asked for, by which platform, how it is answered, what came of it.

    name          as the merchant gave it, '' where it gave none
    session       the verifier's own; nonce and audience bind the answer to this check
    unproved      how many answers came that were not under a trusted signature, or not to this check
    outage        the code of what could not be reached when the check was last looked at, '' for nothing
    facts         what is kept of the licence, until it is recorded; then None
    remarks       codes for the reader of a verified check; reason, why it failed
    answer_until  until when the holder may answer (ISO, UTC); expires_at, when the store forgets the check (seconds)
    """

    check_id: str = stored()
    receipt_id: str = stored("", always=True)
    platform_id: str = stored()
    uscc: str = stored()
    name: str = stored("", always=True)
    purpose: str = stored()
    method: str = stored("", always=True)
    session: str = stored("")
    nonce: str = stored("", always=True)
    audience: str = stored("", always=True)
    state: str = stored(PENDING, always=True)
    outage: str = stored("", always=True)
    polled_at: str = stored("", always=True)
    unproved: int = stored(0)
    first_review: Review | None = stored(None, record=Review, empty="", always=True)
    second_review: Review | None = stored(None, record=Review, empty="", always=True)
    created_at: str = stored("", always=True)
    answer_until: str = stored()
    facts: LicenceFacts | None = stored(None, record=LicenceFacts, empty={})
    holder: Holder | None = stored(None, name="said", record=Holder, empty={})
    remarks: tuple[str, ...] = stored((), many="values")
    reason: str = stored("")
    signer: str = stored("")
    presented_at: str = stored("")
    proof: str = stored("")
    decided_at: str = stored("")
    decided_on: str = stored("")
    recorded_at: str = stored("")
    expires_at: int = stored(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedPresentation(Record):
    """For which check a presentation was used, so that it is used once."""

    check_id: str = stored()
    expires_at: int = stored(0)


def state_of(check: LicenceCheck, now_text: str) -> str:
    """The state of a check at that moment; a pending one is unknown while its verifier cannot be reached."""
    if check.state != PENDING:
        return check.state
    if check.outage:
        return UNKNOWN
    return PENDING if now_text <= check.answer_until else EXPIRED


def is_open(check: LicenceCheck, now_text: str) -> bool:
    """Whether the check may still be answered at that moment."""
    return check.state == PENDING and now_text <= check.answer_until


def judge(check: LicenceCheck, licence: Licence, registration: Registration) -> tuple[str, tuple[str, ...]]:
    """Why the licence shown does not verify the merchant asked for ('' when it does), and remarks for the reader.

    `registration` is what the register says of the merchant, empty where it says nothing.
    """
    if not has_uscc_shape(licence.uscc):
        return "invalid_uscc", ()
    if licence.uscc != check.uscc:
        return "other_uscc", ()
    registered = registration.name
    if not licence.name or any(name and not same_name(name, licence.name) for name in (check.name, registered)):
        return "other_name", ()
    if licence.annotated_revoked:
        return "licence_annotated", ()
    # The register outlives the licence: what it says is newer than what was signed.
    if not is_operating(licence.status) or registration.status in (*ENDED, "suspended"):
        return "not_operating", ()
    if licence.holder_role not in PURPOSES[check.purpose]:
        return "wrong_holder_role", ()
    return "", () if registered else ("name_unconfirmed",)


def document_key(check: LicenceCheck) -> str:
    """Where the uploaded licence of a check lies in the bucket until the check is decided."""
    return f"licences/{check.check_id}"


def is_operating(status: str) -> bool:
    """Whether a licence says 在营 in one of its wordings, and not that it does not (非正常, 未开业)."""
    return read_status(status) == "operating" and not any(no in status for no in "非未不")


def same_name(name: str, other: str) -> bool:
    """Whether two texts are one registered name: width, script and punctuation do not count."""
    return comparison_key(name) == comparison_key(other)
