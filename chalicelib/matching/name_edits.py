"""The edits that make one name of another, character by character, and how much of a name they leave."""

from dataclasses import dataclass
from functools import lru_cache

from chalicelib.matching import trade_words
from chalicelib.matching.character_variants import SYLLABLES, bits, looks_like, sounds_like, syllables

_PINYIN = frozenset(SYLLABLES.values())
_FAR = 6  # a middle part longer than this on either side is not compared by characters
_MOST_EDITS = 3
_NUMERALS = frozenset("一二三四五六七八九十百零〇0123456789")


@dataclass(frozen=True, slots=True)
class Edit:
    """One place where the asked name differs: same_sound, same_look, spelt, added, dropped, swapped, other."""

    kind: str
    asked: str
    listed: str
    at: int  # position in the listed name's brand and trade


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[str, ...]:
    """Characters; a run of Latin letters falls into syllables of pinyin, the longest first."""
    if text.isascii() is False and not any(c.isascii() for c in text):
        return tuple(text)
    found, at = [], 0
    while at < len(text):
        size = 1
        if text[at].isascii():
            size = next((n for n in (6, 5, 4, 3, 2) if text[at : at + n] in _PINYIN), 1)
        found.append(text[at : at + size])
        at += size
    return tuple(found)


@lru_cache(maxsize=20_000)
def sounds(text: str) -> frozenset[str]:
    """The toneless readings in a text."""
    return frozenset([SYLLABLES.get(token, token) for token in tokens(text)])


def letters(text: str) -> str:
    """The toneless reading, without gaps."""
    return "".join(syllables(text))


def change(asked: str, listed: str) -> str:
    """How one character became another."""
    if asked.isascii() and not listed.isascii():
        return "spelt" if SYLLABLES.get(listed) == asked else "other"
    if asked in _NUMERALS and listed in _NUMERALS:
        return "other"
    if sounds_like(asked, listed):
        return "same_sound"
    return "same_look" if looks_like(asked, listed) else "other"


_COST = {"spelt": 0.3, "same_sound": 0.5, "same_look": 0.5, "other": 1.9, "added": 1.0, "dropped": 1.0, "swapped": 0.8}


def edits(asked: str, listed: str) -> tuple[Edit, ...] | None:
    """The cheapest way from the listed text to the asked one; None where they have too little in common."""
    if asked == listed:
        return ()
    a, b = tokens(asked), tokens(listed)
    if max(len(a), len(b)) - len(sounds(asked) & sounds(listed)) > _MOST_EDITS + 3:
        return None
    start, stop = 0, 0
    least = min(len(a), len(b))
    while start < least and a[start] == b[start]:
        start += 1
    while stop < least - start and a[-1 - stop] == b[-1 - stop]:
        stop += 1
    a, b = a[start : len(a) - stop], b[start : len(b) - stop]
    if b and any(x.isascii() for x in a) and "".join(letters(x) for x in a) == letters("".join(b)):
        return tuple(Edit("spelt", SYLLABLES.get(c, c), c, start + n) for n, c in enumerate(b))
    if not a or not b or len(a) == len(b) == 1:
        return _plain(a, b, start)
    if len(a) > _FAR or len(b) > _FAR or abs(len(a) - len(b)) > _MOST_EDITS:
        return None
    alike = {SYLLABLES.get(x, x) for x in a} & {SYLLABLES.get(y, y) for y in b}
    if max(len(a), len(b)) - len(alike) > _MOST_EDITS:
        return None
    if not alike and not any(looks_like(x, y) for x in a for y in b):
        return None
    return _moved(a, b, start) or _cheapest(a, b, start)


def _moved(a: tuple[str, ...], b: tuple[str, ...], start: int) -> tuple[Edit, ...]:
    """Two or three characters in another order with one more or less among them: 乐颐达星 for 乐星颐."""
    if min(len(a), len(b)) < 2 or abs(len(a) - len(b)) != 1:
        return ()
    more, fewer = (a, b) if len(a) > len(b) else (b, a)
    left = list(more)
    for token in fewer:
        if token not in left:
            return ()
        left.remove(token)
    at = more.index(left[0])
    if more[:at] + more[at + 1 :] == fewer:
        return ()
    one = Edit("added", left[0], "", start) if more is a else Edit("dropped", "", left[0], start + at)
    return Edit("swapped", "".join(a), "".join(b), start), one


def _plain(a: tuple[str, ...], b: tuple[str, ...], start: int) -> tuple[Edit, ...] | None:
    """The edits where one middle is empty or each is one character: no search is needed."""
    if len(a) > _MOST_EDITS or len(b) > _MOST_EDITS:
        return None
    if a and b:
        return (Edit(change(a[0], b[0]), a[0], b[0], start),)
    return tuple(Edit("added", x, "", start) for x in a) + tuple(
        Edit("dropped", "", y, start + n) for n, y in enumerate(b)
    )


def _cheapest(a: tuple[str, ...], b: tuple[str, ...], start: int) -> tuple[Edit, ...]:
    """Damerau-Levenshtein over the two middles with the costs of `_COST`."""
    row: list[tuple[float, tuple[Edit, ...]]] = [(0.0, ())]
    for j, y in enumerate(b):
        row.append((row[j][0] + 1.0, (*row[j][1], Edit("dropped", "", y, start + j))))
    before: list[tuple[float, tuple[Edit, ...]]] = []
    for i, x in enumerate(a):
        new = [(row[0][0] + 1.0, (*row[0][1], Edit("added", x, "", start)))]
        for j, y in enumerate(b):
            if x == y:
                best = row[j]
            else:
                kind = change(x, y)
                best = (row[j][0] + _COST[kind], (*row[j][1], Edit(kind, x, y, start + j)))
            if row[j + 1][0] + 1.0 < best[0]:
                best = (row[j + 1][0] + 1.0, (*row[j + 1][1], Edit("added", x, "", start + j + 1)))
            if new[j][0] + 1.0 < best[0]:
                best = (new[j][0] + 1.0, (*new[j][1], Edit("dropped", "", y, start + j)))
            if i and j and (swap := _swapped(a[i - 1], x, b[j - 1], y, start + j - 1)):
                cost = before[j - 1][0] + sum(_COST[e.kind] for e in swap)
                if cost < best[0]:
                    best = (cost, (*before[j - 1][1], *swap))
            new.append(best)
        before, row = row, new
    return row[-1][1]


def _swapped(a: str, b: str, c: str, d: str, at: int) -> tuple[Edit, ...]:
    """The edits by which the listed pair `c d` became the asked pair `a b`, if they changed places."""
    swap = Edit("swapped", a + b, c + d, at)
    if a == d and b == c:
        return (swap,)
    if a == d and (kind := change(b, c)) != "other":
        return swap, Edit(kind, b, c, at)
    if b == c and (kind := change(a, d)) != "other":
        return swap, Edit(kind, a, d, at + 1)
    return ()


def brand_relation(found: tuple[Edit, ...]) -> str:
    """What the edits make of a brand: same, the one kind of edit, mixed, or other where a character is another."""
    kinds = {e.kind for e in found}
    if not kinds:
        return "same"
    if "other" in kinds or {"added", "dropped"} <= kinds:
        return "other"
    return kinds.pop() if len(kinds) == 1 else "mixed"


# What is left of a changed character's bits when it keeps its sound or its look.
_KEPT = {"spelt": 0.75, "same_sound": 0.45, "same_look": 0.45}


def worth(listed: str, found: tuple[Edit, ...], until: int) -> float:
    """Bits of the first `until` characters of the listed text that the asked one has, unchanged or changed in part.

    Characters that stand in words of trades say little, and the fifth and later ones of a brand half.
    """
    kept = {e.at + n: _KEPT.get(e.kind, 0.0) for e in found for n in range(len(e.listed)) if e.kind != "swapped"}
    plain = trade_words.covered(listed[:until])
    total = 0.0
    for n, char in enumerate(listed[:until]):
        total += kept.get(n, 1.0) * (1.5 if n in plain else bits(char) * (1.0 if n < 4 else 0.5))
    return total
