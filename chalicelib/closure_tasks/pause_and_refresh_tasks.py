"""What becomes of tasks that stand when something happens to their listing: what they show, and whether they strike."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.accounts import platforms
from chalicelib.closure_tasks import task_reminders
from chalicelib.closure_tasks.rules import task as tasks
from chalicelib.closure_tasks.rules import task_deadlines
from chalicelib.notices.rules import notice
from chalicelib.registry.rules import listing as listings
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context

Task = dict[str, Any]
# The tasks on one listing, by platform, oldest first.
Told = Mapping[str, list[Task]]


def pause(context: "Context", told: Told, listing: Mapping[str, Any], now: datetime) -> None:
    """Stop the clocks of a listing that is disputed; once it no longer is, each open one starts afresh."""
    for platform_id, known in told.items():
        task, feed = known[-1], context.ledger(platform_id)
        if task["task"] != tasks.CHECK or task["state"] not in tasks.OPEN:
            continue
        if listing.get("disputed"):
            feed.set_fields(task["number"], {"paused_at": iso(now)})
        elif task.get("paused_at"):
            clock = task_deadlines.from_dict(tasks.CHECK, task["listing"]["severity"], task["clock"])
            due = task_deadlines.answer_due(clock, iso(now))
            task_reminders.file(context.exchange, f"{platform_id}#{task['number']:012d}", due.at, now)
            feed.set_fields(task["number"], {"paused_at": "", "due_at": due.at, "calendar": due.calendar})


def refresh(context: "Context", told: Told, change: Mapping[str, Any]) -> None:
    """Show in the tasks of a listing what an amendment says of it."""
    if change["kind"] != "amended":
        return
    for platform_id, known in told.items():
        if known[-1]["task"] == tasks.CHECK:
            shown = listings.view(change["listing"], "platform", platform_id)
            context.ledger(platform_id).set_fields(known[-1]["number"], {"listing": shown})


def withhold(context: "Context", platform_id: str, task: Task) -> None:
    """Serve no more what a task, and the notices of it, said of a government entry that has ended."""
    kept = notice.withheld(task["listing"])
    context.ledger(platform_id).set_fields(task["number"], {"listing": kept})
    audiences = [("task_opened", platform_id, platform_id), ("task_overdue", platform_id, platform_id)]
    if "regulator_told_at" in task:
        bureaus = [one["platform_id"] for one in platforms.everyone(context.exchange) if one["role"] == "regulator"]
        audiences += [("task_unanswered", "regulators", bureau) for bureau in bureaus]
    for kind, audience, reader in audiences:
        feed = context.sender.notices(reader)
        known = feed.find(tasks.notice(kind, task, audience, "")[0]["notice_id"])
        if known:
            said = {**known["notice"], "task": {**known["notice"]["task"], "listing": kept}}
            feed.set_fields(known["number"], {"notice": said})
