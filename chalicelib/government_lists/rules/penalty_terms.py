"""How long an administrative penalty stays published, by its class (市场监督管理行政处罚信息公示规定)."""

import re
from dataclasses import dataclass
from typing import Final

from chalicelib.government_lists.rules.entry_terms import Term, is_in_force

_ORDER_45: Final = "市场监督管理行政处罚信息公示规定 (令45) 13"
_REPAIR: Final = "市场监督管理信用修复管理办法 (2025-12-25)"
_ORDER_36: Final = "信用修复管理办法 (国家发展改革委令36)"
# The first that fits the class and the day of the decision counts.
PENALTY_TERMS: Final = (
    Term("minor", 3, _ORDER_45, "", "2025-12-25"),
    Term("", 36, _ORDER_45, "", "2025-12-25"),
    Term("minor", 3, _REPAIR, "2025-12-25", "2026-04-01"),
    Term("general", 12, _REPAIR, "2025-12-25", "2026-04-01"),
    Term("", 36, _REPAIR, "2025-12-25", "2026-04-01"),
    Term("minor", 3, _ORDER_36, "2026-04-01"),
    Term("general", 12, _ORDER_36, "2026-04-01"),
    Term("", 36, _ORDER_36, "2026-04-01"),
)


@dataclass(frozen=True, slots=True)
class PenaltyClass:
    """Which penalties are of a class: the words of what was imposed, on the days on which that holds."""

    category: str
    words: re.Pattern[str]
    valid_from: str = ""
    valid_to: str = ""


# From the top; what fits none is general. Minor is what is nothing but a warning or a reprimand.
PENALTY_CLASSES: Final = (
    PenaltyClass(
        "serious", re.compile("吊销|责令停产停业|责令关闭|停业整顿|限制从业|限制开展|降低资质|撤销登记|较大数额")
    ),
    PenaltyClass("minor", re.compile("^(?!.*(?:罚款|罚金|没收)).*(?:警告|通报批评)")),
)


def penalty_class(measure: str, day: str) -> str:
    """The class of a penalty by what was imposed: serious, general or minor."""
    plain = re.sub(r"\s+", "", measure)
    for candidate in PENALTY_CLASSES:
        if is_in_force(candidate.valid_from, candidate.valid_to, day) and candidate.words.search(plain):
            return candidate.category
    return "general"
