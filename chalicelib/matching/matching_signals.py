"""What two subjects share besides a name, and when that makes one the successor of the other (换壳再入驻).

Values of personal fields (legal representative, phone, bank account) arrive as keyed digests; addresses, domains and
shop URLs arrive as written and are normalised here, so that 3 号楼 and 3号楼 are one place.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from hashlib import blake2b
from urllib.parse import urlsplit

from chalicelib.matching import find_region
from chalicelib.matching.character_variants import plain
from chalicelib.matching.name_scoring import Reason
from chalicelib.matching.readings.addresses import read_address
from chalicelib.values.keyed_digest import FORMS, Digest, forms_of
from chalicelib.values.personal_identifiers import identifying_phones

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

_EARLIER_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")
_EARLIER_WORDS = (
    ("号楼", "栋"), ("幢", "栋"), ("座", "栋"), ("楼", "层"), ("号室", "室"), ("房间", "室"), ("房", "室"),
    ("大道", "路"), ("之", "-"),
)  # fmt: skip


def normal_address(text: str, division: str = "") -> str:
    """An address by its city, road, number, building and unit; '' of what names no place narrow enough to share.

    `division` is that of the subject's registrar: it says which city is meant where several have the district.
    """
    return read_address(text, division).whole


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


def digest_phones(text: str, digest: Digest) -> str:
    """The keyed digests of every number in a field of contacts; a subject is filed, and asked for, under each."""
    return FORMS.join(digest("phone", phone) for phone in identifying_phones(text))


def _normal(field: str, value: str, division: str) -> tuple[str, ...]:
    """The forms under which a value is filed: of an address with its unit and without, of all else one."""
    if field == "address":
        address = read_address(value, division)
        return tuple(dict.fromkeys(form for form in (address.whole, address.without_unit) if form))
    if field in _SOURCE:
        normal = normal_url(value, path=field == "shop_url")
        return (normal,) if normal else ()
    return forms_of(value)


def _key(field: str, normal: str) -> str:
    return f"{field}#{blake2b(normal.encode(), digest_size=9).hexdigest()}"


def signal_keys(signals: Mapping[str, str], division: str = "") -> tuple[str, ...]:
    """The posting lists under which a subject's signals are filed and asked for; `division` is its registrar's."""
    return tuple(
        _key(field, normal)
        for field in SIGNALS
        if (value := signals.get(field, "") or "")
        for normal in _normal(field, value, division)
    )


def asked_signal_keys(signals: Mapping[str, str], division: str = "") -> tuple[str, ...]:
    """The posting lists to fetch for an applicant's signals: those, and that of its address as filed before."""
    keys = signal_keys(signals, division)
    earlier = _earlier_address(signals.get("address", "") or "")
    return (*keys, _key("address", earlier)) if earlier else keys


def _earlier_address(text: str) -> str:
    """The form under which addresses were filed until their parts were told apart, for lists not yet made again."""
    whole = plain(text).replace("(", "").replace(")", "")
    at, divisions, _ = find_region.read(whole, "")
    place, whole = divisions[-1].stem if divisions else "", whole[at:]
    for word, same in _EARLIER_WORDS:
        whole = whole.replace(word, same)
    return place + whole.translate(_EARLIER_DIGITS).removesuffix("室").removesuffix("号")


def compare_signals(
    asked: Mapping[str, str],
    listed: Mapping[str, str],
    common: Collection[str] = (),
    divisions: tuple[str, str] = ("", ""),
) -> tuple[Reason, ...]:
    """The signals that both carry with the same value; `divisions` are those of the two subjects' registrars.

    `common` holds the keys of posting lists that are past their cap: a value that so many subjects share (an agent's
    address, a call centre's phone) says nothing and is left out. Two units of one building are two addresses.
    """
    reasons = []
    for field, weight in SIGNALS.items():
        mine, theirs = asked.get(field, "") or "", listed.get(field, "") or ""
        if not mine or not theirs:
            continue
        shared = set(_normal(field, mine, divisions[0])) & set(_normal(field, theirs, divisions[1]))
        if field == "address" and not read_address(mine, divisions[0]).same(read_address(theirs, divisions[1])):
            continue
        if any(_key(field, normal) not in common for normal in shared):
            reasons.append(Reason(field, "same", mine, theirs, weight))
    return tuple(reasons)


def is_successor(reasons: Iterable[Reason]) -> bool:
    """Two independent signals are shared: perhaps the evicted subject in a new shell, for a person to judge."""
    return len({_SOURCE.get(reason.field, reason.field) for reason in reasons if reason.field in SIGNALS}) >= 2
