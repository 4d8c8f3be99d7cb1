"""What each kind of government list is: how its rows are read, what an entry proves, and how long it stands.

Terms are data, with the days on which they hold, because the law changes: an entry stands as long as the rule says that
was in force on the day on which it was listed.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.government_lists.rules.entry_terms import PENALTY_TERMS, Term


@dataclass(frozen=True, slots=True)
class GovernmentList:
    """One kind of list, in zh and en. `rows` names how its rows are read; `effect` what an entry does to a verdict."""

    name: str
    zh: str
    en: str
    rows: str
    evidence_level: str
    terms: tuple[Term, ...]
    effect_zh: str
    effect_en: str


_THREE_YEARS: Final = (Term("", 36, "市场监督管理严重违法失信名单管理办法 (令44) 20"),)
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
        PENALTY_TERMS,
        "按违法事由的严重程度：三级精确匹配即阻断，二级复核，一级提示；佐证平台自查（E1）为 E4",
        "by the gravity of its reason: 3 blocks on an exact identifier, 2 is reviewed, 1 informs; raises E1 to E4",
    ),
    GovernmentList(
        "registration", "经营主体登记信息", "registration of subjects", "registration", "E4", (),
        "不产生名单；提供登记名称、曾用名、状态与个转企关系", "lists nobody; gives names, status and successors",
    ),
)  # fmt: skip
LISTS: Final = {kind.name: kind for kind in _TABLE}
