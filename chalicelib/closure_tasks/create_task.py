"""A task comes to be: numbered, indexed under its listing, given its reminder, and sent to its platform.

Repeated after a kill, each step finds what was done: the task keeps its number, its deadline and its notice.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.closure_tasks import days_to_recount, task_reminders
from chalicelib.closure_tasks.rules import task_notice
from chalicelib.closure_tasks.rules.task import Task
from chalicelib.closure_tasks.task_log import index_task
from chalicelib.monitoring import lookup_index
from chalicelib.notices.push_notices import send_notice
from chalicelib.storage.item_keys import closure_task_keys
from chalicelib.values.timestamps import iso
from chalicelib.verdicts import campaign_figures

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context


def create_task(context: "Context", platform_id: str, task: Task, now: datetime) -> Task:
    """The task as numbered; when it was sent before, as it is stored."""
    log = context.tasks_of(platform_id)
    numbered = log.append(task)
    if numbered.told_at:
        return numbered
    name = closure_task_keys.task_name(platform_id, numbered.number)
    index_task(context.exchange, numbered.listing_id, name)
    task_reminders.schedule_reminder(context.exchange, name, numbered.due_at, now)
    lookup_index.record_disclosure(context.exchange, numbered.subject["subject_id"], platform_id, now)
    notice = task_notice.task_notice(task_notice.OPENED, numbered, platform_id, numbered.opened_at)
    send_notice(context.sender, platform_id, notice, now)
    days_to_recount.mark_days_of_tasks(context.exchange, platform_id, [numbered])
    campaign_figures.tally(context.campaign_logs, campaign_figures.TASKS, numbered.campaigns, numbered.entry_id)
    return log.update(numbered, numbered.replace(told_at=iso(now)))
