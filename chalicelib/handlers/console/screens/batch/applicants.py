"""The applicants of a batch: what was pasted, line by line, or the rows of a file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.errors import FileRefused
from chalicelib.handlers.console.screens.lookup_texts import NAMES
from chalicelib.lookups.rules.typed_line import fields_of
from chalicelib.table_files.drafts.preview_file import rows_of
from chalicelib.table_files.read_table_file import read_table_file
from chalicelib.values import organisation_codes

MOST: Final = 500
# The number that a list gives to its lines.
_ORDINAL: Final = re.compile(r"^\s*\d{1,4}\s*[.、,，\t]\s*")
_SEPARATORS: Final = re.compile(r"[\t,，;；|]+")
# A column for either kind of code.
EITHER_CODE: Final = "uscc_or_regno"


class TooManyApplicants(Exception):
    """More than `MOST` applicants in one batch."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One applicant: the number of its line or row, and what it gives by field."""

    number: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """The applicants of one batch; `following` is the row of the file to go on with, 0 where these are the last."""

    asked: list[Asked]
    following: int = 0


def pasted(text: str) -> Batch:
    """The applicants of a text: the rows of a table with a header, as sheets are copied, else one of each line.

    Raises `TooManyApplicants` for more than one batch: what was pasted stays in its form, to be split there.
    """
    if "\t" in text.partition("\n")[0]:
        try:
            batch = in_file(text.encode(), "pasted.txt")
        except FileRefused:
            pass  # it has no header: each line speaks for itself
        else:
            return _whole(batch)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return _whole(_bounded(Asked(number, _of_line(line)) for number, line in lines))


def in_file(content: bytes, name: str, first: int = 0) -> Batch:
    """The applicants of a file from a row on, `MOST` at most, read as every file is.

    Raises `FileRefused` for what is no table with known columns.
    """
    rows = rows_of(content, name, read_table_file)
    return _bounded(Asked(row.number, _of_cells(row.cells or {})) for row in rows if row.number >= first)


def _bounded(applicants_given: Iterator[Asked]) -> Batch:
    applicants: list[Asked] = []
    for each in applicants_given:
        if len(applicants) == MOST:
            return Batch(applicants, each.number)
        applicants.append(each)
    return Batch(applicants)


def _whole(batch: Batch) -> Batch:
    if batch.following:
        raise TooManyApplicants
    return batch


def _of_line(line: str) -> dict[str, str]:
    return fields_of(_SEPARATORS.sub(" ", _ORDINAL.sub("", line, count=1)))


def _of_cells(cells: Mapping[str, str]) -> dict[str, str]:
    fields = {name: cells[name] for name in NAMES if cells.get(name)}
    either = cells.get(EITHER_CODE, "")
    if either:
        is_uscc = organisation_codes.has_uscc_shape(organisation_codes.compact(either))
        fields.setdefault("uscc" if is_uscc else "registration_no", either)
    return fields
