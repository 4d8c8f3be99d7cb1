"""The verifier of licences that our own issuer signed: all that is needed is in the answer and in the trust store."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from chalicelib.licences.rules import wallet_presentation
from chalicelib.licences.rules.certificate_chain import NoRevocationList, Untrusted
from chalicelib.licences.rules.licence_check import Challenge, Outcome, Refused, Unreachable, Waiting

if TYPE_CHECKING:
    from chalicelib.licences.adapters.trust_store import TrustStore

SCHEME = "lianfang://licence-check"


class LocalLicences:
    """Challenges as a link that a wallet understands, answers as a signed presentation."""

    def __init__(self, trust: "TrustStore") -> None:
        self._trust = trust

    def start(self, check: Mapping[str, Any], answer_to: str, _now: datetime) -> Challenge | Unreachable:
        """The link with everything that a wallet needs; the check's own id is the session."""
        if self._trust.read() is None:
            return Unreachable("trust_missing")
        said = {
            "session": check["check_id"],
            "nonce": check["nonce"],
            "aud": check["audience"],
            "uscc": check["uscc"],
            "purpose": check["purpose"],
            "until": check["answer_until"],
            "answer_to": answer_to,
        }
        link = f"{SCHEME}?{urlencode(said)}"
        return Challenge(check["check_id"], link, link)

    def settle(self, check: Mapping[str, Any], answer: str, now: datetime) -> Outcome:
        """The licence in the presentation, if signatures, chains and revocation lists bear it."""
        if not answer:
            return Waiting()
        trust = self._trust.read()
        if trust is None:
            return Unreachable("trust_missing")
        try:
            return wallet_presentation.read_presentation(answer, check, trust, now)
        except Untrusted as problem:
            return Refused(problem.code)
        except NoRevocationList:
            return Unreachable("revocation_list_missing")
