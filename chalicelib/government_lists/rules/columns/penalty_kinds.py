"""Which class a penalty is of, by every column that says what was imposed; the gravest counts.

行政处罚法 (2021) 9 has the kinds. The standard of 2019 (双公示) gives 处罚类别 (several, joined by `、` `,` `;` `|`),
处罚内容, 罚款金额, 没收金额 and 暂扣或吊销证照名称及编号; that of 2015 处罚类别1, 处罚类别2 and 处罚结果; portals
处罚种类 and 行政处罚内容.

>>> penalty_class({"penalty_kind": "警告", "measure": "罚款伍万元"}), penalty_class({"measure": "按决定书执行"})
('general', 'unknown')
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from chalicelib.values.dates import NULLS

SERIOUS, GENERAL, MINOR, UNKNOWN = "serious", "general", "minor", "unknown"
# The columns that say what was imposed; the name of the case only where these say nothing.
_COLUMNS: Final = ("penalty_kind", "measure", "withdrawn_papers")
_AMOUNTS: Final = ("fine", "forfeited")
# One label for two kinds of different weight: by itself it says no more than the lighter.
_EITHER: Final = re.compile("暂扣(?:许可证件?|执照|证照)?(?:或者?|/)吊销")
_NOT_IMPOSED: Final = re.compile(
    "(?:未|不予|免予|免于|无需|没有)(?:并处|处以)?(?:吊销|责令停产停业|罚款|没收|暂扣|降低资质)"
)
_NEGATION: Final = re.compile("[未予免无没]")
_NOTHING: Final = NULLS | {"0", "否", "不涉及"}
# The first that fits counts: minor is what is nothing but a warning, a reprimand, or no penalty at all.
CLASSES: Final = (
    (
        SERIOUS,
        re.compile(
            "吊销|责令(?:停产停业|停止(?:生产|经营|营业)|停业|停产|关闭|歇业)|停产停业|停业整顿|责令.{0,4}关闭|限制(?:从业|开展)"
            "|(?:市场|行业|从业|终身).{0,2}禁入|禁止从业|取消.{0,6}(?:资格|许可)|降低资质|撤销登记|撤销许可|较大数额|行政拘留"
        ),
    ),
    (
        GENERAL,
        re.compile(
            r"罚款|罚金|罚没|没收|没入|暂扣|扣留|追缴|吊扣|销毁|罚\d"
            r"|[\d.,零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]余?元"
        ),
    ),
    (MINOR, re.compile("警告|通报批评|训诫|(?:不予|免予|免于)(?:行政)?处罚")),
)


def penalty_class(cells: Mapping[str, str]) -> str:
    """The class of a penalty: serious, general or minor; unknown where no column says what was imposed."""
    text = "；".join(cells[column] for column in _COLUMNS if cells.get(column))
    imposed = _class(text)
    if imposed != SERIOUS and any(_is_amount(cells.get(column, "")) for column in _AMOUNTS):
        return GENERAL
    if imposed == UNKNOWN and re.search(r"[^\W_]", cells.get("withdrawn_papers", "")):
        # Some paper was withdrawn, for a time at least.
        return UNKNOWN if cells["withdrawn_papers"].strip().lower() in _NOTHING else GENERAL
    return imposed if imposed != UNKNOWN else _class(cells.get("penalty_name", ""))


@lru_cache(maxsize=4096)
def _class(text: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if "吊销" in plain and "暂扣" in plain:
        plain = _EITHER.sub("暂扣", plain)
    if _NEGATION.search(plain):
        plain = _NOT_IMPOSED.sub("", plain)
    return next((name for name, words in CLASSES if words.search(plain)), UNKNOWN)


def _is_amount(text: str) -> bool:
    return re.search("[1-9壹贰叁肆伍陆柒捌玖一二三四五六七八九十]", unicodedata.normalize("NFKC", text)) is not None
