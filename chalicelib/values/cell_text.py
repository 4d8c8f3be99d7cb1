"""What one cell of a table holds, once what spreadsheets and exports put around it is taken off.

>>> tidy("\\u3000北京某某商贸有限公司\\t"), tidy('="0012"'), tidy("N/A")
('北京某某商贸有限公司', '0012', '')
"""

import re
import unicodedata
from itertools import pairwise

from chalicelib.values.dates import NULLS

# What people and programs write where there is no value, beside the nulls of tables; without punctuation and case.
_NO_VALUE = frozenset(
    {
        "无", "暂无", "没有", "未知", "未公示", "未填写", "未提供", "不详", "空", "空白", "空值", "空缺", "待补充",
        "待定", "待填", "待填写", "待补", "待完善", "待更新", "待确认", "待核实", "缺", "缺失", "暂缺", "暂未提供",
        "暂未填写", "暂无信息", "暂无数据", "暂无名称", "无名称", "无数据", "无信息", "无内容", "未填", "未登记",
        "未录入", "未命名", "未设置", "不明", "不知道", "不清楚", "不适用", "無", "暫無", "沒有", "不詳", "待補充",
        "na", "null", "none", "nil", "nan", "nat", "undefined", "tbd", "tba", "unknown", "notavailable",
        "notapplicable", "notprovided", "noname", "nodata", "empty", "blank", "missing",
    }
)  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")
_ZEROS = re.compile(r"0+|([019])\1{5,}")
# The characters of placeholders cut the hanzi into ranges of those that stand in none, as most of any value do.
_CUTS = sorted({0x4DFF, 0xA000} | {ord(char) for char in "".join(_NO_VALUE) if "\u4e00" <= char <= "\u9fff"})
_IN_NO_PLACEHOLDER = "".join(f"{chr(cut + 1)}-{chr(end - 1)}" for cut, end in pairwise(_CUTS) if end - cut > 1)
_OF_A_VALUE = re.compile(f"[2-8hjqxzHJQXZ{_IN_NO_PLACEHOLDER}]")
_SPACES = re.compile("[\\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u0085]+")
_INVISIBLE = re.compile("[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_WRAPPED = re.compile('="?([^"]*)"?')
_QUOTES = ("'", "=", "`", '"', "‘")
_SHOWN = 200
# Surrogates that stand for no byte (PEP 383 has U+DC80 to U+DCFF for those).
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_LONGEST_PLACEHOLDER = 40


def tidy(text: str) -> str:
    """The text without blanks around it, invisible characters and Excel's quotes; '' for every kind of null."""
    if not text.isprintable():
        text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    text = text.strip()
    if text.startswith(_QUOTES):
        text = _unwrapped(text)
    if len(text) <= 8 and (text.lower() in NULLS or (not text.isalnum() and is_null(text))):
        return ""
    return text


def is_null(text: str) -> bool:
    """A text stands for nothing: N/A, NULL, --, 无, 未公示 …"""
    return len(text) <= 8 and unicodedata.normalize("NFKC", text).strip().lower() in NULLS


def given(text: str) -> str:
    """The tidy text of a field that says who or what is meant; '' also for a placeholder: 待定, N/A, /, 000000.

    Only a whole text is a placeholder: 无锡 and 未知星球科技 are names.
    """
    if text and (text := tidy(text)) and is_placeholder(text):
        return ""
    return text


def is_placeholder(text: str) -> bool:
    """Whether a text says nothing: no letter and no digit, words for nothing alone, or a zero or 1 or 9 repeated."""
    if len(text) > _LONGEST_PLACEHOLDER or _OF_A_VALUE.search(text):
        return False
    if len(parts := text.split()) > 1:
        return all(map(is_placeholder, parts))
    words = _WORDS.findall(unicodedata.normalize("NFKC", text).lower())
    whole = "".join(words)
    return whole in _NO_VALUE or all(word in _NO_VALUE for word in words) or _ZEROS.fullmatch(whole) is not None


def printable(value: str) -> str:
    """The value as a rejection shows it: short, with bytes that are no text written as \\xNN, and lone surrogates,
    which only JSON can hold, as \\uNNNN."""
    value = _NO_BYTE.sub(lambda match: f"\\u{ord(match[0]):04x}", value)
    text = value.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").strip()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _unwrapped(text: str) -> str:
    match = _WRAPPED.fullmatch(text)
    if match:
        return match[1].strip()
    if text[0] == '"' and text[-1] == '"' and len(text) > 1:
        return text[1:-1].strip()
    return text.lstrip("'`‘ ")
