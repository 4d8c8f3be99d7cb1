"""A dry run of a policy: what a proposed table would make of what the platform found lately, beside what stands now."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.registry import listing_visibility
from chalicelib.registry.rules import subject
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import save_platform_policy
from chalicelib.verdicts.rules import decide_verdict, verdict_by_severity
from chalicelib.verdicts.rules.decide_verdict import Decision, Rules
from chalicelib.verdicts.rules.platform_policy import Policy, Row

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

# So many changes are shown one by one; all are counted.
MOST_SHOWN: Final = 200
READ_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A subject that the platform found, by which relation, and where: `what` is a lookup or a merchant of its own."""

    what: Mapping[str, Any]
    subject_id: str
    relation: str


def dry_run(
    registry: "RegistryTable",
    exchange: "ExchangeTable",
    caller: Caller,
    rows: Sequence[Row],
    roster: Iterable[Found],
    now: datetime,
) -> dict[str, Any]:
    """What would change if `rows` were in force: of the latest lookups, and of the matches of the roster.

    Everything is judged as it stands today, twice. Nothing is saved. `BadRequest` for a table that cannot stand.
    """
    rules = save_platform_policy.rules_for(exchange, caller.platform_id)
    save_platform_policy.check(rows, rules.bounds)
    # What is proposed has no number yet: it would be the next one.
    version = (rules.policy.version if rules.policy else 0) + 1
    proposed = replace(rules, policy=Policy(version, tuple(rows)))
    lookups = _of_lookups(save_platform_policy.lately(exchange, caller.platform_id, now))
    return {
        "version": version,
        "lookups": _compare(registry, caller, lookups, rules, proposed, now),
        "roster": _compare(registry, caller, roster, rules, proposed, now),
        "rehearsed_at": iso(now),
    }


def of_results(results: Iterable[Mapping[str, Any]]) -> Iterator[Found]:
    """The matches in the results of a screened roster: rows with `merchant_id` and `matches` as a lookup has them."""
    for row in results:
        for match in row.get("matches", ()):
            yield Found({"merchant_id": row["merchant_id"]}, match["subject"]["subject_id"], match["relation"])


def _of_lookups(lately: Iterable[Mapping[str, Any]]) -> Iterator[Found]:
    for one in lately:
        what = {"lookup_id": one["lookup_id"], "looked_up_at": one["at"], "asked_id": one["asked_id"]}
        for subject_id, relation in sorted(one["relations"].items()):
            yield Found(what, subject_id, relation)


def _compare(
    registry: "RegistryTable", caller: Caller, found: Iterable[Found], now_rules: Rules, proposed: Rules, now: datetime
) -> dict[str, Any]:
    moves: Counter[str] = Counter()
    shown: list[dict[str, Any]] = []
    looked_at = 0
    for some in _batches(found):
        subjects = registry.subjects(one.subject_id for one in some)
        for one in some:
            looked_at += 1
            known = subjects.get(one.subject_id)
            change = _change(caller, one, known, now_rules, proposed, now) if known else None
            if change is None:
                continue
            moves[f"{change['verdict']['now']} -> {change['verdict']['then']}"] += 1
            if len(shown) < MOST_SHOWN:
                shown.append(change)
    return {"looked_at": looked_at, "changed": moves.total(), "moves": dict(sorted(moves.items())), "changes": shown}


def _change(
    caller: Caller, one: Found, known: Mapping[str, Any], now_rules: Rules, proposed: Rules, now: datetime
) -> dict[str, Any] | None:
    """How one match would change, by its listings; None when neither a verdict nor a clock would."""
    today = china_date(now)
    listings = listing_visibility.visible(caller, known, now)
    before = decide_verdict.judge_all(one.relation, known, listings, now_rules, today)
    after = decide_verdict.judge_all(one.relation, known, listings, proposed, today)
    changed = [
        {
            "listing_id": listing["listing_id"],
            "verdict": {"now": old.verdict, "then": new.verdict},
            "answer_days": {"now": _days(old), "then": _days(new)},
            "decided_by": dict(new.decided_by),
        }
        for listing, old, new in zip(listings, before, after, strict=True)
        if (old.verdict, _days(old)) != (new.verdict, _days(new))
    ]
    if not changed:
        return None
    gravest = {
        "now": verdict_by_severity.gravest(two.verdict for two in before),
        "then": verdict_by_severity.gravest(two.verdict for two in after),
    }
    return {
        **one.what,
        "subject": subject.shown(known),
        "relation": one.relation,
        "verdict": gravest,
        "listings": changed,
    }


def _days(decision: Decision) -> int | None:
    """The shortest clock that overlays set; None for the exchange's own."""
    return min((clock["answer_days"] for clock in decision.clocks), default=None)


def _batches(found: Iterable[Found]) -> Iterator[list[Found]]:
    some: list[Found] = []
    for one in found:
        some.append(one)
        if len(some) == READ_AT_ONCE:
            yield some
            some = []
    if some:
        yield some
