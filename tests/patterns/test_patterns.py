"""Every regular expression of the product reads a text in time that grows no faster than the text.

Each is applied by the method by which the code applies it, to long runs of what its own parts match.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.patterns import long_runs
from tests.patterns.growth import grows_faster
from tests.patterns.pattern_uses import Unread, Use, uses

USES, UNREAD = uses()
# Patterns that are made while the program runs; none of them is taken from a text of another's.
MADE_LATER = {
    ("chalicelib.handlers.parameters", "self.pattern"),  # declared by routes, where `uses` finds them
    ("chalicelib.handlers.console.screens.audit", "str(declared[name].pattern)"),  # the same ones
    ("chalicelib.registry.rules.reason_codes", "words"),  # of a table: the module holds what is made of it
    ("chalicelib.registry.rules.reason_codes", "'(?<![A-Z0-9])(?:' + '|'.join(REASONS) + ')(?![A-Z0-9])'"),
    ("chalicelib.storage.item_kind", "'|'.join((_pattern(name, FIELD_FORMS, '.+').pattern for name in names))"),
    ("chalicelib.storage.item_kind", "''.join((a + b for a, b in zip(fixed, [*varying, ''], strict=True)))"),
    ("chalicelib.registry.rules.mask_person", "_unmasking(masked, name)"),  # of a text of ours, see test_scanners
    ("chalicelib.values.masking", "spaced"),  # a name, escaped: see test_scanners
}
# Patterns that read again from each place what they read before, each in its own way.
QUADRATIC = (
    (r"\d+x", "search"),
    (r"[\n,]\s*(?=[{\]])", "search"),
    (r"[a-z][a-z _]{3,}(?<!id)$", "search"),
    (r"(\d+)单元", "sub"),
    (r"[罚处决].*\d{4}", "search"),
    (r"<!--.*?-->", "sub"),
    (r"(?:a|b)+c", "finditer"),
    (r'\{\s*(?:"[^"\\]*"\s*:\s*[\[{]?\s*)?', "fullmatch"),
    (r"[\s,T]*(?:上午|下午)?\s*(?:\d{1,2})?\s*z?\s*", "fullmatch"),
    (r"(?:备注|说明)\s*\d*\s*[:：].*", "match"),
    (r"^(.+?)(?:官方|自营)*店$", "match"),
    (r"(?:x+)+y", "fullmatch"),
)


def finding(use: Use, most_single: int, common: tuple[str, ...] = ()) -> tuple[str, str, str] | None:
    """A beginning, a unit and an end of texts for which the use's time grows faster than their length, if any."""
    pairs = dict.fromkeys(long_runs.beginnings_and_units(use.pattern, most_single))
    beginnings = list(dict.fromkeys(["", *(before for before, _unit in pairs)]))[:4]
    pairs.update({(before, unit): None for before in beginnings for unit in common})
    run = applied(use.pattern, use.method)
    for before, unit in pairs:
        for end in long_runs.ENDS:
            if grows_faster(
                run, lambda length, b=before, u=unit, e=end: long_runs.text_of(use.pattern, b, u, e, length)
            ):
                return before, unit, end
    return None


def applied(pattern: re.Pattern[Any], method: str) -> Callable[[Any], object]:
    if method in {"sub", "subn"}:
        return lambda text: pattern.sub(text[:0], text)
    return lambda text: list(pattern.finditer(text)) if method == "finditer" else getattr(pattern, method)(text)


def test_every_pattern_is_known() -> None:
    assert {Unread(*place) for place in MADE_LATER} == set(UNREAD)
    assert len({use.pattern for use in USES}) > 250
    assert {use.method for use in USES} >= {"search", "match", "fullmatch", "sub", "split", "findall", "finditer"}


@pytest.mark.parametrize(("pattern", "method"), QUADRATIC)
def test_a_pattern_that_reads_again_from_each_place_is_noticed(pattern: str, method: str) -> None:
    assert finding(Use("here", method, re.compile(pattern)), 6)


def test_no_pattern_takes_longer_than_its_text_is_long() -> None:
    found = {f"{use.place} {use.method} {use.pattern.pattern!r}": finding(use, 6) for use in USES}
    assert {place: text for place, text in found.items() if text} == {}


@pytest.mark.long
def test_no_pattern_takes_longer_than_its_text_for_what_people_repeat() -> None:
    found = {f"{use.place} {use.method} {use.pattern.pattern!r}": finding(use, 40, long_runs.COMMON) for use in USES}
    assert {place: text for place, text in found.items() if text} == {}
