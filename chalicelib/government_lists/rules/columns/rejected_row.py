"""A rejected row of a government list as an operator reads it: its values, with what is personal masked."""

from typing import Final

from chalicelib.reports.rules.eviction import Rejection
from chalicelib.table_files.rules.natural_person import DOCUMENT_FIELDS, names_an_organisation
from chalicelib.table_files.rules.table_row import TableRow
from chalicelib.values.cell_text import printable
from chalicelib.values.masking import mask_personal, shown_name
from chalicelib.values.records import Json

MOST_VALUES: Final = 40
# Fields that name or number a person whatever they hold.
_PERSONS: Final = frozenset({"legal_representative"})
_NUMBERS: Final = frozenset({*DOCUMENT_FIELDS, "representative_id_no", "phone", "bank_account"})


def rejected_row(rejection: Rejection, row: TableRow, part: int) -> Json:
    """The row's number and file, the column at fault, the code, and every cell by the header of its column."""
    cells = list((row.cells or {}).items())[:MOST_VALUES]
    return {
        "file": part,
        "row": rejection.row,
        "column": rejection.column,
        "code": rejection.code,
        "value": masked_value(_field(rejection.column, row), rejection.value),
        "values": {row.headers.get(field, field): masked_value(field, text) for field, text in cells if text.strip()},
    }


def masked_value(field: str, text: str) -> str:
    """A cell as it may be read: numbers of persons and names of persons masked, long texts cut."""
    shown = printable(text)
    if field in _PERSONS or (field == "name" and not names_an_organisation(shown)):
        return shown_name(shown)
    if field in _NUMBERS:
        return f"{shown[:2]}{'*' * max(len(shown) - 2, 0)}"
    return mask_personal(shown)[0]


def _field(column: str, row: TableRow) -> str:
    return next((field for field, header in row.headers.items() if header == column), column)
