"""When a licence must be verified again, and when it lapses.

网络交易监督管理办法 24: a platform verifies the information of its merchants again at least every six months. A licence
is due on `due_on`, that many months after it was verified; a fresh register that bears it out on that day verifies it
again, and without that it lapses on the day after.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from chalicelib.licences.rules.licence import LAPSED, REVOKED, VERIFIED, VerifiedLicence
from chalicelib.matching import parse_name
from chalicelib.registry.rules.subject import Registration

# So many months after its verification a licence is due, unless LICENCE_MONTHS says otherwise.
MONTHS: Final = 6
# How long a lapsed licence stays among those that are due, and how far back the first run of all looks.
LAPSED_SHOWN: Final = timedelta(days=31)


def months_later(day: str, months: int) -> str:
    """The same day so many months later, or the last of that month: 08-31 and six months is 02-28."""
    at = date.fromisoformat(day)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return date(year, month + 1, min(at.day, monthrange(year, month + 1)[1])).isoformat()


def verified_by_register(
    licence: VerifiedLicence, registration: Registration, due_on: str, at: str, today: str
) -> VerifiedLicence | None:
    """The licence once the register has borne it out on its due day; None when the register does not.

    A register that is fresh and says the same name and that the merchant trades is a verification; anything else needs
    the holder.
    """
    if registration.status != "operating" or not registration.name or is_renamed(licence, registration):
        return None
    if licence.state == REVOKED or today < licence.due_on:
        return None
    return licence.replace(
        due_on=due_on, state=VERIFIED, rechecked_at=at, rechecked_by="register", version=licence.version + 1
    )


def lapsed(licence: VerifiedLicence, today: str) -> VerifiedLicence | None:
    """The licence once its due day has passed; None while it has not."""
    if licence.state != VERIFIED or today <= licence.due_on:
        return None
    return licence.replace(state=LAPSED, version=licence.version + 1)


def is_renamed(licence: VerifiedLicence | None, registration: Registration) -> bool:
    """Whether the register knows the merchant by another name than the licence that was verified."""
    verified = licence.name if licence else ""
    return bool(registration.name) and parse_name.comparison_key(registration.name) != parse_name.comparison_key(
        verified
    )
