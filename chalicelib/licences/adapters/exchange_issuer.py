"""A registrar of our own: a root, an issuing authority below it, and the licences that it signs (JWS, Ed25519).

For the local stack, for tests, and for an exchange that issues licences itself. The keys live where `state` is kept
(a secret), the anchors and the revocation list in the bucket, where every function reads them and none may write.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from chalicelib.licences.rules import certificate_chain, wallet_presentation
from chalicelib.licences.rules.licence import Licence

ROOT_DAYS, AUTHORITY_DAYS, LEAF_DAYS = 3_650, 1_825, 730
# Each week has a list of its own; past this no certificate is trusted any more.
LIST_DAYS: Final = 30
# A certificate is good from a little before it was made: not every clock is right.
BACKDATED: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Owner:
    """A key with its certificate and those above it, the root left out; `chain` is DER, leaf first."""

    key: Ed25519PrivateKey
    chain: tuple[bytes, ...]

    @property
    def certificate(self) -> x509.Certificate:
        """The owner's own certificate."""
        return x509.load_der_x509_certificate(self.chain[0])

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate, by which a licence names its holder."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def sign(self, kind: str, claims: Mapping[str, Any], **header: Any) -> str:
        """A JWS of that kind."""
        from jwt import PyJWS

        x5c = [base64.b64encode(der).decode() for der in self.chain]
        body = json.dumps(claims, ensure_ascii=False).encode()
        return PyJWS().encode(body, self.key, "EdDSA", headers={"typ": kind, "x5c": x5c, **header})


class LicenceIssuer:
    """Makes certificates and licences; `revoked` maps serial numbers (hex) to the moment of revocation (ISO)."""

    def __init__(self, root: Owner, authority: Owner, issuer: Owner, revoked: Mapping[str, str] | None = None) -> None:
        self.root = root
        self.authority = authority
        self.issuer = issuer
        self.revoked = dict(revoked or {})

    @classmethod
    def make(cls, name: str, now: datetime) -> "LicenceIssuer":
        """A new chain: root, issuing authority, issuer of licences."""
        root = _authority(f"{name} root", now, ROOT_DAYS, 1, None)
        authority = _authority(f"{name} issuing authority", now, AUTHORITY_DAYS, 0, root)
        issuer = leaf(authority, f"{name} issuer", certificate_chain.SIGNS_LICENCES, now)
        return cls(root, authority, issuer)

    @classmethod
    def load(cls, state: str) -> "LicenceIssuer":
        """The issuer that `dump` wrote."""
        kept = json.loads(state)
        return cls(_owner(kept["root"]), _owner(kept["authority"]), _owner(kept["issuer"]), kept["revoked"])

    def dump(self) -> str:
        """Keys, certificates and revocations as one text, to be kept secret."""
        parts = {"root": self.root, "authority": self.authority, "issuer": self.issuer}
        kept = {
            name: {
                "key": owner.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
                "chain": [base64.b64encode(der).decode() for der in owner.chain],
            }
            for name, owner in parts.items()
        }
        return json.dumps({**kept, "revoked": self.revoked})

    def anchors(self) -> bytes:
        """The root's certificate, PEM."""
        return self.root.certificate.public_bytes(Encoding.PEM)

    def lists(self, now: datetime) -> bytes:
        """The revocation lists of the root and of the issuing authority, PEM, good for 30 days."""
        return b"".join(_list(owner, self.revoked, now) for owner in (self.root, self.authority))

    def revoke(self, revoked: x509.Certificate, now: datetime) -> None:
        """Count the certificate as revoked from the next list on."""
        self.revoked.setdefault(f"{revoked.serial_number:x}", now.isoformat())

    def renew_issuer(self, now: datetime) -> None:
        """A new key and certificate for the issuer of licences; the old ones are good until revoked or over."""
        name = self.issuer.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        self.issuer = leaf(self.authority, str(name), certificate_chain.SIGNS_LICENCES, now)

    def holder(self, uscc: str, now: datetime) -> Owner:
        """A key for a holder of that merchant's licence."""
        return leaf(self.authority, f"holder {uscc}", certificate_chain.SIGNS_PRESENTATIONS, now)

    def licence(
        self, licence: Licence, holder: Owner, now: datetime, annotations: Sequence[str] = (), days: int = 365
    ) -> str:
        """The licence, signed, bound to its holder's key."""
        texts = {field: value for field, value in asdict(licence).items() if field in wallet_presentation.FIELDS}
        claims = {
            **texts,
            "annotations": list(annotations),
            "nbf": int((now - BACKDATED).timestamp()),
            "exp": int((now + timedelta(days=days)).timestamp()),
            "cnf": {"x5t#S256": holder.fingerprint},
        }
        return self.issuer.sign(wallet_presentation.LICENCE, claims)


class Challenged(Protocol):
    """What a wallet must know of a check to answer it; a `LicenceCheck` has it."""

    @property
    def audience(self) -> str:
        """The recipient of the answer."""

    @property
    def nonce(self) -> str:
        """What makes the answer one to this check alone."""

    @property
    def session(self) -> str:
        """The verifier's session."""


@dataclass(frozen=True, slots=True)
class WalletRequest:
    """What a wallet has read from the link of a check."""

    audience: str
    nonce: str
    session: str


def present(holder: Owner, licence: str, check: Challenged, now: datetime, **claims: Any) -> str:
    """What a wallet answers to a check: the licence, and the nonce signed with the holder's key."""
    answer = {
        "aud": check.audience,
        "nonce": check.nonce,
        "session": check.session,
        "iat": int(now.timestamp()),
        "licence": licence,
    }
    return holder.sign(wallet_presentation.PRESENTATION, {**answer, **claims})


def leaf(authority: Owner, name: str, purpose: str, now: datetime, days: int = LEAF_DAYS) -> Owner:
    """A key that may sign one kind of object only."""
    key = Ed25519PrivateKey.generate()
    made = (
        _builder(name, authority.certificate.subject, key, now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(purpose)]), critical=True)
        .sign(authority.key, None)
    )
    return Owner(key, (made.public_bytes(Encoding.DER), *authority.chain))


def _authority(name: str, now: datetime, days: int, below: int, above: Owner | None) -> Owner:
    key = Ed25519PrivateKey.generate()
    issuer = above.certificate.subject if above else _name(name)
    made = (
        _builder(name, issuer, key, now, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=below), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(above.key if above else key, None)
    )
    return Owner(key, (made.public_bytes(Encoding.DER),))


def _builder(name: str, issuer: x509.Name, key: Ed25519PrivateKey, now: datetime, days: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=days))
    )


def _name(name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Lianfang"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _list(owner: Owner, revoked: Mapping[str, str], now: datetime) -> bytes:
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(owner.certificate.subject)
        .last_update(now - BACKDATED)
        .next_update(now + timedelta(days=LIST_DAYS))
    )
    for serial, at in sorted(revoked.items()):
        revocation = x509.RevokedCertificateBuilder().serial_number(int(serial, 16))
        made = made.add_revoked_certificate(revocation.revocation_date(datetime.fromisoformat(at)).build())
    return made.sign(owner.key, None).public_bytes(Encoding.PEM)


def _owner(kept: Mapping[str, Any]) -> Owner:
    key = load_pem_private_key(kept["key"].encode(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return Owner(key, tuple(base64.b64decode(der) for der in kept["chain"]))
