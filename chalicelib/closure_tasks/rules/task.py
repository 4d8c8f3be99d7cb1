"""A task of the closure ledger (接续清退): a platform is notified of a merchant that it knows, and answers what it did.

`check`: an active listing blocks the merchant. `undo`: it blocks no more, and what was closed may be reopened. How a
task moves is in task_transitions, how long a platform has in task_deadlines, what a notice of it says in task_notice.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks.rules import task_deadlines
from chalicelib.closure_tasks.rules.task_deadlines import Clock
from chalicelib.notices.rules.numbered_change import MARKS, NumberedChange, marks_of
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import subject as subjects
from chalicelib.values.records import Json, Record, stored

CHECK, UNDO, INFORM, INFORM_OVER = "check", "undo", "inform", "inform_over"
TOLD, SEEN, CHECKED, OVERDUE, LIFTED = "told", "seen", "checked", "overdue", "lifted"
OUTCOMES: Final = {CHECK: ("closed", "not_present", "kept"), UNDO: ("reopened", "not_present", "kept")}
ANSWERED: Final = ("closed", "reopened", "not_present", "kept")
OPEN: Final = (TOLD, SEEN, CHECKED, OVERDUE)
STATES: Final = (TOLD, SEEN, CHECKED, *ANSWERED, OVERDUE, LIFTED)
# Attributes of the stored task that its platform sees, in order; those without a value are left out.
VISIBLE: Final = ("task", "state", "change", "opened_at", "due_at", "calendar", "clock", "known_by", "subject",
                  "listing", "outcome", "reason", "seen_at", "checked_at", "overdue_at", "regulator_told_at",
                  "answered_at", "lifted_at", "paused_at", "licence", "says", "assignee",
                  "assigned_at", *MARKS)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStep(Record):
    """One line of a task's history: when, by whom, from which state to which.

    `step` is stored where it is not the state that it led to; `why` is the reason that came with an answer.
    """

    at: str = stored()
    by: str = stored()
    before: str = stored()
    after: str = stored()
    why: str = stored("")
    step: str = stored("")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBy(Record):
    """How a platform knows the merchant: `by` is roster, lookup or answer; see `platforms_to_alert.Recipient`."""

    by: str = stored("")
    relation: str = stored("")
    merchants: tuple[str, ...] = stored((), many="values")
    more: bool = stored(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Record):
    """A task, an entry of its platform's numbered log; `number` is its place there, 0 until it has one.

    A task about a licence (`licence`, `says`) has neither change nor deadline. `subject` and `listing` are what the
    platform may see of them. `reason` is None until the task is answered. `escalates_at` is when the regulators are to
    be notified, `regulator_told_at` when they were; `told_at` is when the platform was. `assignee` is the id of the
    person of the platform who sees to it, '' for none.
    """

    id: str = stored("")
    number: int = stored(0)
    entry_id: str = stored()
    kind: str = stored(name="task")
    state: str = stored()
    change: int = stored(0)
    changed_at: str = stored()
    first_reported_at: str = stored("")
    opened_at: str = stored()
    due_at: str = stored("")
    calendar: str = stored("")
    clock: Clock | None = stored(None, record=Clock)
    known_by: KnownBy | None = stored(None, record=KnownBy)
    subject: Json = stored()
    listing: Json = stored()
    licence: Json = stored(factory=dict)
    says: Json = stored(factory=dict)
    campaigns: tuple[Json, ...] = stored((), many="values")
    guard: Json = stored(factory=dict)
    steps: int = stored()
    history: tuple[TaskStep, ...] = stored(record=TaskStep, many="list")
    outcome: str = stored("")
    reason: str | None = stored(None)
    seen_at: str = stored("")
    checked_at: str = stored("")
    overdue_at: str = stored("")
    answered_at: str = stored("")
    first_answered_at: str = stored("")
    lifted_at: str = stored("")
    paused_at: str = stored("")
    reminded_at: str = stored("")
    escalates_at: str = stored("")
    regulator_told_at: str = stored("")
    told_at: str = stored("")
    assignee: str = stored("")
    assigned_at: str = stored("")

    @property
    def listing_id(self) -> str:
        """The listing that the task is about."""
        return str(self.listing["listing_id"])

    @property
    def is_open(self) -> bool:
        """Whether the platform has still to answer."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Assignee:
    """The platform that a task asks, how it knows the merchant, and how long it has to answer."""

    platform_id: str
    known_by: KnownBy
    clock: Clock


def entry_id(kind: str, listing_id: str, occasion: str, platform_id: str) -> str:
    """The id of a task in its log: what is asked, on which occasion of which listing, of which platform."""
    return hashlib.sha256(f"{kind}|{listing_id}.{occasion}|{platform_id}".encode()).hexdigest()[:24]


def occasion_of(kind: str, listing_id: str, revision: int, platform_id: str, earlier: Sequence[Task]) -> str:
    """What distinguishes a task among those of one platform on one listing: the revision that opened it.

    Where the rules have changed and the listing has not, that task was there before; then the task that this one
    follows is named beside the revision.
    """
    is_taken = any(task.entry_id == entry_id(kind, listing_id, str(revision), platform_id) for task in earlier)
    return f"{revision}.{earlier[-1].number}" if is_taken and earlier[-1].kind != kind else str(revision)


def new_task(kind: str, assignee: Assignee, change: NumberedChange, occasion: str, at: str) -> Task:
    """The task that a numbered change opens for one platform; its deadline counts from `at`, when it is sent."""
    due = task_deadlines.answer_due(assignee.clock, at)
    listing = change.listing
    return Task(
        entry_id=entry_id(kind, listing.listing_id, occasion, assignee.platform_id),
        kind=kind,
        state=TOLD,
        change=change.number,
        changed_at=change.at,
        first_reported_at=listing.reported_at or change.at,
        opened_at=at,
        due_at=due.at,
        calendar=due.calendar,
        clock=assignee.clock,
        known_by=assignee.known_by,
        subject=subjects.shown(change.subject),
        listing=listings.view(listing, Role.PLATFORM, assignee.platform_id),
        campaigns=change.campaigns,
        guard=change.guard,
        steps=1,
        history=(TaskStep(at=at, by="exchange", before="", after=TOLD),),
    )


def possible_outcomes(kind: str) -> tuple[str, ...]:
    """The answers that a task of this kind takes; a task about a licence is answered as a check is."""
    return OUTCOMES.get(kind, OUTCOMES[CHECK])


def view(task: Task) -> Json:
    """A task as its platform sees it. `task` is the former name of `kind`, served until clients have moved."""
    item = task.to_item()
    visible = {field: item[field] for field in VISIBLE if item.get(field) not in (None, "", {})}
    if "subject" in visible:
        visible["subject"] = subjects.shown(visible["subject"])
    return {"task_id": str(task.number), "kind": task.kind, **visible}


def informational_view(change: NumberedChange, kind: str, platform_id: str) -> Json:
    """A change that asks nothing of a platform which does not know the merchant, in the form of a task."""
    return {
        "task_id": f"i{change.number}",
        "kind": kind,
        "task": kind,
        "state": "informational",
        "change": change.number,
        "opened_at": change.at,
        "subject": subjects.shown(change.subject),
        "listing": listings.view(change.listing, Role.PLATFORM, platform_id),
        **marks_of(change),
    }
