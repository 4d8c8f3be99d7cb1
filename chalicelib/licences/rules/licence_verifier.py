"""What each verifier of licences offers, and what may come of its work.

A verifier is our own issuer, two people who read an uploaded licence, or the national system; all of them pass one
contract test.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.licences.rules.licence import Licence
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.values.records import Json


@dataclass(frozen=True, slots=True)
class Presented:
    """A licence that its verifier vouches for: signed, trusted, answering this challenge, and fresh.

    `proof` is the SHA-256 of what was shown, `signer` says by whom it was signed.
    """

    licence: Licence
    proof: str
    signer: str
    presented_at: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What was shown proves nothing; `code` says why.

    `decides`: it came from a trusted holder in answer to this check. Anybody who sees the code on the screen can send
    something else; that decides nothing.
    """

    code: str
    decides: bool = True


@dataclass(frozen=True, slots=True)
class Waiting:
    """The holder has not answered yet."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A system or list that is needed did not answer; `code` says which. Asked again, it may."""

    code: str


Outcome = Presented | Refused | Waiting | Unreachable


@dataclass(frozen=True, slots=True)
class Challenge:
    """What to put before the holder: the text of the QR code, the link for a telephone, a form to upload with, and
    the verifier's own session."""

    session: str
    text: str = ""
    link: str = ""
    upload: Json | None = None


class LicenceVerifier(Protocol):
    """Says whether a licence was really shown."""

    def start(self, check: LicenceCheck, answer_to: str, now: datetime) -> Challenge | Unreachable:
        """Open a session for the check; `answer_to` is where a wallet posts its answer."""
        ...

    def verify(self, check: LicenceCheck, answer: str, now: datetime) -> Outcome:
        """What comes of the check, given what a wallet sent; '' asks whether there is anything yet."""
        ...
