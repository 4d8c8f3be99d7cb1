"""The fenced blocks of the documents.

A command block says how it is held:

- `bash` is run against a fresh exchange; the block that follows it at once (`json`, or without a language) is its
  answer;
- `sh` is not run; the comment on the line above it says why. `<!-- needs AWS -->`: its syntax and the parameters of
  each `aws` command are checked. `<!-- calls make -->`: its syntax and the targets of make are checked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FENCE = re.compile(
    r"^(?:<!-- (?P<mark>[^\n]*) -->\n)?(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
NEEDS_AWS, CALLS_MAKE = "sh, needs AWS", "sh, calls make"
COMMANDS = ("bash", NEEDS_AWS, CALLS_MAKE)
ANSWERS = ("json", "")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: `info` is its language and its mark, `text` is without indentation, `span` its place."""

    document: Path
    line: int
    info: str
    text: str
    span: tuple[int, int]
    answer: "Block | None" = None

    @property
    def place(self) -> str:
        """The document and the line of the first line of the block."""
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def documents() -> list[Path]:
    """Every document of the project, in the order in which a reader meets them."""
    return [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks_of(document: Path) -> list[Block]:
    """All blocks of a document in order; a command block has the answer that is printed right below it."""
    text = document.read_text("utf-8")
    matches = list(FENCE.finditer(text))
    blocks = [_block(document, text, match) for match in matches]
    answered = []
    for number, block in enumerate(blocks):
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        between = text[matches[number].end() : matches[number + 1].start()] if after else ""
        is_answer = block.info == "bash" and after is not None and after.info in ANSWERS and not between.strip()
        answered.append(
            Block(block.document, block.line, block.info, block.text, block.span, after if is_answer else None)
        )
    return answered


def command_blocks(info: str) -> Iterator[Block]:
    """The command blocks of all documents with this info string."""
    for document in documents():
        yield from (block for block in blocks_of(document) if block.info == info)


def _block(document: Path, text: str, match: re.Match[str]) -> Block:
    indent = len(match["indent"])
    lines = match["text"].split("\n")
    return Block(
        document=document,
        line=text.count("\n", 0, match.start("text")) + 1,
        info=", ".join(filter(None, (match["info"].strip(), match["mark"]))),
        text="\n".join(line[indent:] if not line[:indent].strip() else line for line in lines),
        span=match.span("text"),
    )
