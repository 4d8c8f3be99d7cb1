"""A licence check (电子营业执照核验): a challenge put to the holder, what may come of it, and what an answer must say.

Whoever verifies (our own issuer, two people who read an uploaded licence, the national system) stands behind one
Protocol, `LicenceVerifier`. A verifier says who signed what; whether that is the merchant who was asked for, and
whether it may trade, is judged here, in one place for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from chalicelib.government_lists.rules.company_register_row import ENDED, read_status
from chalicelib.matching.parse_name import comparison_key
from chalicelib.values.organisation_codes import is_valid_uscc

PENDING, VERIFIED, FAILED, EXPIRED, UNKNOWN = "pending", "verified", "failed", "expired", "unknown"
METHODS: Final = ("local", "manual", "national")
# Who may hold an electronic licence (国市监注〔2018〕249号): the legal representative, and whom it
# authorised.
REPRESENTATIVE, ADMINISTRATOR, AGENT = "法定代表人", "证照管理员", "办事人"
ROLES: Final = (REPRESENTATIVE, ADMINISTRATOR, AGENT)
# A purpose, and the roles of the holder that suffice for it: one's own record is no errand.
PURPOSES: Final[Mapping[str, tuple[str, ...]]] = {
    "onboarding": ROLES,
    "recheck": ROLES,
    "my_record": (REPRESENTATIVE, ADMINISTRATOR),
}
# How long a challenge stands; two people who read a picture need longer than a wallet.
ANSWER_SECONDS: Final = 300
REVIEW_SECONDS: Final = 7 * 86_400
# How far the clock of a wallet may be off (RFC 7519, 4.1.4: "a few minutes" at most).
SKEW_SECONDS: Final = 60
# How long a check proves to one's own doors who is there.
PROOF_SECONDS: Final = 900


@dataclass(frozen=True, slots=True)
class Licence:
    """What a licence says (市场主体登记管理条例实施细则 23), as texts; `status` in the register's words."""

    uscc: str
    name: str
    entity_type: str = ""
    legal_representative: str = ""
    address: str = ""
    registered_capital: str = ""
    scope: str = ""
    authority: str = ""
    established_on: str = ""
    status: str = ""
    holder_role: str = ""
    annotated_revoked: bool = False


@dataclass(frozen=True, slots=True)
class Presented:
    """A licence that its verifier vouches for: signed, trusted, answering this challenge, and fresh.

    `proof` is the SHA-256 of what was shown, `signer` says by whose word.
    """

    licence: Licence
    proof: str
    signer: str
    presented_at: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What was shown proves nothing; `code` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nobody has answered yet."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Whoever must be asked did not answer; `code` says who. Asked again, it may."""

    code: str


Outcome = Presented | Refused | Waiting | Unreachable


@dataclass(frozen=True, slots=True)
class Challenge:
    """What to put before the holder: the text of the QR code, the link for a telephone, a form to upload with, and
    the verifier's own session."""

    session: str
    text: str = ""
    link: str = ""
    upload: Mapping[str, Any] | None = None


class LicenceVerifier(Protocol):
    """Somebody who can say whether a licence was really shown; all of them pass one contract test."""

    def start(self, check: Mapping[str, Any], answer_to: str, now: datetime) -> Challenge | Unreachable:
        """Open a session for the check; `answer_to` is where a wallet posts its answer."""
        ...

    def settle(self, check: Mapping[str, Any], answer: str, now: datetime) -> Outcome:
        """What comes of the check, given what a wallet sent; '' asks whether there is anything yet."""
        ...


def state_of(check: Mapping[str, Any], now_text: str) -> str:
    """How a check stands at that moment; an open one is unknown while whoever must be asked does not answer."""
    if check["state"] != PENDING:
        return str(check["state"])
    if check.get("outage"):
        return UNKNOWN
    return PENDING if now_text <= check["answer_until"] else EXPIRED


def judge(check: Mapping[str, Any], licence: Licence, registration: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Why the licence shown does not verify the merchant asked for ('' when it does), and remarks for who reads it.

    `registration` is what the register says of the merchant, {} where it says nothing.
    """
    if not is_valid_uscc(licence.uscc):
        return "invalid_uscc", ()
    if licence.uscc != check["uscc"]:
        return "other_uscc", ()
    registered = str(registration.get("name", ""))
    if not licence.name or any(name and not same_name(name, licence.name) for name in (check["name"], registered)):
        return "other_name", ()
    if licence.annotated_revoked:
        return "licence_annotated", ()
    # The register outlives the licence: what it says is newer than what was signed.
    if not is_operating(licence.status) or registration.get("status", "") in (*ENDED, "suspended"):
        return "not_operating", ()
    if licence.holder_role not in PURPOSES[check["purpose"]]:
        return "wrong_holder_role", ()
    return "", () if registered else ("name_unconfirmed",)


def document_key(check: Mapping[str, Any]) -> str:
    """Where the uploaded licence of a check lies in the bucket until the check is decided."""
    return f"licences/{check['check_id']}"


def is_operating(status: str) -> bool:
    """Whether a licence says 在营 in one of its wordings, and not that it does not (非正常, 未开业)."""
    return read_status(status) == "operating" and not any(no in status for no in "非未不")


def same_name(one: str, other: str) -> bool:
    """Whether two texts are one registered name: width, script and punctuation do not count."""
    return comparison_key(one) == comparison_key(other)
