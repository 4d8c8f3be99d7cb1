"""SVG elements as text, with every value escaped; a plot's colours are the classes a to d of the style sheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

from markupsafe import Markup

# Plots are drawn about as wide as they are shown, so that their words are neither smaller nor larger than the page's.
WIDTH: Final = 640
NARROW: Final = 420
COLOURS: Final = ("a", "b", "c", "d")
# Chinese at 12 px: the width of a character in the units of a plot.
CHARACTER: Final = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot with its question, and its numbers as a table."""

    question: str
    svg: Markup
    heads: Sequence[str]
    lines: Sequence[Sequence[object]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see: no line, or no number but 0."""
        return not any(str(cell) not in ("", "0") for line in self.lines for cell in line[1:])


def drawing(width: float, height: float, question: str, parts: Iterable[Markup]) -> Markup:
    """The whole picture, named by its question for those who do not see it."""
    return Markup('<svg viewBox="0 0 {:g} {:g}" role="img" aria-label="{}"><title>{}</title>{}</svg>').format(
        width, height, question, question, Markup("").join(parts)
    )


def rectangle(x: float, y: float, width: float, height: float, kind: str, title: str = "") -> Markup:
    """A bar or a tile; `title` is shown when it is pointed at."""
    inner = Markup("<title>{}</title>").format(title) if title else ""
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">{}</rect>').format(
        kind, x, y, max(width, 0), max(height, 0), inner
    )


def text(x: float, y: float, words: object, anchor: str = "start", kind: str = "") -> Markup:
    """Words at a place; `anchor` is start, middle or end."""
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(kind, x, y, anchor, words)


def line(x1: float, y1: float, x2: float, y2: float, kind: str = "axis") -> Markup:
    """A straight line."""
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(kind, x1, y1, x2, y2)


def path(points: Sequence[tuple[float, float]], kind: str) -> Markup:
    """A line through points."""
    return Markup('<polyline class="{}" points="{}"/>').format(kind, " ".join(f"{x:.1f},{y:.1f}" for x, y in points))


def circle(x: float, y: float, radius: float, kind: str, title: str = "") -> Markup:
    """A dot; `title` is shown when it is pointed at."""
    return Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{:g}"><title>{}</title></circle>').format(
        kind, x, y, radius, title
    )


def ticks(most: float, about: int = 4) -> list[float]:
    """Round numbers from 0 to at least `most`, about so many steps apart, by which an axis is read."""
    if most <= 0:
        return [0, 1]
    step = 10 ** floor(log10(most / about))
    step = next(step * times for times in (1, 2, 5, 10) if most / (step * times) <= about)
    step = max(step, 1) if float(most).is_integer() else step
    return [step * place for place in range(ceil(most / step) + 1)]


def shown(value: float) -> str:
    """A number as an axis or a bar names it."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def width_of(words: str) -> float:
    """About how wide words are, in the units of a plot: half of a character for what is not Chinese."""
    return sum(CHARACTER if ord(sign) > 0x2E7F else CHARACTER * 0.58 for sign in words)
