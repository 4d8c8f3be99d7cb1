"""Platforms and their keys: /v1/platforms."""

from typing import Any

from chalicelib import logs, wiring
from chalicelib.accounts import admit_platform, api_keys, platforms
from chalicelib.accounts.roles import Role
from chalicelib.handlers.routing import ANYONE, OPERATOR, REGULATOR, Ask, Doors, Reply

doors = Doors(__name__)


@doors.door("/v1/platforms", "POST", roles=(OPERATOR,))
def admit(ask: Ask) -> Reply:
    """Admit a platform, regulator or operator; its first key is in the answer and nowhere else."""
    from chalicelib.handlers.requests.platforms import NewPlatform

    wanted = ask.read(NewPlatform)
    new = admit_platform.NewPlatform(wanted.id, wanted.name, Role(wanted.role), wanted.aws_account or "")
    made = admit_platform.admit(wiring.exchange(), wiring.topics(), new, wiring.now())
    logs.note("platform_admitted", platform=wanted.id, role=wanted.role, by=ask.caller.platform_id)
    return Reply(made, 201)


@doors.door("/v1/platforms", "GET", roles=(OPERATOR, REGULATOR))
def every_platform(_ask: Ask) -> dict[str, Any]:
    """Everybody who was admitted."""
    return {"platforms": platforms.describe_all(wiring.exchange())}


@doors.door("/v1/platforms/me", "GET", roles=ANYONE)
def me(ask: Ask) -> dict[str, Any]:
    """Who the key belongs to, its topics and its keys."""
    return platforms.describe(wiring.exchange(), ask.caller.platform_id)


@doors.door("/v1/platforms/{platform_id}/keys", "POST", roles=(OPERATOR,))
def issue_key(ask: Ask, platform_id: str) -> Reply:
    """A further key for the platform; with `replaces` it rotates."""
    from chalicelib.handlers.requests.platforms import NewKey

    wanted = ask.read(NewKey)
    made = api_keys.issue_key(wiring.exchange(), platform_id, wiring.now(), wanted.replaces or "", wanted.grace_seconds)
    logs.note("key_issued", platform=platform_id, key_id=made["key_id"], by=ask.caller.platform_id)
    return Reply(made, 201)


@doors.door("/v1/platforms/{platform_id}/keys/{key_id}", "DELETE", roles=(OPERATOR,))
def revoke_key(ask: Ask, platform_id: str, key_id: str) -> dict[str, Any]:
    """Revoke a key at once."""
    revoked = api_keys.revoke_key(wiring.exchange(), platform_id, key_id, wiring.now())
    logs.note("key_revoked", platform=platform_id, key_id=key_id, by=ask.caller.platform_id)
    return revoked
