"""Build chalicelib/matching/tables/simplified_and_readings.py: simplified forms, readings, frequency in brands.

Sources: OpenCC 1.4.2 (Apache-2.0) for simplified forms, pypinyin 0.55.0 (MIT) for readings,
companynameparser 0.1.8 (Apache-2.0) for its list of brands, of which only character counts are kept.

    pip install -r requirements-tables.txt
    python tables/characters.py
"""

import math
import sys
from collections import Counter, defaultdict
from importlib.metadata import distribution
from pathlib import Path

from opencc import OpenCC
from pypinyin import Style, pinyin

TARGET = Path(__file__).parent.parent / "chalicelib/matching/tables/simplified_and_readings.py"
# Conversion would make another legal name of these: 乾 is not 干, 昇 is a registered character of its own.
EXEMPT = set("乾昇")
VARIANTS = {"○": "〇"}
NOT_SYLLABLES = {"hm", "hng", "m", "n", "ng"}
RESPELLED = {"lve": "lue", "nve": "nue"}


def common_characters() -> list[str]:
    """Every character of GB 18030's two-byte area that is an ideograph: what a register can hold."""
    found = []
    for point in range(0x4E00, 0xA000):
        try:
            if len(chr(point).encode("gbk")) == 2:
                found.append(chr(point))
        except UnicodeEncodeError:
            continue
    return found


def simplified() -> dict[str, str]:
    """Character to simplified character, where one of the converters changes it."""
    converters = [OpenCC(name) for name in ("t2s", "tw2s", "hk2s", "jp2t")]
    table = {}
    for point in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00)):
        char = chr(point)
        if char in EXEMPT:
            continue
        for convert in converters[:3]:
            new = convert.convert(char)
            if new != char and len(new) == 1 and new not in EXEMPT:
                table[char] = new
                break
    table |= VARIANTS
    for char, new in table.items():
        table[char] = table.get(new, new)
    return table


def readings(chars: list[str]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Toneless first readings as syllable -> characters, and a second reading where one is usual."""
    first: dict[str, list[str]] = defaultdict(list)
    second: dict[str, str] = {}
    for char in chars:
        both = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")
        if not both:
            continue
        spelt = (s.replace("ü", "v") for s in both[0])
        clean = [s for s in dict.fromkeys(RESPELLED.get(s, s) for s in spelt) if s not in NOT_SYLLABLES and s.isalpha()]
        if clean:
            first[clean[0]].append(char)
            if len(clean) > 1 and char in COMMON_POLYPHONES:
                second[char] = clean[1]
    return first, second


COMMON_POLYPHONES = set("行长重乐朝石柏都单调朴厦会圩藏翟解区盛曾降强省传弹蕃率车尉种校参折仇宿洗泊尧茄六百伯卜")


def commonness() -> dict[str, int]:
    """Bits (-log2 of the share) of each character among the brands of the list, 3 to 15."""
    place = distribution("companynameparser").locate_file("companynameparser/data/brand.txt")
    counts = Counter(c for line in Path(str(place)).read_text("utf-8").split() for c in set(line) if "一" <= c <= "龥")
    total = sum(counts.values())
    return {c: max(3, min(15, round(-math.log2(n / total)))) for c, n in counts.items() if n >= total / 2**14}


def main() -> None:
    """Write the table."""
    chars = common_characters()
    simple = simplified()
    kept = sorted(simple)
    first, second = readings([c for c in chars if c not in simple] + sorted(EXEMPT - set(chars)))
    bits: dict[int, list[str]] = defaultdict(list)
    for char, worth in sorted(commonness().items()):
        bits[worth].append(char)
    TARGET.write_text(
        '"""Characters: made by tables/characters.py, not by hand.\n\n'
        "Simplified forms from OpenCC 1.4.2 (Apache-2.0), readings from pypinyin 0.55.0 (MIT), commonness counted\n"
        'in the brand list of companynameparser 0.1.8 (Apache-2.0).\n"""\n\n'
        f'TRADITIONAL = "{"".join(kept)}"\n'
        f'SIMPLIFIED = "{"".join(simple[c] for c in kept)}"\n'
        "# A line: the toneless syllable, then the characters read so.\n"
        'READINGS = """\\\n' + "\n".join(f"{s} {''.join(cs)}" for s, cs in sorted(first.items())) + '\n"""\n'
        "# Characters with a second usual reading.\n"
        f"SECOND_READINGS = {dict(sorted(second.items()))!r}\n"
        "# A line: bits, then the characters of which 2**-bits of all brand characters are.\n"
        'COMMONNESS = """\\\n' + "\n".join(f"{b} {''.join(cs)}" for b, cs in sorted(bits.items())) + '\n"""\n'
    )
    counts = len(simple), sum(map(len, first.values())), sum(map(len, bits.values()))
    sys.stdout.write("{} simplified, {} read, {} weighed\n".format(*counts))


if __name__ == "__main__":
    main()
