"""Everybody who verifies licences, the one that is taken first at the front."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from chalicelib.licences.adapters.exchange_issuer_verifier import LocalLicences
from chalicelib.licences.adapters.manual_verifier import ManualLicences
from chalicelib.licences.adapters.national_verifier import NationalLicences
from chalicelib.licences.adapters.trust_store import LICENCES, NATIONAL, TrustStore

if TYPE_CHECKING:
    from chalicelib.licences.rules.licence_check import LicenceVerifier
    from chalicelib.storage.file_bucket import FileBucket


def verifiers(
    bucket: "FileBucket", national_url: str, secret: Callable[[], str], let_loopback: bool
) -> "Mapping[str, LicenceVerifier]":
    """Our own issuer and the readers of pictures; the national system only where it has an address."""
    ours: dict[str, LicenceVerifier] = {
        "local": LocalLicences(TrustStore(bucket, LICENCES)),
        "manual": ManualLicences(bucket),
    }
    if not national_url:
        return ours
    trust = TrustStore(bucket, NATIONAL)
    return {"national": NationalLicences(national_url, secret, trust, let_loopback=let_loopback), **ours}
