"""How the parts of two names relate: what every feature of the matcher looks at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.matching import trade_words
from chalicelib.matching.compare_regions import Relation, of_regions, region_bits
from chalicelib.matching.edits.brand_edits import brand_relation, worth
from chalicelib.matching.edits.name_edits import Edit, edits
from chalicelib.matching.legal_forms import CLASSES, JOINT_STOCK
from chalicelib.matching.parse_name import Name

__all__ = ["Likeness", "joined", "of_forms", "of_names", "of_regions", "of_shop", "of_trades"]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What the features see of two names."""

    edits: tuple[Edit, ...]
    brand: str  # same, the kind of its edits, mixed, other, none
    brand_bits: float  # bits of the brand's characters that agree
    trade: str  # same, synonymous, overlapping, missing, other; of a shop also those that `_of_category` gives
    trade_bits: float
    region: str  # same, narrower, registrar, within, unknown, other
    region_bits: float
    form: str  # same, alike, missing, other
    shop: bool = False


_OTHER: Relation = ("other", 0.0)


@lru_cache(maxsize=20_000)
def of_trades(asked: str, listed: str) -> Relation:
    """How the trades relate and what their agreement says."""
    if asked == listed:
        return ("same", float(trade_words.bits(listed))) if listed else ("missing", 0.0)
    if not asked or not listed:
        return "missing", 0.0
    if trade_words.synonymous(asked, listed):
        return "synonymous", 0.5 * trade_words.bits(listed)
    if part := _part(asked, listed):
        return "part", 0.5 * trade_words.bits(part)
    shared = trade_words.overlap(asked, listed)
    if shared:
        return "overlapping", shared * 0.5 * trade_words.bits(listed)
    return "other", 0.0


def _part(asked: str, listed: str) -> str:
    """The trade that the other is more than: one begins or ends with the other, or has all its words; '' if neither."""
    shorter, longer = sorted((asked, listed), key=len)
    if longer.startswith(shorter + "集团") and len(longer) > len(shorter) + 2:
        return ""  # a firm of the group
    if longer.startswith(shorter) or longer.endswith(shorter):
        return shorter
    a, b = trade_words.words(asked), trade_words.words(listed)
    if a < b or b < a:
        return asked if a < b else listed
    return ""


def of_forms(asked: Name, listed: Name) -> str:
    """How the legal forms relate.

    same ending; rare: both joint-stock; alike: one class, 有限公司 and 有限责任公司; short: a brand and at most a trade
    is asked for, and the listed company is joint-stock; missing on one side; other.
    """
    if asked.form in JOINT_STOCK and listed.form in JOINT_STOCK:
        return "rare"
    if asked.form == listed.form:
        return "same"
    if not asked.form or not listed.form or asked.kind == "shop":
        return "short" if listed.form in JOINT_STOCK and not asked.form and not asked.codes else "missing"
    return "alike" if CLASSES.get(asked.form, asked.form) == CLASSES.get(listed.form, listed.form) else "other"


def of_names(asked: Name, listed: Name, where: Relation) -> Likeness:
    """What the features see of two names whose regions have been compared."""
    form = of_forms(asked, listed)
    if where[0] == "other" and asked.brand != listed.brand:
        return joined((), _OTHER, of_trades(asked.trade, listed.trade), where, form)
    end = len(listed.brand)
    whole = edits(asked.body, listed.body)
    if whole is not None and _is_small(whole, end):
        brand = brand_relation(whole, end) if end or whole else "none"
        return joined(whole, (brand, worth(listed.body, whole, end)), _trade_kept(asked, listed), where, form)
    trades = of_trades(asked.trade, listed.trade)
    changes = _brand_edits(asked, listed, whole)
    if changes is None:
        return joined((), _OTHER, trades, where, form)
    brand = brand_relation(changes, end) if end else "none"
    return joined(changes, (brand, worth(listed.brand, changes, end)), trades, where, form)


def _is_small(changes: tuple[Edit, ...], end: int) -> bool:
    """The edits of brand and trade together are few, and none puts another word into the trade behind `end`."""
    if len(changes) > 3 + sum([e.kind in ("spelt", "initial") for e in changes]):
        return False
    in_trade = [e for e in changes if e.at >= end]
    if not in_trade:
        return True
    kinds = {e.kind for e in in_trade}
    words = (len(in_trade) > 1 and kinds <= {"added", "dropped"}) or {"added", "dropped"} <= kinds
    return not words and all(e.kind != "other" for e in changes)


def _brand_edits(asked: Name, listed: Name, whole: tuple[Edit, ...] | None) -> tuple[Edit, ...] | None:
    """The edits of the brands alone, two at most; `whole` are those of brand and trade together."""
    if whole is None and asked.trade == listed.trade:
        return None  # the trades need none, so the brands need as many
    changes = edits(asked.brand, listed.brand)
    return changes if changes is not None and (len(changes) <= 2 or _are_initials(changes)) else None


def _are_initials(changes: tuple[Edit, ...]) -> bool:
    return all(edit.kind == "initial" for edit in changes)


def _trade_kept(asked: Name, listed: Name) -> Relation:
    """How the trades relate where small edits join brand and trade as a whole."""
    if listed.trade:
        return "same", float(trade_words.bits(listed.trade))
    return "missing" if asked.trade else "same", 0.0


def joined(
    changes: tuple[Edit, ...], brand: Relation, trades: Relation, where: Relation, form: str, shop: bool = False
) -> Likeness:
    """The likeness of two names from the relations of their parts; of a shop's name `trades` are of its category."""
    return Likeness(
        edits=changes,
        brand=brand[0],
        brand_bits=brand[1],
        trade=trades[0],
        trade_bits=trades[1],
        region=where[0],
        region_bits=where[1],
        form=form,
        shop=shop,
    )


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
    likes = [joined((), _OTHER, ("missing", 0.0), ("unknown", 0.0), "missing", shop=True)]
    if len(brand) < 2:
        return likes
    where = of_regions(asked, listed)
    for before, piece, rest in _places_of_brand(asked, listed, brand):
        changes = _piece_edits(piece, brand)
        if changes is None:
            continue
        category = _of_category(rest, listed.trade)
        if category[0] == "more" and asked.form == "专卖店":
            category = "mark", 0.0
        relation = brand_relation(changes, len(brand)), worth(brand, changes, len(brand))
        place = _place_before(before, asked, listed) or where
        likes.append(joined(changes, relation, category, place, "missing", shop=True))
    return likes


def _piece_edits(piece: str, brand: str) -> tuple[Edit, ...] | None:
    """The edits between a piece of a shop's name and a brand, one beside spellings; None if there are more.

    In a brand of two characters none may be added or dropped: what is left is anybody's.
    """
    changes = () if piece == brand else edits(piece, brand)
    if changes is None or len(changes) > 1 + sum([e.kind in ("spelt", "initial") for e in changes]):
        return None
    if changes and len(brand) < 3 and len(piece) != len(brand) and not piece.isascii():
        return None
    return changes


def _place_before(before: str, asked: Name, listed: Name) -> Relation | None:
    """The agreement of regions where the firm's place stands before its brand in the shop's name."""
    if before and listed.places and not asked.codes and before.endswith((listed.place, listed.places[-1])):
        return "same", region_bits(listed)
    return None


def _places_of_brand(asked: Name, listed: Name, brand: str) -> Iterator[tuple[str, str, str]]:
    """(before, brand, rest) for every piece of the shop's name that can be the firm's brand."""
    text = asked.body
    sizes = {len(brand) + n for n in (0, -1, 1)}
    if any(c.isascii() for c in text):
        sizes |= {len(asked.brand)}
    for size in sizes:
        if 1 < size <= len(text):
            yield "", text[:size], text[size:]
    if asked.form == "专卖店" and listed.brand and brand not in trade_words.WORDS:
        yield from _brands_behind_mark(asked, sizes)


def _brands_behind_mark(asked: Name, sizes: Iterable[int]) -> Iterator[tuple[str, str, str]]:
    """(before, brand, rest) where a mark stands first, as before 专卖店: the brand ends the name, or its brand."""
    for end, rest in ((asked.body, ""), (asked.brand, asked.trade)) if asked.trade else ((asked.body, ""),):
        for size in sizes:
            if 1 < size < len(end):
                yield end[:-size], end[-size:], rest


def _of_category(category: str, listed: str) -> Relation:
    """How what a shop says behind the brand relates to the trade.

    unsaid; same or synonymous; contained in the trade, or part: the trade and more; general; category: another;
    more: it is no category, so that the brand is likely a longer one.
    """
    if not category:
        return "unsaid", 0.0
    relation, value = of_trades(category, listed)
    if relation == "same":
        return relation, value
    is_category = trade_words.begins(category) or category.startswith(_CATEGORIES)
    if listed.startswith(category) or (is_category and _says_less(category, listed)):
        return "contained", float(trade_words.bits(category))
    if not is_category:
        return "more", 0.0
    if listed and (category.startswith(listed) or _says_less(listed, category)):
        return "part", float(trade_words.bits(listed))
    if relation in ("synonymous", "overlapping"):
        return relation, value
    return ("general" if trade_words.meanings(listed) <= _GENERAL else "category"), 0.0


def _says_less(trade: str, other: str) -> bool:
    """The words of a trade are some of the other's, by their meaning."""
    return trade_words.meanings(trade) < trade_words.meanings(other)
