"""Bars from zero: lying ones for names, each part with its own colour; and a distribution as standing ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from chalicelib.handlers.console.plots import svg
from chalicelib.handlers.console.plots.svg import COLOURS, WIDTH, Figure

BAR, STEP, TOP = 16, 28, 22
MOST_LABEL: Final = 180


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its parts from left to right."""

    label: str
    parts: Sequence[float]


def lying(question: str, bars: Sequence[Bar], parts: Sequence[str], first: str, width: float = WIDTH) -> Figure:
    """Lying bars, one below the other; `parts` names each part, `first` the first column of the table.

    At the end of a bar stands its number; where it has several parts that of the first one, and all together.
    """
    most = max((sum(bar.parts) for bar in bars), default=0)
    left = min(MOST_LABEL, max((svg.width_of(bar.label) for bar in bars), default=0) + 12)
    marks = svg.ticks(most)
    scale = (width - left - (48 if len(parts) < 2 else 72)) / marks[-1]
    height = TOP + STEP * len(bars) + 4
    drawn = [svg.line(left + mark * scale, TOP, left + mark * scale, height, "grid") for mark in marks[1:]]
    drawn += [svg.text(left + mark * scale, height + 16, svg.shown(mark), "middle") for mark in marks]
    for place, bar in enumerate(bars):
        drawn += _bar(bar, place, parts, left, scale)
    drawn += [svg.line(left, TOP, left, height), *_key(parts, left)]
    lines = [(bar.label, *map(svg.shown, bar.parts)) for bar in bars]
    return Figure(question, svg.drawing(width, height + 20, question, drawn), (first, *parts), lines)


def _bar(bar: Bar, place: int, parts: Sequence[str], left: float, scale: float) -> list[Markup]:
    y, x = TOP + place * STEP + 6, left
    label = bar.label if svg.width_of(bar.label) <= MOST_LABEL - 12 else bar.label[:13] + "…"
    drawn = [svg.text(left - 8, y + 13, label, "end", "t")]
    for kind, name, value in zip(COLOURS, parts, bar.parts, strict=False):
        drawn.append(svg.rectangle(x, y, value * scale, BAR, kind, f"{bar.label} · {name}: {svg.shown(value)}"))
        x += value * scale
    whole = svg.shown(sum(bar.parts))
    words = f"{svg.shown(bar.parts[0])} / {whole}" if len(bar.parts) > 1 else whole
    return [*drawn, svg.text(x + 6, y + 13, words)]


def _key(parts: Sequence[str], left: float) -> list[Markup]:
    """The names of the parts above the bars, each behind its colour; none where there is one part alone."""
    drawn: list[Markup] = []
    if len(parts) > 1:
        x = left
        for kind, name in zip(COLOURS, parts, strict=False):
            drawn += [svg.rectangle(x, 2, 11, 11, kind), svg.text(x + 16, 12, name)]
            x += svg.width_of(name) + 34
    return drawn


def standing(question: str, bars: Sequence[Bar], parts: Sequence[str], first: str, width: float = WIDTH) -> Figure:
    """Standing bars side by side, as months or classes have them, each under its number; labels that would touch are
    left out."""
    height, bottom, left = 220, 190, 44
    most = max((sum(bar.parts) for bar in bars), default=0)
    marks = svg.ticks(most)
    scale, step = (bottom - TOP - 8) / marks[-1], (width - left - 8) / max(len(bars), 1)
    drawn = _levels(marks, left, bottom, scale, width)
    wide = min(step * 0.72, 40)
    every = max(1, round(max((svg.width_of(bar.label) for bar in bars), default=0) * 1.15 / step + 0.5))
    for place, bar in enumerate(bars):
        x, y = left + step * place + (step - wide) / 2, float(bottom)
        for kind, name, value in zip(COLOURS, parts, bar.parts, strict=False):
            y -= value * scale
            title = f"{bar.label} · {name}: {svg.shown(value)}"
            drawn.append(svg.rectangle(x, y, wide, value * scale, kind, title))
        whole = svg.shown(sum(bar.parts))
        if svg.width_of(whole) < step:
            drawn.append(svg.text(x + wide / 2, y - 4, whole, "middle"))
        if place % every == 0:
            drawn.append(svg.text(x + wide / 2, bottom + 18, bar.label, "middle"))
    drawn += [svg.line(left, bottom, width, bottom), *_key(parts, left)]
    lines = [(bar.label, *map(svg.shown, bar.parts)) for bar in bars]
    return Figure(question, svg.drawing(width, height, question, drawn), (first, *parts), lines)


def _levels(marks: Sequence[float], left: float, bottom: float, scale: float, width: float) -> list[Markup]:
    drawn: list[Markup] = []
    for mark in marks:
        y = bottom - mark * scale
        drawn += [svg.line(left, y, width, y, "grid"), svg.text(left - 8, y + 4, svg.shown(mark), "end")]
    return drawn


def distribution(
    question: str,
    classes: Sequence[Bar],
    marks: Sequence[tuple[float, str]],
    heads: Sequence[str],
    width: float = WIDTH,
) -> Figure:
    """How values are spread over classes, each drawn as wide as another, with lines at marks such as the median.

    A mark is its place among the classes (2.5 is the middle of the third) and its words; `heads` are the table's.
    """
    figure = standing(question, classes, heads[1:], heads[0], width)
    step, left = (width - 52) / max(len(classes), 1), 44
    drawn: list[Markup] = []
    for place, words in marks:
        x = left + place * step
        # On the side of the line on which there is room.
        side, anchor = (4, "start") if x + svg.width_of(words) + 4 <= width else (-4, "end")
        drawn += [svg.line(x, 4, x, 190, "mid"), svg.text(x + side, 10, words, anchor, "t")]
    whole = Markup(str(figure.svg).removesuffix("</svg>")) + Markup("").join(drawn) + Markup("</svg>")  # noqa: S704
    return Figure(question, whole, figure.heads, figure.lines)
