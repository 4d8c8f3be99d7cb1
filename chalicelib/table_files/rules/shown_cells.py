"""Cells of a row as they are shown to a person who looks a file over: what is personal in them masked."""

import re
from collections.abc import Mapping
from typing import Final

from chalicelib.table_files.rules.natural_person import DOCUMENT_FIELDS, names_an_organisation, says_person
from chalicelib.values.cell_text import given, printable
from chalicelib.values.masking import mask_personal, shown_name
from chalicelib.values.organisation_codes import compact, is_plausible_uscc, is_valid_registration_no

# Columns that hold numbers of persons, whatever the form of what stands in them.
NUMBER_FIELDS: Final = frozenset({*DOCUMENT_FIELDS, "representative_id_no", "phone", "bank_account"})
NAME_FIELDS: Final = frozenset({"name", "former_name", "short_name"})
PERSONAL_FIELDS: Final = NUMBER_FIELDS | {"legal_representative"}
LONGEST_SHOWN: Final = 200
_LEFT: Final = re.compile(r"\w{5,}")
_CODES: Final = ("uscc", "uscc_or_regno", "registration_no", "org_code")


def shown_cells(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row masked: numbers of persons by their ends, names of persons by the surname, and numbers in
    texts as everywhere; at most 200 characters of each."""
    of_person = is_of_person(cells)
    return {field: shown_cell(field, text, of_person=of_person) for field, text in cells.items()}


def shown_cell(field: str, text: str, *, of_person: bool) -> str:
    """One cell masked; `of_person`: its row is about a natural person, whose name nobody else is shown."""
    plain = printable(text)
    if field == "legal_representative" or (of_person and field in NAME_FIELDS):
        return shown_name(plain[:LONGEST_SHOWN])
    masked = mask_personal(plain)[0]
    if field in NUMBER_FIELDS:
        # What has not the form of a number that is known may be one that was mistyped.
        masked = _LEFT.sub(lambda number: number[0][:2] + "****", masked)
    return masked if len(masked) <= LONGEST_SHOWN else masked[: LONGEST_SHOWN - 1] + "…"


def is_personal(field: str, *, of_person: bool) -> bool:
    """Whether a cell of that column is personal."""
    return field in PERSONAL_FIELDS or (of_person and field in NAME_FIELDS)


def is_of_person(cells: Mapping[str, str]) -> bool:
    """Whether a row may be about a natural person: it says so, or has no valid code of an organisation and a name that
    is not one's. In doubt it is."""
    codes = [compact(cells.get(field, "")).upper() for field in _CODES]
    if any(is_plausible_uscc(code) or is_valid_registration_no(code) for code in codes if code):
        return False
    name = given(cells.get("name", ""))
    return says_person(cells) or (bool(name) and not names_an_organisation(name))
