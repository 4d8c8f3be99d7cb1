"""From rows of cells to rows of a table: where the header is, what each column means, which rows are no data.

Title rows, blank rows, footers (合计) and headers that come again inside the file are passed over and not counted.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.row_cells import mapper
from chalicelib.table_files.rules.match_headers import (
    CODE_FIELDS,
    Columns,
    field_of,
    read_header,
    squeeze,
)
from chalicelib.table_files.rules.row_identity import can_identify
from chalicelib.table_files.rules.table_row import EXTRA_CELLS, HiddenRow, RawRow, TableRow
from chalicelib.values.cell_text import tidy
from chalicelib.values.organisation_codes import compact, has_uscc_shape, is_valid_registration_no, is_valid_uscc

# How far down a header is looked for: title pages of exports are shorter.
HEADER_ROWS = 60

_KEY_FIELDS = ("uscc", "uscc_or_regno", "registration_no", "evicted_on", "listed_on", "name")
_FOOTER = re.compile(
    r"(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总\s*数|汇\s*总|grand total|sub-?total|total)"
    r"(?:[:：(（\s\d,.].*|)"
    r"|共\s*+[\d,]++\s*+[户家条个笔].*|(?:制表|填表|填报|审核|复核|统计|报送|打印|导出|联系|经办)[人单位部门时间日期]*+\s*+[:：].*"
    r"|(?:备\s*注|说\s*明|注|附注)\s*+\d*+\s*+[:：].*|(?:以下|以上).{0,6}(?:空白|为空|数据).*|[-=*_—]{3,}",
    re.IGNORECASE,
)
_TITLE = re.compile(r".*(?:名单|名录|清单|明细|统计|报表|汇总|附件|一览|台账)表?.{0,12}|.{0,30}表|第.{1,4}页.*")
_COMPANY_END = re.compile(r"(?:公司|厂|店|行|部|中心|社)$")


@dataclass(frozen=True, slots=True)
class Table:
    """A table below its header: its columns, and the rows below."""

    columns: Columns
    rows: Iterator[RawRow]


def find_table(rows: Iterator[RawRow]) -> tuple[Table | None, bool]:
    """The table in these rows, None if they have no header that we can read; and whether there was anything in them."""
    head: list[RawRow] = []
    for row in rows:
        if any(cell.strip() for cell in row):
            head.append(row)
            if len(head) >= HEADER_ROWS:
                break
    for index, row in enumerate(head):
        below = head[index + 1] if index + 1 < len(head) else ()
        columns, taken = _header_at(row, below)
        if columns:
            return Table(columns, chain(head[index + taken :], rows)), True
    return None, bool(head)


def unknown_columns(rows: Iterable[RawRow]) -> FileRefused:
    """The refusal of a file in which no row is a header; `nearest` says which names some cells may have meant."""
    from chalicelib.table_files.rules.suggest_headers import nearest_in_rows

    nearest = nearest_in_rows(rows)
    return FileRefused(ErrorCode.UNKNOWN_COLUMNS, **({"nearest": nearest} if nearest else {}))


def renamed(rows: Iterator[RawRow], source_headers: Mapping[str, str]) -> Iterator[RawRow]:
    """The rows; in their header the names that only this source uses (`source_headers`, squeezed) become our own."""
    if not source_headers:
        return rows
    head = [[source_headers.get(squeeze(cell), cell) for cell in row] for row in islice(rows, HEADER_ROWS)]
    return chain(head, rows)


def table_rows(table: Table, sheet: str, after: int, serial_shift: int = 0) -> Iterator[TableRow]:
    """The rows of a table, numbered on from `after`; `serial_shift` is added to numbers in columns of days."""
    columns = table.columns
    to_cells, key, unread = mapper(columns, serial_shift, sheet), _key_place(columns), columns.unread()
    named = columns.named_width
    number = after
    for row in table.rows:
        value = row[key] if key < len(row) else ""
        if not (len(value) >= 8 and value.isascii()):
            if not value and not any(row):
                continue
            repeated = _repeated_header(row)
            if repeated:
                columns = repeated
                to_cells, key, unread = mapper(columns, serial_shift, sheet), _key_place(columns), columns.unread()
                named = columns.named_width
                continue
            if _is_not_data(row, columns):
                continue
        number += 1
        remarks = _remarks(row, named) if sheet else ()
        yield TableRow(number, to_cells(row), sheet, columns.headers, unread, remarks)


def _remarks(row: RawRow, named: int) -> tuple[str, ...]:
    """What is to be said of a row of a workbook, whose header has `named` columns, beside its cells."""
    hidden = ("hidden_rows",) if isinstance(row, HiddenRow) else ()
    beyond = named < len(row) and any(map(str.strip, row[named:]))
    return (*hidden, EXTRA_CELLS) if beyond else hidden


def _header_at(row: RawRow, below: RawRow) -> tuple[Columns | None, int]:
    """The columns if this row is the header (and the row below perhaps its second line), and how many rows it is."""
    columns = read_header(row)
    double = _double_header(row, below, columns) if below else None
    if double:
        return double, 2
    if _is_header(columns):
        return columns, 1
    return (columns, 1) if _is_list_of_codes(row, below, columns) else (None, 0)


def _is_header(columns: Columns) -> bool:
    # A roster's patch that only removes says no more of a merchant than its id.
    if columns.places.keys() >= {"shop_id", "op"}:
        return True
    return columns.significant_fields() >= 2 and any(map(can_identify, columns.places))


def _is_list_of_codes(row: RawRow, below: RawRow, columns: Columns) -> bool:
    if len(columns.places) != 1 or CODE_FIELDS.isdisjoint(columns.places) or sum(bool(c.strip()) for c in row) != 1:
        return False
    place = next(iter(columns.places.values()))
    code = compact(below[place]) if place < len(below) else ""
    return has_uscc_shape(code) or is_valid_registration_no(code)


def _double_header(top: RawRow, below: RawRow, columns: Columns) -> Columns | None:
    """Two header rows read as one: 清退 over 日期 is 清退日期; None unless that names more columns than the first."""
    read = set(columns.places.values())
    if sum(bool(cell.strip()) for cell in top) == 1 and _is_header(read_header(below)):
        return None  # A title above the header.
    group, names = "", []
    for place in range(max(len(top), len(below))):
        upper = top[place].strip() if place < len(top) else ""
        lower = below[place].strip() if place < len(below) else ""
        group = upper or group
        if place in read and lower and not field_of(lower):
            return None
        if any(map(str.isdigit, lower)) or len(lower) > 30:
            return None
        joined = group + lower
        names.append(joined if lower and field_of(joined) else (lower if field_of(lower) else upper))
    double = read_header(names)
    return double if _is_header(double) and double.significant_fields() > columns.significant_fields() else None


def _key_place(columns: Columns) -> int:
    for field in _KEY_FIELDS:
        if field in columns.places:
            return columns.places[field]
    return min(columns.places.values())


def _repeated_header(row: RawRow) -> Columns | None:
    """The columns if this row is a header in the middle of the file, as in exports that were put together."""
    columns = read_header(row)
    if not _is_header(columns):
        return None
    filled = sum(bool(cell.strip()) for cell in row)
    return columns if 2 * len(columns.places) >= filled else None


def _is_not_data(row: RawRow, columns: Columns) -> bool:
    filled = [(place, text) for place, cell in enumerate(row) if (text := cell.strip())]
    if not filled:
        return True
    first = " ".join(filled[0][1].split())
    if _FOOTER.fullmatch(first) and not any(len(text) >= 15 and is_valid_uscc(compact(text)) for _, text in filled):
        return True
    if len(filled) <= 2 and field_of(filled[0][1].rstrip(":：")):
        # A line about the table between tables that were put together: 平台：某平台.
        return True
    mapped = set(columns.places.values()) | {place for _field, place in columns.more}
    if not any(place in mapped and tidy(text) for place, text in filled):
        # Nothing but a number in front, or a remark under the table.
        return len(filled) == 1 or (len(filled) <= 2 and filled[0][1].isdigit())
    if len(filled) == 1 and columns.width > 2:
        return _TITLE.fullmatch(first) is not None and _COMPANY_END.search(first) is None
    return False
