"""Whether two names may mean one subject: how strongly, by which relation, and why.

`compare` weighs one candidate by the table of `feature.py`; `rank` weighs all candidates of a lookup together, for
a name that fits many of them says less of each.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.matching.blocking_keys import asked_keys, listed_keys
from chalicelib.matching.compare_names import Likeness, of_names, of_regions, of_shop
from chalicelib.matching.edits.name_edits import spells
from chalicelib.matching.feature_weights import FEATURES, Feature, weigh
from chalicelib.matching.parse_name import Name, unplaced
from chalicelib.matching.readings.asked_variants import short_likeness, variants

__all__ = [
    "FEATURES",
    "FIELDS",
    "PART_RELATIONS",
    "RELATIONS",
    "Comparison",
    "Feature",
    "Reason",
    "asked_keys",
    "compare",
    "listed_keys",
    "rank",
]

RELATIONS: dict[str, tuple[str, str]] = {
    "same_name": ("名称相同", "The names are the same."),
    "same_words": ("名称用词相同而排列不同", "The names have the same words in another order."),
    "likely_same": ("名称很可能指同一主体", "The names likely mean one subject."),
    "weak": ("名称近似，仅供参考", "The names are similar; for information only."),
    "branch_of": ("一方是另一方的分支机构", "One is a branch of the other."),
    "different": ("名称不同", "The names are different."),
}
# Of a part (`Reason.relation` beside the keys of `RELATIONS`), in zh and en.
PART_RELATIONS: dict[str, tuple[str, str]] = {
    "same": ("相同", "the same"),
    "same_sound": ("同音字替换", "characters of the same sound put in"),
    "same_look": ("形近字替换", "characters of the same look put in"),
    "near_sound": ("近音字替换", "characters of a neighbouring sound put in"),
    "near_look": ("字形接近的字替换", "characters drawn somewhat alike put in"),
    "far_look": ("字形略似的字替换", "characters drawn a little alike put in"),
    "split": ("拆字书写", "a character written as the two that it is made of"),
    "initial": ("以拼音首字母书写", "said by the initials of its pinyin"),
    "spelt": ("以拼音书写", "spelt in pinyin"),
    "added": ("增字", "a character added"),
    "dropped": ("漏字", "a character left out"),
    "swapped": ("邻字对调", "neighbouring characters swapped"),
    "mixed": ("有一处以上改动", "changed in more than one way"),
    "none": ("均无字号", "neither has a brand"),
    "synonymous": ("用语不同而含义相同", "of one meaning by other words"),
    "overlapping": ("部分相同", "partly the same"),
    "part": ("一方包含另一方", "one is the other and more"),
    "missing": ("一方未写明", "said by one side only"),
    "unsaid": ("店铺名称未写明", "not said by the shop's name"),
    "contained": ("一方包含另一方", "one holds the other"),
    "general": ("企业行业不限商品", "the firm's trade is any goods"),
    "category": ("店铺类目与企业行业不同", "the shop's category is not the firm's trade"),
    "more": ("店铺名称另有用字", "the shop's name has other words"),
    "mark": ("专卖店名称以商标开头，经营者字号在后", "the mark that is sold; the firm's brand comes behind it"),
    "narrower": ("一方多写区县或乡镇", "one side says a district or town more"),
    "registrar": ("名单名称无区划，登记机关在该区划内", "the listed name has no place; its registrar lies there"),
    "within": ("一方为省、另一方为其市县", "one is a place within the other"),
    "unknown": ("无法判断", "not known"),
    "unplaced": ("均无行政区划", "neither has a place"),
    "script": ("均为繁体，无区划", "both in traditional characters, without a place"),
    "alike": ("同类", "of one class"),
    "english": ("英文名称的组织形式", "the form of a name in English"),
    "short": ("以简称书写，名单企业为股份有限公司", "a short name, as joint-stock companies have"),
    "rare": ("同为股份有限公司", "both joint-stock companies"),
    "other": ("不同", "different"),
}
FIELDS: dict[str, tuple[str, str]] = {
    "name": ("名称", "name"),
    "brand": ("字号", "brand"),
    "trade": ("行业", "trade"),
    "region": ("行政区划", "region"),
    "form": ("组织形式", "legal form"),
}
# Bits at which the score is one half; four bits more or less change the odds twofold, so that scores do not saturate.
_HALF, _SLOPE = 21.0, 4.0
_BORNE = ("same", "spelt")  # how a brand relates to those who bear it, or read as it is
_LIKELY, _WEAK = 0.3, 0.12


@dataclass(frozen=True, slots=True)
class Reason:
    """One field, the two values of it, how they relate and how many bits that agreement is worth."""

    field: str
    relation: str
    query: str
    candidate: str
    score: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two names relate (a key of `RELATIONS`), how likely they mean one subject (0 to 1), and why.

    `richness` is how many bits the agreeing parts hold, whatever differs: a strong match of poor names and a
    strong match of rich names are not the same thing.
    """

    score: float
    relation: str
    reasons: tuple[Reason, ...]
    richness: float = 0.0


def compare(asked: Name, listed: Name) -> Comparison:
    """Weigh one candidate; the relation says in which way the names agree."""
    return rank(asked, (listed,))[0]


def rank(asked: Name, candidates: Sequence[Name]) -> list[Comparison]:
    """Weigh every candidate of one lookup, in their order; a brand that many of them bear weighs less."""
    weighed = [_plain(asked, listed) or _weighed(asked, listed) for listed in candidates]
    bearers = sum(1 for w in weighed if isinstance(w, tuple) and w[1].brand in _BORNE and w[0] > _HALF - 20)
    crowd = math.log2(bearers) if bearers > 1 and not asked.codes else 0.0
    return [
        w if isinstance(w, Comparison) else _compared(w[2], listed, w[0] - crowd, w[1])
        for w, listed in zip(weighed, candidates, strict=True)
    ]


def _plain(asked: Name, listed: Name) -> Comparison | None:
    """What needs no weighing: the same name, and a branch with its parent or with another branch."""
    if asked.key == listed.key and "shop" not in (asked.kind, listed.kind) and not asked.by_sound:
        score = 1.0 if asked.raw == listed.raw else 0.999
        return Comparison(score, "same_name", (Reason("name", "same_name", asked.raw, listed.raw, 99.0),), 99.0)
    if asked.key.isascii() and not listed.key.isascii() and spells(asked.key, listed.key):
        return Comparison(0.9, "likely_same", (Reason("name", "spelt", asked.raw, listed.raw, 40.0),), 40.0)
    if bool(asked.branch) != bool(listed.branch):
        branch, parent = (asked, listed) if asked.branch else (listed, asked)
        if branch.key.startswith(parent.key):
            return Comparison(0.05, "branch_of", (Reason("name", "branch_of", asked.raw, listed.raw, 0.0),))
        return Comparison(0.0, "different", ())
    if asked.branch.replace("市", "") != listed.branch.replace("市", ""):
        return Comparison(0.0, "different", ())
    return None


def _weighed(asked: Name, listed: Name) -> tuple[float, Likeness, Name]:
    """The reading of the asked name under which most bits agree, and how they do."""
    if "shop" in (asked.kind, listed.kind):
        shop, firm = (asked, listed) if asked.kind == "shop" else (listed, asked)
        likes = of_shop(shop, firm) + (of_shop(unplaced(shop), firm) if shop.unread else [])
        if asked.kind == listed.kind and asked.key == listed.key:
            likes = [replace(like, form="same") for like in likes]
        return max([(weigh(like), like, asked) for like in likes], key=lambda weighed: weighed[0])
    region = of_regions(asked, listed)
    if asked.spelling and not listed.key.isascii():
        from chalicelib.matching.readings.compare_latin import of_latin

        like = of_latin(asked, listed, region)
        return weigh(like), like, asked
    like = of_names(asked, listed, region)
    best = weigh(like), like, asked
    if like.brand != "same" and (short := short_likeness(asked, listed, region)) and (bits := weigh(short)) > best[0]:
        best = bits, short, asked
    for variant, where in variants(asked, listed, region):
        other = of_names(variant, listed, where)
        if (bits := weigh(other)) > best[0]:
            best = bits, other, variant
    return best


def _where(name: Name) -> str:
    """The place as the name has it; the code of the registrar where the name has none."""
    return "".join((*name.places[:-1], name.place)) or name.division


def _compared(asked: Name, listed: Name, bits: float, like: Likeness) -> Comparison:
    score = 0.99 / (1.0 + 2.0 ** ((_HALF - bits) / _SLOPE))
    same_form = asked.form == listed.form and like.form in ("same", "rare") and not asked.by_sound
    if not like.shop and same_form and (like.brand, like.trade, like.region) == ("same",) * 3:
        relation, score = "same_words", max(score, 0.985)
    elif score >= _LIKELY and (not like.shop or asked.key == listed.key):
        relation = "likely_same"
    else:
        relation = "weak" if score >= _WEAK else "different"
    if relation == "different":
        return Comparison(score, relation, ())
    reasons = (
        Reason("brand", like.brand, asked.brand, listed.brand, like.brand_bits),
        Reason("trade", like.trade, asked.trade, listed.trade, like.trade_bits),
        Reason("region", like.region, _where(asked), _where(listed), like.region_bits),
        Reason("form", like.form, asked.form, listed.form, 0.0),
    )
    return Comparison(score, relation, reasons, like.brand_bits + like.trade_bits + like.region_bits)
