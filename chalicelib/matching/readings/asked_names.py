"""Every reading of a name: the text as it stands first, then what else it may say, and the keys of all of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from chalicelib.matching import find_region, trade_words
from chalicelib.matching.blocking_keys import MOST_KEYS, asked_keys, latin_keys
from chalicelib.matching.parse_name import Name, parse, unplaced
from chalicelib.matching.readings.several_names import names_said, other_texts, trade_behind

_TONED = r"(?:[A-Za-z]+[1-5][\s'-]*){4,}$"  # shen1 zhen4: readings with the numbers of their tones
_PLACE_INSIDE = r"^([^()（）]+)[(（]([^()（）]+)[)）]"
_SHORT_FORMS = frozenset(("", "公司", "社"))  # of these a longer one may be misspelt
_ESCAPES = frozenset("&<%\\")
# Patterns are compiled when they are first needed.
# What shows that a name may be damaged: letters in it, a mask, an address, or what stands twice.
_ODD = r"[a-z]{2}|[某x〇_]|\d(?:号|室|层|楼)|(.{2,30})\1|^(?:司公|社作合)|(?:公司|作社)[和与及暨以跟]"


@dataclass(frozen=True, slots=True)
class Reading:
    """A name that a text may say, and the posting lists to fetch for it."""

    name: Name
    keys: tuple[str, ...]


def read_names(raw: str, division: str = "", shop: bool = False) -> tuple[Reading, ...]:
    """The readings of a text, the text as it stands first; one of nearly every name."""
    first = _parsed(raw, division, shop)
    if first.key.isascii():
        return (_reading(first), *_latin(raw))
    names = [first]
    for text in () if shop else other_texts(raw):
        names.append(replace(parse(text, division), raw=raw))
    if not shop:
        names += [replace(parse(text, division), raw=raw) for text in _respelt(first)]
        names += [replace(name, raw=raw) for name in _restored(first)]
    names += [other for name in names[:3] for other in _rearranged(name)]
    return tuple(_reading(name) for name in dict.fromkeys(names))


def keys_of(readings: Sequence[Reading]) -> tuple[str, ...]:
    """The posting lists to fetch for all readings of a text: 30 at most, of each reading the most specific first."""
    if len(readings) == 1:
        return readings[0].keys
    if any(reading.name.spelling for reading in readings):  # the first place that its letters may spell is likeliest
        first = [key for reading in readings[:2] for key in reading.keys[:20]]
        return tuple(dict.fromkeys([*first, *(key for reading in readings for key in reading.keys)]))[:MOST_KEYS]
    rows = zip_longest(*(reading.keys for reading in readings))
    return tuple(dict.fromkeys(key for row in rows for key in row if key))[:MOST_KEYS]


def listed_names(raw: str, division: str = "", shop: bool = False) -> tuple[Name, ...]:
    """The names that a listed text says: itself, and those that are told apart in it, as a former name."""
    first = _parsed(raw, division, shop)
    if shop or first.key.isascii() or _is_whole(first):
        return (first,)
    texts = dict.fromkeys([*names_said(raw), *other_texts(raw)])
    return (first, *(parse(text, division) for text in texts))


def _is_whole(name: Name) -> bool:
    """The name of a company from its place to its form, without a mark: nothing is hung on it."""
    return bool(name.places and name.form and name.kind == "company" and not name.unread and name.raw.isalnum())


def _parsed(raw: str, division: str, shop: bool) -> Name:
    """The text as it stands; what a program wrote for a character, as &#26477; or %E6%9D%AD, is that character."""
    name = parse(raw, division, shop)
    if _ESCAPES.isdisjoint(raw) and (name.form or raw.isascii()):
        return name
    from chalicelib.matching.readings.restored_texts import unescaped

    text = unescaped(raw)
    return name if text == raw else replace(parse(text, division, shop), raw=raw)


def _restored(name: Name) -> list[Name]:
    """Other names that a damaged one may be meant for; none of a name from its place to its trade and form."""
    is_usual = name.places and name.form not in _SHORT_FORMS and trade_words.begins(name.trade)
    if is_usual and not re.search(_ODD, name.key):
        return []
    from chalicelib.matching.readings.restored_texts import restored, trade_by_sound

    names = [parse(text, name.division) for text in restored(name)]
    spoken = [parse(text, name.division) for each in (name, *names) if (text := trade_by_sound(each))]
    return names + [replace(each, by_sound=True) for each in spoken]


def _respelt(name: Name) -> list[str]:
    """Other texts that a name may be meant for: one without a place, in two scripts, or that goes on past its form."""
    if name.kind == "shop" and not name.key[0].isascii():
        return []
    is_usual = name.places and not name.branch and not name.key[0].isascii()
    if is_usual and not any(level in name.body[1:4] for level in "市县区旗"):
        return []
    from chalicelib.matching.readings.respelt_names import respelt

    return respelt(name.raw)


def _reading(name: Name) -> Reading:
    return Reading(name, asked_keys(name))


def _latin(raw: str) -> Iterator[Reading]:
    """The readings of a name in Latin letters."""
    from chalicelib.matching.readings.latin_names import heads, parse_latin, syllables_of

    text = re.sub("[1-5]", "", raw) if re.match(_TONED, raw) else raw
    moved = re.sub(_PLACE_INSIDE, r"\2 \1", text)
    readings = parse_latin(text) + ([(n, place) for n, place in parse_latin(moved) if place] if moved != text else [])
    for name, place in readings:
        stems = place.stems if place else ()
        yield Reading(name, latin_keys(name, stems, syllables_of(name.body), tuple(heads(name))))


def _rearranged(name: Name) -> Iterator[Name]:
    """The name with its parts in their usual order, where a place stands inside it or its trade before its brand."""
    if name.kind == "shop" or name.branch:
        return
    if (not name.codes or name.unread) and (moved := _place_inside(unplaced(name) if name.unread else name)):
        yield moved
        yield from _trade_behind(moved)
    yield from _trade_behind(name)
    for piece in ("中国", "全国"):
        if name.body.startswith(piece) or name.body.endswith(piece):
            rest = name.body.removeprefix(piece).removesuffix(piece)
            if len(rest) >= 2:
                length = trade_words.brand_length(rest)
                sure = name.body.endswith(piece) or length >= 3
                if sure and rest[:length] not in trade_words.WORDS:
                    yield replace(name, body=rest, brand=rest[:length], trade=rest[length:])


def _trade_behind(name: Name) -> Iterator[Name]:
    """The name with its trade behind its brand, where it stands before it."""
    if body := trade_behind(name.body):
        length = len(body) - len(name.body) + _brand_behind(name.body)
        yield replace(name, body=body, brand=body[:length], trade=body[length:])


def _brand_behind(body: str) -> int:
    """How many characters of a body whose trade stands first are its brand."""
    moved = trade_behind(body)
    return next(n for n in range(1, len(body)) if moved == body[-n:] + body[:-n])


def _place_inside(name: Name) -> Name | None:
    """The name with a place that stands inside it put first: 某某临朐门窗加工厂."""
    body = name.body
    for at in range(2, len(body) - 3):
        size, divisions, codes = find_region.read(body[at:], name.division)
        if size and not any(d.doubtful and len(d.name) < 3 and len(d.codes[0]) > 4 for d in divisions):
            rest = body[:at] + body[at + size :]
            length = trade_words.brand_length(rest)
            return replace(
                name,
                body=rest,
                brand=rest[:length],
                trade=rest[length:],
                codes=codes,
                places=tuple(d.stem for d in divisions),
                place=divisions[-1].name,
                unread="",
            )
    return None
