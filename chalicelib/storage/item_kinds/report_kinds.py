"""Kinds of items of reports and of what makes sending one again the same report."""

from typing import Final

from chalicelib.storage.item_keys import report_keys
from chalicelib.storage.item_kind import Growth, ItemKind, Ttl, names

KINDS: Final = (
    ItemKind(
        name="report",
        key=report_keys.report,
        fields=names(
            "report_id platform_id file_name key received_at status on_behalf_of enforcement content rows "
            "accepted rejected warnings chunks chunks_done chunks_rejected refused same_as nearest done_at "
            "object_version followed_by key_id waits_until places"
        ),
        holds="a report file: where its bytes are, how far it is, how many rows were taken",
        writer="reports",
        limit="bounded: `chunks_done` has a number for each 1,000 rows of a file of 200 MB at most",
        growth=(Growth("chunks", 20_000, 8),),
    ),
    ItemKind(
        name="content of a report",
        key=report_keys.content,
        fields=names("report_id"),
        holds="the report that had these bytes first",
        writer="reports",
    ),
    ItemKind(
        name="idempotency key",
        key=report_keys.idempotency,
        fields=names("content report_id"),
        holds="SHA-256 of what was sent with the key, of a roster with its mode; the report that it was",
        writer="reports",
        ttl=Ttl(report_keys.IDEMPOTENCY_KEPT, "the key was used first"),
    ),
)
