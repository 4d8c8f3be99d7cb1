"""The verifiers of licences that are switched on, the default first."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from chalicelib.licences.adapters.exchange_issuer_verifier import ExchangeIssuerVerifier
from chalicelib.licences.adapters.manual_verifier import ManualVerifier
from chalicelib.licences.adapters.national_verifier import NationalVerifier
from chalicelib.licences.adapters.trust_store import LICENCES, NATIONAL, TrustStore

if TYPE_CHECKING:
    from chalicelib.licences.rules.licence_verifier import LicenceVerifier
    from chalicelib.storage.file_bucket import FileBucket


def verifiers(
    bucket: "FileBucket", national_url: str, secret: Callable[[], str], let_loopback: bool
) -> "Mapping[str, LicenceVerifier]":
    """Our own issuer and the readers of pictures; the national system only where it has an address."""
    ours: dict[str, LicenceVerifier] = {
        "local": ExchangeIssuerVerifier(TrustStore(bucket, LICENCES)),
        "manual": ManualVerifier(bucket),
    }
    if not national_url:
        return ours
    trust = TrustStore(bucket, NATIONAL)
    return {"national": NationalVerifier(national_url, secret, trust, let_loopback=let_loopback), **ours}
