"""Permissions: what a caller may see of others. Who sees which listing is in `registry.listing_visibility`."""

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.errors import BadRequest, Forbidden
from chalicelib.messages import ErrorCode


def may_see_records_of(caller: Caller, platform_id: str) -> bool:
    """Whether the caller may see what belongs to a platform: the platform itself and every regulator may."""
    return caller.role == Role.REGULATOR or caller.platform_id == platform_id


def limited_to(caller: Caller) -> str:
    """The one platform whose records the caller may see; '' for a regulator, who may see those of all."""
    return "" if caller.role == Role.REGULATOR else caller.platform_id


def asked_platform(caller: Caller, platform_id: str) -> str:
    """The platform whose records are asked for: of a platform its own, of a regulator the one that it names, '' for
    none. `Forbidden` where a platform names another."""
    if caller.role == Role.REGULATOR or platform_id in ("", caller.platform_id):
        return platform_id or limited_to(caller)
    raise Forbidden(ErrorCode.WRONG_ROLE, role=caller.role, allowed=[Role.REGULATOR])


def one_platform(caller: Caller, platform_id: str) -> str:
    """The same where a regulator has to name one; `BadRequest` where it does not."""
    asked = asked_platform(caller, platform_id)
    if not asked:
        raise BadRequest(ErrorCode.PLATFORM_NEEDED, field="platform")
    return asked
