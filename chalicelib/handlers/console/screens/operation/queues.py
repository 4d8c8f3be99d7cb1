"""How the queues stand: what waits, what is in work, what is dead."""

from typing import Final

from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.figures import Figure
from chalicelib.handlers.console.screens.operation.queue_texts import queue_row
from chalicelib.handlers.console.screens.operation.state import tabs_of
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk import dead_letter_desk
from chalicelib.handlers.replies import Reply
from chalicelib.values.records import Json

TITLE: Final = ("队列与死信", "Queues and dead letters")
COLUMNS: Final = ("queue", "waiting", "in_work", "dead", "oldest_at")


def page(visit: Visit) -> Reply:
    """Every queue, those with dead letters first: a count or two of each, ten messages where there are dead letters."""
    lines = dead_letter_desk.states()
    return console_frame.page(
        visit,
        "operation/queues.html",
        TITLE,
        figures=_figures(visit, lines),
        rows=[queue_row(visit, line) for line in sorted(lines, key=lambda line: not line["dead"])],
        csv=f"{visit.root}operation/queues.csv",
        **tabs_of(visit, "queues"),
    )


def export(_visit: Visit) -> Reply:
    """The counts of the queues as CSV."""
    lines = [[line.get(column, "") for column in COLUMNS] for line in dead_letter_desk.states()]
    return console_frame.csv_table([COLUMNS, *lines], "queues.csv")


def _figures(visit: Visit, lines: list[Json]) -> list[Figure]:
    t = visit.t
    dead, waiting, in_work = (sum(line.get(name, 0) for line in lines) for name in ("dead", "waiting", "in_work"))
    return [
        Figure(t("死信", "Dead letters"), dead, is_late=dead > 0),
        Figure(t("等待处理", "Waiting"), waiting),
        Figure(t("处理中", "In work"), in_work),
    ]
