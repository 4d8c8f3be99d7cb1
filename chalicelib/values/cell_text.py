"""What one cell of a table holds, once what spreadsheets and exports put around it is taken off.

>>> tidy("\\u3000北京某某商贸有限公司\\t"), tidy('="0012"'), tidy("N/A")
('北京某某商贸有限公司', '0012', '')
"""

import re
import unicodedata
from collections.abc import Iterable

from chalicelib.values.dates import NULLS

# Lone surrogates stand for bytes that could not be decoded; 锟斤拷 is U+FFFD once more decoded as GBK; C1 controls
# only come from UTF-8 read as Latin-1. Private-use characters are rare hanzi of old GBK fonts and stay.
_DESTROYED = re.compile("[\ufffd\ud800-\udfff\u0080-\u0084\u0086-\u009f]|锟斤拷|锟斤|烫烫烫")
_LOST_HANZI = re.compile(r"[\u3400-\u9fff]\?{2,}|\?{2,}[\u3400-\u9fff]")
_SPACES = re.compile("[\\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u0085]+")
_INVISIBLE = re.compile("[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_WRAPPED = re.compile('="?([^"]*)"?')
_QUOTES = ("'", "=", "`", '"', "‘")
_SHOWN = 200


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


def is_destroyed(cells: Iterable[str]) -> bool:
    """Some characters of the cells were lost before they were read."""
    text = "".join(cells)
    if text.isprintable() and "\ufffd" not in text and "锟" not in text and "烫" not in text:
        return False
    return _DESTROYED.search(text) is not None


def lost_hanzi(name: str) -> bool:
    """A name in which an export put ?? for what its character set did not have."""
    return "??" in name and _LOST_HANZI.search(name) is not None


def printable(value: str) -> str:
    """The value as a rejection shows it: short, and with bytes that are no text written as \\xNN."""
    text = value.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").strip()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _unwrapped(text: str) -> str:
    match = _WRAPPED.fullmatch(text)
    if match:
        return match[1].strip()
    if text[0] == '"' and text[-1] == '"' and len(text) > 1:
        return text[1:-1].strip()
    return text.lstrip("'`‘ ")
