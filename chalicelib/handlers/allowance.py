"""What one request takes of the quotas of its sender, and the headers that say what is left of them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from chalice.app import Request as RawRequest

from chalicelib import wiring
from chalicelib.accounts import quotas
from chalicelib.accounts.quotas import REQUESTS
from chalicelib.errors import TooMany

if TYPE_CHECKING:
    from chalicelib.accounts.api_keys import Caller
    from chalicelib.accounts.quotas import Left

ONE_REQUEST: Final = {REQUESTS: 1}


class Allowance:
    """The quotas of one request: of its key and its platform, or of the address of a sender without a key."""

    __slots__ = ("_accounts", "_left")

    def __init__(self) -> None:
        self._accounts: tuple[str, ...] = ()
        self._left: dict[str, Left] = {}

    def take_for_caller(self, caller: "Caller") -> None:
        """Count the request for its key and its platform. Raises `TooMany`."""
        self._accounts = (quotas.key_account(caller.key_id), quotas.platform_account(caller.platform_id))
        self.take(ONE_REQUEST)

    def take_for_address(self, raw: RawRequest) -> None:
        """Count the request for the address that it came from. Raises `TooMany`."""
        from chalicelib.accounts.request_limits import ADDRESS
        from chalicelib.handlers.source_network import network_of

        self._accounts = (ADDRESS + network_of(raw),)
        self.take(ONE_REQUEST)

    def take(self, units: Mapping[str, int]) -> None:
        """Count so many units more; all or nothing. Raises `TooMany`."""
        limits, now = wiring.request_limits(), wiring.now().timestamp()
        try:
            left = limits.take(self._accounts, units, now)
        except TooMany:
            self._keep(limits.left(self._accounts, units, now))
            raise
        self._keep(left)

    def headers(self) -> dict[str, str]:
        """The headers of the answer."""
        return quotas.headers(self._left.values())

    def _keep(self, left: "list[Left]") -> None:
        for each in left:
            self._left[each.quota.name] = each
