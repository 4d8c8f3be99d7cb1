"""How a name in Latin letters relates to a listed one: letter by letter, or by its brand and its trade in English."""

from dataclasses import replace
from functools import lru_cache

from chalicelib.matching import trade_words
from chalicelib.matching.blocking_keys import SYLLABLE_SET
from chalicelib.matching.character_variants import SYLLABLES, bits, syllable_bits
from chalicelib.matching.compare_names import Likeness, joined
from chalicelib.matching.compare_regions import Relation
from chalicelib.matching.edits.brand_edits import worth
from chalicelib.matching.edits.name_edits import Edit, letters, spells
from chalicelib.matching.legal_forms import JOINT_STOCK
from chalicelib.matching.parse_name import Name
from chalicelib.matching.readings.latin_names import syllables_of

_SHORTEST = 8  # letters of a name in which one may be wrong
_LONG = 6  # letters of a brand in which one may be wrong
# English words that stand beside any trade.
_VAGUE = frozenset(("实业", "开发", "工程", "制造", "用品", "服务", "加工", "销售", "管理", "设备", "新材料"))
_KEPT = 0.75  # of the bits of a trade that is said in letters or in English


def of_latin(asked: Name, listed: Name, where: Relation) -> Likeness:
    """What the features see of a name in letters and a listed name."""
    if asked.spelling == "english":
        return _of_english(asked, listed, where)
    form = "same" if asked.form == listed.form else "missing"
    for text, brand, trade in _bodies(listed):
        errors = 0 if spells(asked.body, text) else _errors(asked.body, letters(text))
        if errors <= 1 and len(asked.body) >= _SHORTEST * errors:
            return _spelt(brand, trade, errors, where, form)
    if asked.cut and letters(listed.body).startswith(asked.body) and asked.body.startswith(letters(listed.brand)):
        return _cut_short(asked, listed, where)
    whole = _whole(asked, listed)
    if whole is not None:
        return whole
    brand_letters = letters(listed.brand)
    if len(listed.brand) >= 2 and asked.body.startswith(brand_letters):
        rest = asked.body[len(brand_letters) :]
        return _spelt(listed.brand, "", 0, where, form, _of_trade_letters(rest, listed.trade))
    return joined((), ("other", 0.0), ("missing", 0.0), where, "missing")


def _bodies(listed: Name) -> list[tuple[str, str, str]]:
    """What may stand for the brand and trade of a listed name: with its town, and without."""
    bodies = [(listed.body, listed.brand, listed.trade)]
    if listed.town:
        bodies.append((listed.town + listed.body, listed.town + listed.brand, listed.trade))
    return bodies


def _errors(asked: str, listed: str) -> int:
    """1 where a letter was lost or added, two changed places, or one is another so that no syllable is left.

    0 where the two are equal; 9 for all else, for another letter that makes a syllable makes another name.
    """
    least = min(len(asked), len(listed))
    start = next((n for n in range(least) if asked[n] != listed[n]), least)
    end = next((n for n in range(least - start) if asked[-1 - n] != listed[-1 - n]), least - start)
    apart = max(len(asked), len(listed)) - start - end
    if apart == 2 and asked[start : start + 2] == listed[start : start + 2][::-1]:
        return 1
    if apart == 1 and len(asked) == len(listed):
        return 9 if SYLLABLE_SET.issuperset(syllables_of(asked)) else 1
    return apart if apart <= 1 else 9


def _whole(asked: Name, listed: Name) -> Likeness | None:
    """The letters of the whole name, its place with them, where the place could not be read: WUHASHI for 武汉市."""
    if not listed.places:
        return None
    said = asked.key.removesuffix(letters(asked.form)) if asked.form else asked.key
    wide = "".join(listed.places[:-1])
    for head in (wide + listed.place, wide + "市" + listed.place, listed.place, listed.places[-1]):
        errors = _errors(said, letters(head + listed.town + listed.body))
        if errors <= 1 and len(said) >= 3 * _LONG:
            form = "same" if asked.form == listed.form else "missing"
            return _spelt(listed.brand, listed.trade, errors, ("same", 6.0), form)
    return None


def _spelt(brand: str, trade: str, errors: int, where: Relation, form: str, trades: Relation | None = None) -> Likeness:
    """A brand that is spelt letter by letter, but for some letters, and the trade behind it."""
    edits = tuple(Edit("spelt", "", char, n) for n, char in enumerate(brand))
    edits += tuple(Edit("near_sound", "", "", len(brand)) for _ in range(min(errors, 1)))
    bits = brand_bits(brand) - (2.0 if errors else 0.0)
    trades = trades or (("same", _KEPT * trade_words.bits(trade)) if trade else ("missing", 0.0))
    return joined(edits, ("spelt" if brand else "none", bits), trades, where, form)


@lru_cache(maxsize=20_000)
def brand_bits(brand: str) -> float:
    """How much a brand says of which the letters alone are known: other characters are read as its are."""
    in_letters = sum(min(_KEPT * bits(char), syllable_bits(SYLLABLES.get(char, char))) for char in brand)
    return min(in_letters, _KEPT * worth(brand, (), len(brand)))


def _cut_short(asked: Name, listed: Name, where: Relation) -> Likeness:
    """The name ends before its trade does; what is said of the trade counts."""
    said = len(asked.body) - len(letters(listed.brand))
    share = said / max(1, len(letters(listed.trade)))
    trades: Relation = ("contained", share * _KEPT * trade_words.bits(listed.trade)) if said > 1 else ("missing", 0.0)
    return _spelt(listed.brand, listed.trade, 0, where, "missing", trades)


def _of_trade_letters(rest: str, trade: str) -> Relation:
    """How the letters behind the brand relate to the trade."""
    if not rest:
        return "missing", 0.0
    spelling = letters(trade)
    if trade and (spelling.startswith(rest) or rest.startswith(spelling)):
        return "contained", _KEPT * 0.5 * trade_words.bits(trade)
    words = [word for word in trade_words.words(trade) if len(word) >= 2 and letters(word) in rest]
    return ("overlapping", 0.5 * trade_words.bits(words[0])) if words else ("other", 0.0)


def _of_english(asked: Name, listed: Name, where: Relation) -> Likeness:
    """A brand in pinyin and a trade in English."""
    body = listed.body
    best = joined((), ("other", 0.0), ("missing", 0.0), where, "missing")
    for end in range(2, min(len(body), 8) + 1):
        errors = 0 if spells(asked.brand, body[:end]) else _errors(asked.brand, letters(body[:end]))
        if not errors or (errors == 1 and len(asked.brand) >= _LONG + 2):
            trades = _of_english_trades(asked, body[end:])
            like = _spelt(body[:end], "", errors, where, _english_form(listed), trades)
            left = listed.brand[end:]
            if left and not any(left in word for chinese in asked.trades for word in chinese):
                like = replace(like, edits=like.edits + tuple(Edit("dropped", "", c, end) for c in left))
            if not errors:
                return like
            best = like
    return best


def _english_form(listed: Name) -> str:
    """How Co., Ltd. relates to a legal form: joint-stock companies go by such names, and are few."""
    return "short" if listed.form in JOINT_STOCK else "english"


def _of_english_trades(asked: Name, trade: str) -> Relation:
    """How the English terms relate to a trade: each may stand for several Chinese words."""
    if not asked.trades or not trade:
        return ("same", 0.0) if not asked.trades and not trade else ("missing", 0.0)
    wanted = trade_words.meanings(trade)
    asked_trades = [t for t in asked.trades if not set(t) & _VAGUE] or asked.trades
    matched = [
        any(word in trade or trade_words.meanings(word) & wanted for word in chinese) for chinese in asked_trades
    ]
    left = trade
    for chinese in asked.trades:
        for word in sorted(chinese, key=len, reverse=True):
            if word in left:
                left = left.replace(word, "", 1)
                break
    if all(matched):
        share = 1.0 - 0.5 * len(left) / len(trade)
        return ("same" if len(left) <= 2 else "contained"), share * _KEPT * trade_words.bits(trade)
    if any(matched):
        return "overlapping", 0.3 * trade_words.bits(trade)
    return "other", 0.0
