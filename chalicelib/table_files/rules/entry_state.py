"""What the state columns of a government list say of an entry: it stands, it has ended, or a person must look.

当前状态 of the publication standard (双公示, CF_ZT): 0 or nothing 正常, 1 撤销, 2 异议, 3 其他. Exports of 列严 and
列异 say 是否移出, 移出日期, 数据状态 (0 正常, 1 更新, 2 删除); portals add 公示状态, 是否有效, 修复状态. A value
that is in no table here is `unknown_state`: it never means that the entry stands as it is.

>>> read_state({"entry_state": "1"}, "penalties", "2026-06-01")
'revoked'
>>> read_state({"is_removed": "否", "entry_state": "异议处理中"}, "penalties", "2026-06-01")
'objection'
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from chalicelib.values.dates import NULLS, OPEN_END, read_day

STANDS: Final = ""
REVOKED, REPAIRED, REMOVED = "revoked", "repaired", "removed"
PUBLICATION_OVER, TERM_OVER, DELETED = "publication_over", "term_over", "deleted"
OBJECTION, OTHER, UNKNOWN = "objection", "other_state", "unknown_state"
# States that end an entry, and states that leave it at review at most; of several the first counts.
ENDED: Final = (DELETED, REVOKED, REPAIRED, REMOVED, PUBLICATION_OVER, TERM_OVER)
IN_DOUBT: Final = (UNKNOWN, OBJECTION, OTHER)
_ORDER: Final = (*ENDED, *IN_DOUBT)

_YES: Final = frozenset({"是", "y", "yes", "t", "true", "1", "√", "✓", "✔", "有", "已", "对"})
_NO: Final = frozenset({"否", "n", "no", "f", "false", "0", "×", "✗", "x", "无", "未", "没有", "不是", "非", "不"})
# What is no statement; 未公示, 未知 and 不详 are nulls of other columns, and states here.
_BLANK: Final = NULLS - {"未公示", "未知", "不详"}
_STANDARD_CODES: Final = {"0": STANDS, "1": REVOKED, "2": OBJECTION, "3": OTHER}
_OWN_CODES: Final = {"0": UNKNOWN, "1": UNKNOWN}


@dataclass(frozen=True, slots=True)
class StateColumn:
    """What yes, no and codes mean in one state column; None: that value is in no table."""

    yes: str | None = None
    no: str | None = None
    codes: Mapping[str, str] | None = None


COLUMNS: Final = {
    "entry_state": StateColumn(),
    "is_revoked": StateColumn(yes=REVOKED, no=STANDS),
    "is_removed": StateColumn(yes=REMOVED, no=STANDS),
    "is_repaired": StateColumn(yes=REPAIRED, no=STANDS),
    "is_unpublished": StateColumn(yes=PUBLICATION_OVER, no=STANDS),
    "is_over": StateColumn(yes=TERM_OVER, no=STANDS),
    "has_objection": StateColumn(yes=OBJECTION, no=STANDS),
    "is_valid": StateColumn(yes=STANDS, no=REMOVED),
    "is_listed": StateColumn(yes=STANDS, no=REMOVED),
    "is_published": StateColumn(yes=STANDS, no=PUBLICATION_OVER),
    # Sources number these two each in their own way.
    "publication_state": StateColumn(yes=STANDS, no=PUBLICATION_OVER, codes=_OWN_CODES),
    "listing_state": StateColumn(yes=STANDS, no=REMOVED, codes=_OWN_CODES),
    "record_state": StateColumn(codes={"0": STANDS, "1": STANDS, "2": DELETED}),
    # The mark of changes (增删改标志).
    "op": StateColumn(codes={"0": STANDS, "1": STANDS, "2": STANDS, "3": DELETED}),
}
# A column whose day ends the entry, and as what.
DAYS: Final = {"revoked_on": REVOKED, "repaired_on": REPAIRED, "removed_on": REMOVED}
_SAYING: Final = COLUMNS.keys() | DAYS.keys() | {"removed_reason"}
_MARKS: Final = {
    **dict.fromkeys(("a", "add", "i", "insert", "c", "create", "u", "update", "m", "modify", "edit"), STANDS),
    **dict.fromkeys(("增", "改", "新", "开", "on", "新增", "增加", "修改", "更新", "变更"), STANDS),
    # What a column of buttons of a web page leaves in its export.
    **dict.fromkeys(("查看", "详情", "查看详情"), STANDS),
    **dict.fromkeys(("d", "del", "delete", "deleted", "r", "remove", "删"), DELETED),
}  # fmt: skip
_ENGLISH: Final = {
    **dict.fromkeys(("active", "valid", "normal", "effective", "published", "public", "listed", "ok"), STANDS),
    **dict.fromkeys(("revoked", "cancelled", "canceled", "annulled", "void", "voided", "invalid"), REVOKED),
    **dict.fromkeys(("repaired", "restored"), REPAIRED),
    **dict.fromkeys(("removed", "delisted", "inactive"), REMOVED),
    **dict.fromkeys(("expired", "ended"), TERM_OVER),
    **dict.fromkeys(("unpublished", "hidden", "withheld"), PUBLICATION_OVER),
    **dict.fromkeys(("disputed", "objection", "appealed"), OBJECTION),
    **dict.fromkeys(("other", "pending"), OTHER),
}
# Words of any state column, from the top: what is said not to be so, what is on its way, what has happened.
_WORDS: Final = (
    (STANDS, re.compile("(?:尚|暂|仍|还)?(?:未|没有|没|无|非|不存在|不)(?:被|有|曾|提出|申请|进行|办理)*"
                        "(?:撤销|撤消|撤回|移出|移除|修复|恢复|异议|申诉|失效|过期|到期|届满|期满|终止|停止公示|注销|删除|下架)")),
    (STANDS, re.compile("异议.{0,4}(?:不成立|驳回|已处理|处理完|办结|完毕|解除|撤回)"
                        "|(?:不予|不可|不得|驳回|拒绝).{0,4}修复|修复.{0,4}(?:失败|驳回|不通过|未通过)|^可.{0,3}修复|^(?:已?恢复|继续|重新)公示")),
    (OTHER, re.compile("(?:申请|拟|待|正在|审核|审批|受理|办理|部分).{0,4}(?:撤销|撤消|移出|移除|修复|变更)"
                       "|(?:撤销|撤消|移出|移除|修复|变更).{0,4}(?:申请|审核|审批|受理|办理|处理|待|中$)")),
    (OBJECTION, re.compile("异议|申诉|复议|诉讼|争议|质疑|听证")),
    (PUBLICATION_OVER, re.compile("(?:停止|终止|结束|取消|撤销|不再|不予|不|未|非|已停|停)(?:公示|公开|公布)"
                                  "|撤下|下架|下线|屏蔽|隐藏|(?:公示|公开).{0,2}(?:届满|期满|到期|结束|终止|完毕)")),
    (REVOKED, re.compile("撤销|撤消|撤回|作废|废止|无效|确认违法|纠错|取消")),
    (REPAIRED, re.compile("修复")),
    (REMOVED, re.compile("移出|移除|退出|恢复|解除|未生效|不生效|未列入|非列入")),
    (TERM_OVER, re.compile("届满|期满|到期|过期|失效|终止|期限已")),
    (DELETED, re.compile("删除|已删")),
    (OTHER, re.compile("其他|其它|中止|暂停|暂缓|停止执行|冻结|待定")),
)  # fmt: skip
_NORMAL: Final = re.compile(
    "(?:当前|现行|目前|状态|处于|已|仍|在|数据|公示|正常)*"
    "(?:正常|有效|公示|公示中|公开|公布|生效|生效中|列入|在列|列|标记|现行|执行中|在册|启用|存在|有效期内|公示期内|新增|更新|变更|修改)(?:名单|名录|状态)?"
    # What the register says of the company is not what the list says of its entry.
    "|存续.{0,8}|在营.{0,8}|开业|在业|迁入|迁出|登记成立|正常经营"
)


def read_state(cells: Mapping[str, str], list_type: str, today: str) -> str:
    """The state of an entry by all state columns of its row: one of `ENDED` or `IN_DOUBT`, '' where it stands.

    `today` is YYYY-MM-DD: an end on a later day has not come yet.
    """
    given = [field for field, text in cells.items() if text and field in _SAYING]
    if not given:
        return STANDS
    states = {_of_column(field, cells[field], list_type) for field in given if field in COLUMNS}
    states |= {_of_day(cells[field], DAYS[field], today) for field in given if field in DAYS}
    if not _day(cells.get("removed_on", "")):
        states.add(_of_removal_reason(cells.get("removed_reason", "")))
    return next((state for state in _ORDER if state in states), STANDS)


def is_deleted(cells: Mapping[str, str]) -> bool:
    """Whether the mark of a row (增删改标志, 数据状态) says that its source has deleted it."""
    return any(_of_column(field, cells.get(field, ""), "") == DELETED for field in ("op", "record_state"))


def end_day(cells: Mapping[str, str]) -> str:
    """The first day on which a column of the row says that the entry ends; '' for none."""
    days = [_day(cells[field]) for field in DAYS if cells.get(field)]
    return min((day for day in days if day), default="")


def _of_column(field: str, text: str, list_type: str) -> str:
    """The gravest of what a cell says; several columns of one field are joined by `；`."""
    states = {_of_value(field, part, list_type) for part in text.split("；")}
    return next((state for state in _ORDER if state in states), STANDS)


@lru_cache(maxsize=4096)
def _of_value(field: str, text: str, list_type: str) -> str:
    value, column = _plain(text), COLUMNS[field]
    if not value or (value in _BLANK and (column.no is None or value not in _NO)):
        return STANDS
    codes = _STANDARD_CODES if field == "entry_state" and list_type == "penalties" else column.codes or {}
    for meaning in (
        codes.get(value),
        column.yes if value in _YES else None,
        column.no if value in _NO else None,
        _MARKS.get(value) if field in ("op", "record_state") else None,
    ):
        if meaning is not None:
            return meaning
    if value == "0" and field == "entry_state":
        return STANDS
    if column.yes is not None and _day(text):
        # The column of a yes holds the day on which it came about.
        return column.yes
    return _of_words(value)


def _of_words(value: str) -> str:
    if value in _ENGLISH:
        return _ENGLISH[value]
    if _NORMAL.fullmatch(value):
        return STANDS
    return next((state for state, words in _WORDS if words.search(value)), UNKNOWN)


def _of_day(text: str, ended: str, today: str) -> str:
    """What a column of the day of an end says; words in it are read as those of a state column are."""
    value = _plain(text)
    if not value or value in _BLANK or value in _NO:
        return STANDS
    if value in _YES:
        return ended
    try:
        day = read_day(text)
    except ValueError:
        return _of_words(value)
    return ended if day and day <= today else STANDS


def _of_removal_reason(text: str) -> str:
    """A reason of a removal without its day: the entry was taken off, unless the words say that it was not."""
    value = _plain(text)
    if not value or value in _BLANK or value in _NO or _NORMAL.fullmatch(value) or _WORDS[0][1].search(value):
        return STANDS
    return REMOVED


def _day(text: str) -> str:
    try:
        day = read_day(text) if any(map(str.isdigit, text)) else ""
    except ValueError:
        return ""
    return "" if day == OPEN_END else day


def _plain(text: str) -> str:
    """A value as it is compared: NFKC, lower case, no blanks and brackets, `1.0` as 1, `1-撤销` as 撤销."""
    plain = re.sub(r"[\s。，,！!：:()\[\]【】“”\"'`]+", "", unicodedata.normalize("NFKC", text)).lower()
    return re.sub(r"^\d[-_.、]?(?=[\u3400-\u9fff])|(?<=^\d)\.0+$", "", plain)
