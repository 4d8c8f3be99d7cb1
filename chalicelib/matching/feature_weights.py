"""The scoring policy of the matcher: one table of features, each a claim, a weight in bits and a ceiling.

A bit is a factor of two: what agrees counts as many bits as it is rare among firms, what differs costs bits, and a
ceiling says how many bits the rest may be worth at most while the feature holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from chalicelib.matching.compare_names import Likeness
from chalicelib.matching.features import of_edits, of_parts


@dataclass(frozen=True, slots=True)
class Feature:
    """One line of the policy: its value times `weight` counts; while it holds the sum is at most `ceiling`.

    Of what lies far above a ceiling a part counts (`under_ceiling`), so that the rarer of two
    contradicted names is first.
    """

    function: Callable[[Likeness], float]
    weight: float
    ceiling: float | None
    zh: str

    @property
    def claim(self) -> str:
        """What holding means, in English."""
        return (self.function.__doc__ or "").strip()


FEATURES: tuple[Feature, ...] = (
    Feature(of_edits.brand_agrees, 1.0, None, "字号相同部分的信息量；字越少见，信息量越大"),
    Feature(of_edits.trade_agrees, 1.0, None, "行业相同部分的信息量；行业越少见，信息量越大"),
    Feature(of_edits.region_agrees, 1.0, None, "行政区划相同的信息量；县大于市，市大于省"),
    Feature(of_edits.sounds_alike, -2.5, None, "字号用字被换成同音字"),
    Feature(of_edits.looks_alike, -1.0, None, "字号用字被换成形近字"),
    Feature(of_edits.sounds_near, -4.0, None, "字号用字被换成近音字（如 n 与 l、前后鼻音），或拼音漏写字母"),
    Feature(of_edits.looks_near, -7.0, None, "字号用字被换成字形接近的字，如扫描件识读之误"),
    Feature(of_edits.looks_far, -9.5, None, "字号用字被换成字形略似的字"),
    Feature(of_edits.often_borne, -1.0, None, "换上的字常用作字号：更可能是另一家企业，而非识读之误"),
    Feature(of_edits.split, -1.5, None, "字号用字被拆成两字，如「启」写作「户口」"),
    Feature(of_edits.one_more_or_less, -5.0, None, "字号增字或漏字"),
    Feature(of_edits.swapped, -3.0, None, "相邻两字对调"),
    Feature(of_edits.changed_again, -3.5, None, "一处以上的改动，每多一处更可能只是巧合"),
    Feature(of_parts.initials_only, -1.0, 16.0, "字号仅以拼音首字母书写：许多字号的首字母相同"),
    Feature(of_parts.another_brand, -14.0, 9.0, "字号中有既不同音也不形近的不同用字：另一家企业"),
    Feature(of_parts.no_brand, -6.0, 9.0, "均无字号且行政区划不同：此类名称只能靠行政区划区分"),
    Feature(of_parts.trade_alone, 0.0, 13.0, "查询与名单名称均无字号，查询又无行政区划，而行业用语完全相同"),
    Feature(of_parts.synonymous_trade, -6.0, None, "行业用语不同而含义相同"),
    Feature(of_parts.overlapping_trade, -10.0, 10.5, "行业用语部分相同"),
    Feature(of_parts.part_of_trade, -9.0, None, "一方行业用语包含另一方"),
    Feature(of_parts.missing_trade, -6.0, None, "只有一方写明行业"),
    Feature(of_parts.another_trade, -12.0, 9.0, "行业不同：同城可有同字号的不同行业企业"),
    Feature(of_parts.another_trade_of_stock, -8.0, 15.0, "同字号、同区划的股份有限公司行业不同：常是更名"),
    Feature(of_parts.contained_category, -4.5, None, "所写行业或类目是企业行业的一部分；股份有限公司简称按五分之一计"),
    Feature(of_parts.unsaid_category, -5.5, None, "店铺名称未写明类目"),
    Feature(of_parts.general_trade, -6.0, 9.0, "企业行业为商贸等综合行业，可以销售店铺的类目"),
    Feature(of_parts.another_category, -10.0, 7.0, "店铺类目与企业行业不同；店铺可以销售企业名称未写明的商品"),
    Feature(of_parts.more_words, -16.0, 6.0, "店铺名称在字号之后另有并非类目的用字：字号可能更长"),
    Feature(of_parts.only_the_mark, -16.0, 8.0, "专卖店名称开头是所售商标，经营者是字号在后的另一家企业"),
    Feature(of_parts.narrower_region, -6.0, None, "一方多写了区县或乡镇"),
    Feature(of_parts.by_registrar, -1.0, None, "名单名称无行政区划，其登记机关在查询的区划内"),
    Feature(
        of_parts.alike_trade_without_place,
        -5.0,
        None,
        "行业用语仅相近，且查询名称无行政区划：此类企业遍布各地",
    ),
    Feature(of_parts.changed_without_place, -6.0, None, "字号有改动或以拼音书写，且查询名称无行政区划"),
    Feature(of_parts.english_without_place, -4.0, None, "英文名称未写明地点：拼音字号与常见行业词相同的企业遍布各地"),
    Feature(of_parts.within_region, -12.0, 11.0, "一方写省，另一方写该省的市县：通常是两家企业"),
    Feature(of_parts.another_region, -20.0, 8.0, "行政区划互相矛盾：另一家企业"),
    Feature(
        of_parts.another_region_of_stock,
        -14.0,
        14.5,
        "同字号、同行业的股份有限公司区划不同：常是迁址更名",
    ),
    Feature(of_parts.same_shop, 14.5, None, "两家店铺名称相同"),
    Feature(of_parts.same_form, 1.0, None, "组织形式相同"),
    Feature(of_parts.rare_form, 5.0, None, "同为股份有限公司：约百家企业中一家，少见"),
    Feature(of_parts.short_name, 2.5, None, "以简称查询，名单企业为股份有限公司：此类企业常以简称行文"),
    Feature(of_parts.brand_alone, -4.0, None, "查询仅为字号，无行政区划、行业与组织形式：同字号的企业遍布各地"),
    Feature(of_parts.alike_form, 0.5, None, "组织形式同类，如有限公司与有限责任公司"),
    Feature(of_parts.another_form, -6.0, None, "组织形式不同类"),
)
# Features of the first kind look at the amounts and edits of a likeness, the others at how its parts relate.
_AMOUNTS = (of_edits.brand_agrees, of_edits.trade_agrees, of_edits.region_agrees)
_EDITS = (
    of_edits.sounds_alike,
    of_edits.looks_alike,
    of_edits.sounds_near,
    of_edits.looks_near,
    of_edits.looks_far,
    of_edits.often_borne,
    of_edits.split,
    of_edits.one_more_or_less,
    of_edits.swapped,
    of_edits.changed_again,
)
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
    return under_ceiling(total, ceiling)


_SPARED, _SHARE, _HIGHEST = 6.0, 0.25, 10.5


def under_ceiling(total: float, ceiling: float) -> float:
    """The sum under a ceiling; a quarter of what lies more than 6 bits above it counts, up to 10.5 bits in all.

    A rare brand in another trade ranks before a common one, and neither ever asks for a person.
    """
    if total <= ceiling:
        return total
    return max(ceiling, min(_HIGHEST, ceiling + _SHARE * (total - ceiling - _SPARED)))
