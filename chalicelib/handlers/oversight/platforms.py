"""Platforms and their keys: /v1/platforms."""

from typing import TYPE_CHECKING

from chalicelib import errors, logs, wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.parameters import PAGE_OF_100
from chalicelib.handlers.route_declaration import administers
from chalicelib.handlers.routing import ANYONE, OPERATOR, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.platforms import NewAwsAccount, NewKey, NewLimits, NewPlatform, NewPurposes

routes = Routes(__name__, "accounts")


@routes.route(
    "/v1/platforms",
    "POST",
    "admitParticipant",
    roles=(OPERATOR,),
    body="platforms:NewPlatform",
    returns="accounts:AdmittedParticipant",
    status=201,
    errors=(ErrorCode.PLATFORM_EXISTS, ErrorCode.TOO_MANY_PARTICIPANTS),
    also={202: "people.pending:HeldForSecond"},
    second_person=administers,
)
def admit(request: Request, body: "NewPlatform") -> Json:
    """Admit a platform, regulator or operator; its first key is in the answer and nowhere else."""
    from chalicelib.accounts import admit_platform

    new = admit_platform.NewPlatform(body.id, body.name, Role(body.role), body.aws_account or "")
    made = admit_platform.admit(wiring.exchange(), wiring.topics(), new, wiring.now())
    logs.note("platform_admitted", platform=body.id, role=body.role, by=request.caller.platform_id)
    return made


@routes.route(
    "/v1/platforms/{platform_id}/aws-account",
    "PUT",
    "nameAwsAccount",
    roles=(OPERATOR,),
    body="platforms:NewAwsAccount",
    returns="accounts:Participant",
    errors=(ErrorCode.NOT_FOUND,),
)
def name_aws_account(request: Request, body: "NewAwsAccount", platform_id: str) -> Json:
    """Name the AWS account of a participant anew: it may subscribe, and call where the gateway asks for signatures."""
    from chalicelib.accounts import admit_platform

    named = admit_platform.name_account(wiring.exchange(), wiring.topics(), platform_id, body.aws_account)
    logs.note("aws_account_named", platform=platform_id, by=request.caller.platform_id)
    return named


@routes.route("/v1/platforms", "GET", "listParticipants", roles=(OPERATOR, REGULATOR), returns="accounts:Participants")
def every_platform(_request: Request) -> Json:
    """Everybody who was admitted."""
    from chalicelib.accounts import platforms

    return {"platforms": platforms.describe_all(wiring.exchange())}


@routes.route(
    "/v1/set-aside",
    "GET",
    "listSetAside",
    roles=(OPERATOR, REGULATOR),
    query=PAGE_OF_100,
    returns="accounts:SetAsidePage",
)
def set_aside(request: Request) -> Json:
    """What a loop could not save, read or send and went on without: which record, of which work, and why."""
    from chalicelib.storage.set_aside import list_set_aside

    return list_set_aside(wiring.exchange(), request.number("after"), request.number("limit"))


@routes.route("/v1/platforms/me", "GET", "getOwnAccount", roles=ANYONE, returns="accounts:OwnAccount")
def me(request: Request) -> Json:
    """Who the key belongs to, its topics and its keys."""
    from chalicelib.accounts import platforms

    return platforms.describe(wiring.exchange(), request.caller.platform_id)


@routes.route(
    "/v1/platforms/{platform_id}/keys",
    "POST",
    "issueKey",
    roles=(OPERATOR,),
    body="platforms:NewKey",
    returns="accounts:IssuedKey",
    status=201,
    errors=(ErrorCode.NOT_FOUND, ErrorCode.PLATFORM_EXISTS, ErrorCode.TOO_MANY_KEYS),
    also={202: "people.pending:HeldForSecond"},
    second_person=administers,
)
def issue_key(request: Request, body: "NewKey", platform_id: str) -> Json:
    """A further key for the platform; with `replaces` it rotates."""
    from chalicelib.accounts import api_keys

    made = api_keys.issue_key(wiring.exchange(), platform_id, wiring.now(), body.replaces or "", body.grace_seconds)
    logs.note("key_issued", platform=platform_id, key_id=made["key_id"], by=request.caller.platform_id)
    return made


@routes.route(
    "/v1/platforms/{platform_id}/keys/{key_id}",
    "DELETE",
    "revokeKey",
    roles=(OPERATOR,),
    returns="accounts:RevokedKey",
    errors=(ErrorCode.NOT_FOUND,),
)
def revoke_key(request: Request, platform_id: str, key_id: str) -> Json:
    """Revoke a key at once."""
    from chalicelib.accounts import api_keys

    revoked = api_keys.revoke_key(wiring.exchange(), platform_id, key_id, wiring.now())
    logs.note("key_revoked", platform=platform_id, key_id=key_id, by=request.caller.platform_id)
    return revoked


@routes.route(
    "/v1/platforms/{platform_id}/purposes",
    "PUT",
    "grantPurposes",
    roles=(OPERATOR, REGULATOR),
    body="platforms:NewPurposes",
    returns="accounts:GrantedPurposes",
    errors=(ErrorCode.NOT_FOUND,),
)
def grant_purposes(request: Request, body: "NewPurposes", platform_id: str) -> Json:
    """Grant a platform the purposes that are not its own, such as investigating; what is not named is taken back."""
    from chalicelib.accounts import purposes

    granted = purposes.grant(wiring.exchange(), platform_id, body.purposes)
    logs.note("purposes_granted", platform=platform_id, purposes=list(granted), by=request.caller.platform_id)
    return {"platform_id": platform_id, "purposes": list(granted)}


@routes.route(
    "/v1/platforms/{platform_id}/limits",
    "PUT",
    "setLimits",
    roles=(OPERATOR,),
    body="platforms:NewLimits",
    returns="accounts:AccountLimits",
    errors=(ErrorCode.NOT_FOUND,),
)
def set_limits(request: Request, body: "NewLimits", platform_id: str) -> Json:
    """Set how much a platform, or one of its keys, may ask; every container knows it within some seconds."""
    from chalicelib.accounts import platforms, quotas, request_limits

    platform = platforms.get(wiring.exchange(), platform_id)
    if body.key_id and body.key_id not in platform.key_ids:
        raise errors.NotFound(ErrorCode.NOT_FOUND, key_id=body.key_id)
    limits = quotas.Limits(**body.model_dump(exclude={"key_id"}))
    account = quotas.key_account(body.key_id) if body.key_id else quotas.platform_account(platform_id)
    request_limits.set_limits(wiring.exchange(), account, limits)
    logs.note("limits_set", platform=platform_id, key_id=body.key_id or "", by=request.caller.platform_id)
    return limits.to_item()
