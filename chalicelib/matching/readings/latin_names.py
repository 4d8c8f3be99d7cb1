"""A business name in Latin letters: in pinyin, spaced, joined or cut short, or in English with a brand in pinyin."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

from chalicelib.matching import legal_forms
from chalicelib.matching.character_variants import SYLLABLES
from chalicelib.matching.edits.name_edits import letters
from chalicelib.matching.parse_name import Name
from chalicelib.matching.readings import latin_places
from chalicelib.matching.readings.latin_places import Place
from chalicelib.matching.tables import english_trades

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# What a seller's name is cut within: the letters of the usual forms.
_CUT_FORMS = ("gufenyouxiangongsi", "youxianzerengongsi", "youxiangongsi")
_LEVELS = frozenset(("city", "province", "district", "county", "town"))
_MOST_WORDS = 4  # of an English term
_LEAST = 4


@cache
def _terms() -> dict[str, tuple[str, ...]]:
    """English terms, words joined by blanks, with the Chinese trades that they stand for."""
    table: dict[str, tuple[str, ...]] = {}
    for line in english_trades.ENGLISH.strip().splitlines():
        english, _, chinese = line.partition(":")
        for term in english.split():
            table[term.replace("_", " ")] = tuple(chinese.split())
    return table


@cache
def _forms() -> tuple[tuple[str, str], ...]:
    """The legal forms by their letters, the longest first."""
    forms = {letters(form): form for form in legal_forms.CLASSES if len(form) >= 2 and not form.isascii()}
    return tuple(sorted(forms.items(), key=lambda item: -len(item[0])))


@cache
def _syllables() -> frozenset[str]:
    return frozenset(SYLLABLES.values())


def syllables_of(word: str) -> list[str]:
    """The likeliest syllables of a word in pinyin; letters that fit in none stand together, as what lost a letter.

    A syllable that begins with a vowel is written apart by an apostrophe, so that another division is likelier.
    """
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    for end in range(1, len(word) + 1):
        ways = []
        for size in range(1, min(6, end) + 1):
            part = word[end - size : end]
            cost = 1.0 + (0.1 if part[0] in "aoe" and end > size else 0.0)
            cost = cost if part in _syllables() else 2.5 + 0.2 * size
            ways.append((best[end - size][0] + cost, (*best[end - size][1], part)))
        best.append(min(ways, key=lambda way: way[0]))
    return list(best[-1][1])


def latin_words(raw: str) -> list[str]:
    """The words of a text in Latin letters, in lower case; none of a text in any other script."""
    text = "".join(c for c in unicodedata.normalize("NFD", raw) if not unicodedata.combining(c))
    text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        return []
    return [word.lower() for word in _WORD.findall(text.replace("'", "").replace("’", ""))]


def parse_latin(raw: str) -> list[tuple[Name, Place | None]]:
    """The readings of a name in Latin letters: with each of the places that may head it, and without."""
    words = latin_words(raw)
    if sum(map(len, words)) < _LEAST or not any(len(word) > 1 for word in words):
        return []
    words, english = _without_form(words)
    text = "".join(words)
    bounds = frozenset(accumulate(map(len, words)))
    places: list[Place | None] = [*latin_places.read(text, bounds), None]
    if len(places) > 1 and not any(d.doubtful for d in places[0].divisions if places[0]):  # type: ignore[union-attr]
        places = places[:1] if len(bounds) > 1 else [*places[:1], None]
    return [made for place in places[:3] if (made := (_name(raw, words, english, place), place))[0].body]


def _without_form(words: list[str]) -> tuple[list[str], bool]:
    """The words without the English words of a legal form, and whether there were any."""
    end = len(words)
    while end > 1 and words[end - 1] in english_trades.FORMS:
        end -= 1
    kept = [word for n, word in enumerate(words[:end]) if n == 0 or word not in ("group", "the", "of", "holding")]
    return kept, end < len(words)


def _name(raw: str, words: list[str], english: bool, place: Place | None) -> Name:
    key = "".join(latin_words(raw))
    rest = _behind(words, place.end if place else 0)
    rest = rest[1:] if place and len(rest) > 1 and rest[0] in _LEVELS else rest
    first, trades = _english_trades(rest)
    cut, form = False, ""
    if trades or english:
        brand = "".join(rest[:first]) if trades else "".join(rest)
        body = "".join(rest)
    else:
        body, form, cut = _pinyin_form("".join(rest))
        brand = "".join(syllables_of(body)[:2]) if len(body) > 2 else body
    divisions = place.divisions if place else ()
    return Name(
        raw=raw,
        key=key,
        brand=brand,
        trade="",
        form=form,
        kind="company",
        body=body,
        codes=place.codes if place else (),
        places=tuple([d.stem for d in divisions]),
        place=divisions[-1].name if divisions else "",
        spelling="english" if trades or english else "pinyin",
        trades=trades,
        cut=cut,
    )


def _behind(words: list[str], at: int) -> list[str]:
    """The words behind so many letters; a word that is cut there keeps its end."""
    rest: list[str] = []
    start = 0
    for word in words:
        if start + len(word) > at:
            rest.append(word[max(0, at - start) :])
        start += len(word)
    return rest


def _english_trades(words: list[str]) -> tuple[int, tuple[tuple[str, ...], ...]]:
    """Where the English terms of a trade begin, and each term with the Chinese trades that it stands for."""
    terms: list[tuple[str, ...]] = []
    first, at = len(words), 1
    while at < len(words):
        for size in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            if chinese := _terms().get(" ".join(words[at : at + size])):
                terms.append(chinese)
                first = min(first, at)
                at += size
                break
        else:
            at += 1
    return first, tuple(terms)


def _pinyin_form(text: str) -> tuple[str, str, bool]:
    """The letters before a legal form, the form, and whether the name was cut before its form ended."""
    for spelling, form in _forms():
        if text.endswith(spelling) and len(text) - len(spelling) >= _LEAST:
            return text[: -len(spelling)], form, False
    for form in _CUT_FORMS:
        for size in range(len(form) - 1, 2, -1):
            if text.endswith(form[:size]) and len(text) - size >= _LEAST:
                return text[:-size], "", True
    return text, "", True


def heads(name: Name) -> Iterator[str]:
    """What may be the brand of a name in letters: the brand, and the first syllables of what it says."""
    yield name.brand
    parts = syllables_of(name.body)
    for size in (3, 2, 4):
        if size <= len(parts):
            yield "".join(parts[:size])
