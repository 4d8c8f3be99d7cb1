"""The licence checks of a platform, the newest first; and those of all that people read, for their second readers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.permissions import asked_platform
from chalicelib.accounts.roles import Role
from chalicelib.errors import Forbidden
from chalicelib.licences import decide_licence_check
from chalicelib.licences.rules import licence_check
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.messages import ErrorCode
from chalicelib.storage import day_log
from chalicelib.storage.day_log import DayLog, DaySpan, Entry
from chalicelib.storage.item_keys import licence_keys, numbered_log_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# The list of the checks of all platforms that people read.
OF_ALL: Final = "*"
MANUAL: Final = "manual"
OF_MERCHANTS: Final = "my_record"


@dataclass(frozen=True, slots=True)
class LicenceCheckPage:
    """A page of checks; `next` is the cursor to read on from, '' at the end."""

    checks: list[LicenceCheck]
    next: str


def list_licence_checks(
    exchange: "ExchangeTable", owner: str, fits: Callable[[LicenceCheck], bool], span: DaySpan, limit: int
) -> LicenceCheckPage:
    """The checks in a list (of `owner_of`) that were begun on the days of a span and are kept still (360 days).

    One read unit for each day that is passed, two for each check that is looked through; see `day_log.read_back`.
    """

    def wanted(entries: Sequence[Entry]) -> list[LicenceCheck | None]:
        keys = [licence_keys.licence_check(str(entry.item["entry_id"])) for entry in entries]
        items = exchange.get_many(keys)
        checks = [LicenceCheck.from_item(items[key]) if key in items else None for key in keys]
        return [check if check and fits(check) else None for check in checks]

    return LicenceCheckPage(*day_log.read_back(exchange, _log(owner), span, wanted, limit))


def owner_of(caller: Caller, platform_id: str) -> str:
    """Whose list a caller reads: a platform its own; a regulator that of a platform, or of all checks that people read;
    an operator, who may be their second reader, the latter."""
    if caller.role == Role.OPERATOR:
        if platform_id:
            raise Forbidden(ErrorCode.WRONG_ROLE, role=caller.role, allowed=[Role.REGULATOR])
        return OF_ALL
    return asked_platform(caller, platform_id) or OF_ALL


def has_state(state: str, now: datetime) -> Callable[[LicenceCheck], bool]:
    """Whether a check is in that state at this moment; '' for any."""
    return lambda check: state in ("", licence_check.state_of(check, iso(now)))


def waits_for(caller: Caller, now: datetime) -> Callable[[LicenceCheck], bool]:
    """Whether a check waits for a review that this caller may give."""

    def waits(check: LicenceCheck) -> bool:
        reviews = [review for review in (check.first_review, check.second_review) if review]
        is_open = check.method == MANUAL and licence_check.is_open(check, iso(now)) and len(reviews) < 2
        return is_open and all(review.by != caller.platform_id for review in reviews)

    return waits


def summary(check: LicenceCheck, now: datetime) -> Json:
    """A check as its list shows it."""
    shown: Json = {
        **decide_licence_check.wallet_view(check, now),
        "platform_id": check.platform_id,
        "uscc": check.uscc,
        "purpose": check.purpose,
        "method": check.method,
        "created_at": check.created_at,
        "expires_at": check.answer_until,
    }
    if check.state == licence_check.PENDING:
        reviews = sum(bool(review) for review in (check.first_review, check.second_review))
        return shown | ({"reviews": reviews} if check.method == MANUAL else {})
    return {**shown, "decided_at": check.decided_at, "receipt_id": check.receipt_id}


def enter(exchange: "ExchangeTable", check: LicenceCheck, now: datetime) -> None:
    """Enter a new check into the list of its platform and, where people read it, into that of all; not one that a
    merchant begins for its own record."""
    if check.purpose == OF_MERCHANTS:
        return
    for owner in (check.platform_id, *([OF_ALL] if check.method == MANUAL else [])):
        log, day = _log(owner), china_date(now)
        entry = Entry(day, day_log.draw(exchange, log, day), {"entry_id": check.check_id})
        day_log.enter_expiring(exchange, log, entry, now)


def _log(owner: str) -> DayLog:
    return day_log.expiring_log_of(numbered_log_keys.licence_check_log_name(owner))
