"""The provinces as a grid of tiles of equal size, so that small ones are seen as well, and no map is needed."""

from collections.abc import Mapping
from math import ceil
from typing import Final

from markupsafe import Markup

from chalicelib.handlers.console.plots import svg
from chalicelib.handlers.console.plots.svg import Figure

# Division code of a province (GB/T 2260): its short name in zh and en, and its column and row in the grid.
TILES: Final[Mapping[str, tuple[str, str, int, int]]] = {
    "11": ("京", "BJ", 7, 2), "12": ("津", "TJ", 8, 2), "13": ("冀", "HE", 7, 3), "14": ("晋", "SX", 6, 3),
    "15": ("蒙", "NM", 6, 1), "21": ("辽", "LN", 8, 1), "22": ("吉", "JL", 9, 1), "23": ("黑", "HL", 9, 0),
    "31": ("沪", "SH", 9, 4), "32": ("苏", "JS", 8, 4), "33": ("浙", "ZJ", 8, 5), "34": ("皖", "AH", 7, 4),
    "35": ("闽", "FJ", 8, 6), "36": ("赣", "JX", 7, 5), "37": ("鲁", "SD", 8, 3), "41": ("豫", "HA", 6, 4),
    "42": ("鄂", "HB", 6, 5), "43": ("湘", "HN", 6, 6), "44": ("粤", "GD", 7, 6), "45": ("桂", "GX", 5, 6),
    "46": ("琼", "HI", 6, 7), "50": ("渝", "CQ", 5, 5), "51": ("川", "SC", 4, 5), "52": ("贵", "GZ", 4, 6),
    "53": ("云", "YN", 3, 6), "54": ("藏", "XZ", 2, 5), "61": ("陕", "SN", 5, 4), "62": ("甘", "GS", 4, 4),
    "63": ("青", "QH", 3, 4), "64": ("宁", "NX", 5, 3), "65": ("新", "XJ", 2, 3), "71": ("台", "TW", 9, 6),
    "81": ("港", "HK", 7, 7), "82": ("澳", "MO", 8, 7),
}  # fmt: skip
SIZE: Final = 52
# The four shades of the tiles, from few to many, and those on which words are white.
SHADES: Final = ("s1", "s2", "s3", "s4")
DARK: Final = ("s3", "s4")


def provinces(question: str, values: Mapping[str, float], heads: tuple[str, str], english: bool) -> Figure:
    """One tile for each province with its number; the shade is the quarter of the largest that it reaches."""
    most = max([*values.values(), 1])
    drawn: list[Markup] = []
    lines: list[tuple[str, str]] = []
    for code, (zh, en, column, row) in TILES.items():
        value, name = values.get(code, 0), en if english else zh
        x, y = (column - 2) * SIZE, row * SIZE
        kind = SHADES[_quarter(value, most)] if value else "d"
        words = "w" if kind in DARK else "t"
        drawn += [
            svg.rectangle(x + 1, y + 1, SIZE - 3, SIZE - 3, kind, f"{name}: {svg.shown(value)}"),
            svg.text(x + SIZE / 2 - 1, y + 22, name, "middle", words),
            svg.text(x + SIZE / 2 - 1, y + 40, svg.shown(value) if value else "–", "middle", words),
        ]
        lines.append((name, svg.shown(value)))
    drawn += _legend(most)
    picture = svg.drawing(8 * SIZE, 8 * SIZE + 28, question, drawn)
    ranked = sorted(lines, key=lambda line: -float(line[1].replace(",", "")))
    return Figure(question, picture, heads, ranked)


def _quarter(value: float, most: float) -> int:
    """Which quarter of the largest number a number lies in: 0 to 3."""
    return min(3, int(value / most * 4))


def _legend(most: float) -> list[Markup]:
    """From which number to which each shade goes, where there is a whole number between."""
    drawn: list[Markup] = []
    for place, shade in enumerate(SHADES):
        least = max(1, ceil(most * place / 4))
        largest = int(most) if place == 3 else ceil(most * (place + 1) / 4) - 1
        if least <= largest:
            x, y = place * 2 * SIZE, 8 * SIZE + 8
            words = svg.shown(least) + (f"–{svg.shown(largest)}" if largest > least else "")
            drawn += [svg.rectangle(x + 1, y, 14, 14, shade), svg.text(x + 21, y + 12, words)]
    return drawn
