"""A regulator as the hub of information: it files for a platform, or reports its own enforcement, by the routes that
platforms report through.

Filed for a platform, a listing is that platform's (`platform:<id>`), so that it is one with what the platform files
itself, and names the regulator that filed it. Own enforcement is government's (`government:enforcement:<regulator>`),
so that it bears out what platforms say and is published to all.
"""

from typing import TYPE_CHECKING

from chalicelib.accounts import platforms
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.errors import BadRequest, Forbidden
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.listing_source import Source
from chalicelib.reports.rules.report import Filing

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def filing_of(exchange: "ExchangeTable", caller: Caller, on_behalf_of: str, enforcement: bool) -> Filing:
    """For whom the caller files: for itself as a platform, for a platform or its own enforcement as a regulator.

    `Forbidden` for a platform that files for another, `BadRequest` for a regulator that gives neither or both, or names
    an account that is no platform.
    """
    if caller.role == Role.PLATFORM:
        if enforcement or on_behalf_of not in ("", caller.platform_id):
            raise Forbidden(ErrorCode.NOT_A_RELAY)
        return Filing()
    if enforcement == bool(on_behalf_of):
        raise BadRequest(ErrorCode.RELAY_UNCLEAR, expected=["on_behalf_of", "enforcement"])
    if on_behalf_of:
        platform = platforms.find(exchange, on_behalf_of)
        if platform is None or platform.role != Role.PLATFORM:
            raise BadRequest(ErrorCode.UNKNOWN_PLATFORM, on_behalf_of=on_behalf_of[:40])
    return Filing(on_behalf_of, enforcement)


def may_withdraw(caller: Caller, listing: Listing) -> bool:
    """Whether the listing is the caller's to withdraw: the platform's own, or what the regulator filed or enforces."""
    if caller.role == Role.REGULATOR:
        return listing.source == Source.of_enforcement(caller.platform_id) or listing.filed_by == caller.actor
    return listing.source == Source.of_platform(caller.platform_id)
