"""How long an administrative penalty stays published, by its class (市场监督管理行政处罚信息公示规定)."""

import re
from dataclasses import dataclass
from typing import Final

from chalicelib.government_lists.rules.list_types import GovernmentList, _holds, _months_later


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
    for one in PENALTY_CLASSES:
        if _holds(one.valid_from, one.valid_to, day) and one.words.search(plain):
            return one.category
    return "general"


def term_end(kind: GovernmentList, listed_on: str, category: str = "") -> str:
    """The day from which an entry of that day and class no longer stands, by the rule of that day; '' for none."""
    for term in kind.terms:
        if term.category in ("", category) and _holds(term.valid_from, term.valid_to, listed_on):
            return _months_later(listed_on, term.months) if term.months and listed_on else ""
    return ""
