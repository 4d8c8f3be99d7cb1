"""A regulator as the hub of information: it files for a platform, or tells of its own enforcement, by the doors that
platforms report through.

Filed for a platform, a listing is that platform's (`platform:<id>`), so that it is one with what the platform files
itself, and says who filed it. Own enforcement is government's (`government:enforcement:<regulator>`), so that it bears
out what platforms say and is told to all.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.errors import BadRequest, Forbidden
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules.listing_source import ENFORCEMENT, regulator

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# What a report says of whom it is filed for.
FIELDS: Final = ("on_behalf_of", "enforcement")
# An administrative penalty; a judgment (E5) stays one.
LEAST_ENFORCEMENT: Final = "E4"


def relay(exchange: "ExchangeTable", caller: Caller, on_behalf_of: str, enforcement: bool) -> dict[str, Any]:
    """What a report says of whom it is filed for: nothing for a platform's own, one of the two for a regulator's.

    `Forbidden` for a platform that files for another, `BadRequest` for a regulator that says neither or both, or names
    nobody that is a platform.
    """
    if caller.role == Role.PLATFORM:
        if enforcement or on_behalf_of not in ("", caller.platform_id):
            raise Forbidden(ErrorCode.NOT_A_RELAY)
        return {}
    if enforcement == bool(on_behalf_of):
        raise BadRequest(ErrorCode.RELAY_UNCLEAR, expected=["on_behalf_of", "enforcement"])
    if enforcement:
        return {"enforcement": True}
    platform = platforms.find(exchange, on_behalf_of)
    if platform is None or platform.role != Role.PLATFORM:
        raise BadRequest(ErrorCode.UNKNOWN_PLATFORM, on_behalf_of=on_behalf_of[:40])
    return {"on_behalf_of": on_behalf_of}


def filed_as(report: Mapping[str, Any]) -> dict[str, str]:
    """The source of the report's listings, and the regulator that filed them for it."""
    if report.get("enforcement"):
        return {"source": ENFORCEMENT + report["platform_id"]}
    if report.get("on_behalf_of"):
        return {"source": f"platform:{report['on_behalf_of']}", "filed_by": regulator(report["platform_id"])}
    return {"source": f"platform:{report['platform_id']}"}


def evidence_level(report: Mapping[str, Any], said: str) -> str:
    """The level that counts: a regulator's own enforcement is a penalty at least."""
    return max(said, LEAST_ENFORCEMENT) if report.get("enforcement") else said


def may_withdraw(caller: Caller, listing: Mapping[str, Any]) -> bool:
    """Whoever says it and whoever filed it: the platform, the regulator that filed for it, the enforcing regulator."""
    if caller.role == Role.REGULATOR:
        own = ENFORCEMENT + caller.platform_id
        return listing["source"] == own or listing.get("filed_by") == regulator(caller.platform_id)
    return bool(listing["source"] == caller.source)


def listeners(report: Mapping[str, Any]) -> list[str]:
    """Who is told how a report ended: whoever sent it, and the platform that it was sent for."""
    return list(dict.fromkeys(one for one in (report["platform_id"], report.get("on_behalf_of")) if one))
