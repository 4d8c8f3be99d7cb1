"""Permissions: what a caller may see of others. Who sees which listing is in `registry.listing_visibility`."""

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role


def may_see_records_of(caller: Caller, platform_id: str) -> bool:
    """Whether the caller may see what belongs to a platform: the platform itself and every regulator may."""
    return caller.role == Role.REGULATOR or caller.platform_id == platform_id


def limited_to(caller: Caller) -> str:
    """The one platform whose records the caller may see; '' for a regulator, who may see those of all."""
    return "" if caller.role == Role.REGULATOR else caller.platform_id
