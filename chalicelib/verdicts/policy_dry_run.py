"""A dry run of a policy: what a proposed table would make of a platform's latest lookups and of its roster."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.registry import listing_visibility
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts.load_rules import rules_for
from chalicelib.verdicts.recent_lookups import RecentLookup, recent_lookups
from chalicelib.verdicts.rules.platform_policy import Policy, PolicyRow
from chalicelib.verdicts.rules.policy_effects import Effects, PastMatch, Proposal
from chalicelib.verdicts.save_platform_policy import require_valid

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

READ_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class DryRun:
    """What the next version of a policy would change: of the latest lookups, and of the matches of the roster."""

    version: int
    lookups: Effects
    roster: Effects
    at: str

    def view(self) -> Json:
        """The dry run as the platform sees it."""
        return {
            "version": self.version,
            "lookups": self.lookups.view(),
            "roster": self.roster.view(),
            "rehearsed_at": self.at,
        }


@dataclass(frozen=True, slots=True)
class Context:
    """What a dry run reads: the subjects, the rules in force and the latest lookups."""

    registry: "RegistryTable"
    exchange: "ExchangeTable"


def dry_run(
    context: Context, caller: Caller, rows: Sequence[PolicyRow], roster: Iterable[PastMatch], now: datetime
) -> DryRun:
    """What would change if `rows` were in force: of the latest lookups, and of the matches of the roster.

    Everything is judged twice, as it is today. Nothing is saved. `BadRequest` for a table with an invalid row.
    """
    rules = rules_for(context.exchange, caller.platform_id)
    require_valid(rows, rules.bounds)
    # What is proposed has no number yet: it would be the next one.
    version = (rules.policy.version if rules.policy else 0) + 1
    proposed = replace(rules, policy=Policy(version=version, rows=tuple(rows)))
    proposal = Proposal(rules, proposed, china_date(now))
    lookups = matches_of_lookups(recent_lookups(context.exchange, caller.platform_id, now))
    return DryRun(
        version,
        _effects(context, caller, lookups, proposal, now),
        _effects(context, caller, roster, proposal, now),
        iso(now),
    )


def matches_of_results(results: Iterable[Json]) -> Iterator[PastMatch]:
    """The matches in the results of a screened roster: rows with `merchant_id` and `matches` as a lookup has them."""
    for row in results:
        for match in row.get("matches", ()):
            yield PastMatch({"merchant_id": row["merchant_id"]}, match["subject"]["subject_id"], match["relation"])


def matches_of_lookups(lookups: Iterable[RecentLookup]) -> Iterator[PastMatch]:
    """The matches of the platform's latest lookups."""
    for lookup in lookups:
        origin = {"lookup_id": lookup.lookup_id, "looked_up_at": lookup.at, "asked_id": lookup.asked_id}
        for subject_id, relation in sorted(lookup.relations.items()):
            yield PastMatch(origin, subject_id, relation)


def _effects(
    context: Context, caller: Caller, matches: Iterable[PastMatch], proposal: Proposal, now: datetime
) -> Effects:
    effects = Effects()
    for batch in _batches(matches):
        subjects = context.registry.subjects(match.subject_id for match in batch)
        effects.compared += len(batch)
        for match in batch:
            subject = subjects.get(match.subject_id)
            if subject:
                listings = listing_visibility.visible(caller, subject, now)
                effects.add(proposal.effect_on(match, subject, listings))
    return effects


def _batches(matches: Iterable[PastMatch]) -> Iterator[list[PastMatch]]:
    remaining = iter(matches)
    while batch := list(islice(remaining, READ_AT_ONCE)):
        yield batch
