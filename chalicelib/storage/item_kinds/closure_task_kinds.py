"""Kinds of items of the closure ledger: tasks, their clocks, what is restricted, and the figures of days."""

from typing import Final

from chalicelib.storage.item_keys import closure_task_keys
from chalicelib.storage.item_kind import Growth, ItemKind, Ttl, chained, names

_FIGURES: Final = names("circle tasks:<platform_id> reports:<platform_id> taken:<platform_id> made:<source> more")
_FULL_AT: Final = "bounded: 200 KB; what does not fit is written into a further item"
# Besides what counts as full, what values grow by when the days are counted again.
_GROWTH: Final = (Growth("bytes", 200 * 1_024, 1), Growth("values that grew", 4, 15_000))

KINDS: Final = (
    ItemKind(
        name="task",
        key=closure_task_keys.task,
        fields=names(
            "entry_id number task state change changed_at first_reported_at opened_at due_at calendar clock "
            "known_by subject listing campaigns guard licence says steps history seen_at checked_at overdue_at "
            "reminded_at escalates_at regulator_told_at first_answered_at answered_at lifted_at paused_at told_at "
            "outcome reason assignee assigned_at"
        ),
        holds="what a platform is asked to do about a merchant, how it stands, and each step",
        writer="closure ledger",
        limit="bounded: `history` keeps the first step and the newest 30",
        growth=(Growth("steps", 31, 7_000), Growth("texts of the listing", 1, 130_000)),
    ),
    ItemKind(
        name="tasks of a listing",
        key=closure_task_keys.tasks_of_listing,
        fields=names("tasks"),
        holds="the names of all tasks that a listing has opened",
        writer="closure ledger",
        limit="bounded: 4,000 tasks; then the older ones of each platform are taken out",
        growth=(Growth("tasks", 4_000, 60),),
    ),
    ItemKind(
        name="tasks due at an hour",
        key=closure_task_keys.tasks_due,
        fields=names("tasks"),
        holds="the names of tasks that may be due at that hour; 64 parts, and further ones once full",
        writer="closure ledger",
        limit="bounded: 2,000 tasks",
        growth=(Growth("tasks", 2_000, 60),),
        ttl=Ttl(closure_task_keys.TASKS_DUE_KEPT, "the hour, once it is done", at_once=False),
    ),
    ItemKind(
        name="open tasks of a block",
        key=closure_task_keys.open_tasks,
        fields=names("days t<number>"),
        holds=(
            "of each open task among 50 numbers: due, state, kind, severity, reasons, region, source, how the merchant "
            "is known, assignee; `days`: the days that the index of days names"
        ),
        writer="closure ledger",
        limit="bounded: 50 tasks",
        growth=(Growth("tasks", 50, 600), Growth("days", 100, 12)),
        forms={"block": r"\d{6,}"},
    ),
    ItemKind(
        name="days of open tasks",
        key=closure_task_keys.open_task_days,
        fields=names("d<date>b<block>"),
        holds="the days on which tasks of a block of numbers are due, each with a token; 100 blocks",
        writer="closure ledger",
        limit="bounded: 100 blocks of 50 tasks",
        growth=(Growth("days of tasks", 5_000, 45),),
    ),
    ItemKind(
        name="state of the open tasks",
        key=closure_task_keys.OPEN_TASKS_STATE,
        fields=names("done platform_id after"),
        holds="how far the tasks that an earlier version opened were added to the open tasks",
        writer="closure ledger",
    ),
    ItemKind(
        name="notes on a task",
        key=closure_task_keys.task_notes,
        fields=names("n<place>"),
        holds="what people noted on a task: when, who, the text, in which numbers of persons are masked",
        writer="closure ledger",
        limit="bounded: 60 notes of 1,000 characters",
        growth=(Growth("notes", 60, 5_000),),
    ),
    ItemKind(
        name="restricted listing",
        key=closure_task_keys.restricted,
        fields=names("entry_id number at"),
        holds="the id of a listing that may ever have blocked",
        writer="closure ledger",
    ),
    ItemKind(
        name="stale days of a log",
        key=closure_task_keys.stale_days,
        fields=names("d<date>"),
        holds="a token for each day that is to be counted again, '' for one that was",
        writer="closure ledger",
        limit="bounded: one field for each day of 30 years",
        growth=(Growth("days", 11_000, 20),),
    ),
    ItemKind(
        name="day ranges of a log",
        key=closure_task_keys.day_ranges,
        fields=names("number d<date>"),
        holds="how far the log was read; the first and last number of each day",
        writer="closure ledger",
        limit="bounded: one field for each day of 30 years",
        growth=(Growth("days", 11_000, 32),),
    ),
    *chained(
        ItemKind(
            name="figures of a day",
            key=closure_task_keys.figures,
            fields=_FIGURES,
            holds="the figures of a day, counted from the logs; `more`: further ones follow",
            writer="closure ledger",
            limit=_FULL_AT,
            growth=_GROWTH,
        ),
        closure_task_keys.more_figures,
        "the figures of further platforms on a day, once those before fill an item",
    ),
    ItemKind(
        name="usage of a day",
        key=closure_task_keys.usage,
        fields=names(
            "lookups matches requests hits personal odd_codes by_code checks granted clear inform unsure review block"
        ),
        holds="what a platform asked and found, and what its lookups look like ([probing](security.md#probing))",
        writer="closure ledger",
    ),
    ItemKind(
        name="state of the figures",
        key=closure_task_keys.FIGURES_STATE,
        fields=names("as_of taken_until"),
        holds="as of when the figures are, and up to which day usage was copied",
        writer="closure ledger",
    ),
)
