"""The purposes for which an account may look merchants up; a purpose that is not its own is granted to it by name.

Onboarding and rechecking are what a platform is here for. Investigating is the regulators' work: a platform does it
only where an operator or a regulator granted it (个人信息保护法 6: no more than the purpose needs).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.errors import Forbidden
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

INVESTIGATION: Final = "investigation"
# What a platform may do only when it was granted.
TO_BE_GRANTED: Final = (INVESTIGATION,)


def require(exchange: "ExchangeTable", caller: Caller, purpose: str) -> None:
    """Raise `Forbidden` where the caller may not look up for that purpose; the account is read for such ones alone."""
    if caller.role != Role.PLATFORM or purpose not in TO_BE_GRANTED:
        return
    if purpose not in platforms.get(exchange, caller.platform_id).purposes:
        raise Forbidden(ErrorCode.PURPOSE_NOT_GRANTED, purpose=purpose)


def grant(exchange: "ExchangeTable", platform_id: str, purposes: Sequence[str]) -> tuple[str, ...]:
    """Grant exactly these purposes to an account, and take back all others; `NotFound` where there is no account."""
    granted = tuple(sorted(set(purposes)))
    account = platforms.get(exchange, platform_id)
    exchange.set_fields(account.id, {"purposes": list(granted)})
    return granted
