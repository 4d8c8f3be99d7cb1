"""Keys of reports and of what makes sending one again the same report."""

from datetime import timedelta
from typing import Final

from chalicelib.storage.item_kind import ItemKind, Ttl, names


def report(report_id: str) -> str:
    """A report file and how far it is."""
    return f"report#{report_id}"


def content(filer: str, sha256: str) -> str:
    """Which report had these bytes first, of one filer."""
    return f"content#{filer}#{sha256}"


def idempotency(filer: str, digest: str) -> str:
    """What one Idempotency-Key (as a digest) of a filer was used for."""
    return f"idempotency#{filer}#{digest}"


KINDS: Final = (
    ItemKind(
        "report",
        report,
        names("report_id platform_id file_name key received_at status on_behalf_of enforcement content rows accepted")
        + names("rejected warnings chunks chunks_done refused same_as done_at"),
        "a report file: where its bytes are, how far it is, how many rows were taken",
        "reports",
        "bounded: `chunks_done` has a number for each 1,000 rows of a file of 200 MB at most",
    ),
    ItemKind("content of a report", content, names("report_id"), "the report that had these bytes first", "reports"),
    ItemKind(
        "idempotency key",
        idempotency,
        names("content"),
        "SHA-256 of what was sent with the key, of a roster with its mode",
        "reports",
        ttl=Ttl(timedelta(days=7), "the key was used first"),
    ),
)
