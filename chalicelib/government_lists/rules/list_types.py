"""What each kind of government list is: how its rows are read, what an entry proves, and how long it stands.

Terms are data, with the days on which they hold, because the law changes: an entry stands as long as the rule says that
was in force on the day on which it was listed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Term:
    """How many months an entry of a class stands; 0 is until it is removed. '' as class fits every entry."""

    category: str
    months: int
    basis: str
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class GovernmentList:
    """One kind of list, in zh and en. `rows` tells how its rows are read; `effect` what an entry does to a verdict."""

    name: str
    zh: str
    en: str
    rows: str
    evidence_level: str
    terms: tuple[Term, ...]
    effect_zh: str
    effect_en: str


_THREE_YEARS: Final = (Term("", 36, "市场监督管理严重违法失信名单管理办法 (令44) 20"),)
_ORDER_45: Final = "市场监督管理行政处罚信息公示规定 (令45) 13"
_REPAIR: Final = "市场监督管理信用修复管理办法 (2025-12-25)"
_ORDER_36: Final = "信用修复管理办法 (国家发展改革委令36)"
_TABLE: Final = (
    GovernmentList(
        "serious_violations", "严重违法失信名单（列严）", "serious violations", "register", "E4", _THREE_YEARS,
        "现行事由（GX11）精确匹配即阻断；2021 年 9 月前因列异满三年列入的（GX10）仅提示，永不阻断",
        "GX11 blocks on an exact identifier; GX10 (abnormal for three years, before September 2021) only informs",
    ),
    GovernmentList(
        "beijing_serious_violations", "北京市严重违法失信数据库", "Beijing database of serious violations", "register",
        "E4", _THREE_YEARS, "同严重违法失信名单", "the same as serious violations",
    ),
    GovernmentList(
        "abnormal_operations", "经营异常名录（列异）；个体工商户为标记", "abnormal operations; a mark for sole traders",
        "register", "E4", (Term("", 0, "企业经营异常名录管理暂行办法; 个体工商户年度报告暂行办法"),),
        "仅提示，永不阻断", "informs, never blocks",
    ),
    GovernmentList(
        "penalties", "行政处罚（双公示）", "administrative penalties", "penalty", "E4",
        (
            Term("minor", 3, _ORDER_45, "", "2025-12-25"),
            Term("", 36, _ORDER_45, "", "2025-12-25"),
            Term("minor", 3, _REPAIR, "2025-12-25", "2026-04-01"),
            Term("general", 12, _REPAIR, "2025-12-25", "2026-04-01"),
            Term("", 36, _REPAIR, "2025-12-25", "2026-04-01"),
            Term("minor", 3, _ORDER_36, "2026-04-01"),
            Term("general", 12, _ORDER_36, "2026-04-01"),
            Term("", 36, _ORDER_36, "2026-04-01"),
        ),
        "按违法事由的严重程度：三级精确匹配即阻断，二级复核，一级提示；佐证平台自查（E1）为 E4",
        "by the gravity of its reason: 3 blocks on an exact identifier, 2 is reviewed, 1 informs; raises E1 to E4",
    ),
    GovernmentList(
        "registration", "经营主体登记信息", "registration of subjects", "registration", "E4", (),
        "不产生名单；提供登记名称、曾用名、状态与个转企关系", "lists nobody; gives names, status and successors",
    ),
)  # fmt: skip
LISTS: Final = {one.name: one for one in _TABLE}


def _holds(valid_from: str, valid_to: str, day: str) -> bool:
    return valid_from <= day and (not valid_to or day < valid_to)


def _months_later(text: str, months: int) -> str:
    day = date.fromisoformat(text)
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last).isoformat()
        except ValueError:
            continue
    return date(year, month, min(day.day, 28)).isoformat()
