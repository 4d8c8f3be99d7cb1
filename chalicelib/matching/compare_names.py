"""How the parts of two names relate: what every feature of the matcher looks at."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.matching import find_region, trade_words
from chalicelib.matching.legal_forms import CLASSES
from chalicelib.matching.name_edits import Edit, brand_relation, edits, letters, worth
from chalicelib.matching.parse_name import Name


@dataclass(frozen=True, slots=True)
class Likeness:
    """What the features see of two names."""

    edits: tuple[Edit, ...]
    brand: str  # same, same_sound, same_look, spelt, swapped, added, dropped, mixed, other, none
    brand_bits: float  # bits of the brand's characters that agree
    trade: str  # same, synonymous, overlapping, missing, other; of a shop also those that `_of_category` gives
    trade_bits: float
    region: str  # same, narrower, registrar, within, unknown, other
    region_bits: float
    form: str  # same, alike, missing, other
    shop: bool = False


def of_regions(asked: Name, listed: Name) -> tuple[str, float]:
    """How the regions relate, and the bits of their agreement.

    same: the same division; narrower: one name says a district or town more; registrar: the listed name has no
    region, but its registrar lies there; within: one lies in the other, as 保定 in 河北; other: they contradict.
    """
    if not asked.codes:
        return "unknown", 0.0
    if asked.town and listed.town and letters(asked.town) != letters(listed.town):
        return "other", 0.0
    if not listed.codes:
        if not listed.division:
            return "unknown", 0.0
        inside = any(listed.division.startswith(c[:4]) for c in asked.codes)
        return ("registrar", min(_worth(asked), 7.0)) if inside else ("other", 0.0)
    if not find_region.related(asked.codes, listed.codes):
        return "other", 0.0
    town = 4.0 if asked.town and asked.town == listed.town else 0.0
    short = asked.places[-1] in (asked.place, listed.place)
    if any(c in listed.codes for c in asked.codes) or (short and asked.places[-1] == listed.places[-1]):
        return "same", _worth(asked) + town
    if asked.places[-1] in listed.places[:-1] or listed.places[-1] in asked.places[:-1]:
        return "narrower", min(_worth(asked), _worth(listed)) + town
    return "within", 3.0


def _worth(name: Name) -> float:
    return {2: 4.5, 4: 8.0, 6: 10.0}.get(len(name.codes[0]), 8.0)


@lru_cache(maxsize=20_000)
def of_trades(asked: str, listed: str) -> tuple[str, float]:
    """How the trades relate and what their agreement says."""
    if asked == listed:
        return ("same", float(trade_words.bits(listed))) if listed else ("missing", 0.0)
    if not asked or not listed:
        return "missing", 0.0
    if trade_words.synonymous(asked, listed):
        return "synonymous", 0.5 * trade_words.bits(listed)
    shared = trade_words.overlap(asked, listed)
    if shared:
        return "overlapping", shared * 0.5 * trade_words.bits(listed)
    return "other", 0.0


def of_forms(asked: Name, listed: Name) -> str:
    """same ending; alike: one class of form, 有限公司 and 有限责任公司; missing on one side; other."""
    if asked.form == listed.form:
        return "same"
    if not asked.form or not listed.form or asked.kind == "shop":
        return "missing"
    return "alike" if CLASSES.get(asked.form, asked.form) == CLASSES.get(listed.form, listed.form) else "other"


def of_names(asked: Name, listed: Name, where: tuple[str, float]) -> Likeness:
    """What the features see of two names whose regions have been compared."""
    form = of_forms(asked, listed)
    if where[0] == "other" and asked.brand != listed.brand:
        return Likeness((), "other", 0.0, *of_trades(asked.trade, listed.trade), *where, form)
    found = edits(asked.body, listed.body)
    end = len(listed.brand)
    whole = (
        ("same", float(trade_words.bits(listed.trade))) if listed.trade else ("missing" if asked.trade else "same", 0.0)
    )
    if found is not None and len(found) <= 3 + sum(e.kind == "spelt" for e in found):
        in_trade = [e for e in found if e.at >= end]
        words = len(in_trade) > 1 and all(e.kind in ("added", "dropped") for e in in_trade)
        if not in_trade or not (words or any(e.kind == "other" for e in found)):
            relation = brand_relation(found) if end or found else "none"
            return Likeness(found, relation, worth(listed.body, found, end), *whole, *where, form)
    trades = of_trades(asked.trade, listed.trade)
    brand = None if found is None and asked.trade == listed.trade else edits(asked.brand, listed.brand)
    if brand is None or len(brand) > 2:
        return Likeness((), "other", 0.0, *trades, *where, form)
    relation = brand_relation(brand) if end else "none"
    return Likeness(brand, relation, worth(listed.brand, brand, end), *trades, *where, form)


# Firms of these trades deal in anything, so that a shop's category does not contradict them.
_DEALERS = "商贸 科技 电子商务 实业 进出口 国际贸易 投资 供应链 供应链管理 企业管理 日用品 百货 超市"
# Words of platforms' categories that no firm's trade is called by.
_SHELVES = (
    "零食 男装 鞋靴 男鞋 女鞋 童鞋 运动 内衣 彩妆 个护 洗护 日用 手表 手机 家装 奶粉 香水 小家电 大家电 车品 影音"
)
_GENERAL, _CATEGORIES = frozenset(_DEALERS.split()), tuple(_SHELVES.split())


def of_shop(asked: Name, listed: Name) -> list[Likeness]:
    """What the features see of a shop's name, for every way to find the firm's brand in it; one at least.

    The brand is first, then a category; before 专卖店 it is last, or before the category, after a mark.
    """
    brand = listed.brand or listed.body
    found = [Likeness((), "other", 0.0, "missing", 0.0, "unknown", 0.0, "missing", shop=True)]
    if len(brand) < 2:
        return found
    where = of_regions(asked, listed)
    for before, piece, rest in _places_of_brand(asked, listed, brand):
        changes = () if piece == brand else edits(piece, brand)
        if changes is None or len(changes) > 1 + sum(e.kind == "spelt" for e in changes):
            continue
        if changes and len(brand) < 3 and len(piece) != len(brand) and not piece.isascii():
            continue
        said = where
        if before and listed.places and not asked.codes and before.endswith((listed.place, listed.places[-1])):
            said = ("same", _worth(listed))
        relation, value = brand_relation(changes), worth(brand, changes, len(brand))
        category = _of_category(rest, listed.trade)
        if category[0] == "more" and asked.form == "专卖店":
            category = "mark", 0.0
        found.append(Likeness(changes, relation, value, *category, *said, "missing", shop=True))
    return found


def _places_of_brand(asked: Name, listed: Name, brand: str) -> Iterator[tuple[str, str, str]]:
    """(before, brand, rest) for every piece of the shop's name that can be the firm's brand."""
    text = asked.body
    heads = {len(brand) + n for n in (0, -1, 1)} | ({len(asked.brand)} if any(c.isascii() for c in text) else set())
    for size in heads:
        if 1 < size <= len(text):
            yield "", text[:size], text[size:]
    if asked.form != "专卖店" or not listed.brand or brand in trade_words.WORDS:
        return
    for end, rest in ((text, ""), (asked.brand, asked.trade)) if asked.trade else ((text, ""),):
        for size in heads:
            if 1 < size < len(end):
                yield end[:-size], end[-size:], rest


def _of_category(category: str, listed: str) -> tuple[str, float]:
    """How what a shop says behind the brand relates to the trade: unsaid, contained, general, category or more."""
    if not category:
        return "unsaid", 0.0
    relation, value = of_trades(category, listed)
    if relation == "same":
        return relation, value
    said, held = trade_words.meanings(category), trade_words.meanings(listed)
    if listed and (listed.startswith(category) or said < held):
        return "contained", float(trade_words.bits(category))
    if listed and (category.startswith(listed) or held < said):
        return "contained", float(trade_words.bits(listed))
    if relation in ("synonymous", "overlapping"):
        return relation, value
    if not trade_words.begins(category) and not category.startswith(_CATEGORIES):
        return "more", 0.0
    return ("general" if held <= _GENERAL else "category"), 0.0
