"""The verifier of licences that our own issuer signed: all that is needed is in the answer and in the trust store."""

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from chalicelib.licences.rules import wallet_presentation
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.licences.rules.licence_verifier import Challenge, Outcome, Unreachable, Waiting

if TYPE_CHECKING:
    from chalicelib.licences.adapters.trust_store import TrustStore

SCHEME = "lianfang://licence-check"


class ExchangeIssuerVerifier:
    """Challenges as a link that a wallet understands, answers as a signed presentation."""

    def __init__(self, trust: "TrustStore") -> None:
        self._trust = trust

    def start(self, check: LicenceCheck, answer_to: str, now: datetime) -> Challenge | Unreachable:
        """The link with everything that a wallet needs; the check's own id is the session."""
        if self._trust.read(now) is None:
            return Unreachable("trust_missing")
        query = {
            "session": check.check_id,
            "nonce": check.nonce,
            "aud": check.audience,
            "uscc": check.uscc,
            "purpose": check.purpose,
            "until": check.answer_until,
            "answer_to": answer_to,
        }
        link = f"{SCHEME}?{urlencode(query)}"
        return Challenge(check.check_id, link, link)

    def verify(self, check: LicenceCheck, answer: str, now: datetime) -> Outcome:
        """The licence in the presentation, if signatures, chains and revocation lists bear it."""
        if not answer:
            return Waiting()
        return wallet_presentation.verify_signed(
            wallet_presentation.read_presentation, answer, check, self._trust.read(now), now
        )
