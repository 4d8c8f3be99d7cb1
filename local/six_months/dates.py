"""Moves every date in a recorded state by a number of days: keys and values, texts and numbers.

The state is moved as text, before it is parsed: a day is written in one of four forms wherever it stands, so no kind
of item is named here. Months have days of different number, so what is kept by month is put in order apart
(`audit_months`).
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache
from typing import Final

_SECONDS: Final = 86_400
# YYYY-MM-DD, alone or at the beginning of a moment; 9999-12-31 stands for no day.
_DAY: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9])")
# Names of fields: d20261127, and d20261127b000001 of a block of open tasks; in a text within a text `\"` ends one.
_FIELD: Final = re.compile(r'(?<="d)((?:19|20)[0-9]{6})(?=(?:b[0-9]{6})?\\?")')
_EXPIRY: Final = re.compile(r'(?<="expires_at":\{"N":")[0-9]+(?="\})')
# The id of a lookup: the day, a digest of the caller, the number of its lookup in that day; also where a line begins.
_LOOKUP: Final = re.compile(r"(?:(?<=\bk_)|(?<=\\nk_))([0-9a-f]{4})([0-9a-f]{10})(?=[0-9a-f]{10}(?![0-9a-f]))")


def mover(days: int, callers: Iterable[str]) -> Callable[[str], str]:
    """A function that moves every date of a text by so many days; `callers`: whose lookups there are."""
    digests = {hashlib.sha256(caller.encode()).hexdigest()[:10] for caller in callers}

    @cache
    def moved(day: str) -> str:
        try:
            return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
        except ValueError:
            return day  # such as the 30th of February in a row that was refused

    def lookup(found: re.Match[str]) -> str:
        since, caller = found.groups()
        return f"{int(since, 16) + days:04x}{caller}" if caller in digests else found[0]

    def move(text: str) -> str:
        text = _DAY.sub(lambda found: moved(found[0]), text)
        text = _FIELD.sub(lambda found: moved(_dashed(found[0])).replace("-", ""), text)
        text = _EXPIRY.sub(lambda found: str(int(found[0]) + days * _SECONDS), text)
        return _LOOKUP.sub(lookup, text)

    return move


def _dashed(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
