"""Platforms' own policies and the regulator's bounds: /v1/platforms/me/policy, /v1/policy-bounds."""

import json
from typing import Any

from chalicelib import errors, logs, wiring
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors
from chalicelib.verdicts import save_platform_policy

doors = Doors(__name__)
# Of the results of a roster so much is looked at in a dry run: some thousands of matches.
MOST_RESULTS_BYTES = 4 * 1024 * 1024
MOST_VERSIONS = 999_999


@doors.door("/v1/platforms/me/policy", "PUT", roles=(PLATFORM,))
def put_policy(ask: Ask) -> dict[str, Any]:
    """Put the platform's own table into force, as its next version."""
    from chalicelib.handlers.requests.policies import Policy

    wanted = ask.read(Policy)
    put = save_platform_policy.put_policy(wiring.exchange(), ask.caller, wanted.table(), wanted.why, wiring.now())
    logs.note("policy_put", platform=ask.caller.platform_id, version=put.version)
    return put.to_item()


@doors.door("/v1/platforms/me/policy", "GET", roles=(PLATFORM, REGULATOR))
def get_policy(ask: Ask) -> dict[str, Any]:
    """The table that is in force, or that of `version`; a regulator names the `platform`."""
    platform_id = ask.caller.platform_id if ask.caller.role == PLATFORM else ask.query("platform")
    if not platform_id:
        raise errors.BadRequest("invalid_request", field="platform", expected="a platform's id")
    version = ask.number("version", 0, MOST_VERSIONS)
    policy = save_platform_policy.get_policy(wiring.exchange(), platform_id, version)
    return {"platform_id": platform_id, **policy.to_item()}


@doors.door("/v1/platforms/me/policy/dry-run", "POST", roles=(PLATFORM,))
def dry_run(ask: Ask) -> dict[str, Any]:
    """Which of the latest lookups and roster matches a proposed table would change, and how. Nothing is saved."""
    from chalicelib.handlers.requests.policies import Policy
    from chalicelib.verdicts import policy_dry_run

    wanted = ask.read(Policy)
    rows, roster = wanted.table(), roster_matches(ask.caller.platform_id)
    context = policy_dry_run.Context(wiring.registry(), wiring.exchange())
    return policy_dry_run.dry_run(context, ask.caller, rows, roster, wiring.now()).view()


@doors.door("/v1/policy-bounds", "PUT", roles=(REGULATOR,))
def put_bounds(ask: Ask) -> dict[str, Any]:
    """Set what platforms' policies may say."""
    from chalicelib.handlers.requests.policies import Bounds

    wanted = ask.read(Bounds)
    put = save_platform_policy.put_bounds(wiring.exchange(), ask.caller, wanted.table(), wanted.why, wiring.now())
    logs.note("bounds_put", by=ask.caller.platform_id, version=put.version)
    return put.to_item()


@doors.door("/v1/policy-bounds", "GET", roles=(PLATFORM, REGULATOR))
def get_bounds(ask: Ask) -> dict[str, Any]:
    """The bounds in force, or those of `version`."""
    return save_platform_policy.get_bounds(wiring.exchange(), ask.number("version", 0, MOST_VERSIONS)).to_item()


def roster_matches(platform_id: str) -> list[Any]:
    """The matches of the platform's roster as it was last screened; none as long as no roster was."""
    from chalicelib.rosters import roster_run_queue
    from chalicelib.rosters.rules import roster_files
    from chalicelib.verdicts import policy_dry_run

    queue = roster_run_queue.read_queue(wiring.exchange(), platform_id)
    if not queue.current:
        return []
    key = roster_files.results_key(platform_id, queue.current, "results", "jsonl")
    body = wiring.bucket().read_from(key, 0, MOST_RESULTS_BYTES)
    # A line that was cut off at the end is left out.
    lines = body.decode("utf-8", "ignore").rpartition("\n")[0].splitlines()
    return list(policy_dry_run.matches_of_results(json.loads(line) for line in lines))
