"""Rejected rows and remarks of reports and rosters, in the words of the page."""

from chalicelib.handlers.console.visit import Visit
from chalicelib.messages import CODES
from chalicelib.registry.rules.reason_codes import REASONS
from chalicelib.table_files.rules.match_headers import field_of
from chalicelib.table_files.rules.shown_cells import shown_cell
from chalicelib.values.records import Json


def rejection_row(visit: Visit, row: Json) -> Json:
    """A rejected row: its number, the column as the file calls it, the sentence, the value masked."""
    column = str(row.get("column", ""))
    return {
        "row": row["row"],
        "column": column,
        "says": sentence(visit, str(row["code"])),
        "value": shown_cell(field_of(column) or column, str(row.get("value", "")), of_person=False),
        "nearest": _reasons_meant(visit, row),
    }


def warning_row(visit: Visit, row: Json) -> Json:
    """A row that was accepted with remarks."""
    return {"row": row["row"], "says": [sentence(visit, str(code)) for code in row["codes"]]}


def sentence(visit: Visit, code: str) -> str:
    """The sentence of a code; the code itself where an older version wrote one that is known no more."""
    return visit.says(code) if code in CODES else code


def _reasons_meant(visit: Visit, row: Json) -> str:
    """Which reasons were perhaps meant, with their codes."""
    codes = [code for some in row.get("nearest", {}).values() for code in some]
    names = [f"{code} {visit.t(REASONS[code].zh, REASONS[code].en)}" for code in codes if code in REASONS]
    return visit.t("；", "; ").join(names)
