"""Lines over time, the last value written at the end of each; a sparkline for a table; a scatter of named dots."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from chalicelib.handlers.console.plots import svg
from chalicelib.handlers.console.plots.svg import WIDTH, Figure

HEIGHT, TOP, BOTTOM, LEFT, RIGHT = 240, 16, 204, 52, 96
KINDS = ("la", "lb", "lc", "ld")


@dataclass(frozen=True, slots=True)
class Line:
    """A named line with a value for each place of the axis; None where there is none."""

    name: str
    values: Sequence[float | None]


def over_time(question: str, places: Sequence[str], lines: Sequence[Line], first: str, width: float = WIDTH) -> Figure:
    """At most four lines over the same days, weeks or months, from zero."""
    most = max((value for each in lines for value in each.values if value is not None), default=0)
    marks = svg.ticks(most)
    scale, step = (BOTTOM - TOP) / marks[-1], (width - LEFT - RIGHT) / max(len(places) - 1, 1)
    drawn: list[Markup] = []
    for mark in marks:
        y = BOTTOM - mark * scale
        drawn += [svg.line(LEFT, y, width - RIGHT, y, "grid"), svg.text(LEFT - 8, y + 4, svg.shown(mark), "end")]
    every = max(1, round(max((svg.width_of(place) for place in places), default=0) * 1.2 / step + 0.5))
    drawn += [
        svg.text(LEFT + step * place, BOTTOM + 20, name, "middle")
        for place, name in enumerate(places)
        if place % every == 0
    ]
    drawn.append(svg.line(LEFT, BOTTOM, width - RIGHT, BOTTOM))
    ends: list[float] = []
    for kind, each in zip(KINDS, lines, strict=False):
        points = [
            (LEFT + step * place, BOTTOM - value * scale)
            for place, value in enumerate(each.values)
            if value is not None
        ]
        if points:
            ends.append(_free_height(points[-1][1], ends))
            last = next(value for value in reversed(each.values) if value is not None)
            words = f"{each.name} {svg.shown(last)}"
            drawn += [svg.path(points, kind), svg.text(points[-1][0] + 8, ends[-1] + 4, words, "start", "t")]
    table = [
        (name, *("" if each.values[place] is None else svg.shown(each.values[place] or 0) for each in lines))
        for place, name in enumerate(places)
    ]
    heads = (first, *(each.name for each in lines))
    return Figure(question, svg.drawing(width, HEIGHT, question, drawn), heads, table)


def _free_height(wanted: float, taken: Sequence[float]) -> float:
    """A height for a label at least 14 away from all others, at or above the wanted one."""
    for height in sorted(taken, reverse=True):
        if abs(height - wanted) < 14:
            wanted = height - 14
    return wanted


def sparkline(values: Sequence[float], name: str) -> Markup:
    """A line of 96 by 24 without axes, for a table or a figure; `name` says what it shows."""
    most = max([*values, 1])
    step = 92 / max(len(values) - 1, 1)
    points = [(2 + step * place, 21 - value / most * 18) for place, value in enumerate(values)]
    drawn = [svg.path(points, "la"), svg.circle(*points[-1], 2.5, "a")] if points else []
    picture = Markup('<svg class="spark" viewBox="0 0 96 24" role="img" aria-label="{}">{}</svg>')
    return Markup('<span class="plot">{}</span>').format(picture.format(name, Markup("").join(drawn)))


@dataclass(frozen=True, slots=True)
class Dot:
    """A named dot of a scatter."""

    name: str
    x: float
    y: float


def scatter(question: str, dots: Sequence[Dot], axes: tuple[str, str], first: str, width: float = WIDTH) -> Figure:
    """Named dots between two axes from zero; names that would lie on others are in the table alone.

    Dots on the axis below, which have nothing upwards, are drawn in the first colour.
    """
    marks_x, marks_y = (
        svg.ticks(max((dot.x for dot in dots), default=0)),
        svg.ticks(max((dot.y for dot in dots), default=0)),
    )
    height, bottom = 320, 272
    scale_x, scale_y = (width - LEFT - RIGHT) / marks_x[-1], (bottom - 28) / marks_y[-1]
    drawn: list[Markup] = []
    for mark in marks_y:
        y = bottom - mark * scale_y
        drawn += [svg.line(LEFT, y, width - RIGHT, y, "grid"), svg.text(LEFT - 8, y + 4, svg.shown(mark), "end")]
    for mark in marks_x:
        drawn.append(svg.text(LEFT + mark * scale_x, bottom + 18, svg.shown(mark), "middle"))
    drawn += [
        svg.line(LEFT, bottom, width - RIGHT, bottom),
        svg.line(LEFT, 28, LEFT, bottom),
        svg.text(LEFT, 14, f"↑ {axes[1]}"),
        svg.text(width - RIGHT, bottom + 38, f"{axes[0]} →", "end"),
    ]
    placed = [(dot, LEFT + dot.x * scale_x, bottom - dot.y * scale_y) for dot in dots]
    for dot, x, y in placed:
        title = f"{dot.name}: {svg.shown(dot.x)}, {svg.shown(dot.y)}"
        drawn.append(svg.circle(x, y, 5, "b" if dot.y else "a", title))
    drawn += _names(placed, width)
    table = [(dot.name, svg.shown(dot.x), svg.shown(dot.y)) for dot in dots]
    return Figure(question, svg.drawing(width, height, question, drawn), (first, *axes), table)


def _names(placed: Sequence[tuple[Dot, float, float]], width: float) -> list[Markup]:
    """The names of the dots beside them, those with nothing upwards first; none over another name or dot."""
    taken = [(x - 6, y - 6, x + 6, y + 6) for _dot, x, y in placed]
    drawn: list[Markup] = []
    for dot, x, y in sorted(placed, key=lambda each: (each[0].y > 0, -each[0].y, -each[0].x)):
        wide = svg.width_of(dot.name)
        # A dot on the axis has its name above it, clear of the axis; one near the edge before it.
        below = y + 4 if dot.y else y - 10
        left = x + 9 if x + 9 + wide <= width else x - 9 - wide
        box = (left, below - 12, left + wide, below + 2)
        own = (x - 6, y - 6, x + 6, y + 6)
        if not any(_overlap(box, other) for other in taken if other != own):
            drawn.append(svg.text(left, below, dot.name, "start", "t"))
            taken.append(box)
    return drawn


def _overlap(box: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
