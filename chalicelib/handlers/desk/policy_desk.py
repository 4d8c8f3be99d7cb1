"""A platform's desk for its policy: the dry run of a proposed table, for the API and the console."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib import wiring

if TYPE_CHECKING:
    from chalicelib.accounts.api_keys import Caller
    from chalicelib.verdicts.policy_dry_run import DryRun
    from chalicelib.verdicts.rules.platform_policy import PolicyRow
    from chalicelib.verdicts.rules.policy_effects import PastMatch

# Of the results of a roster so much is looked at in a dry run: some thousands of matches.
MOST_RESULTS_BYTES: Final = 4 * 1024 * 1024


def dry_run(caller: "Caller", rows: "Sequence[PolicyRow]", now: datetime) -> "DryRun":
    """What a proposed table would change of the latest lookups and of the matches of the roster. Nothing is saved."""
    from chalicelib.verdicts import policy_dry_run

    context = policy_dry_run.Context(wiring.registry(), wiring.exchange())
    return policy_dry_run.dry_run(context, caller, rows, roster_matches(caller.platform_id), now)


def roster_matches(platform_id: str) -> "list[PastMatch]":
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
