"""The reason of an eviction: what stands in the column of codes and in that of words, as codes of the table."""

from collections.abc import Mapping

from chalicelib.messages import FindingCode
from chalicelib.registry.rules.reason_codes import UNKNOWN, mistyped_codes, read_reasons
from chalicelib.table_files.rules.row_identifiers import Fault
from chalicelib.values.cell_text import given


def read_reason(cells: Mapping[str, str], warnings: list[str]) -> tuple[tuple[str, ...], str] | Fault:
    """The codes of the reason and its words; the column of codes is read before the words.

    What is plainly meant as a code and is none is a fault: read as other words it would count as `other`.
    """
    words = given(cells.get("reason_text", ""))
    codes = given(cells.get("reasons", ""))
    if not words and not codes:
        return Fault("reason_text", FindingCode.MISSING_REASON, "")
    for field, cell in (("reasons", codes), ("reason_text", words)):
        if mistyped := mistyped_codes(cell, is_column_of_codes=field == "reasons"):
            return Fault(field, FindingCode.UNKNOWN_REASON, ", ".join(mistyped))
    reasons = read_reasons(f"{codes}；{words}" if codes else words)
    if reasons == (UNKNOWN,):
        warnings.append("unknown_reason")
    return reasons, words or codes
