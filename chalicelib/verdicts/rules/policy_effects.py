"""What a proposed policy would change of the matches that a platform has, by the listings of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.records import Json
from chalicelib.verdicts.rules import decide_verdict
from chalicelib.verdicts.rules.decide_verdict import Decision
from chalicelib.verdicts.rules.rules_in_force import Rules
from chalicelib.verdicts.rules.verdict_by_severity import gravest

# So many changes are shown; all are counted.
MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class PastMatch:
    """A subject that the platform found, how it was recognised, and by what: a lookup, or a merchant of its own."""

    origin: Mapping[str, str]
    subject_id: str
    relation: str


@dataclass(frozen=True, slots=True)
class ListingChange:
    """What is decided of one listing now, and what the proposed policy would decide."""

    listing_id: str
    now: Decision
    then: Decision

    @property
    def differs(self) -> bool:
        """Whether the verdict or the time to answer a task would be another."""
        return (self.now.verdict, self.now.answer_days) != (self.then.verdict, self.then.answer_days)

    def view(self) -> Json:
        """The change as the platform sees it."""
        return {
            "listing_id": self.listing_id,
            "verdict": {"now": self.now.verdict, "then": self.then.verdict},
            "answer_days": {"now": self.now.answer_days, "then": self.then.answer_days},
            "decided_by": self.then.decided_by.view(),
        }


@dataclass(frozen=True, slots=True)
class MatchChange:
    """How one match would change; `listings` has a change for each listing, in order."""

    match: PastMatch
    subject: Subject
    listings: Sequence[ListingChange]

    @property
    def differs(self) -> bool:
        """Whether anything would change."""
        return any(change.differs for change in self.listings)

    @property
    def verdicts(self) -> dict[str, str]:
        """The gravest verdict `now`, and `then`."""
        return {
            "now": gravest(change.now.verdict for change in self.listings),
            "then": gravest(change.then.verdict for change in self.listings),
        }

    def view(self) -> Json:
        """The change as the platform sees it, with the listings that would change."""
        return {
            **self.match.origin,
            "subject": subjects.view(self.subject),
            "relation": self.match.relation,
            "verdict": self.verdicts,
            "listings": [change.view() for change in self.listings if change.differs],
        }


@dataclass(slots=True)
class Effects:
    """How many matches were compared, how often each verdict would become which, and the first changes."""

    compared: int = 0
    moves: Counter[str] = field(default_factory=Counter)
    changes: list[MatchChange] = field(default_factory=list)

    def add(self, change: MatchChange) -> None:
        """Count a match whose subject still exists."""
        if not change.differs:
            return
        verdicts = change.verdicts
        self.moves[f"{verdicts['now']} -> {verdicts['then']}"] += 1
        if len(self.changes) < MOST_SHOWN:
            self.changes.append(change)

    def view(self) -> Json:
        """The effects as the platform sees them."""
        return {
            "looked_at": self.compared,
            "changed": self.moves.total(),
            "moves": dict(sorted(self.moves.items())),
            "changes": [change.view() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """The rules in force and those with a proposed policy in its place, judged on one day."""

    now: Rules
    then: Rules
    today: str

    def effect_on(self, match: PastMatch, subject: Subject, listings: Sequence[Listing]) -> MatchChange:
        """What the proposal would change of a match, whose subject has these listings that the platform may see."""
        now = decide_verdict.judge_all(match.relation, subject, listings, self.now, self.today)
        then = decide_verdict.judge_all(match.relation, subject, listings, self.then, self.today)
        compared = zip(listings, now, then, strict=True)
        return MatchChange(match, subject, [ListingChange(listing.listing_id, *both) for listing, *both in compared])
