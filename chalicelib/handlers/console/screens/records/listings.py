"""A listing: what it says, what happened to it, which platforms were told of it and what they did; and disputing it."""

from typing import TYPE_CHECKING, Any, Final

from chalicelib import errors, wiring
from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks import read_tasks
from chalicelib.disputes import dispute_steps, read_disputes
from chalicelib.disputes.rules import dispute_view
from chalicelib.disputes.rules.dispute import why_not_open
from chalicelib.handlers import dependencies
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.texts.dispute_texts import dispute_state
from chalicelib.handlers.console.texts.event_texts import event_row
from chalicelib.handlers.console.texts.listing_texts import Fields, listing_row
from chalicelib.handlers.console.texts.task_texts import task_row
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk import dispute_desk
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.people.duties import Duty
from chalicelib.reports.regulator_filing import may_withdraw
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.disputes import NewDispute
    from chalicelib.registry.rules.listing import Listing

KINDS: Final = (
    ("for_merchant", "代商户申诉", "For the merchant"),
    ("found_otherwise", "本平台另有认定", "This platform found otherwise"),
)
LONGEST: Final = 4_000
LEDGER: Final = ("platform_id", "task_id", "kind", "state", "opened_at", "due_at", "answered_at", "outcome")


def page(visit: Visit, listing_id: str) -> Reply:
    """The listing, its history for those who may see that, and its ledger: a platform sees its own tasks alone.

    Reads its subject twice, the index of its tasks and each of these.
    """
    return _draw(visit, listing_id, 200)


def ledger(visit: Visit, listing_id: str) -> Reply:
    """Which platforms were told of the listing and what they did when, as CSV."""
    tasks = _ledger(visit, listing_id)["tasks"]
    rows = [[task.get(name, "") for name in LEDGER] for task in tasks]
    return console_frame.csv_table([LEDGER, *rows], "ledger.csv")


def dispute(visit: Visit, listing_id: str) -> Reply:
    """Open a dispute over the listing; where the form does not fit or the listing cannot be disputed, it is said
    beside what was typed. The key of the form keeps a second click from a second dispute."""
    typed = {name: visit.field(name, LONGEST) for name in ("kind", "statement", "contact")}
    try:
        body = _new_dispute(listing_id, typed)
        by, now = read_disputes.actor(visit.caller), wiring.now()
        wanted = dispute_steps.NewDispute(**body.model_dump())
        case = dispute_steps.open_dispute(dependencies.disputes(), by, wanted, visit.field("once", 80), now)
    except (errors.BadRequest, errors.Conflict) as error:
        field = str(error.details.get("field", "statement"))
        return _draw(visit, listing_id, error.status, typed=typed, wrong={field: visit.says(error.code)})
    dispute_desk.note_step("dispute_opened", visit.caller, case)
    visit.request.noted.object_name = f"dispute:{case.dispute.dispute_id}"
    return console_frame.go_to(visit, f"disputes/{case.dispute.dispute_id}")


def _draw(visit: Visit, listing_id: str, status: int, **form: Any) -> Reply:
    held = _ledger(visit, listing_id)
    own = read_disputes.find_listing(dependencies.disputes(), listing_id, "")[1]
    shown = Fields(held["subject"])
    name = shown["name"] or shown["uscc"] or visit.t("（无名称）", "(no name)")
    acts = visit.session.person.duties
    return console_frame.page(
        visit,
        "records/listing.html",
        (f"{name}的记录", f"Listing of {name}"),
        status,
        name=name,
        subject=shown,
        listing_id=listing_id,
        row=listing_row(visit, held["listing"]),
        steps=[event_row(visit, event) for event in _history(visit, listing_id)],
        disputes=_disputes(visit, own) if _may_read_history(visit, own) else [],
        told=[task_row(visit, task, {}) for task in held["tasks"]],
        counts=_counts(held["tasks"]),
        dispute=_dispute_form(visit, own, form),
        may_withdraw=may_withdraw(visit.caller, own) and own.state == "active" and Duty.DECIDE in acts,
        is_regulator=visit.caller.role == Role.REGULATOR,
    )


def _ledger(visit: Visit, listing_id: str) -> Json:
    return read_tasks.ledger_of_listing(wiring.registry(), dependencies.closure_tasks(), visit.caller, listing_id)


def _may_read_history(visit: Visit, listing: "Listing") -> bool:
    by = read_disputes.actor(visit.caller)
    return (
        visit.caller.role == Role.REGULATOR
        or listing.source == by
        or any(dispute.by == by for dispute in listing.disputes.values())
    )


def _disputes(visit: Visit, listing: "Listing") -> list[Json]:
    """The disputes over the listing, and whether their evidence may be read."""
    may_read = visit.caller.role == Role.REGULATOR or listing.source == read_disputes.actor(visit.caller)
    rows = []
    for each in listing.disputes.values():
        outcome = each.closed.result if each.closed else ""
        state = dispute_state(visit, each.state, bool(each.overdue_at), outcome)
        row = {"dispute_id": each.dispute_id, "opened_at": each.opened_at, "state": state}
        rows.append({**row, "may_read_files": may_read})
    return rows


def _history(visit: Visit, listing_id: str) -> list[Json]:
    """The events of the listing, the earliest first; none for those who may not read them."""
    by = read_disputes.actor(visit.caller)
    try:
        read = read_disputes.read_history(dependencies.disputes(), by, listing_id)
    except errors.NotFound:
        return []
    events: list[Json] = dispute_view.history(*read, by)["history"]
    return events


def _counts(tasks: list[Json]) -> Json:
    """How many of the platforms' tasks are open, late, and answered."""
    states = [task["state"] for task in tasks]
    over = sum(state in ("closed", "reopened", "not_present", "kept", "lifted") for state in states)
    return {"told": len(states), "open": len(states) - over, "late": states.count("overdue"), "over": over}


def _dispute_form(visit: Visit, listing: "Listing", form: Json) -> Json | None:
    """The form of a dispute as it is filled in, or why none can be opened; None for those who open none."""
    if visit.caller.role != Role.PLATFORM or not visit.session.person.duties & {Duty.DECIDE, Duty.REPORT}:
        return None
    refused = why_not_open(listing, read_disputes.actor(visit.caller))
    if refused == "own_listing":
        return None
    return {
        "refused": visit.says(refused) if refused else "",
        "typed": Fields(form.get("typed", {})),
        "wrong": Fields(form.get("wrong", {})),
        "kinds": [(value, visit.t(zh, en)) for value, zh, en in KINDS],
        "once": visit.request.ident,
    }


def _new_dispute(listing_id: str, typed: Json) -> "NewDispute":
    """The dispute as the API takes it; `BadRequest` names the field that does not fit."""
    from pydantic import ValidationError

    from chalicelib.handlers.requests.disputes import NewDispute

    try:
        return NewDispute.model_validate({"listing_id": listing_id, **typed})
    except ValidationError as error:
        place = error.errors()[0]["loc"]
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field=str(place[0]) if place else "statement") from error
