"""What becomes of tasks when their listing ends or blocks no more: each check is lifted, and an `undo` is asked for."""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts import platforms
from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks.change_task_state import change_state
from chalicelib.closure_tasks.create_task import create_task
from chalicelib.closure_tasks.days_to_recount import mark_days_of_tasks
from chalicelib.closure_tasks.rules import task_notice
from chalicelib.closure_tasks.rules.blocking_listings import GRAVE
from chalicelib.closure_tasks.rules.task import CHECK, LIFTED, UNDO, Assignee, KnownBy, Task, new_task
from chalicelib.closure_tasks.task_log import tasks_of_listing
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
        asked += undo_task(context, subject, change, platform_id, tasks[-1], now)
    return asked + _undo_lookups(context, subject, change, now)


def undo_task(
    context: "Context", subject: "Subject", change: "NumberedChange", platform_id: str, newest: Task, now: datetime
) -> int:
    """Ask one platform to undo, in place of its newest task on the listing; 0 when it was asked before."""
    if newest.kind == UNDO and newest.change != change.number:
        return 0
    if newest.kind == CHECK:
        change_state(context.tasks_of(platform_id), newest, LIFTED, "exchange", iso(now))
        mark_days_of_tasks(context.exchange, platform_id, [newest])
    _create_undo(context, subject, change, platform_id, newest.known_by or KnownBy(), now)
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
            _create_undo(context, subject, change, platform_id, KnownBy(by="answer"), now)
            asked += 1
    return asked


def _create_undo(
    context: "Context", subject: "Subject", change: "NumberedChange", platform_id: str, known_by: KnownBy, now: datetime
) -> None:
    clock = context.clock_for(platform_id, UNDO, subject, change.listing, now)
    assignee = Assignee(platform_id, known_by, clock)
    task = new_task(UNDO, assignee, change, change.listing.revision, iso(now))
    create_task(context, platform_id, task, now)
