"""Whether the platform still hosts the merchant of a row of a roster: as a rule it does; the row may say that it left.

Exports of merchant back offices hold shops that were closed long ago. A state that is not understood, that is on its
way (退店审核中) or that passes (暂停营业) is no reason to stop monitoring. What the register says of the company
(经营状态 注销) is none either: such a merchant is the one to look at.

>>> has_left({"shop_state": "已退店"}, "2026-06-01"), has_left({"shop_state": "退店审核中"}, "2026-06-01")
(True, False)
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from chalicelib.values.dates import OPEN_END, read_day

_YES: Final = frozenset({"是", "y", "yes", "t", "true", "1", "√", "✓", "✔", "已"})
_NO: Final = frozenset({"否", "n", "no", "f", "false", "0", "×", "✗", "x", "无", "未", "不是"})
_LEAVING: Final = "关店|闭店|关闭|注销|下架|退出|退店|退驻|清退|离店|离场|撤店|解约|终止|停止|结束|删除|封店"
_STAYS: Final = re.compile(
    f"(?:未|没有|没|无|非|不)(?:被|曾|有|予|进行|办理)*(?:{_LEAVING})"
    f"|(?:申请|拟|待|正在|审核|审批|受理|办理|即将|准备|计划|部分|商品|临时|暂时?).{{0,6}}(?:{_LEAVING})"
    f"|(?:{_LEAVING}).{{0,4}}(?:中$|申请|审核|审批|待|失败|驳回|撤回|取消|恢复)|重新|恢复"
)
# In a column about the shop, and in one about the company, where 注销 and 吊销 are what the register says.
_SHOP_LEFT: Final = re.compile(
    "关店|闭店|关闭|注销|下架|退出|退店|退驻|清退|离店|离场|撤店|解约|(?:终止|停止|结束|不再)(?:合作|经营|营业|入驻|签约)"
    "|(?:合作|合同|签约|入驻)(?:已?终止|已?停止|已?结束|已?解除)|删除|倒闭|永久封"
    "|^(?:closed|left|exited|offboarded|terminated|delisted|removed|deleted|deregistered)$"
)
_COMPANY_LEFT: Final = re.compile(
    "关店|闭店|关闭|下架|退店|退驻|退出平台|清退|离店|撤店|解约|终止合作|停止合作|^closed$"
)
_WORDS: Final = {
    "shop_state": _SHOP_LEFT,
    "entry_state": _SHOP_LEFT,
    "listing_state": _SHOP_LEFT,
    "publication_state": _SHOP_LEFT,
    "record_state": re.compile("删除|^(?:deleted|removed)$"),
    "status": _COMPANY_LEFT,
}
# Whether yes or no says that the merchant has left.
_ANSWERS: Final = {
    "has_left": _YES, "is_removed": _YES, "is_unpublished": _YES, "is_hosted": _NO, "is_listed": _NO, "is_valid": _NO,
}  # fmt: skip
_DAYS: Final = ("left_on", "evicted_on", "removed_on")


def has_left(cells: Mapping[str, str], today: str) -> bool:
    """Whether the row says that the merchant has left the platform by that day (YYYY-MM-DD)."""
    return (
        any(_says_left(cells[field], words) for field, words in _WORDS.items() if cells.get(field))
        or any(_plain(cells.get(field, "")) in answers for field, answers in _ANSWERS.items())
        or any(_is_over(cells[field], today) for field in _DAYS if cells.get(field))
    )


def _says_left(text: str, words: "re.Pattern[str]") -> bool:
    return any(words.search(part) and not _STAYS.search(part) for part in _plain(text).split(";"))


def _is_over(text: str, today: str) -> bool:
    try:
        day = read_day(text)
    except ValueError:
        return False
    return "" < day <= today and day != OPEN_END


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
