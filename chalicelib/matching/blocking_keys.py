"""Under which keys a listed name is filed and an asked name looked for.

Every value is a digest, so that a key reveals nothing of a name. Kinds: `n` the comparison key, `k` its reading,
`m` the parent's key of a branch, `b` brand and trade, `p` their reading, whole and with one syllable left out, `q` the
same within the place the name begins with, `c` the brand's reading within that place, `i` its initials and the trade
there, `e` the brand, `h` its reading, `t` its reading and a word of the trade (for shops, and where no place is said),
`j` the reading of two characters of a joint-stock company's brand, wherever it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import combinations, zip_longest

from chalicelib.matching.character_variants import SECOND_READINGS, SYLLABLES, syllables
from chalicelib.matching.edits.name_edits import tokens
from chalicelib.matching.legal_forms import CLASSES, JOINT_STOCK, PLACES_OF_BUSINESS
from chalicelib.matching.parse_name import Name, unplaced
from chalicelib.matching.trade_words import begins, meanings

MOST_KEYS = 30
# Past this many subjects a key says nothing of who is asked for: it is marked common and holds none.
POSTING_CAP = 48
SYLLABLE_SET = frozenset(SYLLABLES.values())
_HEAD = 7  # how many characters of brand and trade may be the one that was changed


def _key(kind: str, *parts: str) -> str:
    return f"{kind}#{blake2b('|'.join(parts).encode(), digest_size=9).hexdigest()}"


def _reading(body: str) -> list[str]:
    parts = tokens(body)
    return syllables(body) if len(parts) == len(body) else [SYLLABLES.get(c, c) for c in parts]


def _without_one(reading: list[str]) -> Iterator[str]:
    """The reading with one of its first syllables left out: meets any single change there."""
    if len(reading) > 2:
        for n in range(min(_HEAD, len(reading))):
            yield "".join(reading[:n] + reading[n + 1 :])


def _without_two(reading: list[str], name: Name) -> Iterator[str]:
    """The reading with two syllables of a long enough brand left out: meets two changes."""
    brand = len(name.brand) if begins(name.trade) or not name.trade else 4
    if brand >= 3:
        for i, j in combinations(range(min(brand, 4)), 2):
            yield "".join(reading[:i] + reading[i + 1 : j] + reading[j + 1 :])


def _other_readings(body: str) -> Iterator[str]:
    for n, char in enumerate(body[:_HEAD]):
        if char in SECOND_READINGS:
            yield "".join([SYLLABLES.get(c, c) for c in body[:n]] + [SECOND_READINGS[char]] + _reading(body[n + 1 :]))


def _brands(name: Name) -> list[str]:
    """What a shop's name may have kept of this one: the brand, or its beginning where no trade was found."""
    brand = name.brand or name.body
    if name.trade and len(brand) <= 4:
        return [brand]
    return [brand] + [brand[:n] for n in (2, 3, 4) if n < len(brand)]


def _heads(name: Name) -> list[str]:
    """The readings of what may be the brand: the brand that was read, and the first two and three characters."""
    reading = _reading(name.body)
    texts = ["".join(_reading(name.brand))] if name.brand else []
    return list(dict.fromkeys([*texts, "".join(reading[:2]), "".join(reading[:3])]))


def _stock_keys(name: Name, place: str) -> list[str]:
    """Pairs of syllables of the brand: joint-stock companies are few, and rename and shorten their brands.

    `place` says among which of them: `any`, or `none`, those that have no place in their names.
    """
    brand = _reading(name.brand or name.body or "".join(name.places[-1:]))[:5]
    return [_key("j", place, "".join(brand[n : n + 2])) for n in range(len(brand) - 1)]


def _with_town(name: Name) -> list[str]:
    """The readings of town, brand and trade as a name has them that leaves out a word of the town, or its place."""
    town = name.town
    stem = town[:-1] if town[-1] in "镇乡村" else town
    texts = [town + name.body, stem + name.body]
    for word in "镇乡":
        if 1 < town.find(word) < len(town) - 1:
            texts.append(town[town.find(word) + 1 :] + name.body)
    return ["".join(_reading(text)) for text in dict.fromkeys(texts)]


def _distinct(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))


def listed_keys(name: Name) -> tuple[str, ...]:
    """The posting lists under which a listed subject's name is filed."""
    whole = name.body + name.branch
    reading = _reading(whole)
    joined = "".join(reading)
    singles, doubles = list(_without_one(reading)), list(_without_two(reading, name))
    keys = [_key("n", name.key), _key("k", "".join(_reading(name.key))), _key("b", whole), _key("p", joined)]
    keys += [_key("p", other) for other in _other_readings(whole)]
    keys += [_key("p", shorter) for shorter in singles]
    for place in name.places[-2:]:
        keys += [_key("q", place, text) for text in (joined, *singles, *doubles)]
        keys += [_key("q", place, other) for other in _other_readings(whole)]
        keys += [_key("c", place, head) for head in _heads(name)]
        if len(name.brand) >= 2 and name.trade:
            keys.append(_key("i", place, _initials(name.brand), "".join(_reading(name.trade))))
    if name.town:
        with_town = _with_town(name)
        keys += [_key("q", place, text) for place in name.places[-2:] for text in with_town]
        keys += [_key("p", text) for text in with_town]
    if name.branch:
        keys.append(_key("m", name.key[: len(name.key) - len(name.branch)]))
    else:
        for brand in _brands(name):
            keys += [_key("e", brand), _key("h", "".join(_reading(brand)))]
            keys += [_key("t", "".join(_reading(brand)), meaning) for meaning in sorted(meanings(name.trade))]
        keys += [_key("h", shorter) for shorter in _without_one(_reading(name.brand))]
        if name.form in JOINT_STOCK:
            keys += _stock_keys(name, "any") + ([] if name.places else _stock_keys(name, "none"))
    return _distinct(keys)


def asked_keys(name: Name) -> tuple[str, ...]:
    """The posting lists to fetch for a name that is asked for: 30 at most, most specific first."""
    if name.key.isascii():
        return (_key("n", name.key), _key("k", name.key), _key("p", name.body))
    if name.kind == "shop" or (not name.form and not name.trade):
        return _shop_keys(name)
    whole = name.body + name.branch
    reading = _reading(whole)
    joined = "".join(reading)
    keys = [_key("n", name.key), _key("b", whole), _key("p", joined)]
    if name.branch:
        keys.append(_key("n", name.key[: len(name.key) - len(name.branch)]))
    else:
        keys.append(_key("m", name.key))
    if name.unread:
        full = name.unread + whole
        keys += [_key("b", full), _key("p", "".join(_reading(full)))]
    if not name.brand and name.places:
        full = name.places[-1] + whole  # 顺诚, written as the district 顺城
        keys += [_key("b", full), _key("p", "".join(_reading(full)))]
    if name.form and CLASSES.get(name.form) in PLACES_OF_BUSINESS:
        full = whole + name.form  # 旅行社 ends a name, and stands before 有限公司 in others
        keys += [_key("b", full), _key("p", "".join(_reading(full)))]
    singles = list(_without_one(reading))
    if name.places:
        place = name.places[-1]
        keys += [_key("q", place, joined), *_brand_keys(name, place)]
        keys += [_key("q", place, text) for text in singles]
        keys += [_key("q", place, text) for text in _without_two(reading, name)]
    else:
        keys += [*_bearers(name), *(_key("p", shorter) for shorter in singles)]
    if name.form in JOINT_STOCK:
        keys[4:4] = _stock_keys(name, "none") if name.places else _stock_keys(name, "any")[:1]
    return _distinct(keys)[:MOST_KEYS]


def _bearers(name: Name) -> list[str]:
    """Who bears the brand anywhere, in a trade of one of the words that are asked for, or in any where none is."""
    brand = "".join(_reading(name.brand))
    if len(name.brand) < 2:
        return []
    return [_key("t", brand, meaning) for meaning in sorted(meanings(name.trade))[:3]] or [_key("h", brand)]


def _brand_keys(name: Name, place: str) -> list[str]:
    """The brand within the place, whatever the trade; its beginning too where no trade shows where it ends."""
    keys = [_key("c", place, "".join(_reading(name.brand)))] if len(name.brand) >= 2 else []
    if len(name.brand) >= 2 and name.brand.isascii() and not SYLLABLE_SET.issuperset(tokens(name.brand)):
        keys.append(_key("i", place, name.brand, "".join(_reading(name.trade))))
    if not begins(name.trade) or len(name.brand) > 3:
        reading = _reading(name.body)
        keys += [_key("c", place, "".join(reading[:size])) for size in (3, 2) if size < len(reading)]
    if name.town:
        keys += [_key("q", place, text) for text in _with_town(name)]
    return list(_distinct(keys))[:4]


def latin_keys(name: Name, stems: Sequence[str], parts: Sequence[str], heads: Sequence[str]) -> tuple[str, ...]:
    """The posting lists to fetch for a name in Latin letters.

    `stems` are the places that its head may spell, `parts` the syllables of what follows, `heads` what may be its
    brand. A syllable that is no syllable has lost a letter, so that its neighbours are left out with it too.
    """
    body = name.body
    keys = [_key("n", name.key), _key("k", name.key), _key("p", body)]
    for place in stems[:3]:
        keys += [_key("q", place, body), *(_key("c", place, head) for head in heads[:3])]
    if not stems:
        keys += [_key("h", head) for head in heads[:3]]
        keys += [_key("p", "".join(parts[n:])) for n in (2, 3, 4, 5) if len(parts) - n >= 3]
    if name.spelling == "pinyin":
        broken, whole = _misspelt(parts)
        for texts, most in ((broken, 3), (whole, 2)):
            for place in stems[:most]:
                keys += [_key("q", place, text) for text in texts]
            if not stems:
                keys += [_key("p", text) for text in texts]
    return _distinct(keys)[:MOST_KEYS]


def _misspelt(parts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The letters less what may be misspelt: first around what is no syllable, then less any one, and any two."""
    head = min(_HEAD, len(parts))
    broken: list[str] = []
    for n, part in enumerate(parts[:_HEAD]):
        if part in SYLLABLE_SET:
            continue
        kept = [part[:size] for size in range(len(part) - 1, 0, -1) if part[:size] in SYLLABLE_SET][:1]
        kept += [part[size:] for size in range(1, len(part)) if part[size:] in SYLLABLE_SET][:1]
        broken += ["".join([*parts[:n], *left, *parts[n + 1 :]]) for left in ([], *([each] for each in kept))]
        broken += ["".join([*parts[: max(0, n - 1)], *parts[n + 1 :]]), "".join([*parts[:n], *parts[n + 2 :]])]
    whole = ["".join([*parts[:n], *parts[n + 1 :]]) for n in range(head)]
    whole += ["".join([*parts[:n], *parts[n + 2 :]]) for n in range(min(3, head))]
    return broken, whole


def _initials(brand: str) -> str:
    return "".join([reading[0] for reading in _reading(brand)])


def _shop_keys(name: Name) -> tuple[str, ...]:
    """What a shop may be of: 旗舰店 has the brand first, 专营店 the firm's brand first, 专卖店 last."""
    if not name.unread:
        return _distinct(_keys_of_shop(name))[:MOST_KEYS]
    both = zip_longest(_keys_of_shop(name), _keys_of_shop(unplaced(name)))
    return _distinct(key for pair in both for key in pair if key)[:MOST_KEYS]


def _keys_of_shop(name: Name) -> list[str]:
    body, reading, trade_meanings = name.body, _reading(name.brand), sorted(meanings(name.trade))
    brand = "".join(reading)
    keys = [_key("n", name.key), _key("b", body), _key("p", "".join(_reading(body)))]
    keys += [_key("e", name.brand), _key("h", brand)]
    keys += _stock_keys(name, "any")[:1] if name.kind != "shop" else []
    keys += [_key("t", brand, meaning) for meaning in trade_meanings]
    if name.form == "专卖店":
        ends = [name.brand[-n:] for n in (2, 3, 4) if n < len(name.brand)]
        keys += [_key("e", end) for end in ends]
        keys += [_key("t", "".join(_reading(end)), meaning) for end in ends for meaning in trade_meanings[:2]]
        keys += [_key("e", body[-n:]) for n in (2, 3, 4) if name.trade and n < len(body)]
    keys += [_key("e", body[:n]) for n in (3, 2, 4) if n < len(body)]
    keys += [_key("h", shorter) for shorter in _without_one(reading)]
    return keys
