"""Answers of the closure ledger (接续清退): tasks and what was done about them, figures, the restricted-entry list."""

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from chalicelib.handlers.responses.shared import (
    NEXT_ALWAYS,
    Answer,
    CampaignLabel,
    Count,
    Day,
    Empty,
    GuardMark,
    ListingOrMark,
    Moment,
    Rate,
    Relation,
    Sentence,
    Subject,
    Uscc,
    absent,
)

TaskKind = TypeAliasType(
    "TaskKind",
    Literal["check", "undo", "inform", "inform_over", "licence_missing", "licence_outdated", "licence_revoked"],
)
TaskState = TypeAliasType(
    "TaskState",
    Literal[
        "told",
        "seen",
        "checked",
        "closed",
        "reopened",
        "not_present",
        "kept",
        "overdue",
        "lifted",
        "informational",
    ],
)
Outcome = Literal["closed", "reopened", "not_present", "kept"]


class TaskClock(Answer):
    """Working days (or hours, where an overlay set them) to answer, and until the regulator is notified."""

    answer_days: Count
    escalate_days: Count
    answer_hours: Count = absent()
    escalate_hours: Count = absent()
    why: list[str] = absent("overlays that shortened it: campaign:<id>, policy:<version>.<row>")


class KnownBy(Answer):
    """How the platform knows the merchant."""

    by: Literal["lookup", "roster", "answer"]
    relation: Relation = absent()
    merchants: list[str] = absent("its own ids of the merchant, of its roster")
    more: bool = absent("there are more ids than are named")


class LicenceFacts(Answer):
    """What a task about a licence is about, as far as it is known."""

    uscc: Uscc = absent()
    name: str = absent()
    state: str = absent()
    status: str = absent()
    due_on: Day = absent()
    verified_at: Moment = absent()
    display_id: str = absent("the display whose shop pages were looked at")
    pages: list[str] = absent("the pages where it was found")


class TaskContent(Answer):
    """What the exchange asks of a platform, and how far that is."""

    task_id: str = Field(pattern=r"^i?[0-9]{1,12}$")
    kind: TaskKind = Field(description="check: close or explain; undo: what was closed may be reopened; others inform")
    task: TaskKind = Field(description="the former name of `kind`, with the same value", deprecated=True)
    state: TaskState
    change: Count = absent("the number of the change that opened it")
    opened_at: Moment
    due_at: Moment = absent("until when it is to be answered; tasks about licences have no clock")
    calendar: Literal["known", "estimated"] = absent("estimated: the working days of that year are not published yet")
    clock: TaskClock = absent()
    known_by: KnownBy = absent()
    outcome: Outcome = absent()
    reason: str = absent("why, where it was given; numbers of persons are masked")
    seen_at: Moment = absent()
    checked_at: Moment = absent()
    overdue_at: Moment = absent()
    regulator_told_at: Moment = absent("when regulators were notified of it")
    answered_at: Moment = absent()
    lifted_at: Moment = absent("when nothing was left to check")
    paused_at: Moment = absent("since when its clock stands still, for a dispute")
    assignee: str = absent("the person of the platform who sees to it")
    assigned_at: Moment = absent("when it was last given to a person, or taken back")
    licence: LicenceFacts = absent("of a task about a licence")
    says: Sentence = absent("of a task about a licence: what is asked")
    campaigns: list[CampaignLabel] = absent()
    guard: GuardMark = absent()


class ClosureTask(TaskContent):
    """A task with the merchant and the listing that it is about."""

    subject: Subject
    listing: ListingOrMark = absent("none of a task about a licence")


class TaskPage(Answer):
    """Tasks after a cursor, in order."""

    tasks: list[ClosureTask]
    next: str = Field(description=NEXT_ALWAYS)


class RefusedRow(Answer):
    """One row that was not taken, and why; it stops no other."""

    row: int = Field(ge=1)
    task_id: str
    code: str
    message: Sentence


class OutcomesTaken(Answer):
    """How many rows were taken, in which states their tasks are now, and what was wrong with the others."""

    rows: Count
    taken: Count
    states: dict[str, int]
    errors: list[RefusedRow]


class TaskEvent(Answer):
    """One step of a task: who, when, before, after."""

    at: Moment
    by: str
    before: TaskState | Empty
    after: TaskState
    step: str = absent("what was done, where the state says another")
    why: str = absent()


class LedgerTask(TaskContent):
    """A task of one platform on the listing."""

    platform_id: str
    history: list[TaskEvent]


class Ledger(Answer):
    """Who was notified of a listing when, and who answered what when; a platform sees its own part."""

    subject: Subject
    listing: ListingOrMark
    open: Count = Field(description="tasks that are not answered")
    tasks: list[LedgerTask]


class Lateness(Answer):
    """Days between an eviction and its report."""

    p50_days: Count | None
    p95_days: Count | None


class Rates(Answer):
    """Rates between 0 and 1, what is given for what is taken, and days; null where there is nothing to divide by."""

    reported_in_time: Rate | None
    answered_in_time: Rate | None
    undone_in_time: Rate | None
    kept_rate: Rate | None
    disputed_rate: Rate | None
    void_rate: Rate | None
    give_to_take: Rate | None = Field(description="listings reported for each lookup and match")
    days_to_answer: Rate | None = Field(
        description="days from the opening of a task to check to its first answer, on average"
    )


class PlatformFigures(Rates):
    """One platform's figures over the period."""

    reported: Count
    lateness: Lateness
    check: dict[str, int] = Field(description="tasks to check by what became of them")
    undo: dict[str, int] = Field(description="tasks to undo by what became of them")
    lookups: Count
    matches: Count


class NamedFigures(PlatformFigures):
    """The figures of one platform, for the regulator."""

    platform_id: str


class TimeToClose(Answer):
    """From the first report of a listing to the last answer of all who were asked."""

    closed: Count
    p50_seconds: Count | None
    p95_seconds: Count | None


class Statistics(Answer):
    """Figures of a period: all platforms' for the regulator; for a platform its own, and the others' median."""

    since: Day
    until: Day
    as_of: Moment | Empty = Field(description='when they were counted; "" before they ever were')
    platforms: list[NamedFigures] = absent("for the regulator")
    own: PlatformFigures = absent("for a platform")
    median: Rates = absent("for a platform: of the others, null where fewer than `least_group` have one")
    least_group: int = absent("for a platform")
    circles: dict[str, TimeToClose] = Field(description="by reason code for the regulator, and over `all`")
