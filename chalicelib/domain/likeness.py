"""How the parts of two names relate: what every feature of the matcher looks at."""

from dataclasses import dataclass
from functools import lru_cache

from chalicelib.domain import region, trade
from chalicelib.domain.edit import Edit, brand_relation, edits, letters, worth
from chalicelib.domain.form import CLASSES
from chalicelib.domain.name import Name


@dataclass(frozen=True, slots=True)
class Likeness:
    """What the features see of two names."""

    edits: tuple[Edit, ...]
    brand: str  # same, same_sound, same_look, spelt, swapped, added, dropped, mixed, other, none
    brand_bits: float  # bits of the brand's characters that agree
    trade: str  # same, synonymous, overlapping, missing, unsaid (by a shop), other
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
    if not region.related(asked.codes, listed.codes):
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
        return ("same", float(trade.bits(listed))) if listed else ("missing", 0.0)
    if not asked or not listed:
        return "missing", 0.0
    if trade.synonymous(asked, listed):
        return "synonymous", 0.5 * trade.bits(listed)
    shared = trade.overlap(asked, listed)
    if shared:
        return "overlapping", shared * 0.5 * trade.bits(listed)
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
    whole = ("same", float(trade.bits(listed.trade))) if listed.trade else ("missing" if asked.trade else "same", 0.0)
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
_GENERAL = frozenset(
    [
        "商贸",
        "科技",
        "电子商务",
        "实业",
        "进出口",
        "国际贸易",
        "投资",
        "供应链",
        "供应链管理",
        "企业管理",
        "日用品",
        "百货",
        "超市",
    ]
)


def of_shop(asked: Name, listed: Name) -> Likeness:
    """What the features see of a shop's name: the firm's brand first, or last before 专卖店; then a category."""
    text, brand = asked.body, listed.brand or listed.body
    none = Likeness((), "other", 0.0, "missing", 0.0, "unknown", 0.0, "missing", shop=True)
    if len(brand) < 2 or not text:
        return none
    where = of_regions(asked, listed)
    heads = {len(brand) + n for n in (0, -1, 1)} | ({len(asked.brand)} if any(c.isascii() for c in text) else set())
    best: tuple[float, Likeness] = (-99.0, none)
    for size in heads:
        for piece, rest in ((text[:size], text[size:]), (text[-size:], "")) if 1 < size <= len(text) else ():
            found = () if piece == brand else edits(piece, brand)
            if (
                found is None
                or len(found) > 1 + sum(e.kind == "spelt" for e in found)
                or (found and len(brand) < 3 and size != len(brand))
            ):
                continue
            if rest == "" and size < len(text) and asked.form != "专卖店":
                continue
            category = _of_category(rest, listed.trade)
            value = worth(brand, found, len(brand))
            made = Likeness(found, brand_relation(found), value, *category, *where, "missing", shop=True)
            order = value + category[1] - 6.0 * len(found) - (12.0 if made.brand == "other" else 0.0)
            if order > best[0]:
                best = (order, made)
    return best[1]


def _of_category(category: str, listed: str) -> tuple[str, float]:
    if not category or not listed:
        return "unsaid", 0.0
    relation, value = of_trades(category, listed)
    if relation == "other" and trade.meanings(listed) & _GENERAL:
        return "unsaid", 0.0
    return relation, value
