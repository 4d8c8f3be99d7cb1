"""What becomes of tasks when their listing ends or blocks no more: each check is lifted, and an `undo` is asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts import platforms
from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks.create_task import create_task
from chalicelib.closure_tasks.days_to_recount import mark_days_of_tasks
from chalicelib.closure_tasks.rules import task_notice
from chalicelib.closure_tasks.rules.blocking_listings import GRAVE
from chalicelib.closure_tasks.rules.task import CHECK, LIFTED, UNDO, Assignee, KnownBy, Task, new_task, occasion_of
from chalicelib.closure_tasks.task_log import change_state, tasks_of_listing
from chalicelib.monitoring import lookup_index
from chalicelib.notices.rules.numbered_change import withheld_listing
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context
    from chalicelib.notices.rules.numbered_change import NumberedChange


def cancel_tasks(context: "Context", subject: "Subject", change: "NumberedChange", now: datetime) -> int:
    """Ask every platform that has a task on the listing to undo, and lift the tasks that are still open.

    How many platforms were asked.
    """
    asked = 0
    for platform_id, tasks in tasks_of_listing(context.exchange, change.listing.listing_id).items():
        if change.ends_government_entry:
            for task in tasks:
                withhold_listing(context, platform_id, task)
        asked += undo_task(context, subject, change, platform_id, tasks, now)
    return asked + _undo_lookups(context, subject, change, now)


def undo_checks(context: "Context", subject: "Subject", change: "NumberedChange", now: datetime) -> int:
    """Ask every platform whose newest task on a listing that blocks no more is to check to undo; how many were asked.

    The listing itself has not changed: the rules have, or what others say of the subject.
    """
    asked = 0
    for platform_id, tasks in tasks_of_listing(context.exchange, change.listing.listing_id).items():
        newest = tasks[-1]
        if newest.kind == CHECK:
            asked += undo_task(context, subject, change, platform_id, tasks, now)
        elif newest.kind == UNDO and not newest.told_at:
            create_task(context, platform_id, newest, now)
    return asked


def undo_task(
    context: "Context", subject: "Subject", change: "NumberedChange", platform_id: str, tasks: list[Task], now: datetime
) -> int:
    """Ask one platform to undo, in place of the newest of its tasks on the listing; 0 when it was asked before."""
    newest = tasks[-1]
    if newest.kind == UNDO and newest.change != change.number:
        return 0
    if newest.kind == CHECK:
        change_state(context.tasks_of(platform_id), newest, LIFTED, "exchange", iso(now))
        mark_days_of_tasks(context.exchange, platform_id, [newest])
    clock = context.clock_for(platform_id, UNDO, subject, change.listing, now)
    assignee = Assignee(platform_id, newest.known_by or KnownBy(), clock)
    _create_undo(context, assignee, change, tasks, now)
    return 1


def withhold_listing(context: "Context", platform_id: str, task: Task) -> None:
    """Withhold what a task, and the notices of it, said of a government entry that has ended."""
    kept = withheld_listing(task.listing)
    context.tasks_of(platform_id).update(task, task.replace(listing=kept))
    audiences = [
        (task_notice.OPENED, platform_id, platform_id),
        (task_notice.OVERDUE, platform_id, platform_id),
    ]
    if task.regulator_told_at:
        regulators = platforms.ids_with_role(context.exchange, Role.REGULATOR)
        audiences += [(task_notice.UNANSWERED, task_notice.REGULATORS, regulator) for regulator in regulators]
    for kind, audience, reader in audiences:
        inbox = context.sender.notices(reader)
        sent = inbox.find(task_notice.task_notice_id(kind, task, audience))
        if sent:
            withheld = {**sent["notice"], "task": {**sent["notice"]["task"], "listing": kept}}
            inbox.set_fields(sent["number"], {"notice": withheld})


def _undo_lookups(context: "Context", subject: "Subject", change: "NumberedChange", now: datetime) -> int:
    """Ask the platforms that were given the listing in an answer, and have no task on it, to undo what they did for it.

    Only where it should never have been listed as it was: what was right and has ended undoes no refusal.
    """
    listing, was = change.listing, change.listing_before
    is_wrong = change.kind in ("amended", listings.VOIDED) and was.severity == GRAVE
    if not is_wrong or listing.listing_id not in subject.listings:
        return 0
    opened_at = subject.listings[listing.listing_id].history[0].at
    tasks = tasks_of_listing(context.exchange, listing.listing_id)
    asked = 0
    for platform_id in sorted(
        lookup_index.platforms_informed_since(context.exchange, subject.subject_id, opened_at, now)
    ):
        if platform_id not in tasks and listing.source != Source.of_platform(platform_id):
            clock = context.clock_for(platform_id, UNDO, subject, listing, now)
            _create_undo(context, Assignee(platform_id, KnownBy(by="answer"), clock), change, (), now)
            asked += 1
    return asked


def _create_undo(
    context: "Context", assignee: Assignee, change: "NumberedChange", earlier: Sequence[Task], now: datetime
) -> None:
    """Create the task to undo; `earlier` are the platform's tasks on the listing."""
    listing, platform_id = change.listing, assignee.platform_id
    occasion = occasion_of(UNDO, listing.listing_id, listing.revision, platform_id, earlier)
    create_task(context, platform_id, new_task(UNDO, assignee, change, occasion, iso(now)), now)
