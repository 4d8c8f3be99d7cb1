"""What platforms read of the ledger and answer to it: one task, a thousand at once, or a file; each row by itself.

An answer that was given is given: sending it again changes nothing, and a row that cannot be taken stops no other.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.closure_tasks import count_daily_figures, dependencies, open_tasks
from chalicelib.closure_tasks.change_task_state import move
from chalicelib.closure_tasks.dependencies import Context
from chalicelib.closure_tasks.rules import task as tasks
from chalicelib.errors import BadRequest, Conflict, LianfangError, NotFound, message
from chalicelib.notices.rules import notice
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import subject as subjects
from chalicelib.values.masking import mask_personal
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import campaign_figures

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable

Answer = dict[str, Any]
WRITERS: Final = 16
MOST_READ: Final = 1_000
PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of many: its place in what was sent, the task, what was done, and why."""

    row: int
    task_id: str
    outcome: str
    reason: str = ""


def page(context: Context, platform_id: str, state: str, after: int, limit: int) -> Answer:
    """A platform's tasks after a number, in order, and the cursor to read on from; '' for any state.

    `next` counts what the state left out, so it moves on a page that is short or empty.
    """
    found: list[Answer] = []
    end = after + MOST_READ
    while len(found) < limit and after < end:
        entries = context.ledger(platform_id).read(after, PAGE)
        for entry in entries:
            after = entry["number"]
            if state in ("", entry["state"]):
                found.append(tasks.view(entry))
            if len(found) == limit:
                break
        if len(entries) < PAGE:
            break
    return {"tasks": found, "next": str(after)}


def informational(context: Context, platform_id: str, after: int, limit: int, now: datetime) -> Answer:
    """What blocks, and what no longer does, of merchants that this platform does not know, by number of change.

    Read from the change feed itself, less what the platform has a task for.
    """
    entries = context.changes.read(after, max(limit, 1))
    ledgers = context.exchange.get_many({dependencies.ledger_id(one["listing"]["listing_id"]) for one in entries})
    shown = []
    for entry in entries:
        listing = entry["listing"]
        mine = ledgers.get(dependencies.ledger_id(listing["listing_id"]), {"tasks": []})["tasks"]
        if any(name.startswith(f"{platform_id}#") for name in mine) or listing["source"] == f"platform:{platform_id}":
            continue
        asked = _informs(entry, china_date(now))
        if asked:
            shown.append(tasks.informed(entry, asked, platform_id))
    return {"tasks": shown, "next": str(entries[-1]["number"] if entries else after)}


def one(context: Context, caller: Caller, row: Row, now: datetime) -> Answer:
    """The task after one answer; `NotFound` for one that is not the caller's, `Conflict` for an outcome of another."""
    feed = context.ledger(caller.platform_id)
    found = feed.read(_number(row) - 1, 1)
    if not found:
        raise NotFound("not_found", task_id=row.task_id[:40])
    return tasks.view(_answer(context, caller, found[0], [row], now)[0][1])


def many(context: Context, caller: Caller, rows: Sequence[Row], now: datetime) -> Answer:
    """Take each row by itself: how many were taken, and of each of the others its place, its code and a sentence."""
    errors: list[Answer] = []
    wanted: dict[int, list[Row]] = {}
    for row in rows:
        try:
            checked = _checked(row)
            wanted.setdefault(_number(checked), []).append(checked)
        except LianfangError as error:
            errors.append(_refused(row, error.code))
    found = context.exchange.get_many(f"task:{caller.platform_id}#{number:012d}" for number in wanted)
    known = {task["number"]: task for task in found.values()}
    errors += [_refused(row, "not_found") for number, some in wanted.items() if number not in known for row in some]
    with ThreadPoolExecutor(WRITERS) as pool:
        done = list(
            pool.map(
                lambda number: _answer(context, caller, known[number], wanted[number], now, counted=False), known.keys()
            )
        )
    count_daily_figures.mark_tasks(context.exchange, caller.platform_id, known.values())
    errors += [_refused(row, code) for some in done for row, _, code in some if code]
    states: dict[str, int] = {}
    for some in done:
        states[some[-1][1]["state"]] = states.get(some[-1][1]["state"], 0) + 1
    errors.sort(key=lambda error: int(error["row"]))
    return {"rows": len(rows), "taken": len(rows) - len(errors), "states": states, "errors": errors}


def ledger(registry: "RegistryTable", context: Context, caller: Caller, listing_id: str) -> Answer:
    """Who was told of a listing when, and answered when: every platform's tasks, or for a platform its own."""
    subject_id = listings.subject_of(listing_id)
    subject = registry.subject(subject_id) if subject_id else None
    listing = subject["listings"].get(listing_id) if subject else None
    if subject is None or listing is None or not listings.may_see(listing, caller.role, caller.platform_id):
        raise NotFound("not_found", listing_id=listing_id[:120])
    known = open_tasks.told(context, listing_id)
    if caller.role == "platform":
        known = {one: some for one, some in known.items() if one == caller.platform_id}
    asked = [(platform_id, task) for platform_id, some in known.items() for task in some]
    hidden = ("subject", "listing")
    return {
        "subject": subjects.shown(subject),
        "listing": _shown(listing, caller),
        "open": sum(task["state"] in tasks.OPEN for _, task in asked),
        "tasks": [
            {"platform_id": platform_id}
            | {field: value for field, value in tasks.view(task).items() if field not in hidden}
            | {"history": task["history"]}
            for platform_id, task in sorted(asked, key=lambda found: (found[1]["opened_at"], found[0]))
        ],
    }


def _shown(listing: Mapping[str, Any], caller: Caller) -> Answer:
    """The listing as it stands; of a government entry that has ended only that there was one."""
    if listing["state"] != listings.ACTIVE and str(listing["source"]).startswith("government:"):
        return notice.withheld(listing)
    return listings.view(listing, caller.role, caller.platform_id)


def _answer(
    context: Context, caller: Caller, task: Mapping[str, Any], rows: Iterable[Row], now: datetime, counted: bool = True
) -> list[tuple[Row, dict[str, Any], str]]:
    """The task after each row, in their order, with the code of what was refused; alone, a refusal is raised."""
    feed = context.ledger(caller.platform_id)
    by = f"{caller.source}#{caller.key_id}"
    current, done = dict(task), []
    for row in rows:
        code = ""
        try:
            current = move(feed, current, row.outcome, by, iso(now), mask_personal(row.reason.strip())[0])
        except ValueError:
            if counted:
                outcomes = list(tasks.outcomes(current["task"]))
                raise Conflict("wrong_outcome", task=current["task"], outcomes=outcomes) from None
            code = "wrong_outcome"
        else:
            if "outcome" in current:
                marked, in_time = (
                    current.get("campaigns", ()),
                    current["first_answered_at"] <= current.get("due_at", ""),
                )
                campaign_figures.tally_answer(context.feeds, marked, current["entry_id"], current["outcome"], in_time)
        done.append((row, current, code))
    if counted:
        count_daily_figures.mark_tasks(context.exchange, caller.platform_id, [current])
    return done


def _number(row: Row) -> int:
    text = row.task_id.strip().removesuffix(".0")
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and int(text)):
        raise NotFound("not_found", task_id=row.task_id[:40])
    return int(text)


def _checked(row: Row) -> Row:
    if row.outcome not in (tasks.SEEN, tasks.CHECKED, *tasks.ANSWERED):
        raise BadRequest("unknown_outcome", outcome=row.outcome[:40])
    if row.outcome == "kept" and not row.reason.strip():
        raise BadRequest("kept_without_reason")
    return row


def _refused(row: Row, code: str) -> Answer:
    return {"row": row.row, "task_id": row.task_id[:40], "code": code, "message": message(code)}


def _informs(entry: Mapping[str, Any], today: str) -> str:
    """Whether a change makes a listing block, or ends one that may have; '' for neither."""
    listing = entry["listing"]
    if listing["severity"] != tasks.GRAVE or not listings.is_shared(listing):
        return ""
    # What was said of an entry that has ended is withheld; its end follows later in the feed.
    if entry["kind"] in tasks.OPENING and "evidence_level" not in listing:
        return ""
    alone = {"listings": {listing["listing_id"]: listing}}
    if listing["state"] == listings.ACTIVE and tasks.blocks(alone, {**listing, "expires_on": ""}, today):
        return tasks.INFORM if entry["kind"] in tasks.OPENING else ""
    return tasks.INFORM_OVER if entry["kind"] in tasks.UNDOING else ""
