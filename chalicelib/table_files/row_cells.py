"""The cells of a row by field, once the columns of its table are known."""

from collections.abc import Callable
from operator import itemgetter

from chalicelib.table_files.rules.match_headers import DAY_FIELDS, Columns, is_joined
from chalicelib.table_files.rules.table_row import EXTRA_CELLS, Cells, RawRow
from chalicelib.values.cell_text import tidy
from chalicelib.values.text_damage import has_lost_characters

# Damage in a column that we do not read still says that the row is not what was sent.
UNMAPPED = "unmapped"


def mapper(columns: Columns, serial_shift: int, sheet: str) -> Callable[[RawRow], Cells]:
    """The function that turns a row into its cells by field, as few steps per row as there can be.

    In a text, unlike in a `sheet`, a filled cell behind the last column says that the cells before it are shifted.
    """
    fields = tuple(columns.places)
    places = tuple(columns.places.values())
    pick = itemgetter(*places) if len(places) > 1 else (lambda row: (row[places[0]],))
    least = max(places) + 1
    mapped = {*places, *(place for _field, place in columns.more)}
    spare = tuple(place for place in range(columns.width) if place not in mapped)

    def to_cells(row: RawRow) -> Cells:
        if len(row) < least:
            row = [*row, *[""] * (least - len(row))]
        cells = dict(zip(fields, pick(row), strict=True))
        if columns.more:
            _add_more(cells, row, columns.more)
        if serial_shift:
            _shift_days(cells, serial_shift)
        if spare or len(row) > columns.width:
            text = "".join(row)
            if not text.isprintable() or "\ufffd" in text:
                _note_damage(cells, row, mapped)
            if len(row) > columns.width and not sheet and (extra := "".join(row[columns.width :]).strip()):
                cells[EXTRA_CELLS] = extra
        return cells

    return to_cells


def _add_more(cells: Cells, row: RawRow, more: tuple[tuple[str, int], ...]) -> None:
    for field, place in more:
        text = tidy(row[place]) if place < len(row) else ""
        if not text:
            continue
        first = tidy(cells[field])
        if not first:
            cells[field] = text
        elif is_joined(field, first, text):
            cells[field] = f"{first}；{text}"


def _shift_days(cells: Cells, shift: int) -> None:
    for field in DAY_FIELDS & cells.keys():
        whole = cells[field].partition(".")[0]
        if len(whole) == 5 and whole.isdigit():
            cells[field] = str(int(whole) + shift)


def _note_damage(cells: Cells, row: RawRow, mapped: set[int]) -> None:
    for place, text in enumerate(row):
        if place not in mapped and has_lost_characters(text):
            cells[UNMAPPED] = text
            return
