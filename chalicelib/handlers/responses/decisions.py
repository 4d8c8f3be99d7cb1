"""Answers about what decides beside the listing itself: policies, bounds, campaigns (专项), guards."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.responses.listings import ListingEvent
from chalicelib.handlers.responses.shared import (
    Answer,
    Count,
    Day,
    EvidenceLevel,
    Listing,
    ListingVerdict,
    Moment,
    Relation,
    RelationClass,
    Sentence,
    Severity,
    Subject,
    absent,
)

CAMPAIGN_ID = r"^c_[0-9a-f]{16}$"


class PolicyRowView(Answer):
    """One row of a platform's table."""

    relation: RelationClass
    severity: Severity
    evidence: EvidenceLevel = Field(description="the least evidence level that the row speaks of")
    source: Literal["any", "platform", "government"]
    corroboration: Literal["any", "conflict", "both", "platform_only", "government_only", "none"]
    verdict: ListingVerdict
    working_days: Count | None = Field(None, description="to answer a task; null for the exchange's own clock")


class Version(Answer):
    """Who put a version into force, and why; version 0 was put by nobody."""

    version: Count
    set_by: str = absent("the participant")
    key_id: str = absent("the key by which it was set")
    set_at: Moment = absent()
    why: str = absent()


class PolicyVersion(Version):
    """A platform's table, as it is in force or was in that version."""

    rows: list[PolicyRowView]


class PlatformPolicy(PolicyVersion):
    """The table with the platform that it is of."""

    platform_id: str


class BoundRowView(Answer):
    """One row of the bounds: what a platform's policy may say at the mildest and at the gravest."""

    relation: RelationClass
    severity: Severity
    evidence: EvidenceLevel
    mildest: ListingVerdict
    gravest: ListingVerdict
    most_days: Count


class BoundsVersion(Version):
    """The bounds of all platforms' policies."""

    rows: list[BoundRowView]


class VerdictMove(Answer):
    """A verdict as it stands and as it would be."""

    now: str
    then: str


class DaysMove(Answer):
    """The working days to answer a task, as they stand and as they would be; null for the exchange's own clock."""

    now: Count | None
    then: Count | None


class ListingMove(Answer):
    """How the verdict on one listing would change."""

    listing_id: str
    verdict: VerdictMove
    answer_days: DaysMove
    decided_by: dict[str, str | int]


class MatchMove(Answer):
    """How one match would change: of a lookup, or of a merchant of the roster."""

    lookup_id: str = absent("of a lookup")
    looked_up_at: Moment = absent("of a lookup")
    asked_id: str = absent("of a lookup: the applicant, by its strongest identifier or a digest")
    merchant_id: str = absent("of a merchant of the roster")
    subject: Subject
    relation: Relation
    verdict: VerdictMove
    listings: list[ListingMove]


class DryRunPart(Answer):
    """What would change among what was looked at; up to 200 changes are shown one by one."""

    looked_at: Count
    changed: Count
    moves: dict[str, int] = Field(description="`review -> block`: how many")
    changes: list[MatchMove]


class DryRun(Answer):
    """What a proposed table would make of the latest lookups and of the roster. Nothing is saved."""

    version: int = Field(ge=1, description="the version that it would become")
    lookups: DryRunPart
    roster: DryRunPart
    rehearsed_at: Moment


class Campaign(Answer):
    """A campaign; days are those of China, the last one included."""

    campaign_id: str = Field(pattern=CAMPAIGN_ID)
    name: str
    reasons: list[str]
    starts_on: Day
    ends_on: Day
    working_days: Count = absent("to answer a task, where that is shorter than the exchange's own clock")
    severity_floor: Severity = absent("listings count as at least that grave meanwhile")
    state: Literal["planned", "running", "ended"]
    opened_by: str
    opened_at: Moment
    ended_by: str = absent("where it was ended before its last day")
    ended_at: Moment = absent()
    why: str = absent("why it was ended")


class CampaignList(Answer):
    """All campaigns, the latest first."""

    campaigns: list[Campaign]


class CampaignFigures(Answer):
    """How much of the ledger belongs to a campaign."""

    listings: Count
    tasks: Count
    answered: Count
    closed: Count
    in_time: Count


class CampaignView(Campaign):
    """A campaign; for a regulator with its figures."""

    figures: CampaignFigures = absent("for a regulator")


class Burst(Answer):
    """A burst: one platform, one day, one trade or region."""

    guard_id: str = Field(pattern=r"^g_[0-9a-f]{16}$")
    platform_id: str
    day: Day
    until: Day = absent("the last day, where several of a platform that nobody decided were put together")
    key: str = Field(
        description="trade:<word> or region:<first four digits of the division>; * for everything, with `until`"
    )
    filed: Count
    in_all: Count = Field(description="what the platform filed in all on that day")
    busiest_before: Count
    at: Moment


class LiftedBurst(Burst):
    """A burst that a regulator said is none; its listings count in full."""

    lifted_by: str
    lifted_at: Moment
    why: str


class Trust(Answer):
    """How far a reporter is trusted, by what became of the disputes over its listings."""

    platform_id: str
    reported: Count
    upheld: Count
    amended: Count
    voided: Count
    conceded: Count
    level: Literal["fair", "watched", "low"]
    says: Sentence


class Guards(Answer):
    """The bursts that stand, and how reporters are trusted."""

    bursts: list[Burst]
    low_trust: list[Trust] = absent("for a regulator: the reporters whose lone reports go to review")
    trust: Trust = absent("for a platform: its own")


class LiftedListing(Listing):
    """A listing that the guard holds no more, with its history."""

    guard_lifted: str = Field(description='the guard that held it; "" for none')
    history: list[ListingEvent]
