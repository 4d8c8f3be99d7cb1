"""The answer to a lookup: the verdict, every match with what is decided of its listings, and the sources searched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from chalicelib.government_lists.rules.source_freshness import SourceState
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.find_candidates import Hit
from chalicelib.messages import FindingCode
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Registration, Subject
from chalicelib.verdicts.rules import corroboration, decide_verdict, registration_verdicts
from chalicelib.verdicts.rules.corroboration import Assessment
from chalicelib.verdicts.rules.decide_verdict import Decision
from chalicelib.verdicts.rules.registration_verdicts import Outcome
from chalicelib.verdicts.rules.rules_in_force import Rules
from chalicelib.verdicts.rules.verdict_by_severity import VERDICTS, gravest

# Platforms' evictions are read from the registry itself, so they are as new as the last save.
PLATFORM_EVICTIONS: Final = SourceState("platform_evictions", "live", 0, "ok")


@dataclass(frozen=True, slots=True)
class JudgedListing:
    """A listing with what is decided of it."""

    listing: Listing
    decision: Decision


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a subject, and on each of its listings that the caller may see."""

    subject: Subject
    assessment: Assessment
    verdict: str
    listings: tuple[JudgedListing, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A subject that the applicant may be: how it was recognised, and the judgement of it."""

    hit: Hit
    judgement: Judgement

    @property
    def subject(self) -> Subject:
        """The subject."""
        return self.judgement.subject

    @property
    def relation(self) -> str:
        """How the subject was recognised."""
        return self.hit.relation

    @property
    def verdict(self) -> str:
        """The gravest verdict on its listings."""
        return self.judgement.verdict


@dataclass(frozen=True, slots=True)
class RegisteredStatus:
    """What the register says of exactly the code that was given, as of `at`, and the row that judges it."""

    row: Outcome
    at: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one lookup; `not_same` are the subjects that a person distinguished from the applicant.

    `lookup_id` is '' until the lookup is counted, for its number in the day names it.
    `asked` says of each field that was given whether it was used; `findings` why the answer is not `clear`;
    `policy_version` is that of the platform's own policy, 0 for none.
    """

    lookup_id: str
    verdict: str
    matches: tuple[Match, ...]
    registration: RegisteredStatus | None
    not_same: tuple[str, ...]
    sources: tuple[SourceState, ...]
    looked_up_at: str
    asked: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[FindingCode, ...] = ()
    policy_version: int = 0

    @property
    def relations(self) -> dict[str, str]:
        """How each matching subject was recognised, by its id."""
        return relations(self.matches)


def judge_subject(relation: str, subject: Subject, visible: Sequence[Listing], rules: Rules, today: str) -> Judgement:
    """The verdict on a subject recognised by `relation`, whose listings the caller may see as far as `visible`."""
    assessment = corroboration.assess(subject, today)
    judged = tuple(
        JudgedListing(listing, decide_verdict.judge(relation, listing, subject, assessment.finding, rules, today))
        for listing in visible
    )
    return Judgement(subject, assessment, gravest(each.decision.verdict for each in judged), judged)


def relations(matches: Sequence[Match]) -> dict[str, str]:
    """How each matching subject was recognised, by its id."""
    return {match.subject.subject_id: match.relation for match in matches}


def registered_status(registration: Registration) -> RegisteredStatus | None:
    """What the register says, judged by the table of onboarding; None where it says nothing that has a row."""
    row = registration_verdicts.BY_STATUS.get(registration.status)
    return RegisteredStatus(row, registration.at) if row else None


def overall_verdict(
    matches: Sequence[Match],
    registration: RegisteredStatus | None,
    sources: Sequence[SourceState],
    applicant: Applicant,
) -> str:
    """The gravest verdict of the matches and the register; `unknown` at least where a source could not be searched.

    Also where a credit code fails its check and the register does not know it, and where nothing was found of an
    applicant of whom nothing is given that says who is meant.
    """
    verdicts = [match.verdict for match in matches]
    unverified = applicant.unverified_uscc and not registration
    if unverified or not (matches or applicant.decides_alone):
        verdicts.append("unknown")
    if registration:
        verdicts.append(registration.row.verdict)
    if any(source.status != "ok" for source in sources):
        verdicts.append("unknown")
    return gravest(verdicts)


def gravest_first(matches: Sequence[Match]) -> list[Match]:
    """The matches by verdict, then by score."""
    return sorted(matches, key=lambda match: (VERDICTS.index(match.verdict), round(match.hit.score, 4)), reverse=True)
