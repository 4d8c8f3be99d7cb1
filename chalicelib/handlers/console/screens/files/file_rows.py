"""The rejected rows of a report or a roster and its rows with remarks, as they are kept in the bucket."""

from collections.abc import Callable, Mapping
from typing import Final

from chalicelib import wiring
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk import received_files
from chalicelib.handlers.replies import Reply
from chalicelib.messages import message
from chalicelib.reports import read_report
from chalicelib.values.records import Json

PAGE: Final = 50
MOST_IN_A_FILE: Final = 10_000


def page_of_rows(
    visit: Visit, path: str, key: str, cursor: str, in_words: Callable[[Visit, Json], Json]
) -> tuple[list[Json], Mapping[str, str]]:
    """50 rows of the file of rows `key` ('' for none) in the words of the page `path`, and the links of that list.

    The address gives as `cursor` the number of the row after which they begin.
    """
    rows, more = read_report.read_rows(wiring.bucket(), key, visit.cursor(cursor), PAGE)
    says = (f"本页 {len(rows)} 行", f"{len(rows)} rows on this page")
    pages = console_frame.pages_of(visit, path, says, rows[-1]["row"] if more else "", {}, cursor)
    return [in_words(visit, row) for row in rows], pages


def rejections_file(visit: Visit, key: str, ident: str) -> Reply:
    """The rejected rows of the report or roster `ident`, up to 10,000, as CSV."""
    rows, _more = read_report.read_rows(wiring.bucket(), key, visit.cursor(), MOST_IN_A_FILE)
    lines = [{**row, "message": message(row["code"])} for row in rows]
    return console_frame.csv_file(received_files.rejections_csv(lines), f"rejections-{ident}.csv")
