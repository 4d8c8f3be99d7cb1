"""What two subjects share besides a name, and when that makes one the successor of the other (换壳再入驻).

Values of personal fields (legal representative, phone, bank account) arrive as keyed digests; addresses, domains and
shop URLs arrive as written and are normalised here, so that 3 号楼 and 3号楼 are one place.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from hashlib import blake2b
from urllib.parse import urlsplit

from chalicelib.matching.character_variants import plain
from chalicelib.matching.find_region import read
from chalicelib.matching.name_scoring import Reason

# Kind of the posting list under the code of the company that a sole trader became (个转企).
SUCCESSOR = "successor"
# What sharing the value is worth, 0 to 1.
SIGNALS: dict[str, float] = {
    "legal_representative": 0.4,
    "phone": 0.4,
    "bank_account": 0.5,
    "address": 0.3,
    "domain": 0.4,
    "shop_url": 0.5,
}
# Two fields of one source are one signal: a shop's URL lies on its domain.
_SOURCE = {"domain": "web", "shop_url": "web"}
_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")
_SAME_WORDS = (
    ("号楼", "栋"), ("幢", "栋"), ("座", "栋"), ("楼", "层"), ("号室", "室"), ("房间", "室"), ("房", "室"),
    ("大道", "路"), ("之", "-"),
)  # fmt: skip


def normal_address(text: str) -> str:
    """An address from its narrowest division on, with one word for 栋, 层 and 室 and digits for single hanzi numerals.

    The narrowest division stays: without it 人民路1号 is anywhere.
    """
    whole = plain(text).replace("(", "").replace(")", "")
    at, divisions, _ = read(whole, "")
    place, whole = divisions[-1].stem if divisions else "", whole[at:]
    for word, same in _SAME_WORDS:
        whole = whole.replace(word, same)
    return place + whole.translate(_DIGITS).removesuffix("室").removesuffix("号")


def normal_url(text: str, path: bool) -> str:
    """Host in lower case without `www.`, port and scheme; with the path and the query where they identify the shop."""
    text = unicodedata.normalize("NFKC", text).strip()
    try:
        parts = urlsplit(text if "//" in text else "//" + text)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").rstrip(".")
    except ValueError:
        return ""
    if not path:
        return host
    query = "?" + parts.query if parts.query else ""
    return host + parts.path.rstrip("/") + query


def _normal(field: str, value: str) -> str:
    if field == "address":
        return normal_address(value)
    return normal_url(value, path=field == "shop_url") if field in _SOURCE else value


def signal_key(field: str, value: str) -> str:
    """The posting list of one signal; empty where nothing is left of the value."""
    normal = _normal(field, value) if value else ""
    return f"{field}#{blake2b(normal.encode(), digest_size=9).hexdigest()}" if normal else ""


def signal_keys(signals: Mapping[str, str]) -> tuple[str, ...]:
    """The posting lists under which a subject's signals are filed and asked for."""
    keys = (signal_key(field, signals.get(field, "") or "") for field in SIGNALS)
    return tuple(key for key in keys if key)


def compare_signals(
    asked: Mapping[str, str], listed: Mapping[str, str], common: Collection[str] = ()
) -> tuple[Reason, ...]:
    """The signals that both carry with the same value.

    `common` holds the keys of posting lists that are past their cap: a value that so many subjects share (an agent's
    address, a call centre's phone) says nothing and is left out.
    """
    reasons = []
    for field, weight in SIGNALS.items():
        mine, theirs = asked.get(field, "") or "", listed.get(field, "") or ""
        key = signal_key(field, mine)
        if key and key not in common and key == signal_key(field, theirs):
            reasons.append(Reason(field, "same", mine, theirs, weight))
    return tuple(reasons)


def is_successor(reasons: Iterable[Reason]) -> bool:
    """Two independent signals are shared: perhaps the evicted subject in a new shell, for a person to judge."""
    return len({_SOURCE.get(reason.field, reason.field) for reason in reasons if reason.field in SIGNALS}) >= 2
