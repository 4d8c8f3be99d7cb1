"""The scoring policy of the matcher: one table of features, each a claim, a weight in bits and a ceiling.

A bit is a factor of two: what agrees counts as many bits as it is rare among firms, what differs costs bits, and a
ceiling says how many bits the rest may be worth at most while the feature holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from chalicelib.matching.compare_names import Likeness


@dataclass(frozen=True, slots=True)
class Feature:
    """One line of the policy: its value times `weight` counts; while it holds the sum is at most `ceiling`."""

    function: Callable[[Likeness], float]
    weight: float
    ceiling: float | None
    zh: str

    @property
    def claim(self) -> str:
        """What holding means, in English."""
        return (self.function.__doc__ or "").strip()


def _count(like: Likeness, *kinds: str) -> float:
    return float(sum(1 for edit in like.edits if edit.kind in kinds))


def brand_agrees(like: Likeness) -> float:
    """The bits of the brand's characters that agree, in full or by sound or look; rare characters have more."""
    return min(like.brand_bits, 36.0)


def trade_agrees(like: Likeness) -> float:
    """The bits of the words of trade that agree; rare trades have more."""
    return like.trade_bits


def region_agrees(like: Likeness) -> float:
    """The bits of the place that agrees: a county has more than a city, a city more than a province."""
    return like.region_bits


def sounds_alike(like: Likeness) -> float:
    """Characters that were replaced by others of the same toneless reading."""
    return _count(like, "same_sound")


def looks_alike(like: Likeness) -> float:
    """Characters that were replaced by others that a reader takes for them."""
    return _count(like, "same_look")


def sounds_near(like: Likeness) -> float:
    """Characters that were replaced by others of a neighbouring sound, as n and l, or letters that are missing."""
    return _count(like, "near_sound")


def one_more_or_less(like: Likeness) -> float:
    """Characters added or left out."""
    return _count(like, "added", "dropped")


def swapped(like: Likeness) -> float:
    """Neighbouring characters that changed places."""
    return _count(like, "swapped")


def changed_again(like: Likeness) -> float:
    """Every change beyond the first makes chance likelier."""
    return max(0.0, _count(like, "same_sound", "same_look", "near_sound", "added", "dropped", "swapped", "other") - 1.0)


def initials_only(like: Likeness) -> float:
    """Of the brand the first letters of its reading are said; many brands have the same."""
    return float(like.brand == "initial")


def another_brand(like: Likeness) -> float:
    """A character of the brand is another one that neither sounds nor looks alike: another firm."""
    return float(like.brand == "other")


def no_brand(like: Likeness) -> float:
    """Neither name has a brand, as 县供销合作社, and the regions are not the same: nothing else distinguishes them."""
    return float(like.brand == "none" and like.region != "same")


def synonymous_trade(like: Likeness) -> float:
    """The trades are of one meaning by other words."""
    return float(like.trade == "synonymous")


def overlapping_trade(like: Likeness) -> float:
    """The trades have some words in common."""
    return float(like.trade == "overlapping")


def part_of_trade(like: Likeness) -> float:
    """One of the trades is the other and more, as 商贸 and 商贸科技: the commonest way to change a name."""
    return float(like.trade == "part")


def missing_trade(like: Likeness) -> float:
    """Only one of the names says a trade."""
    return float(like.trade == "missing")


def another_trade(like: Likeness) -> float:
    """The trades have nothing in common: one city may hold one brand in each trade."""
    return float(like.trade == "other")


def contained_category(like: Likeness) -> float:
    """A shop's category is a part of the firm's trade, or the trade a part of the category."""
    return float(like.trade == "contained")


def general_trade(like: Likeness) -> float:
    """A shop says a category and the firm's trade is general, as 商贸 is: it may well sell that."""
    return float(like.trade == "general")


def another_category(like: Likeness) -> float:
    """A shop's category is not the firm's trade; a shop may sell what its firm's name does not say."""
    return float(like.trade == "category")


def more_words(like: Likeness) -> float:
    """A shop's name has words behind the brand that are no category: the brand is likely a longer one."""
    return float(like.trade == "more")


def only_the_mark(like: Likeness) -> float:
    """The brand stands first in the name of a 专卖店, where the mark stands that the shop of another firm sells."""
    return float(like.trade == "mark")


def narrower_region(like: Likeness) -> float:
    """One name says a district or town that the other leaves out."""
    return float(like.region == "narrower")


def by_registrar(like: Likeness) -> float:
    """The listed name has no region; its registrar lies in the asked one."""
    return float(like.region == "registrar")


def within_region(like: Likeness) -> float:
    """One name has the province where the other has a place in it: usually two firms."""
    return float(like.region == "within")


def another_region(like: Likeness) -> float:
    """The regions contradict each other: another firm, however much else agrees."""
    return float(like.region == "other")


def same_form(like: Likeness) -> float:
    """The legal forms are the same."""
    return float(like.form == "same")


def alike_form(like: Likeness) -> float:
    """The legal forms are of one class, as 有限公司 and 有限责任公司."""
    return float(like.form == "alike")


def another_form(like: Likeness) -> float:
    """The legal forms are of two classes: a cooperative is no company."""
    return float(like.form == "other")


def shop_of(like: Likeness) -> float:
    """A shop's name bears the brand where the platforms' grammar puts the firm's; it never says more than that."""
    return float(like.shop)


FEATURES: tuple[Feature, ...] = (
    Feature(brand_agrees, 1.0, None, "字号相同部分的信息量；字越少见，信息量越大"),
    Feature(trade_agrees, 1.0, None, "行业相同部分的信息量；行业越少见，信息量越大"),
    Feature(region_agrees, 1.0, None, "行政区划相同的信息量；县大于市，市大于省"),
    Feature(sounds_alike, -2.5, None, "字号用字被换成同音字"),
    Feature(looks_alike, -1.0, None, "字号用字被换成形近字"),
    Feature(sounds_near, -4.0, None, "字号用字被换成近音字（如 n 与 l、前后鼻音），或拼音漏写字母"),
    Feature(one_more_or_less, -5.0, None, "字号增字或漏字"),
    Feature(swapped, -3.0, None, "相邻两字对调"),
    Feature(changed_again, -3.5, None, "一处以上的改动，每多一处更可能只是巧合"),
    Feature(initials_only, -1.0, 16.0, "字号仅以拼音首字母书写：许多字号的首字母相同"),
    Feature(another_brand, -14.0, 9.0, "字号中有既不同音也不形近的不同用字：另一家企业"),
    Feature(no_brand, -6.0, 9.0, "均无字号且行政区划不同：此类名称只能靠行政区划区分"),
    Feature(synonymous_trade, -6.0, None, "行业用语不同而含义相同"),
    Feature(overlapping_trade, -10.0, 13.0, "行业用语部分相同"),
    Feature(part_of_trade, -9.0, None, "一方行业用语包含另一方"),
    Feature(missing_trade, -6.0, None, "只有一方写明行业"),
    Feature(another_trade, -12.0, 9.0, "行业不同：同城可有同字号的不同行业企业"),
    Feature(contained_category, -1.0, None, "店铺类目是企业行业的一部分，或包含企业行业"),
    Feature(general_trade, -6.0, None, "企业行业为商贸等综合行业，可以销售店铺的类目"),
    Feature(another_category, -10.0, None, "店铺类目与企业行业不同；店铺可以销售企业名称未写明的商品"),
    Feature(more_words, -16.0, None, "店铺名称在字号之后另有并非类目的用字：字号可能更长"),
    Feature(only_the_mark, -16.0, 8.0, "专卖店名称开头是所售商标，经营者是字号在后的另一家企业"),
    Feature(narrower_region, -6.0, None, "一方多写了区县或乡镇"),
    Feature(by_registrar, -1.0, None, "名单名称无行政区划，其登记机关在查询的区划内"),
    Feature(within_region, -12.0, 12.5, "一方写省，另一方写该省的市县：通常是两家企业"),
    Feature(another_region, -20.0, 8.0, "行政区划互相矛盾：另一家企业"),
    Feature(same_form, 1.0, None, "组织形式相同"),
    Feature(alike_form, 0.5, None, "组织形式同类，如有限公司与有限责任公司"),
    Feature(another_form, -6.0, None, "组织形式不同类"),
    Feature(shop_of, 10.0, None, "店铺名称按平台命名规则含有企业字号，仅此而已"),
)
# Features of the first kind look at the amounts and edits of a likeness, the others at how its parts relate.
_AMOUNTS = (brand_agrees, trade_agrees, region_agrees)
_EDITS = (sounds_alike, looks_alike, sounds_near, one_more_or_less, swapped, changed_again)
_BY_AMOUNT = tuple((f.function, f.weight) for f in FEATURES if f.function in _AMOUNTS)
_BY_EDIT = tuple((f.function, f.weight) for f in FEATURES if f.function in _EDITS)
_BY_PART = tuple(f for f in FEATURES if f.function not in _AMOUNTS + _EDITS)


@cache
def _of_parts(brand: str, trade: str, region: str, form: str, shop: bool) -> tuple[float, float]:
    """The sum over the features that look at relations only, and the lowest ceiling among those that hold."""
    like = Likeness((), brand, 0.0, trade, 0.0, region, 0.0, form, shop)
    held = [(f, value) for f in _BY_PART if (value := f.function(like))]
    ceilings = [f.ceiling for f, _ in held if f.ceiling is not None]
    return sum(f.weight * value for f, value in held), min(ceilings, default=99.0)


def weigh(like: Likeness) -> float:
    """The sum of the table in bits, under the lowest ceiling that holds."""
    total, ceiling = _of_parts(like.brand, like.trade, like.region, like.form, like.shop)
    for function, weight in _BY_AMOUNT:
        total += weight * function(like)
    if like.edits:
        for function, weight in _BY_EDIT:
            total += weight * function(like)
    return total if total < ceiling else ceiling
