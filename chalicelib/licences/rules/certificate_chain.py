"""X.509 certificates (RFC 5280) as far as licences need them: a chain of at most three, and revocation.

Keys are Ed25519 (RFC 8410) or SM2 (GM/T 0015, signatures SM2-with-SM3). cryptography reads both kinds of certificate
but knows no SM2 keys; those are read from the certificate's own bytes and checked by `sm2_signature`.
"""

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, CertificateRevocationList

EDDSA, SM2 = "EdDSA", "SM2"
SIGNED_WITH: Final = {"1.3.101.112": EDDSA, "1.2.156.10197.1.501": SM2}
SM2_CURVE: Final = "1.2.156.10197.1.301"
# What a leaf may sign, each an object identifier of its own (from a UUID, ITU-T X.667): a holder's certificate
# must never pass for the issuer's.
SIGNS_LICENCES: Final = "2.25.76052277445017374008056419460017137990"
SIGNS_PRESENTATIONS: Final = "2.25.200770187308832602649887606670304013970"
SIGNS_STATEMENTS: Final = "2.25.190077242297318640634054053108956199531"
LONGEST_CHAIN: Final = 3
# Critical extensions that are looked at below: basic constraints, key usage, extended key usage.
UNDERSTOOD: Final = frozenset({"2.5.29.19", "2.5.29.15", "2.5.29.37"})


class Untrusted(Exception):
    """A certificate or signature that proves nothing; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoRevocationList(Exception):
    """An issuer in this chain has no list that is still good, so revocation cannot be judged."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key: its kind, and its bytes (32 of Ed25519; 65 of an SM2 point)."""

    kind: str
    raw: bytes

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether this key made the signature of the message."""
        if self.kind == SM2:
            from chalicelib.licences.rules import sm2_signature

            return sm2_signature.verify(self.raw, message, signature)
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Trust:
    """What is trusted: the certificates at the end of every chain, and the lists of what was revoked."""

    anchors: "tuple[Certificate, ...]"
    lists: "tuple[CertificateRevocationList, ...]"


@dataclass(frozen=True, slots=True)
class Signer:
    """The owner of a trusted leaf certificate: its key, its subject, the SHA-256 of the certificate."""

    key: Key
    subject: str
    fingerprint: str


def read_trust(anchors: bytes, lists: bytes) -> Trust:
    """Anchors and revocation lists from PEM texts, each of one or more. Raises `ValueError`."""
    from cryptography import x509

    end = b"-----END X509 CRL-----"
    parts = [part + end for part in lists.split(end) if part.strip()]
    return Trust(tuple(x509.load_pem_x509_certificates(anchors)), tuple(x509.load_pem_x509_crl(part) for part in parts))


def trusted(chain: Sequence[bytes], trust: Trust, purpose: str, now: datetime) -> Signer:
    """The owner of the first certificate of a DER chain, leaf first, that leads to an anchor at this moment.

    Raises `Untrusted`, and `NoRevocationList` when revocation cannot be judged.
    """
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    unreadable = (
        ValueError,
        TypeError,
        OverflowError,
        UnsupportedAlgorithm,
        x509.InvalidVersion,
        x509.DuplicateExtension,
    )
    if not 1 <= len(chain) <= LONGEST_CHAIN:
        raise Untrusted("presentation_malformed")
    try:
        path = [_parsed(der) for der in chain]
        path[1:] = [certificate for certificate in path[1:] if certificate not in trust.anchors]
        _check_path(path, trust, now)
        _check_leaf(path[0], purpose)
    except (*unreadable, x509.UnsupportedGeneralNameType):
        raise Untrusted("presentation_malformed") from None
    leaf = path[0]
    return Signer(key_of(leaf), leaf.subject.rfc4514_string(), hashlib.sha256(chain[0]).hexdigest())


def _parsed(der: bytes) -> "Certificate":
    """The certificate. `ValueError` where its serial number is not positive (RFC 5280, 4.1.2.2), of which the library
    warns alone."""
    from cryptography import x509

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        certificate = x509.load_der_x509_certificate(der)
        if certificate.serial_number <= 0:
            raise ValueError("serial number")
    return certificate


def key_of(certificate: "Certificate") -> Key:
    """The key that the certificate is about. Raises `Untrusted` for kinds of keys that are not taken here."""
    oid = certificate.public_key_algorithm_oid.dotted_string
    if oid == "1.3.101.112":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        key = certificate.public_key()
        assert isinstance(key, Ed25519PublicKey)
        return Key(EDDSA, key.public_bytes_raw())
    if oid == "1.2.840.10045.2.1":
        return Key(SM2, _sm2_point(certificate.tbs_certificate_bytes))
    raise Untrusted("algorithm_not_allowed")


def _check_path(path: "Sequence[Certificate]", trust: Trust, now: datetime) -> None:
    """Each certificate was signed by the next, the last by an anchor; all are in force and none is revoked."""
    # There are two anchors of one name while an authority changes its key.
    named = (anchor for anchor in trust.anchors if anchor.subject == path[-1].issuer)
    anchor = next((anchor for anchor in named if _signed(path[-1], anchor)), None)
    if anchor is None:
        raise Untrusted("issuer_untrusted")
    full = [*path, anchor]
    for place, (certificate, issuer) in enumerate(pairwise(full)):
        if certificate.issuer != issuer.subject or not _signed(certificate, issuer):
            raise Untrusted("issuer_untrusted")
        _check_authority(issuer, place)
    for certificate in full:
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise Untrusted("certificate_expired")
    for certificate, issuer in pairwise(full):
        if _list_of(issuer, trust, now).get_revoked_certificate_by_serial_number(certificate.serial_number):
            raise Untrusted("certificate_revoked")


def _check_authority(issuer: "Certificate", below: int) -> None:
    """A certificate that signs others says so, and for how many authorities below it."""
    from cryptography import x509

    _check_critical(issuer)
    try:
        basic = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise Untrusted("certificate_misused") from None
    if not basic.ca or not usage.key_cert_sign or (basic.path_length is not None and basic.path_length < below):
        raise Untrusted("certificate_misused")


def _check_leaf(leaf: "Certificate", purpose: str) -> None:
    """A leaf is no authority and was made to sign just this."""
    from cryptography import x509

    _check_critical(leaf)
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        basic = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        raise Untrusted("certificate_misused") from None
    if (
        basic.ca
        or not usage.digital_signature
        or purpose not in {purpose_oid.dotted_string for purpose_oid in purposes}
    ):
        raise Untrusted("certificate_misused")


def _check_critical(certificate: "Certificate") -> None:
    """RFC 5280, 4.2: what is critical and not understood makes the certificate void."""
    if any(part.critical and part.oid.dotted_string not in UNDERSTOOD for part in certificate.extensions):
        raise Untrusted("certificate_misused")


def _signed(signed: "Certificate | CertificateRevocationList", issuer: "Certificate") -> bool:
    """Whether the issuer's key signed this certificate or list, in the way that goes with the key."""
    key = key_of(issuer)
    if SIGNED_WITH.get(signed.signature_algorithm_oid.dotted_string) != key.kind:
        return False
    body = signed.tbs_certificate_bytes if hasattr(signed, "tbs_certificate_bytes") else signed.tbs_certlist_bytes
    return key.verifies(body, signed.signature)


def _list_of(issuer: "Certificate", trust: Trust, now: datetime) -> "CertificateRevocationList":
    """The revocation list of that issuer that is good now, the latest if there are several."""
    good = [
        revocations
        for revocations in trust.lists
        if revocations.issuer == issuer.subject
        and revocations.next_update_utc is not None
        and revocations.last_update_utc <= now <= revocations.next_update_utc
        and not any(extension.critical for extension in revocations.extensions)
        and _signed(revocations, issuer)
    ]
    if not good:
        raise NoRevocationList
    return max(good, key=lambda revocations: revocations.last_update_utc)


def _sm2_point(body: bytes) -> bytes:
    """The point of a certificate's SM2 key, from its signed part: the seventh field, SubjectPublicKeyInfo."""
    from Cryptodome.Util.asn1 import DerBitString, DerObjectId, DerSequence

    sequence: Any = DerSequence
    info = sequence().decode(sequence().decode(body)[6])
    read: Any = DerObjectId()
    if read.decode(sequence().decode(info[0])[1]).value != SM2_CURVE:
        raise Untrusted("algorithm_not_allowed")
    read = DerBitString()
    return bytes(read.decode(info[1]).value)
