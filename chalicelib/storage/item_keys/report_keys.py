"""Keys of reports and of what makes sending one again the same report."""

from datetime import timedelta
from typing import Final

# How long an item is kept after its moment; what the moment is, its kind says.
IDEMPOTENCY_KEPT: Final = timedelta(days=7)


def report(report_id: str) -> str:
    """A report file and how far it is."""
    return f"report#{report_id}"


def content(filer: str, sha256: str) -> str:
    """Which report had these bytes first, of one filer."""
    return f"content#{filer}#{sha256}"


def idempotency(filer: str, digest: str) -> str:
    """What one Idempotency-Key (as a digest) of a filer was used for."""
    return f"idempotency#{filer}#{digest}"
