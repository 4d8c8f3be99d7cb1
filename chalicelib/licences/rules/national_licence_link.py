"""The display link of an electronic business licence (亮照), read without a request.

SAMR notice 2019 No. 28: a merchant embeds https://zzlz.gsxt.gov.cn/businessCheck/verifKey.do?showType=p
&serial=<USCC>-SAIC_SHOW_100000<USCC><epoch ms>&signData=<base64 of a DER signature>. A link that is well formed is not
yet confirmed: only the national system can say whether it still leads to a licence.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit

from chalicelib.licences.rules.sm2_signature import ORDER, from_der
from chalicelib.values.organisation_codes import has_uscc_shape
from chalicelib.values.timestamps import iso

HOST: Final = "zzlz.gsxt.gov.cn"
PATH: Final = "/businessCheck/verifKey.do"
SERIAL: Final = re.compile(r"([0-9A-Z]{18})-SAIC_SHOW_100000([0-9A-Z]{18})([0-9]{13})")
# The system went on line on 2019-06-10; nothing can have been signed before.
ONLINE_SINCE: Final = datetime(2019, 6, 10, tzinfo=UTC)
LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """What a display link says of itself; `problems` are codes of errors.py, none when it is well formed.

    `url` is a well-formed link put together again from its parts, so that nothing else travels with it.
    """

    problems: tuple[str, ...]
    uscc: str = ""
    made_at: str = ""
    url: str = ""


def check_link(url: str, uscc: str, now: datetime) -> LinkCheck:
    """Whether the link has the form that the national system gives, for that merchant when `uscc` is given."""
    plain = unescape(url.strip())
    try:
        parts = urlsplit(plain)
        host, port = parts.hostname, parts.port
    except ValueError:
        return LinkCheck(("link_no_url",))
    if len(plain) > LONGEST or parts.scheme not in ("http", "https"):
        return LinkCheck(("link_no_url",))
    problems: list[str] = []
    if parts.scheme != "https":
        problems.append("link_not_https")
    # The whole host: zzlz.gsxt.gov.cn.example.com ends otherwise, user@host begins otherwise.
    if host != HOST or port not in (None, 443) or "@" in parts.netloc:
        problems.append("link_wrong_host")
    if parts.path != PATH:
        problems.append("link_wrong_path")
    values = _query(parts)
    first, second, made = _serial(values.get("serial", ""))
    problems.extend(_serial_problems(first, second, made, uscc, now))
    if not _is_signature(values.get("signData", "")):
        problems.append("link_bad_signature_shape")
    query = {"showType": "p", "serial": values.get("serial", ""), "signData": _restored(values.get("signData", ""))}
    url = "" if problems else f"https://{HOST}{PATH}?{urlencode(query)}"
    return LinkCheck(tuple(problems), first, iso(made) if made else "", url)


def _query(parts: SplitResult) -> Mapping[str, str]:
    """The parameters that occur once: of a parameter that occurs twice it is unclear which counts."""
    return {name: values[0] for name, values in parse_qs(parts.query).items() if len(values) == 1}


def _serial(serial: str) -> tuple[str, str, datetime | None]:
    parts = SERIAL.fullmatch(serial)
    if parts is None:
        return "", "", None
    return parts[1], parts[2], datetime.fromtimestamp(int(parts[3]) / 1000, UTC)


def _serial_problems(first: str, second: str, made: datetime | None, uscc: str, now: datetime) -> list[str]:
    if made is None:
        return ["link_bad_serial"]
    problems = []
    if first != second:
        problems.append("link_two_codes")
    if not has_uscc_shape(first):
        problems.append("invalid_uscc")
    if uscc and first != uscc:
        problems.append("link_other_merchant")
    # A day of grace for clocks that differ.
    if not ONLINE_SINCE <= made <= now + timedelta(days=1):
        problems.append("link_bad_time")
    return problems


def _is_signature(text: str) -> bool:
    """Base64 of a DER SEQUENCE of two positive integers below the SM2 order. On the way through a browser each + of
    the base64 has become a space."""
    try:
        der = base64.b64decode(_restored(text), validate=True)
    except (binascii.Error, ValueError):
        return False
    numbers = from_der(der)
    return numbers is not None and max(numbers) < ORDER


def _restored(text: str) -> str:
    return text.replace(" ", "+")
