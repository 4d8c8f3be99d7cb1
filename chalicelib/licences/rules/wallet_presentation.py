"""What a wallet signs, read and trusted only as far as its certificates reach: JWS in compact form (RFC 7515).

    licence       {uscc, name, …, holder_role, nbf, exp, cnf: {"x5t#S256"}}   signed by an issuer of licences
    presentation  {aud, nonce, session, iat, licence}                         signed by the holder's key, named in cnf
    statement     {aud, nonce, session, iat, uscc, name, …}                   signed by the national system

The header carries the chain (`x5c`); the key of its leaf, never the header, decides with what the signature is
verified. `alg` is EdDSA, or SM2: the 64 bytes r ‖ s of SM2 over SM3, which no RFC has named yet.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from chalicelib.government_lists.rules.company_register_row import ENDED, read_status
from chalicelib.licences.rules import certificate_chain
from chalicelib.licences.rules.certificate_chain import NoRevocationList, Signer, Trust, Untrusted
from chalicelib.licences.rules.licence import Licence
from chalicelib.licences.rules.licence_check import ANSWER_SECONDS, SKEW_SECONDS, LicenceCheck
from chalicelib.licences.rules.licence_verifier import Outcome, Presented, Refused, Unreachable
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

LICENCE, PRESENTATION, STATEMENT = "licence+jws", "licence-presentation+jws", "licence-statement+jws"
PURPOSES: Final = {
    LICENCE: certificate_chain.SIGNS_LICENCES,
    PRESENTATION: certificate_chain.SIGNS_PRESENTATIONS,
    STATEMENT: certificate_chain.SIGNS_STATEMENTS,
}
ALGORITHMS: Final = (certificate_chain.EDDSA, certificate_chain.SM2)
# A presentation carries a licence and two chains of three certificates.
MOST_BYTES: Final = 32 * 1024
FIELDS: Final = (
    "uscc",
    "name",
    "entity_type",
    "legal_representative",
    "address",
    "registered_capital",
    "scope",
    "authority",
    "established_on",
    "status",
    "holder_role",
)


# Reads one kind of signed answer: `read_presentation` or `read_statement`.
Read = Callable[[str, LicenceCheck, Trust, datetime], Presented]


@dataclass(frozen=True, slots=True)
class Signed:
    """Claims with a valid signature, and their signer."""

    claims: Json
    signer: Signer


class NotAnAnswer(Untrusted):
    """What was sent is not, under a trusted signature, an answer to this check."""


def read_presentation(text: str, check: LicenceCheck, trust: Trust, now: datetime) -> Presented:
    """The licence that its holder shows in answer to this check. Raises `Untrusted`, `NoRevocationList`."""
    presentation = _open_answer(text, PRESENTATION, check, trust, now)
    licence = open_signed(_text(presentation.claims, "licence"), LICENCE, trust, now)
    if not _moment(licence.claims, "nbf") <= now <= _moment(licence.claims, "exp"):
        raise Untrusted("licence_expired")
    bound = licence.claims.get("cnf")
    if not isinstance(bound, dict) or not _same(str(bound.get("x5t#S256", "")), presentation.signer.fingerprint):
        raise Untrusted("holder_key_mismatch")
    return _presented(text, licence.claims, licence.signer, _moment(presentation.claims, "iat"))


def read_statement(text: str, check: LicenceCheck, trust: Trust, now: datetime) -> Presented:
    """The licence that the national system says was shown to it. Raises `Untrusted`, `NoRevocationList`."""
    statement = _open_answer(text, STATEMENT, check, trust, now)
    return _presented(text, statement.claims, statement.signer, _moment(statement.claims, "iat"))


def verify_signed(read: Read, answer: str, check: LicenceCheck, trust: Trust | None, now: datetime) -> Outcome:
    """What comes of a signed answer as `read` reads it; unreachable where anchors or revocation lists are missing."""
    if trust is None:
        return Unreachable("trust_missing")
    try:
        return read(answer, check, trust, now)
    except NotAnAnswer as problem:
        return Refused(problem.code, decides=False)
    except Untrusted as problem:
        return Refused(problem.code)
    except NoRevocationList:
        return Unreachable("revocation_list_missing")


def _open_answer(text: str, kind: str, check: LicenceCheck, trust: Trust, now: datetime) -> Signed:
    """What was signed in answer to this check. Raises `NotAnAnswer`, `NoRevocationList`."""
    try:
        signed = open_signed(text, kind, trust, now)
        _check_answer(signed.claims, check, now)
    except Untrusted as problem:
        raise NotAnAnswer(problem.code) from None
    return signed


def open_signed(text: str, kind: str, trust: Trust, now: datetime) -> Signed:
    """The claims of a JWS of that kind, once chain and signature hold. Raises `Untrusted`, `NoRevocationList`."""
    import jwt

    if len(text) > MOST_BYTES:
        raise Untrusted("presentation_malformed")
    header = _header(text)
    # RFC 7515, 4.1.11: what is critical and not understood makes the whole void; nothing critical is understood here.
    if "crit" in header or "b64" in header:
        raise Untrusted("header_not_understood")
    if header.get("alg") not in ALGORITHMS:
        raise Untrusted("algorithm_not_allowed")
    if header.get("typ") != kind:
        raise Untrusted("presentation_malformed")
    signer = certificate_chain.trusted(_chain(header), trust, PURPOSES[kind], now)
    if header["alg"] != signer.key.kind:
        raise Untrusted("algorithm_not_allowed")
    try:
        body = _jws().decode_complete(text, _jwt_key(signer), algorithms=[signer.key.kind])["payload"]
        claims = json.loads(body)
    except jwt.InvalidSignatureError:
        raise Untrusted("signature_wrong") from None
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise Untrusted("presentation_malformed") from None
    if not isinstance(claims, dict):
        raise Untrusted("presentation_malformed")
    return Signed(claims, signer)


def _header(text: str) -> Json:
    try:
        first = text.partition(".")[0]
        header = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError):
        raise Untrusted("presentation_malformed") from None
    if not isinstance(header, dict) or text.count(".") != 2:
        raise Untrusted("presentation_malformed")
    return header


def _chain(header: Json) -> list[bytes]:
    """The certificates of `x5c`: DER in plain base64, leaf first (RFC 7515, 4.1.6)."""
    parts = header.get("x5c")
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise Untrusted("presentation_malformed")
    try:
        return [base64.b64decode(part, validate=True) for part in parts]
    except ValueError:
        raise Untrusted("presentation_malformed") from None


def _check_answer(claims: Json, check: LicenceCheck, now: datetime) -> None:
    """Refuse an answer to another check or audience, or one that is not of now: five minutes and a minute of skew."""
    if not _same(_text(claims, "aud"), check.audience):
        raise Untrusted("wrong_audience")
    if not _same(_text(claims, "nonce"), check.nonce) or not _same(_text(claims, "session"), check.session):
        raise Untrusted("wrong_nonce")
    made, opened = _moment(claims, "iat").timestamp(), datetime.fromisoformat(check.created_at).timestamp()
    if made > now.timestamp() + SKEW_SECONDS:
        raise Untrusted("presentation_from_future")
    if made < opened - SKEW_SECONDS or made < now.timestamp() - ANSWER_SECONDS - SKEW_SECONDS:
        raise Untrusted("presentation_stale")


def _presented(text: str, claims: Json, signer: Signer, at: datetime) -> Presented:
    texts = {field: str(claims.get(field) or "") for field in FIELDS}
    notes = claims.get("annotations", [])
    # 市场主体登记管理条例实施细则 64: a revocation is annotated in the electronic licence itself.
    revoked = any(read_status(str(note)) in ENDED for note in (notes if isinstance(notes, list) else [notes]))
    licence = Licence(**texts, annotated_revoked=revoked)
    proof = hashlib.sha256(text.encode()).hexdigest()
    return Presented(licence, proof, f"{signer.subject} {signer.fingerprint[:16]}", iso(at))


def _text(claims: Json, name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str):
        raise Untrusted("presentation_malformed")
    return value


def _moment(claims: Json, name: str) -> datetime:
    value = claims.get(name)
    # The year 9999 and no further: what lies beyond, no datetime holds.
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 253_402_300_800:
        raise Untrusted("presentation_malformed")
    return datetime.fromtimestamp(value, UTC)


def _same(text: str, other: str) -> bool:
    # JSON may hold half of a surrogate pair, which UTF-8 has no bytes for.
    return hmac.compare_digest(text.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def _jws() -> Any:
    """PyJWT's reader of JWS, for our two algorithms alone."""
    import jwt
    from jwt.algorithms import Algorithm

    class Sm2(Algorithm):
        """SM2 over SM3, r ‖ s."""

        def prepare_key(self, key: Any) -> Any:
            return key

        def sign(self, msg: bytes, key: Any) -> bytes:
            raise NotImplementedError

        def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
            # One form for one signature: DER has its place in certificates.
            return len(sig) == 64 and bool(key.verifies(msg, sig))

        @staticmethod
        def to_jwk(key_obj: Any, as_dict: bool = False) -> Any:
            raise NotImplementedError

        @staticmethod
        def from_jwk(jwk: Any) -> Any:
            raise NotImplementedError

    reader = jwt.PyJWS(algorithms=[certificate_chain.EDDSA])
    reader.register_algorithm(certificate_chain.SM2, Sm2())
    return reader


def _jwt_key(signer: Signer) -> Any:
    if signer.key.kind == certificate_chain.SM2:
        return signer.key
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(signer.key.raw)
