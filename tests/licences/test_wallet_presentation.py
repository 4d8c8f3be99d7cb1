"""Every way in which an answer proves nothing, each with its own reason; and the one way in which it does."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import example, given
from hypothesis import strategies as some

from chalicelib.licences.adapters.exchange_issuer import Owner, leaf, present
from chalicelib.licences.rules import certificate_chain, wallet_presentation
from chalicelib.licences.rules.certificate_chain import NoRevocationList, Untrusted
from tests.support import licence_issuing
from tests.support.licence_issuing import LICENCE, check, holder, office, trust

NOW = datetime.now(UTC).replace(microsecond=0)
VECTORS = json.loads((Path(__file__).parent.parent / "cases" / "sm2_vectors.json").read_text("utf-8"))


def refusal(text: str, now: datetime = NOW, trusted: certificate_chain.Trust | None = None, **asked: Any) -> str:
    with pytest.raises(Untrusted) as caught:
        wallet_presentation.read_presentation(text, check(NOW, **asked), trusted or trust(NOW), now)
    return caught.value.code


def shown(by: Owner | None = None, licence: str = "", at: datetime = NOW, **claims: Any) -> str:
    signed = licence or office().licence(LICENCE, holder(), NOW)
    return present(by or holder(), signed, check(NOW), at, **claims)


def parts(text: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    head, body, signature = text.split(".")
    read = [json.loads(base64.urlsafe_b64decode(part + "==")) for part in (head, body)]
    return read[0], read[1], signature


def joined(header: dict[str, Any], claims: dict[str, Any], signature: str) -> str:
    coded = [
        base64.urlsafe_b64encode(json.dumps(part, ensure_ascii=False).encode()).decode().rstrip("=")
        for part in (header, claims)
    ]
    return ".".join((*coded, signature))


def test_a_good_answer_gives_the_licence_and_says_by_whose_word() -> None:
    presented = wallet_presentation.read_presentation(shown(), check(NOW), trust(NOW), NOW)
    assert presented.licence == LICENCE
    assert presented.signer.startswith("CN=test issuer,O=Lianfang ")
    assert presented.presented_at == NOW.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_an_answer_in_sm2_made_by_openssl_is_read_alike() -> None:
    trusted = certificate_chain.read_trust(VECTORS["anchors"].encode(), VECTORS["lists"].encode())
    now = datetime.fromtimestamp(VECTORS["at"], UTC)
    asked = check(now, nonce="a nonce", session="a session")
    presented = wallet_presentation.read_presentation(VECTORS["presentation"], asked, trusted, now)
    assert (presented.licence.uscc, presented.licence.name) == (LICENCE.uscc, LICENCE.name)
    head, claims, signature = parts(VECTORS["presentation"])
    forged = joined(head, {**claims, "iat": claims["iat"] + 1}, signature)
    with pytest.raises(Untrusted, match="signature_wrong"):
        wallet_presentation.read_presentation(forged, asked, trusted, now)
    with pytest.raises(Untrusted, match="issuer_untrusted"):
        wallet_presentation.read_presentation(VECTORS["presentation"], asked, trust(NOW), now)
    confused = joined({**head, "alg": "EdDSA"}, claims, signature)
    with pytest.raises(Untrusted, match="algorithm_not_allowed"):
        wallet_presentation.read_presentation(confused, asked, trusted, now)


def test_nonce_session_and_audience_are_those_of_this_check() -> None:
    assert refusal(shown(nonce="another")) == "wrong_nonce"
    assert refusal(shown(session="k_2")) == "wrong_nonce"
    assert refusal(shown(aud="lianfang-test/beta")) == "wrong_audience"
    assert refusal(shown(), audience="lianfang-prod/alpha") == "wrong_audience"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(61, "presentation_from_future"), (60, ""), (-60, ""), (-61, "presentation_stale")],
)
def test_the_clock_of_a_wallet_may_be_a_minute_off(seconds: int, code: str) -> None:
    text = shown(at=NOW + timedelta(seconds=seconds))
    if code:
        assert refusal(text) == code
    else:
        assert wallet_presentation.read_presentation(text, check(NOW), trust(NOW), NOW).licence == LICENCE


def test_an_answer_grows_old() -> None:
    assert refusal(shown(), now=NOW + timedelta(seconds=361)) == "presentation_stale"


def test_the_licence_itself_is_in_force() -> None:
    old = office().licence(LICENCE, holder(), NOW - timedelta(days=10), days=9)
    early = office().licence(LICENCE, holder(), NOW + timedelta(days=1))
    assert refusal(shown(licence=old)) == "licence_expired"
    assert refusal(shown(licence=early)) == "licence_expired"


def test_a_licence_of_an_issuer_whom_nobody_trusts() -> None:
    other = licence_issuing.another_office(NOW)
    theirs = other.holder(LICENCE.uscc, NOW)
    assert refusal(shown(by=theirs, licence=other.licence(LICENCE, theirs, NOW))) == "issuer_untrusted"
    assert refusal(shown(licence=other.licence(LICENCE, holder(), NOW))) == "issuer_untrusted"
    # One that bears the trusted names, but not the keys.
    namesake = type(other).make("test", NOW)
    assert refusal(shown(by=namesake.holder("x", NOW))) == "issuer_untrusted"


def test_two_anchors_of_one_name_are_both_trusted() -> None:
    namesake = type(office()).make("test", NOW)
    for anchors in (namesake.anchors() + office().anchors(), office().anchors() + namesake.anchors()):
        both = certificate_chain.read_trust(anchors, office().lists(NOW) + namesake.lists(NOW))
        for part in (office(), namesake):
            theirs = part.holder(LICENCE.uscc, NOW)
            text = shown(by=theirs, licence=part.licence(LICENCE, theirs, NOW))
            assert wallet_presentation.read_presentation(text, check(NOW), both, NOW).licence == LICENCE


def test_a_licence_that_somebody_else_holds() -> None:
    thief = office().holder(LICENCE.uscc, NOW)
    assert refusal(shown(by=thief)) == "holder_key_mismatch"


def test_a_holder_signs_no_licences_and_an_issuer_presents_none() -> None:
    homemade = holder().sign(wallet_presentation.LICENCE, parts(office().licence(LICENCE, holder(), NOW))[1])
    assert refusal(shown(licence=homemade)) == "certificate_misused"
    assert refusal(shown(by=office().issuer)) == "certificate_misused"
    assert refusal(shown(by=office().authority)) == "certificate_misused"


def test_what_is_one_kind_of_jws_is_not_taken_for_another() -> None:
    claims = {"aud": "lianfang-test/alpha", "nonce": "a nonce of this check", "session": "k_1", "licence": "x"}
    assert refusal(holder().sign(wallet_presentation.STATEMENT, claims)) == "presentation_malformed"
    assert refusal(shown(licence=shown())) == "presentation_malformed"


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256", "ES256", "Ed25519", "", None, ["EdDSA"]])
def test_only_two_algorithms_are_taken_whatever_the_header_says(algorithm: Any) -> None:
    header, claims, signature = parts(shown())
    text = joined({**header, "alg": algorithm}, claims, "" if algorithm == "none" else signature)
    assert refusal(text) == "algorithm_not_allowed"


def test_the_public_key_does_not_pass_for_a_shared_secret() -> None:
    header, claims, _ = parts(shown())
    secret = holder().key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    head = {name: value for name, value in header.items() if name != "alg"}
    confused = jwt.PyJWS().encode(json.dumps(claims).encode(), secret, "HS256", headers=head)
    assert refusal(confused) == "algorithm_not_allowed"
    assert refusal(joined({**header, "alg": "SM2"}, claims, "A" * 86)) == "algorithm_not_allowed"


def test_a_signature_is_of_these_bytes_and_no_others() -> None:
    header, claims, signature = parts(shown())
    assert refusal(joined(header, {**claims, "iat": claims["iat"] + 1}, signature)) == "signature_wrong"
    _, inner, inner_signature = parts(claims["licence"])
    head = parts(claims["licence"])[0]
    richer = joined(head, {**inner, "name": "苏州樾野商贸有限公司"}, inner_signature)
    assert refusal(shown(licence=richer)) == "signature_wrong"


@pytest.mark.parametrize("more", [{"crit": ["exp"]}, {"crit": []}, {"b64": False, "crit": ["b64"]}, {"b64": True}])
def test_what_is_critical_and_unknown_voids_the_whole(more: dict[str, Any]) -> None:
    header, claims, signature = parts(shown())
    assert refusal(joined({**header, **more}, claims, signature)) == "header_not_understood"


def test_a_key_in_the_header_is_not_taken() -> None:
    mine = licence_issuing.another_office(NOW).holder("x", NOW)
    header, claims, _ = parts(shown())
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}
    kept = {"x5c": header["x5c"], "jwk": jwk, "jku": "https://127.0.0.1/keys", "kid": "mine"}
    forged = mine.sign(wallet_presentation.PRESENTATION, claims, **kept)
    assert refusal(forged) == "signature_wrong"


@pytest.mark.parametrize("revoked", ["holder", "issuer", "authority"])
def test_a_revoked_certificate_anywhere_in_the_chain(revoked: str) -> None:
    other = licence_issuing.another_office(NOW)
    theirs = other.holder(LICENCE.uscc, NOW)
    text = shown(by=theirs, licence=other.licence(LICENCE, theirs, NOW))
    before = certificate_chain.read_trust(other.anchors(), other.lists(NOW))
    assert wallet_presentation.read_presentation(text, check(NOW), before, NOW).licence == LICENCE
    owner = {"holder": theirs, "issuer": other.issuer, "authority": other.authority}[revoked]
    other.revoke(owner.certificate, NOW)
    after = certificate_chain.read_trust(other.anchors(), other.lists(NOW))
    assert refusal(text, trusted=after) == "certificate_revoked"


def test_without_a_good_revocation_list_nobody_can_say() -> None:
    anchors, lists = office().anchors(), office().lists(NOW)
    other = licence_issuing.another_office(NOW)
    end = b"-----END X509 CRL-----"
    only_root = lists.partition(end)[0] + end
    for given_lists in (b"", only_root, office().lists(NOW - timedelta(days=31)), other.lists(NOW)):
        trusted = certificate_chain.read_trust(anchors, given_lists)
        with pytest.raises(NoRevocationList):
            wallet_presentation.read_presentation(shown(), check(NOW), trusted, NOW)
    # A list in the right name, but signed by nobody who may.
    namesake = type(other).make("test", NOW)
    with pytest.raises(NoRevocationList):
        wallet_presentation.read_presentation(
            shown(), check(NOW), certificate_chain.read_trust(anchors, namesake.lists(NOW)), NOW
        )


def test_certificates_are_in_force_only_for_a_time() -> None:
    past = leaf(office().authority, "holder", certificate_chain.SIGNS_PRESENTATIONS, NOW - timedelta(days=2), days=1)
    to_come = leaf(office().authority, "holder", certificate_chain.SIGNS_PRESENTATIONS, NOW + timedelta(days=2))
    for owner in (past, to_come):
        licence = office().licence(LICENCE, owner, NOW)
        assert refusal(shown(by=owner, licence=licence)) == "certificate_expired"


def test_a_leaf_signs_no_further_certificates() -> None:
    below = leaf(holder(), "holder of a holder", certificate_chain.SIGNS_PRESENTATIONS, NOW)
    assert refusal(shown(by=below)) == "certificate_misused"


def test_annotations_in_the_licence_are_read() -> None:
    for notes, revoked in ((("吊销",), True), (("经营异常",), False), (("已吊销，未注销",), True), ((), False)):
        licence = office().licence(LICENCE, holder(), NOW, notes)
        presented = wallet_presentation.read_presentation(shown(licence=licence), check(NOW), trust(NOW), NOW)
        assert presented.licence == replace(LICENCE, annotated_revoked=revoked)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a.b", "a.b.c", "....", "e30.e30.", "bnVsbA.e30.", "你好.你.好", "W10.e30.c2ln", "{}", "x" * 40_000],
)
def test_what_is_no_jws_is_refused_in_order(text: str) -> None:
    assert refusal(text) in ("presentation_malformed", "algorithm_not_allowed")


@pytest.mark.parametrize("x5c", [None, [], "x", [1], ["%"], ["AAAA"], ["AAAA"] * 4])
def test_a_header_without_certificates_is_refused(x5c: Any) -> None:
    header, claims, signature = parts(shown())
    assert refusal(joined({**header, "x5c": x5c}, claims, signature)) == "presentation_malformed"


@given(some.integers(0, 3_000), some.integers(1, 255))
@example(2_999, 128)  # a serial number that is not positive
def test_no_byte_of_a_certificate_ends_in_another_error(place: int, change: int) -> None:
    header, claims, signature = parts(shown(at=NOW))
    certificate = bytearray(base64.b64decode(header["x5c"][0]))
    certificate[place % len(certificate)] ^= change
    x5c = [base64.b64encode(bytes(certificate)).decode(), *header["x5c"][1:]]
    with pytest.raises(Untrusted):
        wallet_presentation.read_presentation(
            joined({**header, "x5c": x5c}, claims, signature), check(NOW), trust(NOW), NOW
        )


@pytest.mark.parametrize("version", [0, 1, 3, 5, 127])
def test_a_certificate_of_another_version_is_refused(version: int) -> None:
    header, claims, signature = parts(shown())
    certificate = base64.b64decode(header["x5c"][0])
    changed = certificate.replace(b"\xa0\x03\x02\x01\x02", bytes([0xA0, 3, 2, 1, version]), 1)
    assert changed != certificate
    x5c = [base64.b64encode(changed).decode(), *header["x5c"][1:]]
    with pytest.raises(Untrusted):
        wallet_presentation.read_presentation(
            joined({**header, "x5c": x5c}, claims, signature), check(NOW), trust(NOW), NOW
        )


def test_half_a_surrogate_pair_is_another_audience() -> None:
    """JSON's escapes can say what UTF-8 cannot."""
    from jwt import PyJWS

    header, claims, _ = parts(shown())
    named = {"typ": header["typ"], "x5c": header["x5c"]}
    text = PyJWS().encode(json.dumps({**claims, "aud": "\ud800"}).encode(), holder().key, "EdDSA", headers=named)
    assert refusal(text) == "wrong_audience"


@pytest.mark.parametrize(
    "claims",
    [{"iat": "now"}, {"iat": True}, {"iat": -1}, {"iat": 10**18}, {"nonce": 7}, {"aud": None}, {"licence": ["x"]}],
)
def test_claims_of_the_wrong_kind_are_refused(claims: dict[str, Any]) -> None:
    assert refusal(shown(**claims)) == "presentation_malformed"


@pytest.mark.parametrize("bound", [None, "x", {}, {"x5t#S256": 1}, {"x5t#S256": ""}])
def test_a_licence_is_bound_to_a_key(bound: Any) -> None:
    claims = parts(office().licence(LICENCE, holder(), NOW))[1]
    loose = office().issuer.sign(wallet_presentation.LICENCE, {**claims, "cnf": bound})
    assert refusal(shown(licence=loose)) == "holder_key_mismatch"


@given(some.integers(0, 3_000), some.integers(1, 255))
def test_no_byte_of_an_answer_can_be_changed_unnoticed(place: int, change: int) -> None:
    text = shown(at=NOW)
    raw = bytearray(text.encode())
    raw[place % len(raw)] ^= change
    spoilt = raw.decode("latin-1")
    try:
        presented = wallet_presentation.read_presentation(spoilt, check(NOW), trust(NOW), NOW)
    except (Untrusted, NoRevocationList):
        return
    # The last character of a base64 part has bits that count for nothing.
    assert presented.licence == LICENCE
    assert _decoded(spoilt) == _decoded(text)


def _decoded(text: str) -> list[bytes]:
    return [base64.urlsafe_b64decode(part + "==") for part in text.split(".")]
