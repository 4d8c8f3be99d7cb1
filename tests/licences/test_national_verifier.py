"""The national system as a verifier: what it says, and every way in which it does not answer."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.licences.adapters.exchange_issuer import leaf
from chalicelib.licences.adapters.national_verifier import NationalVerifier, Timing
from chalicelib.licences.rules import certificate_chain
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.licences.rules.licence_verifier import Challenge, Presented, Refused, Unreachable, Waiting
from tests.support import licence_issuing
from tests.support.licence_issuing import LICENCE, check, office, trust
from tests.support.national_office import CREDENTIALS, NationalOffice

NOW = datetime.now(UTC).replace(microsecond=0)
DOWN = Unreachable("national_unreachable")
WITHOUT_WAITS = Timing(sleep=[].append)


class Trusting:
    """A trust store that holds what a test says."""

    def __init__(self, trusted: certificate_chain.Trust | None) -> None:
        self.trusted = trusted

    def read(self, _now: datetime) -> certificate_chain.Trust | None:
        return self.trusted


def verifier(office_url: str, **more: Any) -> NationalVerifier:
    store = more.pop("trust", Trusting(trust(NOW)))
    timing = Timing(**{"sleep": [].append, **more})
    return NationalVerifier(office_url, lambda: json.dumps(CREDENTIALS), store, let_loopback=True, timing=timing)


@pytest.fixture
def national() -> Iterator[NationalOffice]:
    with NationalOffice() as made:
        made.at = NOW
        yield made


def opened(verify: NationalVerifier) -> tuple[Challenge, LicenceCheck]:
    asked = check(NOW, method="national")
    made = verify.start(asked, "https://127.0.0.1/answer", NOW)
    assert isinstance(made, Challenge)
    return made, asked.replace(session=made.session)


def test_from_the_session_to_the_statement(national: NationalOffice) -> None:
    verify = verifier(national.url)
    made, asked = opened(verify)
    assert (made.text, made.link) == (f"https://scan.example.cn/{made.session}", f"elicence://scan/{made.session}")
    assert national.sessions[made.session]["uscc"] == LICENCE.uscc
    assert verify.verify(asked, "", NOW) == Waiting()
    national.shows(made.session)
    outcome = verify.verify(asked, "", NOW)
    assert isinstance(outcome, Presented)
    assert (outcome.licence, outcome.signer[:18]) == (LICENCE, "CN=national system")
    # The same, called back with.
    assert isinstance(verify.verify(asked, national.statement(made.session), NOW), Presented)


def test_the_holder_may_refuse(national: NationalOffice) -> None:
    verify = verifier(national.url)
    made, asked = opened(verify)
    national.answers[made.session] = {"state": "refused"}
    assert verify.verify(asked, "", NOW) == Refused("holder_refused")


def test_a_statement_that_does_not_hold(national: NationalOffice) -> None:
    verify = verifier(national.url)
    made, asked = opened(verify)
    stranger = leaf(
        licence_issuing.another_office(NOW).authority, "national system", certificate_chain.SIGNS_STATEMENTS, NOW
    )
    good = national.statement(made.session)
    statements = {
        "issuer_untrusted": national.statement(made.session, by=stranger),
        "certificate_misused": national.statement(made.session, by=office().issuer),
        "signature_wrong": good.rpartition(".")[0] + "." + "A" * 86,
        "presentation_stale": national.statement(made.session, NOW - timedelta(minutes=10)),
    }
    for code, statement in statements.items():
        national.answers[made.session] = {"state": "answered", "statement": statement}
        assert verify.verify(asked, "", NOW) == Refused(code, decides=False)
    other = asked.replace(nonce="another")
    assert verify.verify(other, good, NOW) == Refused("wrong_nonce", decides=False)


def test_an_outage_is_retried_and_then_said(national: NationalOffice) -> None:
    waited: list[float] = []
    verify = verifier(national.url, sleep=waited.append)
    national.failures = [503, 502]
    made, asked = opened(verify)
    assert (national.asked, len(waited)) == (3, 2)
    assert 0.2 <= waited[0] <= 0.4 < waited[1] <= 0.8, "each wait longer than the last, none exactly as another's"
    national.failures = [500, 500, 500]
    assert verify.verify(asked, "", NOW) == DOWN
    national.failures = [404]
    before = national.asked
    assert verify.verify(asked, "", NOW) == DOWN
    assert national.asked == before + 1, "what is refused for good is not asked again"
    national.shows(made.session)
    assert isinstance(verify.verify(asked, "", NOW), Presented)


def test_after_three_failures_nobody_is_kept_waiting_for_half_a_minute(national: NationalOffice) -> None:
    clock = [1_000.0]
    verify = verifier(national.url, clock=lambda: clock[0])
    _, asked = opened(verify)
    for _ in range(3):
        national.failures = [500] * 3
        assert verify.verify(asked, "", NOW) == DOWN
    before = national.asked
    assert verify.verify(asked, "", NOW) == DOWN
    assert national.asked == before, "the circuit is open"
    clock[0] += 31
    assert verify.verify(asked, "", NOW) == Waiting()


def test_a_slow_source_is_given_up(national: NationalOffice) -> None:
    verify = verifier(national.url, timeout=0.05)
    national.delay = 0.3
    assert verify.start(check(NOW), "", NOW) == DOWN


def test_a_source_that_nobody_runs() -> None:
    assert verifier("http://127.0.0.1:1/api").start(check(NOW), "", NOW) == DOWN


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"session": 7, "qr": "x"}', b"\xff", b"x" * 70_000, b"[" * 50_000]
)
def test_an_answer_that_makes_no_sense(national: NationalOffice, body: bytes) -> None:
    national.body = body
    assert isinstance(verifier(national.url).start(check(NOW), "", NOW), Unreachable)


@pytest.mark.parametrize("body", [{}, {"state": "answered"}, {"state": "lost"}, {"state": ["pending"]}])
def test_a_session_in_no_known_state(national: NationalOffice, body: dict[str, Any]) -> None:
    verify = verifier(national.url)
    _, asked = opened(verify)
    national.body = json.dumps(body).encode()
    assert verify.verify(asked, "", NOW) == Unreachable("national_unreadable")


def test_nobody_is_believed_without_anchors_and_lists(national: NationalOffice) -> None:
    for trusted, code in (
        (None, "trust_missing"),
        (certificate_chain.read_trust(office().anchors(), b""), "revocation_list_missing"),
    ):
        verify = verifier(national.url, trust=Trusting(trusted))
        made, asked = opened(verify)
        national.shows(made.session)
        assert verify.verify(asked, "", NOW) == Unreachable(code)


def test_credentials_that_are_not_taken(national: NationalOffice) -> None:
    wrong = NationalVerifier(
        national.url,
        lambda: json.dumps({**CREDENTIALS, "key": "another"}),
        Trusting(trust(NOW)),  # type: ignore[arg-type]
        let_loopback=True,
        timing=WITHOUT_WAITS,
    )
    assert wrong.start(check(NOW), "", NOW) == DOWN


@pytest.mark.parametrize("url", ["http://10.0.0.1/api", "https://169.254.169.254/api", "ftp://example.cn", "https://["])
def test_only_https_to_the_open_internet(url: str) -> None:
    secret = json.dumps(CREDENTIALS)
    verify = NationalVerifier(url, lambda: secret, Trusting(None), timing=WITHOUT_WAITS)  # type: ignore[arg-type]
    assert verify.start(check(NOW), "", NOW) == DOWN
