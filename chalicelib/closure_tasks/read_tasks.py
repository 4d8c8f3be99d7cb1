"""What is read of the closure ledger: a platform's tasks, what only informs it, and all tasks on a listing."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks.dependencies import Context
from chalicelib.closure_tasks.rules import task as tasks
from chalicelib.closure_tasks.rules.blocking_listings import GRAVE, OPENING, UNDOING, blocks
from chalicelib.closure_tasks.rules.task import Task
from chalicelib.closure_tasks.task_log import names_of_tasks, tasks_of_listing
from chalicelib.errors import NotFound
from chalicelib.messages import ErrorCode
from chalicelib.notices.rules.numbered_change import NumberedChange, withheld_listing
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.subject import Subject
from chalicelib.storage.item_keys.closure_task_keys import platform_of_task
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable

MOST_READ: Final = 1_000
PAGE: Final = 100


def list_tasks(context: Context, platform_id: str, state: str, after: int, limit: int) -> Json:
    """A platform's tasks after a number, in order, and the cursor to read on from; `state` is '' for any.

    `next` counts what the state left out, so it moves on a page that is short or empty.
    """
    page: list[Json] = []
    end = after + MOST_READ
    while len(page) < limit and after < end:
        entries = context.tasks_of(platform_id).read_on(after, PAGE)
        for task in entries:
            after = task.number
            if state in ("", task.state):
                page.append(tasks.view(task))
            if len(page) == limit:
                break
        if len(entries) < PAGE:
            break
    return {"tasks": page, "next": str(after)}


def list_informational(context: Context, platform_id: str, after: int, limit: int, now: datetime) -> Json:
    """What blocks, and what no longer does, of merchants that this platform does not know, by number of change.

    Read from the log of changes itself, less what the platform has a task for.
    """
    changes = context.changes.read_on(after, limit)
    names = names_of_tasks(context.exchange, {change.listing.listing_id for change in changes})
    page = []
    for change in changes:
        listing = change.listing
        has_task = any(platform_of_task(name) == platform_id for name in names.get(listing.listing_id, ()))
        if has_task or listing.source == Source.of_platform(platform_id):
            continue
        kind = _informational_kind(change, china_date(now))
        if kind:
            page.append(tasks.informational_view(change, kind, platform_id))
    return {"tasks": page, "next": str(changes[-1].number if changes else after)}


def ledger_of_listing(registry: "RegistryTable", context: Context, caller: Caller, listing_id: str) -> Json:
    """Which platforms were notified of a listing, and when they answered: all tasks, or for a platform its own."""
    subject_id = listings.subject_of(listing_id)
    subject = registry.subject(subject_id) if subject_id else None
    listing = subject.listings.get(listing_id) if subject else None
    if subject is None or listing is None or not listings.may_see(listing, caller.role, caller.platform_id):
        raise NotFound(ErrorCode.NOT_FOUND, listing_id=listing_id[:120])
    lines = [
        (platform_id, task)
        for platform_id, some in tasks_of_listing(context.exchange, listing_id).items()
        for task in some
        if caller.role != Role.PLATFORM or platform_id == caller.platform_id
    ]
    lines.sort(key=lambda line: (line[1].opened_at, line[0]))
    return {
        "subject": subjects.view(subject),
        "listing": _listing_view(listing, caller),
        "open": sum(task.is_open for _, task in lines),
        "tasks": [_line_view(platform_id, task) for platform_id, task in lines],
    }


def _line_view(platform_id: str, task: Task) -> Json:
    view = {field: value for field, value in tasks.view(task).items() if field not in ("subject", "listing")}
    return {"platform_id": platform_id, **view, "history": [step.to_item() for step in task.history]}


def _listing_view(listing: Listing, caller: Caller) -> Json:
    """The listing as it is now; of a government entry that has ended only that there was one."""
    if listing.state != listings.ACTIVE and listing.source.is_government:
        return withheld_listing(listing.to_item())
    return listings.view(listing, caller.role, caller.platform_id)


def _informational_kind(change: NumberedChange, today: str) -> str:
    """Whether a change makes a listing block, or ends one that may have; '' for neither."""
    listing = change.listing
    if listing.severity != GRAVE or not listings.is_shared(listing):
        return ""
    # What was said of an entry that has ended is withheld; its end follows later in the log.
    if change.kind in OPENING and not listing.evidence_level:
        return ""
    alone = Subject(subject_id="", listings={listing.listing_id: listing})
    if listing.state == listings.ACTIVE and blocks(alone, listing.replace(expires_on=""), today):
        return tasks.INFORM if change.kind in OPENING else ""
    return tasks.INFORM_OVER if change.kind in UNDOING else ""
