"""A task of the closure ledger (接续清退): a platform is told of a merchant that it knows, and says what it did.

`check`: a listing that blocks stands against the merchant. `undo`: it stands no more, what was closed may be reopened.
A task moves by one table (`TRANSITIONS`); each step stays in its history: who, when, before, after.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.closure_tasks.rules import task_deadlines
from chalicelib.notices.rules.notice import MARKS, SCHEMA, Attributes, Notice, notice_id
from chalicelib.registry.rules import listing as listings
from chalicelib.verdicts.rules import decide_verdict, rules_in_force
from chalicelib.verdicts.rules.rules_in_force import Rules

Task = dict[str, Any]
OPENING: Final = ("opened", "amended", "reopened", "guard_lifted")
# Kinds of change after which a listing may block no more, so that what was closed for it may be reopened.
UNDOING: Final = ("amended", "withdrawn", "removed", "expired", "void", "voided", "dispute_closed")
DISPUTING: Final = ("disputed", "dispute_closed")
GRAVE: Final = 3
CHECK, UNDO, INFORM, INFORM_OVER = "check", "undo", "inform", "inform_over"
TOLD, SEEN, CHECKED, OVERDUE, LIFTED = "told", "seen", "checked", "overdue", "lifted"
OUTCOMES: Final = {CHECK: ("closed", "not_present", "kept"), UNDO: ("reopened", "not_present", "kept")}
ANSWERED: Final = ("closed", "reopened", "not_present", "kept")
OPEN: Final = (TOLD, SEEN, CHECKED, OVERDUE)
STATES: Final = (TOLD, SEEN, CHECKED, *ANSWERED, OVERDUE, LIFTED)
# What a platform may send, what the clock does, and what the end of the listing does.
STEPS: Final = (SEEN, CHECKED, *ANSWERED, OVERDUE, LIFTED)

# (state, step) -> the state after it. What is not in the table changes nothing: a step that comes twice or too late.
TRANSITIONS: Final[Mapping[tuple[str, str], str]] = {
    (TOLD, SEEN): SEEN,
    (TOLD, CHECKED): CHECKED,
    (SEEN, CHECKED): CHECKED,
    # Work goes on after the clock has struck, but the task stays overdue until it is answered.
    (OVERDUE, SEEN): OVERDUE,
    (OVERDUE, CHECKED): OVERDUE,
    **{(state, OVERDUE): OVERDUE for state in (TOLD, SEEN, CHECKED)},
    # Once the listing has ended there is nothing left to check, and no clock runs.
    **{(state, LIFTED): LIFTED for state in OPEN},
    # An answer counts whenever it comes; a later one replaces an earlier one.
    **{(state, answer): answer for state in (*OPEN, LIFTED, *ANSWERED) for answer in ANSWERED},
}
SHOWN: Final = ("task", "state", "change", "opened_at", "due_at", "calendar", "clock", "known_by", "subject", "listing",
                "outcome", "reason", "seen_at", "checked_at", "overdue_at", "regulator_told_at", "answered_at",
                "lifted_at", "paused_at", "licence", "says", *MARKS)  # fmt: skip


def blocks(
    subject: Mapping[str, Any], listing: Mapping[str, Any], today: str, rules: Rules = rules_in_force.EXCHANGE
) -> bool:
    """Whether a standing listing blocks whoever is exactly its subject: what opens tasks and restricts entry.

    The same judgement as a lookup's, step by step, without any platform's own policy. `today` is a day in China.
    """
    if listing["state"] != listings.ACTIVE or not listings.is_shared(listing):
        return False
    if listing.get("expires_on") and listing["expires_on"] <= today:
        return False
    return decide_verdict.judge_all("same_uscc", subject, [listing], rules, today)[0].verdict == "block"


def spell(listing: Mapping[str, Any], revision: int) -> int:
    """The revision at which the listing was last opened, as of a revision: one opening is one task."""
    openings = ("opened", "reopened")
    return max(
        (one["revision"] for one in listing["history"] if one["kind"] in openings and one["revision"] <= revision),
        default=revision,
    )


def entry_id(asked: str, listing_id: str, revision: int, platform_id: str) -> str:
    """The name of a task: what is asked, of which opening (or end) of which listing, of whom."""
    return hashlib.sha256(f"{asked}|{listing_id}.{revision}|{platform_id}".encode()).hexdigest()[:24]


def opened(
    asked: str,
    platform_id: str,
    entry: Mapping[str, Any],
    revision: int,
    clock: task_deadlines.Clock,
    known_by: Mapping[str, Any],
    at: str,
) -> Task:
    """The task that a numbered change opens for one platform; its clock runs from `at`, when it is told."""
    due = task_deadlines.answer_due(clock, at)
    return {
        "entry_id": entry_id(asked, entry["listing"]["listing_id"], revision, platform_id),
        "task": asked,
        "state": TOLD,
        "change": entry["number"],
        "changed_at": entry["at"],
        "first_reported_at": entry["listing"].get("reported_at", entry["at"]),
        "opened_at": at,
        "due_at": due.at,
        "calendar": due.calendar,
        "clock": task_deadlines.as_dict(clock),
        "known_by": dict(known_by),
        "subject": entry["subject"],
        "listing": listings.view(entry["listing"], "platform", platform_id),
        **{field: entry[field] for field in MARKS if field in entry},
        "steps": 1,
        "history": [{"at": at, "by": "exchange", "before": "", "after": TOLD}],
    }


def outcomes(asked: str) -> tuple[str, ...]:
    """The answers that a task takes; one about a licence is answered as a check is."""
    return OUTCOMES.get(asked, OUTCOMES[CHECK])


def step(task: Mapping[str, Any], what: str, by: str, at: str, why: str = "") -> dict[str, Any] | None:
    """The fields that a step changes, None when it changes nothing. `ValueError` for an outcome of the other kind."""
    if what in ANSWERED and what not in outcomes(task["task"]):
        raise ValueError(what)
    after = TRANSITIONS.get((task["state"], what))
    said = why == task.get("reason", "") if what in ANSWERED else f"{what}_at" in task
    if after is None or (after == task["state"] and said):
        return None
    event = {"at": at, "by": by, "before": task["state"], "after": after, **({"why": why} if why else {})}
    if after != what:
        event["step"] = what
    moved: dict[str, Any] = {
        "state": after,
        "steps": task["steps"] + 1,
        "history": [*task["history"], event],
        **({"outcome": what, "reason": why, "answered_at": at} if what in ANSWERED else {f"{what}_at": at}),
    }
    if what in ANSWERED:
        moved["first_answered_at"] = task.get("first_answered_at", at)
    return moved


def view(numbered: Mapping[str, Any]) -> dict[str, Any]:
    """A task as its platform sees it."""
    return {
        "task_id": str(numbered["number"]),
        **{field: numbered[field] for field in SHOWN if numbered.get(field) not in (None, "", {})},
    }


def informed(entry: Mapping[str, Any], asked: str, platform_id: str) -> dict[str, Any]:
    """A change that asks nothing of a platform which does not know the merchant, in the form of a task."""
    return {
        "task_id": f"i{entry['number']}",
        "task": asked,
        "state": "informational",
        "change": entry["number"],
        "opened_at": entry["at"],
        "subject": entry["subject"],
        "listing": listings.view(entry["listing"], "platform", platform_id),
        **{field: entry[field] for field in MARKS if field in entry},
    }


def notice(kind: str, numbered: Mapping[str, Any], audience: str, at: str, **more: Any) -> tuple[Notice, Attributes]:
    """A private notice about a task, and what subscriptions can filter on.

    `kind` is task_opened, task_overdue (a reminder), or task_unanswered (to a regulator).
    """
    # The first kind keeps the id that it always had, so that nobody is told of one task under two ids.
    what = numbered["entry_id"] if kind == "task_opened" else f"{numbered['entry_id']}.{kind}"
    told = {
        "schema": SCHEMA,
        "notice_id": notice_id(what, audience),
        "kind": kind,
        "at": at,
        "task": view(numbered),
        **more,
    }
    return told, {"kind": kind, "severity": str(numbered["listing"]["severity"])}
