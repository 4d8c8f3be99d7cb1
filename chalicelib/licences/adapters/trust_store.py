"""Anchors and revocation lists in the bucket, under `trust/`: written by an administrator, read by the functions."""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.licences.rules import certificate_chain

if TYPE_CHECKING:
    from chalicelib.licences.adapters.exchange_issuer import LicenceIssuer
    from chalicelib.storage.file_bucket import FileBucket

LICENCES, NATIONAL = "licences", "national"


class TrustStore:
    """The certificates that a verifier trusts; `name` is `licences` (our own issuer) or `national`."""

    def __init__(self, bucket: "FileBucket", name: str) -> None:
        self._bucket = bucket
        self._anchors = f"trust/{name}-anchors.pem"
        self._lists = f"trust/{name}-revoked.pem"

    def read(self) -> certificate_chain.Trust | None:
        """The trust as it is now, read anew each time, so that a revocation counts at once; None where none was put."""
        anchors = self._bucket.get(self._anchors)
        if not anchors:
            return None
        return certificate_chain.read_trust(anchors, self._bucket.get(self._lists) or b"")

    def write(self, anchors: bytes, lists: bytes) -> None:
        """Put anchors and lists, PEM; the lists first, for anchors without lists make everything unknown."""
        certificate_chain.read_trust(anchors, lists)
        self._bucket.put(self._lists, lists, "application/x-pem-file")
        self._bucket.put(self._anchors, anchors, "application/x-pem-file")

    def publish(self, issuer: "LicenceIssuer", now: datetime) -> None:
        """Put the anchors and lists of our own issuer, as they are now."""
        self.write(issuer.anchors(), issuer.lists(now))
