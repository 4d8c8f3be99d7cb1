"""CSV as it leaves the exchange: every file is written here, so that no spreadsheet runs a cell of it.

Source: OWASP, CSV Injection.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

# Without it Chinese Excel reads GBK.
BYTE_ORDER_MARK: Final = "\ufeff"
_FORMULA: Final = frozenset("=+-@\u2212")
_BREAKS: Final = frozenset("\t\r\n\v\f\x85\u2028\u2029")


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """The rows as lines of CSV (RFC 4180) in which no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([neutral(str(cell)) for cell in row])
    return out.getvalue()


def neutral(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet could run it.

    It may begin with spaces, line breaks or characters that nobody sees, and the sign may be full-width: what imports a
    file trims and folds.
    """
    for character in cell:
        if character in _BREAKS:
            return f"'{cell}"
        if unicodedata.category(character) not in ("Zs", "Cc", "Cf"):
            folded = unicodedata.normalize("NFKC", character)
            return f"'{cell}" if folded[:1] in _FORMULA else cell
    return cell
