"""The closure ledger (接续清退): each platform that knows a merchant gets a task when a listing blocks it.

Derived from the stream of subjects: repeated after a kill, a task keeps its number, its deadline and its notice.
"""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.closure_tasks import cancel_tasks, refresh_open_tasks
from chalicelib.closure_tasks.create_task import create_task
from chalicelib.closure_tasks.dependencies import Context
from chalicelib.closure_tasks.rules import blocking_listings
from chalicelib.closure_tasks.rules.task import CHECK, LIFTED, Assignee, KnownBy, Task, new_task, occasion_of
from chalicelib.closure_tasks.task_log import change_state, tasks_of_listing
from chalicelib.monitoring import platforms_to_alert
from chalicelib.monitoring.platforms_to_alert import Recipient
from chalicelib.notices.change_log import ChangeLog
from chalicelib.notices.rules.numbered_change import NumberedChange
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import listing_history
from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts.load_rules import rules_for
from chalicelib.verdicts.rules import decide_verdict
from chalicelib.verdicts.rules.rules_in_force import Rules


def follow_change(context: Context, subject: Subject, change: NumberedChange, now: datetime) -> int:
    """Open the tasks, `check` or `undo`, that one numbered change asks for; how many platforms it asks.

    A change that leaves a listing blocking asks each platform that knows the subject, and each once; one that ends
    that asks every platform that has a task on the listing, whether it still knows the subject or not. While a dispute
    over the listing is open, here or at its source, deadlines are suspended and nothing is undone. A listing that the
    same save has ended asks no platform to check: its end is a change of its own, and follows.
    """
    listing, rules = change.listing, rules_for(context.exchange, "")
    is_active = subject.listings.get(listing.listing_id, listing).state == listings.ACTIVE
    if change.kind in blocking_listings.PAUSING and is_active:
        tasks = tasks_of_listing(context.exchange, listing.listing_id)
        refresh_open_tasks.pause_tasks(context, tasks, listing, now)
    # A campaign may raise what is an alert otherwise.
    if listing.severity >= 2 and listing.state == listings.ACTIVE and listings.is_shared(listing):
        context.restricted.append({"entry_id": listing.listing_id, "at": change.at})
    asked = _ask_for_other_listings(context, subject, listing.listing_id, rules, now)
    if is_active and blocking_listings.blocks(subject, listing, china_date(now), rules):
        return asked + ask_platforms(context, subject, change, now)
    is_disputed = listing.state == listings.ACTIVE and listings.is_disputed(listing)
    if change.kind not in blocking_listings.UNDOING or is_disputed:
        return asked
    return asked + cancel_tasks.cancel_tasks(context, subject, change, now)


def open_task_for(
    context: Context, subject: Subject, change: NumberedChange, recipient: Recipient, now: datetime
) -> Task | None:
    """The task of one platform on a listing that blocks now, opened unless it was; None when it does not block.

    For a platform that comes to know a merchant after the change was announced: a new roster, a screening. `change` is
    the answer of `current_change`. Should the listing end meanwhile, its undo is opened too.
    """
    listing_id = change.listing.listing_id
    current = subject.listings.get(listing_id) or change.listing
    rules = rules_for(context.exchange, "")
    if not blocking_listings.blocks(subject, current, china_date(now), rules):
        return None
    tasks = tasks_of_listing(context.exchange, listing_id)
    task = _ask_platform(context, subject, change, recipient, tasks, now)
    newest = _newest_change(context.changes, change)
    if task and newest.number != change.number and newest.listing.state != listings.ACTIVE:
        earlier = [*tasks.get(recipient.platform_id, ()), task]
        cancel_tasks.undo_task(context, subject, newest, recipient.platform_id, earlier, now)
    return task


def current_change(changes: ChangeLog, listing: Listing) -> NumberedChange | None:
    """The numbered change that opened a listing as it is now; None while the stream has not numbered it yet."""
    revision = blocking_listings.opening_revision(listing, listing.revision)
    return changes.find(listing_history.change_id(listing.listing_id, revision))


def ask_platforms(context: Context, subject: Subject, change: NumberedChange, now: datetime) -> int:
    """Ask each platform that knows the subject to check, each once; how many were asked."""
    tasks = tasks_of_listing(context.exchange, change.listing.listing_id)
    recipients = platforms_to_alert.recipients(context.exchange, subject, now)
    opened = [_ask_platform(context, subject, change, recipient, tasks, now) for recipient in recipients.values()]
    refresh_open_tasks.refresh_tasks(context, tasks, change)
    return sum(task is not None for task in opened)


def _ask_for_other_listings(context: Context, subject: Subject, changed: str, rules: Rules, now: datetime) -> int:
    """Ask for those of the subject's other listings that block since this change, or block no more: an own finding that
    the government has confirmed, a lone report that another bore out."""
    return sum(
        follow_rules(context, subject, other, rules, now)
        for other in subjects.active_listings(subject)
        if other.listing_id != changed
    )


def follow_rules(context: Context, subject: Subject, listing: Listing, rules: Rules, now: datetime) -> int:
    """Open the tasks on an active listing if it blocks by the rules in force now, else undo those that there are; how
    many platforms are asked. Repeated, it asks nobody twice."""
    is_blocking = blocking_listings.blocks(subject, listing, china_date(now), rules)
    # What informs only never blocked; while a dispute is open nothing is undone.
    if not is_blocking and (listings.is_disputed(listing) or not blocking_listings.may_have_blocked(listing)):
        return 0
    opened = current_change(context.changes, listing)
    # A change that is not announced yet will ask by itself.
    if opened is None or not opened.told_at:
        return 0
    marks = decide_verdict.marks_of(subject, listing, rules, china_date(now))
    change = opened.replace(listing=listing, campaigns=tuple(marks.get("campaigns", ())), guard=marks.get("guard", {}))
    if is_blocking:
        return ask_platforms(context, subject, change, now)
    return cancel_tasks.undo_checks(context, subject, change, now)


def _ask_platform(
    context: Context,
    subject: Subject,
    change: NumberedChange,
    recipient: Recipient,
    tasks: Mapping[str, list[Task]],
    now: datetime,
) -> Task | None:
    """The platform's task to check; None for the reporter of the listing. `tasks` are those on the listing."""
    platform_id, listing = recipient.platform_id, change.listing
    if listing.source == Source.of_platform(platform_id):
        return None
    newest = tasks[platform_id][-1] if platform_id in tasks else None
    if newest and newest.kind == CHECK:
        return newest if newest.told_at else create_task(context, platform_id, newest, now)
    current = subject.listings.get(listing.listing_id, Listing())
    revision, earlier = blocking_listings.opening_revision(current, listing.revision), tasks.get(platform_id, [])
    if newest:
        # It blocks again: what is not reopened yet stays closed.
        revision = listing.revision
        change_state(context.tasks_of(platform_id), newest, LIFTED, "exchange", iso(now))
    clock = context.clock_for(platform_id, CHECK, subject, listing, now)
    assignee = Assignee(platform_id, _known_by(recipient), clock)
    occasion = occasion_of(CHECK, listing.listing_id, revision, platform_id, earlier)
    return create_task(context, platform_id, new_task(CHECK, assignee, change, occasion, iso(now)), now)


def _known_by(recipient: Recipient) -> KnownBy:
    return KnownBy(by=recipient.by, relation=recipient.relation, merchants=recipient.merchants, more=recipient.more)


def _newest_change(changes: ChangeLog, change: NumberedChange) -> NumberedChange:
    """The last numbered change of the listing, from this one on."""
    newest = change
    while following := changes.find(listing_history.change_id(change.listing.listing_id, newest.listing.revision + 1)):
        newest = following
    return newest
