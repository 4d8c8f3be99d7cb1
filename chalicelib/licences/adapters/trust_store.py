"""Anchors and revocation lists in the bucket, under `trust/`: written by an administrator, read by the functions.

The lists of our own issuer are signed a year ahead, one for each week, by the administrator who holds its keys; each
comes into force by itself on its Monday. So lists never run out between two visits, no key that signs them is within
reach of a function, and none may write here.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.licences.rules import certificate_chain

if TYPE_CHECKING:
    from chalicelib.licences.adapters.exchange_issuer import LicenceIssuer
    from chalicelib.storage.file_bucket import FileBucket

LICENCES, NATIONAL = "licences", "national"
WEEK: Final = timedelta(days=7)
# A year, and some weeks in which to come back.
PREPARED_WEEKS: Final = 56
# A list that began longer ago is over (30 days).
WEEKS_IN_FORCE: Final = 5
PEM: Final = "application/x-pem-file"


class TrustStore:
    """The certificates that a verifier trusts; `name` is `licences` (our own issuer) or `national`."""

    def __init__(self, bucket: "FileBucket", name: str) -> None:
        self._bucket = bucket
        self._name = name
        self._anchors = f"trust/{name}-anchors.pem"
        self._lists = f"trust/{name}-revoked.pem"

    def read(self, now: datetime) -> certificate_chain.Trust | None:
        """The trust as it is now, read anew each time, so that a revocation counts at once; None where none was put."""
        anchors = self._bucket.get(self._anchors)
        if not anchors:
            return None
        lists = self._bucket.get(self._lists) or b""
        trust = certificate_chain.read_trust(anchors, lists)
        for monday in self._weeks_since(trust, now):
            prepared = self._bucket.get(self._prepared(monday))
            if prepared:
                return certificate_chain.read_trust(anchors, lists + prepared)
        return trust

    def write(self, anchors: bytes, lists: bytes) -> None:
        """Put anchors and lists, PEM; the lists first, for anchors without lists make everything unknown."""
        certificate_chain.read_trust(anchors, lists)
        self._bucket.put(self._lists, lists, PEM)
        self._bucket.put(self._anchors, anchors, PEM)

    def publish(self, issuer: "LicenceIssuer", now: datetime) -> None:
        """Put the anchors and lists of our own issuer, as they are now."""
        self.write(issuer.anchors(), issuer.lists(now))

    def prepare(self, issuer: "LicenceIssuer", now: datetime) -> datetime:
        """Put the lists of our own issuer for the weeks to come, the nearest first; when the last of them begins."""
        monday = _monday(now)
        for _ in range(PREPARED_WEEKS):
            monday += WEEK
            self._bucket.put(self._prepared(monday), issuer.lists(monday), PEM)
        return monday

    def _weeks_since(self, trust: certificate_chain.Trust, now: datetime) -> Iterator[datetime]:
        """The Mondays since the lists that were put last, the latest first: lists that were prepared may be newer."""
        if self._name != LICENCES:
            return
        since = min((each.last_update_utc for each in trust.lists), default=now - WEEKS_IN_FORCE * WEEK)
        monday = _monday(now)
        for _ in range(WEEKS_IN_FORCE):
            if monday > since:
                yield monday
            monday -= WEEK

    def _prepared(self, monday: datetime) -> str:
        return f"trust/{self._name}-lists/{monday:%Y-%m-%d}.pem"


def _monday(moment: datetime) -> datetime:
    """The beginning of the week (UTC) in which the moment lies."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=moment.weekday())
