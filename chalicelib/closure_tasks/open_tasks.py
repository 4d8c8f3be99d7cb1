"""The closure ledger (接续清退): whoever knows a merchant is told when it is listed, and again when it no longer is.

Derived from the stream: run again after a kill, a task keeps its number, its clock and its notice.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.closure_tasks import count_daily_figures, pause_and_refresh_tasks, task_reminders
from chalicelib.closure_tasks.change_task_state import move
from chalicelib.closure_tasks.dependencies import Change, Context, Subject, Task, ledger_id
from chalicelib.closure_tasks.rules import task as tasks
from chalicelib.closure_tasks.rules import task_deadlines
from chalicelib.monitoring import platforms_to_alert
from chalicelib.monitoring.platforms_to_alert import Recipient
from chalicelib.notices.push_notices import send_notice
from chalicelib.notices.rules import notice
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import subject as subjects
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import campaign_figures
from chalicelib.verdicts.load_rules import rules_for
from chalicelib.verdicts.rules.rules_in_force import Rules

if TYPE_CHECKING:
    from chalicelib.storage.numbered_log import NumberedLog


def follow(context: Context, subject: Subject, change: Change, now: datetime) -> int:
    """Open what one numbered change asks of each platform, `check` or `undo`; for how many platforms.

    A change that leaves a listing blocking asks each platform that knows the subject, and each once; one that ends
    that asks everyone who was told of the listing, whether it still knows the subject or not. While a dispute over the
    listing is open, clocks stand still and nothing is undone. What the same save has ended asks nobody: its end is a
    change of its own, and follows.
    """
    listing, rules = change["listing"], rules_for(context.exchange, "")
    stands = subject["listings"].get(listing["listing_id"], listing)["state"] == listings.ACTIVE
    if change["kind"] in tasks.DISPUTING and stands:
        pause_and_refresh_tasks.pause(context, told(context, listing["listing_id"]), listing, now)
    # A campaign may raise what is an alert otherwise.
    if listing["severity"] >= 2 and listing["state"] == listings.ACTIVE and listings.is_shared(listing):
        context.restricted.append({"entry_id": listing["listing_id"], "at": change["at"]})
    asked = _wake(context, subject, listing["listing_id"], rules, now)
    if stands and tasks.blocks(subject, listing, china_date(now), rules):
        return asked + _ask(context, subject, change, now)
    if change["kind"] not in tasks.UNDOING or (listing["state"] == listings.ACTIVE and listing.get("disputed")):
        return asked
    return asked + _undo(context, subject, change, now)


def _ask(context: Context, subject: Subject, change: Change, now: datetime) -> int:
    """Ask each platform that knows the subject to check, each once."""
    standing = told(context, change["listing"]["listing_id"])
    recipients = platforms_to_alert.recipients(context.exchange, subject, now)
    opened = [_check(context, subject, change, recipient, standing, now) for recipient in recipients.values()]
    pause_and_refresh_tasks.refresh(context, standing, change)
    return sum(one is not None for one in opened)


def _wake(context: Context, subject: Subject, changed: str, rules: Rules, now: datetime) -> int:
    """Ask for those of the subject's other listings that block since this change: an own finding that the government
    has confirmed, say."""
    asked = 0
    for other in subjects.active_listings(subject):
        if other["listing_id"] != changed and tasks.blocks(subject, other, china_date(now), rules):
            opened = current_change(context.changes, other)
            # One that is not told yet will ask by itself.
            asked += _ask(context, subject, opened, now) if opened and "told_at" in opened else 0
    return asked


def open_one(
    context: Context, platform_id: str, subject: Subject, change: Change, recipient: Recipient, now: datetime
) -> Task | None:
    """The task for one platform on a listing that blocks now, opened unless it was; None when it does not block.

    For a platform that comes to know a merchant after the change was told: a new roster, a screening. `change` is
    what `current_change` finds. Should the listing end meanwhile, its undo is opened too.
    """
    listing_id = change["listing"]["listing_id"]
    standing = subject["listings"].get(listing_id, change["listing"])
    if not tasks.blocks(subject, standing, china_date(now), rules_for(context.exchange, "")):
        return None
    known = replace(recipient, platform_id=platform_id)
    task = _check(context, subject, change, known, told(context, listing_id), now)
    newest = _newest(context, change)
    if task and newest["number"] != change["number"] and newest["listing"]["state"] != listings.ACTIVE:
        _undo_one(context, subject, newest, platform_id, task, now)
    return task


def current_change(changes: "NumberedLog", listing: Mapping[str, Any]) -> Change | None:
    """The numbered change that opened a listing as it stands; None while the stream has not numbered it yet."""
    revision = tasks.spell(listing, listing["revision"])
    return changes.find(listings.change_id(listing, {"revision": revision}))


def clock_for(
    context: Context, platform_id: str, asked: str, subject: Subject, listing: Mapping[str, Any], now: datetime
) -> task_deadlines.Clock:
    """The clock of a task: the row of the table, tightened by what overlays this platform, subject and listing have."""
    return task_deadlines.clock_for(
        asked, listing["severity"], context.overlays(platform_id, asked, subject, listing, now)
    )


def told(context: Context, listing_id: str) -> dict[str, list[Task]]:
    """The tasks that each platform has on a listing, by platform, oldest first."""
    named = (context.exchange.get(ledger_id(listing_id)) or {}).get("tasks", [])
    found = context.exchange.get_many(f"task:{one}" for one in named)
    by_platform: dict[str, list[Task]] = {}
    for slot_id, task in sorted(found.items()):
        platform_id = slot_id.removeprefix("task:").partition("#")[0]
        by_platform.setdefault(platform_id, []).append(task)
    return by_platform


def _check(
    context: Context,
    subject: Subject,
    change: Change,
    recipient: Recipient,
    standing: Mapping[str, list[Task]],
    now: datetime,
) -> Task | None:
    platform_id, listing = recipient.platform_id, change["listing"]
    if listing["source"] == f"platform:{platform_id}":
        return None
    before = standing.get(platform_id, [])
    newest = before[-1] if before else None
    if newest and newest["task"] == tasks.CHECK:
        return newest if "told_at" in newest else _open(context, platform_id, newest, now)
    revision = tasks.spell(subject["listings"].get(listing["listing_id"], {"history": []}), listing["revision"])
    if newest:
        # It blocks again: what is not reopened yet stays closed.
        revision = listing["revision"]
        move(context.ledger(platform_id), newest, tasks.LIFTED, "exchange", iso(now))
    clock = clock_for(context, platform_id, tasks.CHECK, subject, listing, now)
    known_by = {field: value for field, value in asdict(recipient).items() if value and field != "platform_id"}
    known_by |= {"merchants": list(recipient.merchants)} if recipient.merchants else {}
    opened = tasks.opened(tasks.CHECK, platform_id, change, revision, clock, known_by, iso(now))
    return _open(context, platform_id, opened, now)


def _undo(context: Context, subject: Subject, change: Change, now: datetime) -> int:
    """Ask everyone who was told of the listing to undo, and stop the clocks of whoever has not answered."""
    asked = 0
    for platform_id, known in told(context, change["listing"]["listing_id"]).items():
        if notice.is_taken_back(change):
            for task in known:
                pause_and_refresh_tasks.withhold(context, platform_id, task)
        asked += _undo_one(context, subject, change, platform_id, known[-1], now)
    return asked + _undo_for_receivers(context, subject, change, now)


def _undo_for_receivers(context: Context, subject: Subject, change: Change, now: datetime) -> int:
    """Ask those who were given a listing in an answer, and had no task on it, to undo what they did for it.

    Only where it should never have stood as it did: what was right and has ended undoes no refusal.
    """
    listing, was = change["listing"], notice.as_it_was(change)
    wrong = change["kind"] in ("amended", listings.VOIDED) and was["severity"] == tasks.GRAVE
    if not wrong or listing["listing_id"] not in subject["listings"]:
        return 0
    opened_at = subject["listings"][listing["listing_id"]]["history"][0]["at"]
    known = told(context, listing["listing_id"])
    asked = 0
    for platform_id in sorted(platforms_to_alert.given(context.exchange, subject, opened_at, now)):
        if platform_id in known or listing["source"] == f"platform:{platform_id}":
            continue
        clock = clock_for(context, platform_id, tasks.UNDO, subject, listing, now)
        task = tasks.opened(tasks.UNDO, platform_id, change, listing["revision"], clock, {"by": "answer"}, iso(now))
        _open(context, platform_id, task, now)
        asked += 1
    return asked


def _undo_one(context: Context, subject: Subject, change: Change, platform_id: str, newest: Task, now: datetime) -> int:
    if newest["task"] == tasks.UNDO and newest["change"] != change["number"]:
        return 0
    listing = change["listing"]
    if newest["task"] == tasks.CHECK:
        move(context.ledger(platform_id), newest, tasks.LIFTED, "exchange", iso(now))
        count_daily_figures.mark_tasks(context.exchange, platform_id, [newest])
    clock = clock_for(context, platform_id, tasks.UNDO, subject, listing, now)
    known_by = newest["known_by"]
    _open(
        context,
        platform_id,
        tasks.opened(tasks.UNDO, platform_id, change, listing["revision"], clock, known_by, iso(now)),
        now,
    )
    return 1


def _open(context: Context, platform_id: str, task: Mapping[str, Any], now: datetime) -> Task:
    """Number the task, note it under its listing, set its clock, tell; what was done before is found done."""
    feed = context.ledger(platform_id)
    numbered = feed.append(task)
    if "told_at" in numbered:
        return numbered
    name = f"{platform_id}#{numbered['number']:012d}"
    context.exchange.add_to_set(ledger_id(numbered["listing"]["listing_id"]), "tasks", {name})
    task_reminders.file(context.exchange, name, numbered["due_at"], now)
    platforms_to_alert.remember_receiving(context.exchange, numbered["subject"]["subject_id"], platform_id, now)
    send_notice(
        context.sender, platform_id, *tasks.notice("task_opened", numbered, platform_id, numbered["opened_at"]), now
    )
    count_daily_figures.mark_tasks(context.exchange, platform_id, [numbered])
    campaign_figures.tally(context.feeds, campaign_figures.TASKS, numbered.get("campaigns", ()), numbered["entry_id"])
    feed.set_fields(numbered["number"], {"told_at": iso(now)})
    return {**numbered, "told_at": iso(now)}


def _newest(context: Context, change: Change) -> Change:
    """The last numbered change of the listing, from this one on."""
    listing, newest = change["listing"], change
    while following := context.changes.find(
        listings.change_id(listing, {"revision": newest["listing"]["revision"] + 1})
    ):
        newest = following
    return newest
