"""Whether two names may mean one subject: how strongly, by which relation, and why.

The score is made of bits. What agrees counts as many bits as it is rare; what differs costs bits; one bit more
halves the number of honest namesakes that would look the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from chalicelib.domain.blocking import asked_keys, listed_keys
from chalicelib.domain.form import CLASSES, PLACES_OF_BUSINESS
from chalicelib.domain.likeness import (
    Edit,
    Likeness,
    brand_relation,
    edits,
    of_forms,
    of_regions,
    of_trades,
    worth,
)
from chalicelib.domain.name import Name

__all__ = ["FEATURES", "RELATIONS", "Comparison", "Reason", "asked_keys", "compare", "listed_keys", "rank"]

RELATIONS: dict[str, tuple[str, str]] = {
    "same_name": ("名称相同", "The names are the same."),
    "same_words": ("名称用词相同而排列不同", "The names have the same words in another order."),
    "likely_same": ("名称很可能指同一主体", "The names likely mean one subject."),
    "weak": ("名称近似，仅供参考", "The names are similar; for information only."),
    "branch_of": ("一方是另一方的分支机构", "One is a branch of the other."),
    "different": ("名称不同", "The names are different."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One field, the two values of it, how they relate and what that is worth in bits."""

    field: str
    relation: str
    query: str
    candidate: str
    score: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two names relate (a key of `RELATIONS`), how strongly (0 to 1), and why."""

    score: float
    relation: str
    reasons: tuple[Reason, ...]


_OP = {"same_sound": -1.0, "same_look": -1.0, "spelt": 0.0, "added": -5.0, "dropped": -5.0, "swapped": -3.0, "other": -14.0}
_REGION = {"same": 0.0, "narrower": -4.0, "registrar": -1.0, "within": -9.0, "unknown": 0.0, "other": -20.0}
_TRADE = {"same": 0.0, "synonymous": -6.0, "overlapping": -8.0, "missing": -6.0, "other": -12.0}
_FORM = {"same": 1.0, "alike": 0.5, "missing": 0.0, "other": -6.0}
# However much else agrees, this many bits at most: another brand, trade or region is another firm.
_MOST = {"brand": 9.0, "trade": 9.0, "region": 8.0}
FEATURES: tuple[tuple[Callable[[Likeness], float], float, str], ...] = ()


def _likeness(asked: Name, listed: Name, region: tuple[str, float]) -> Likeness:
    """What the features see of two names whose regions have been compared."""
    form = of_forms(asked, listed)
    found = edits(asked.body, listed.body)
    end = len(listed.brand)
    whole = of_trades(listed.trade, listed.trade)
    if found is not None and len(found) <= 3 + sum(e.kind == "spelt" for e in found):
        in_trade = [e for e in found if e.at >= end]
        if not in_trade or all(e.kind != "other" for e in found):
            return Likeness(found, brand_relation(found), worth(listed.body, found, end), *whole, *region, form)
        in_brand = tuple(e for e in found if e.at < end)
        trades = of_trades(asked.trade, listed.trade)
        return Likeness(in_brand, brand_relation(in_brand), worth(listed.body, in_brand, end), *trades, *region, form)
    trades = of_trades(asked.trade, listed.trade)
    brand = edits(asked.brand, listed.brand)
    if brand is None or len(brand) > 2:
        return Likeness((), "other", 0.0, *trades, *region, form)
    return Likeness(brand, brand_relation(brand), worth(listed.brand, brand, end), *trades, *region, form)


def _variants(asked: Name, listed: Name, region: tuple[str, float]) -> Iterator[tuple[Name, tuple[str, float]]]:
    """The other ways to read the asked name: a short place as brand, 旅行社 as trade and not as form."""
    if asked.unread and any(x == y for x, y in zip(asked.unread, listed.body, strict=False)):
        brand, body = asked.unread + asked.brand, asked.unread + asked.body
        yield replace(asked, brand=brand, body=body), ("unknown", 0.0)
    if CLASSES.get(asked.form) in PLACES_OF_BUSINESS and asked.form != listed.form:
        yield replace(asked, trade=asked.trade + asked.form, body=asked.body + asked.form, form=""), region


def _bits(like: Likeness) -> float:
    total = min(like.brand_bits, 36.0) + like.trade_bits + like.region_bits
    counted = [e for e in like.edits if e.kind != "spelt"]
    total += sum(_OP[e.kind] for e in counted) - 3.0 * max(0, len(counted) - 1)
    total += _REGION[like.region] + _TRADE[like.trade] + _FORM[like.form]
    for part in ("brand", "trade", "region"):
        if getattr(like, part) == "other":
            total = min(total, _MOST[part])
    return total


def compare(asked: Name, listed: Name) -> Comparison:
    """Score one candidate; the relation says in which way the names agree."""
    if asked.key == listed.key:
        score = 1.0 if asked.raw == listed.raw else 0.999
        return Comparison(score, "same_name", (Reason("name", "same_name", asked.raw, listed.raw, score),))
    if asked.branch or listed.branch:
        if bool(asked.branch) != bool(listed.branch):
            return _branch(asked, listed)
        if asked.branch != listed.branch:
            return Comparison(0.0, "different", ())
    region = of_regions(asked, listed)
    like = _likeness(asked, listed, region)
    total = _bits(like)
    for variant, where in _variants(asked, listed, region):
        other = _likeness(variant, listed, where)
        if (bits := _bits(other)) > total:
            like, total = other, bits
    score = 0.998 / (1.0 + 2.0 ** ((26.0 - total) / 4.0))
    relation = "different"
    if like.brand == "same" and like.trade == "same" and like.region == "same" and like.form == "same":
        relation, score = "same_words", max(score, 0.99)
    elif score >= 0.5:
        relation = "likely_same"
    elif score >= 0.1:
        relation = "weak"
    reasons = (
        Reason("brand", like.brand, asked.brand, listed.brand, like.brand_bits),
        Reason("trade", like.trade, asked.trade, listed.trade, like.trade_bits),
        Reason("region", like.region, asked.region, listed.region or listed.division, like.region_bits),
        Reason("form", like.form, asked.form, listed.form, 0.0),
    )
    return Comparison(score, relation, reasons)


def _branch(asked: Name, listed: Name) -> Comparison:
    branch, parent = (asked, listed) if asked.branch else (listed, asked)
    if branch.key.startswith(parent.key):
        return Comparison(0.05, "branch_of", (Reason("name", "branch_of", asked.raw, listed.raw, 0.05),))
    return Comparison(0.0, "different", ())


def rank(asked: Name, candidates: list[Name]) -> list[Comparison]:
    return [compare(asked, c) for c in candidates]
