"""Long texts that nearly fit a pattern: a run of what repeats in it, behind what stands before the repeat, and an end
that does not fit."""

import re
import re._parser as pattern_parser
from collections.abc import Iterator
from typing import Any

_OF_CATEGORY = {
    "CATEGORY_DIGIT": "1",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_NOT_WORD": "-",
}
# Repeats of so few are no runs.
_LEAST_RUN = 8
# What people repeat, whatever the pattern says.
COMMON = (
    " ",
    "\n",
    "1",
    "a",
    "，",
    ",",
    "-",
    "(",
    "()",
    "（",
    "省",
    "市",
    "路",
    "公司",
    "号",
    "1号",
    "年",
    "第1",
    "A1",
)
COMMON += ("a ", "1 ", ". ", "2026-", "、", ";", "\t", "\u3000", '"', "=", "/", "%", "[{", '{"a":', "：", " :", "x=")
COMMON += (
    "原厂",
    "店",
    "官方",
    "旗舰店",
    "商店",
    "?",
    "*",
    "<",
    "<!--",
    "[",
    "【",
    "〔2021〕",
    "罚",
    "𠀀",
    "\\",
    '\\"',
    "'",
)
# Characters that hardly a pattern takes; a full stop takes the first, and no line end.
ENDS = ("\x00", "\n\x00")


class _Walk:
    """One way through a pattern: with what is optional in it, or without.

    `runs` holds what stands before each repeat, and what the repeat is made of; `single` the characters that it names.
    """

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole
        self.runs: dict[tuple[str, str], None] = {}
        self.single: dict[str, None] = {}

    def fitting(self, parts: Any, before: str) -> str:
        """A short text that fits these parts of a parsed pattern, behind what stands before them."""
        text = ""
        for kind, value in parts:
            text += self._of_part(str(kind), value, before + text)
        return text

    def _of_part(self, kind: str, value: Any, before: str) -> str:
        if kind == "LITERAL":
            self.single[chr(value)] = None
            return chr(value)
        if kind in {"ANY", "NOT_LITERAL"}:
            return "a"
        if kind == "IN":
            return self._of_set(value)
        if kind.endswith("_REPEAT"):
            return self._of_repeat(value, before)
        if kind == "SUBPATTERN":
            return self.fitting(value[3], before)
        if kind == "BRANCH":
            texts = [self.fitting(branch, before) for branch in value[1]]
            return texts[0]
        if kind == "ATOMIC_GROUP":
            return self.fitting(value, before)
        if kind in {"ASSERT", "ASSERT_NOT"}:
            text = self.fitting(value[1], before)
            return text if kind == "ASSERT" and value[0] < 0 else ""
        return ""

    def _of_repeat(self, value: Any, before: str) -> str:
        least, most, inner = value
        part = self.fitting(inner, before)
        if most > _LEAST_RUN and part:
            self.runs[before, part] = None
        return part * (max(least, 1) if self._whole else least)

    def _of_set(self, members: Any) -> str:
        characters = list(_members(members))
        if str(members[0][0]) == "NEGATE":
            characters = [char for char in "a1 省-" if char not in characters] or ["\u4e8c"]
        self.single.update(dict.fromkeys(characters[:3]))
        return characters[0]


def _members(items: Any) -> Iterator[str]:
    for kind, value in items:
        if str(kind) == "LITERAL":
            yield chr(value)
        elif str(kind) == "RANGE":
            yield chr(value[0])
        elif str(kind) == "CATEGORY":
            yield _OF_CATEGORY.get(str(value), "a")


def beginnings_and_units(pattern: re.Pattern[Any], most_single: int) -> list[tuple[str, str]]:
    """How texts begin and what their runs are made of.

    Each repeat of the pattern behind what stands before it; and by themselves the whole, each repeat and what stands
    before it, and at most `most_single` of the characters that the pattern names.
    """
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    parsed = pattern_parser.parse(pattern.pattern, flags)
    pairs: dict[tuple[str, str], None] = {}
    single: dict[str, None] = {}
    for whole in (True, False):
        walk = _Walk(whole=whole)
        text = walk.fitting(parsed, "")
        pairs.update(walk.runs)
        pairs.update({("", unit): None for run in walk.runs for unit in run if unit} | {("", text or "a"): None})
        single |= walk.single
    return [*pairs, *(("", char) for char in list(single)[:most_single] if ("", char) not in pairs)]


def text_of(pattern: re.Pattern[Any], before: str, unit: str, end: str, length: int) -> Any:
    """A text of about so many characters, of the type that the pattern reads."""
    text = before + (unit * (length // len(unit) + 1))[:length] + end
    return text.encode("latin-1", "ignore") if isinstance(pattern.pattern, bytes) else text
