"""Platforms' own policies and the regulator's bounds: /v1/platforms/me/policy, /v1/policy-bounds."""

from typing import TYPE_CHECKING, Final

from chalicelib import errors, logs, wiring
from chalicelib.handlers.desk import policy_desk
from chalicelib.handlers.parameters import Number, Parameter
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.policies import Bounds, Policy

routes = Routes(__name__, "policies")
VERSION: Final = Number("version", "版本号，0 为当前版本", "which version; 0 is the one in force", most=999_999)
PLATFORM_ID: Final = Parameter("platform", "平台编号（监管部门）", "whose policy (regulators)", most=40)


@routes.route(
    "/v1/platforms/me/policy",
    "PUT",
    "putPolicy",
    roles=(PLATFORM,),
    body="policies:Policy",
    returns="decisions:PolicyVersion",
    errors=(
        ErrorCode.POLICY_NEVER_BLOCKS,
        ErrorCode.POLICY_OUT_OF_BOUNDS,
        ErrorCode.POLICY_CLOCK_TOO_LONG,
        ErrorCode.POLICY_ROW_UNREACHABLE,
    ),
)
def put_policy(request: Request, body: "Policy") -> Json:
    """Put the platform's own table into force, as its next version."""
    from chalicelib.verdicts import save_platform_policy

    put = save_platform_policy.put_policy(wiring.exchange(), request.caller, body.table(), body.why, wiring.now())
    logs.note("policy_put", platform=request.caller.platform_id, version=put.version)
    return put.to_item()


@routes.route(
    "/v1/platforms/me/policy",
    "GET",
    "getPolicy",
    roles=(PLATFORM, REGULATOR),
    query=(VERSION, PLATFORM_ID),
    returns="decisions:PlatformPolicy",
    errors=(ErrorCode.NOT_FOUND,),
)
def get_policy(request: Request) -> Json:
    """The table that is in force, or that of `version`; a regulator names the `platform`."""
    from chalicelib.verdicts import save_platform_policy

    platform_id = request.caller.platform_id if request.caller.role == PLATFORM else request.text("platform")
    if not platform_id:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="platform", expected="a platform's id")
    version = request.number("version")
    policy = save_platform_policy.get_policy(wiring.exchange(), platform_id, version)
    return {"platform_id": platform_id, **policy.to_item()}


@routes.route(
    "/v1/platforms/me/policy/dry-run",
    "POST",
    "dryRunPolicy",
    roles=(PLATFORM,),
    body="policies:Policy",
    returns="decisions:DryRun",
    errors=(
        ErrorCode.POLICY_NEVER_BLOCKS,
        ErrorCode.POLICY_OUT_OF_BOUNDS,
        ErrorCode.POLICY_CLOCK_TOO_LONG,
        ErrorCode.POLICY_ROW_UNREACHABLE,
    ),
    audited=False,
)
def dry_run(request: Request, body: "Policy") -> Json:
    """Which of the latest lookups and roster matches a proposed table would change, and how. Nothing is saved."""
    return policy_desk.dry_run(request.caller, body.table(), wiring.now()).view()


@routes.route(
    "/v1/policy-bounds",
    "PUT",
    "putPolicyBounds",
    roles=(REGULATOR,),
    body="policies:Bounds",
    returns="decisions:BoundsVersion",
    errors=(
        ErrorCode.POLICY_NEVER_BLOCKS,
        ErrorCode.BOUNDS_INCOMPLETE,
        ErrorCode.POLICY_OUT_OF_BOUNDS,
        ErrorCode.POLICY_CLOCK_TOO_LONG,
    ),
)
def put_bounds(request: Request, body: "Bounds") -> Json:
    """Set what platforms' policies may say."""
    from chalicelib.verdicts import save_platform_policy

    put = save_platform_policy.put_bounds(wiring.exchange(), request.caller, body.table(), body.why, wiring.now())
    logs.note("bounds_put", by=request.caller.platform_id, version=put.version)
    return put.to_item()


@routes.route(
    "/v1/policy-bounds",
    "GET",
    "getPolicyBounds",
    roles=(PLATFORM, REGULATOR),
    query=(VERSION,),
    returns="decisions:BoundsVersion",
    errors=(ErrorCode.NOT_FOUND,),
)
def get_bounds(request: Request) -> Json:
    """The bounds in force, or those of `version`."""
    from chalicelib.verdicts import save_platform_policy

    return save_platform_policy.get_bounds(wiring.exchange(), request.number("version")).to_item()
