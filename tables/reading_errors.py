"""Build chalicelib/matching/tables/reading_errors.py: which characters an optical reader takes for which others.

Lines of common characters, as they stand in names of firms, are drawn small, blurred and noisy, and read back by
Debian's tesseract-ocr with its chi_sim model (both Apache-2.0). A substitution that is seen in two drawings or more is
kept. No register and no public list of confusions is looked at.

    apt-get install tesseract-ocr tesseract-ocr-chi-sim fonts-noto-cjk
    pip install -r requirements-tables.txt
    python tables/reading_errors.py /usr/share/fonts/opentype/noto      # some fifteen minutes on one core
"""

import random
import subprocess
import sys
import tempfile
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

TARGET = Path(__file__).parent.parent / "chalicelib/matching/tables/reading_errors.py"
FACES = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc")
SIMPLIFIED_FACE = 2
# Height of the characters in pixels, blur in pixels, noise of 255: scans and photographs of poor quality.
WAYS = ((14, 0.6, 12), (15, 0.7, 14), (16, 0.8, 16), (17, 0.9, 18), (18, 1.0, 18))
ON_LINE, LINES, LEAST_SEEN, MOST = 12, 28, 2, 12
# What stands behind the characters, so that the reader expects a firm's name.
BEHIND = ("商贸有限公司", "科技有限公司", "食品有限公司", "电子商务有限公司")


def characters() -> list[str]:
    """The 3,755 common characters of GB 2312, level 1."""
    both = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return [char for char in (pair.decode("gb2312", "ignore") for pair in both) if char]


def page(lines: list[str], face: Path, way: tuple[int, float, int], seed: int) -> Image.Image:
    """The lines as a poor scan shows them."""
    size, blur, noise = way
    font = ImageFont.truetype(str(face), size, index=SIMPLIFIED_FACE)
    width = max(len(line) for line in lines) * size + 4 * size
    image = Image.new("L", (width, len(lines) * 2 * size + 2 * size), 255)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((2 * size, (2 * number + 1) * size), line, 0, font)
    image = image.filter(ImageFilter.GaussianBlur(blur))
    grains = np.random.default_rng(seed).normal(0, noise, (image.height, image.width))
    grey = np.clip(np.asarray(image, np.float32) + grains, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).resize((width * 2, image.height * 2), Image.Resampling.BILINEAR)


def read(image: Image.Image) -> list[str]:
    """The lines that the reader reads, without blanks."""
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        image.save(file.name)
        command = ["tesseract", file.name, "-", "-l", "chi_sim", "--psm", "6"]
        made = subprocess.run(command, check=True, capture_output=True, timeout=300)
        text = made.stdout.decode("utf-8")
    return ["".join(line.split()) for line in text.splitlines() if line.strip()]


def substitutions(written: str, seen: str) -> list[tuple[str, str]]:
    """The characters that were read as others: one for one, between characters that were read right."""
    pairs: list[tuple[str, str]] = []
    for what, a, b, c, d in SequenceMatcher(None, written, seen, autojunk=False).get_opcodes():
        if what == "replace" and b - a == d - c:
            pairs += zip(written[a:b], seen[c:d], strict=True)
    return [(char, other) for char, other in pairs if "\u4e00" <= other <= "\u9fff"]


def best_line(written: str, lines: list[str]) -> str:
    """The line that was read which is most like what was written; '' where none is."""
    best = max(lines, key=lambda line: SequenceMatcher(None, written, line, autojunk=False).ratio(), default="")
    return best if SequenceMatcher(None, written, best, autojunk=False).ratio() > 0.5 else ""


def main() -> None:
    """Draw every character in every face and way, read it, and write the table."""
    fonts, rng = Path(sys.argv[1]), random.Random(7)
    counts: Counter[tuple[str, str]] = Counter()
    drawn = right = 0
    for turn, (face, way) in enumerate((face, way) for face in FACES for way in WAYS):
        chars = characters()
        rng.shuffle(chars)
        names = ["".join(chars[at : at + ON_LINE]) + rng.choice(BEHIND) for at in range(0, len(chars), ON_LINE)]
        for at in range(0, len(names), LINES):
            some = names[at : at + LINES]
            lines = read(page(some, fonts / face, way, turn * 1_000 + at))
            for name in some:
                seen = best_line(name, lines)
                pairs = substitutions(name, seen)
                counts.update(pairs)
                drawn += len(name)
                right += len(name) - len(pairs) if seen else 0
        sys.stdout.write(f"{face} {way}: {right / drawn:.1%} read right so far, {len(counts)} substitutions\n")
        sys.stdout.flush()
    near: dict[str, list[str]] = {}
    for (char, other), count in counts.most_common():
        if count >= LEAST_SEEN and len(near.setdefault(char, [])) < MOST:
            near[char].append(other)
    near = {char: others for char, others in near.items() if others}
    TARGET.write_text(
        '"""Characters that an optical reader takes for others: made by tables/reading_errors.py, not by hand.\n\n'
        "Drawn with fonts-noto-cjk (SIL OFL 1.1), read by tesseract-ocr 5 with chi_sim of Debian (Apache-2.0).\n"
        '"""\n\n# A line: a character, then those that were read in its place, the most frequent first.\n'
        'READING_ERRORS = """\\\n' + "\n".join(c + "".join(near[c]) for c in sorted(near)) + '\n"""\n'
    )
    sys.stdout.write(f"{len(near)} characters, {sum(map(len, near.values()))} readings\n")


if __name__ == "__main__":
    main()
