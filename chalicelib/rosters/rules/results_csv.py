"""The results of a roster as CSV: one line for each match, as Chinese Excel opens it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from chalicelib.values.csv_export import BYTE_ORDER_MARK, csv_lines
from chalicelib.values.records import Json

HEADER: Final = (
    "商家 merchant_id", "结论 verdict", "原结论 was", "自 since", "主体 subject", "信用代码 uscc", "关系 relation",
    "得分 score", "匹配结论 match", "来源 sources", "原因 reasons", "记录 listings",
)  # fmt: skip


def csv_of_results(rows: Iterable[Json]) -> Iterator[bytes]:
    """The lines of the file, a byte order mark first."""
    yield BYTE_ORDER_MARK.encode() + _line(HEADER)
    for row in rows:
        head = [row["merchant_id"], row["verdict"], row.get("was", ""), row["since"]]
        for match in row.get("matches") or [{}]:
            yield _line([*head, *_match_cells(match)])


def _match_cells(match: Json) -> list[str]:
    subject, listings = match.get("subject", {}), match.get("listings", [])
    reasons = sorted({reason for listing in listings for reason in listing.get("reasons", ())})
    sources = sorted({listing["source"] for listing in listings})
    return [
        subject.get("name", ""), subject.get("uscc", ""), match.get("relation", ""), match.get("score", ""),
        match.get("verdict", ""), " ".join(sources), " ".join(reasons),
        " ".join(listing["listing_id"] for listing in listings),
    ]  # fmt: skip


def _line(cells: Sequence[object]) -> bytes:
    return csv_lines([cells]).encode("utf-8", "replace")
