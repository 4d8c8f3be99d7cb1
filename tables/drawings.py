"""Characters as libre faces draw them, blurred as a poor scan or a caption shows them: what tables of likeness compare.

The faces are those of Debian's fonts-noto-cjk and fonts-lxgw-wenkai (both SIL OFL 1.1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIDE, GLYPH = 28, 24  # pixels of a drawing, and of the character in it


@dataclass(frozen=True, slots=True)
class Face:
    """A face of a package, and the index of its simplified Chinese forms."""

    path: str
    index: int


SANS = Face("usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2)
BOLD = Face("usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 2)
SERIF = Face("usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2)
KAI = Face("usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", 0)


def file_of(face: Face, roots: Iterable[str]) -> str:
    """The first of the folders that has the face; the packages are unpacked there, or installed under `/`."""
    return next(str(path) for root in roots if (path := Path(root) / face.path).exists())


def drawings(chars: Sequence[str], file: str, index: int, blur: float, shift: tuple[int, int] = (0, 0)) -> np.ndarray:
    """One row per character: its blurred drawing, moved by some pixels."""
    font = ImageFont.truetype(file, GLYPH, index=index)
    rows = np.empty((len(chars), SIDE * SIDE), np.float32)
    for n, char in enumerate(chars):
        image = Image.new("L", (SIDE, SIDE))
        ImageDraw.Draw(image).text((SIDE // 2 + shift[0], SIDE // 2 + shift[1]), char, 255, font, anchor="mm")
        rows[n] = np.asarray(image.filter(ImageFilter.GaussianBlur(blur)), np.float32).ravel()
    return rows


def cosines(chars: Sequence[str], file: str, index: int, blur: float, shifts: Iterable[tuple[int, int]]) -> np.ndarray:
    """How alike each two are drawn: the cosine of the drawings less the mean drawing, best of some shifts."""
    plain = drawings(chars, file, index, blur)
    mean = plain.mean(axis=0)

    def unit(rows: np.ndarray) -> np.ndarray:
        return (rows - mean) / np.linalg.norm(rows - mean, axis=1, keepdims=True)

    best = unit(plain) @ unit(plain).T
    for shift in shifts:
        best = np.maximum(best, unit(plain) @ unit(drawings(chars, file, index, blur, shift)).T)
    return np.maximum(best, best.T)
