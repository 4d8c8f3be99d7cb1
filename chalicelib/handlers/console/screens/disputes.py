"""Disputes at the desks of both sides and of the regulator: lists, the file, and answers."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from chalicelib import wiring
from chalicelib.accounts.roles import Role
from chalicelib.disputes import read_disputes
from chalicelib.disputes.rules.evidence_file import TYPES
from chalicelib.handlers import dependencies
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens import since
from chalicelib.handlers.console.texts.dispute_texts import FILE_TYPES, STATES, dispute_row, files, steps
from chalicelib.handlers.console.texts.listing_texts import SEVERITIES, Fields
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk import dispute_desk as desk
from chalicelib.handlers.replies import Reply
from chalicelib.merchant_record.rules.standing import EVIDENCE
from chalicelib.messages import ErrorCode
from chalicelib.people.duties import Duty
from chalicelib.registry.rules.reason_codes import REASONS
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.disputes.rules.dispute_case import Case

TITLE: Final = ("申诉", "Disputes")
PAGE: Final = 50
LONGEST: Final = 4_000
DECISIONS: Final = (
    ("uphold", "维持原记录", "Uphold the listing"),
    ("amend", "更正记录", "Amend the listing"),
    ("void", "撤销记录", "Void the listing"),
)


def page(visit: Visit) -> Reply:
    """Disputes of the organisation, of a regulator all, in the order of their opening; 50 with their subjects. With
    `since` in the address those of the newest 50 of which a step was made since, the newest first."""
    from chalicelib.disputes.rules import dispute_view

    state, moment = visit.query("state", tuple(STATES)), since.since_of(visit)
    if moment:
        step = visit.query("step", dispute_view.STEPS) or dispute_view.OPENED
        cases, following, is_last = desk.changed_since(visit.caller, moment, PAGE)[step], 0, True
    else:
        cases, following = desk.page_of(visit.caller, state, visit.cursor(), PAGE)
        is_last = following == visit.cursor() or (len(cases) < PAGE and not state)
    kept = {"state": state} if state else {}
    says = (f"本页 {len(cases)} 件", f"{len(cases)} on this page")
    return console_frame.page(
        visit,
        "disputes.html",
        TITLE,
        rows=sorted((dispute_row(visit, dispute_view.summary(case)) for case in cases), key=_first_what_waits),
        states=[("", visit.t("全部", "All")), *((name, visit.t(zh, en)) for name, (zh, en, _tone) in STATES.items())],
        state=state,
        changed=since.shown(visit, "disputes", kept),
        pages=console_frame.pages_of(visit, "disputes", says, "" if is_last else following, kept),
        csv=f"{visit.root}disputes.csv",
    )


def _first_what_waits(row: Json) -> tuple[bool, bool]:
    """The order of a page: what is late, then what is open, then what is over, each as it was opened."""
    return not row["late"], row["raw"]["state"] == "closed"


def export(visit: Visit) -> Reply:
    """The last thousand disputes as CSV."""
    from chalicelib.disputes.rules import dispute_view

    cases, _ = desk.page_of(visit.caller, "", visit.cursor(), 1_000)
    heads = ["dispute_id", "listing_id", "name", "uscc", "opened_by", "source", "opened_at", "state", "outcome"]
    lines = []
    for case in cases:
        view = dispute_view.summary(case)
        subject, closed = view["subject"], view.get("closed", {})
        ids = [view["dispute_id"], view["listing_id"], subject.get("name", ""), subject.get("uscc", "")]
        lines.append(
            [*ids, view["opened_by"], view["source"], view["opened_at"], view["state"], closed.get("outcome", "")]
        )
    return console_frame.csv_table([heads, *lines], "disputes.csv")


def dispute(visit: Visit, dispute_id: str) -> Reply:
    """The file of a dispute: both sides in the order of time, the listing, the evidence, and what may be done."""
    return draw_file(visit, read_case(visit, dispute_id), 200)


def answer(visit: Visit, dispute_id: str) -> Reply:
    """The reporter stands by its listing, or concedes."""
    from chalicelib.disputes import dispute_steps

    stand, statement = visit.field("stand"), visit.field("statement", LONGEST)
    if stand not in ("stand_by", "concede") or not statement:
        return draw_file(visit, read_case(visit, dispute_id), 400, {"statement": visit.says(ErrorCode.INVALID_REQUEST)})
    by = read_disputes.actor(visit.caller)
    case = dispute_steps.answer(dependencies.disputes(), by, dispute_id, stand, statement, wiring.now())
    desk.note_step("dispute_answered", visit.caller, case)
    return console_frame.go_to(visit, f"disputes/{dispute_id}")


def withdraw(visit: Visit, dispute_id: str) -> Reply:
    """The opener takes its dispute back."""
    from chalicelib.disputes import dispute_steps

    by, statement = read_disputes.actor(visit.caller), visit.field("statement", LONGEST)
    case = dispute_steps.withdraw(dependencies.disputes(), by, dispute_id, statement, wiring.now())
    desk.note_step("dispute_withdrawn", visit.caller, case)
    return console_frame.go_to(visit, f"disputes/{dispute_id}")


def read_case(visit: Visit, dispute_id: str) -> "Case":
    """The dispute, where the visitor's organisation takes part in it."""
    return read_disputes.find_case(dependencies.disputes(), read_disputes.actor(visit.caller), dispute_id)


def draw_file(visit: Visit, case: "Case", status: int, wrong: Json | None = None) -> Reply:
    """The file of a dispute; `wrong` is what is wrong by the field of its forms."""
    view = desk.whole_of(visit.caller, case)
    by, person = read_disputes.actor(visit.caller), visit.session.person
    is_open, decides = view["state"] != "closed", Duty.DECIDE in person.duties
    name = view["subject"].get("name", "") or view["dispute_id"]
    files_shown, may_read = files(visit, view), by == view["source"] or person.role == Role.REGULATOR
    reply = console_frame.page(
        visit,
        "dispute.html",
        (name, name),
        status,
        dispute=dispute_row(visit, view),
        steps=steps(visit, view),
        files=files_shown,
        may_read_files=may_read,
        may_answer=decides and view["state"] == "open" and by == view["source"],
        may_withdraw=decides and is_open and by == view["opened_by"],
        may_send=is_open
        and by in (view["source"], view["opened_by"])
        and bool(person.duties - {Duty.READ, Duty.AUDIT}),
        may_decide=decides and is_open and person.role == Role.REGULATOR,
        decisions=[(value, visit.t(zh, en)) for value, zh, en in DECISIONS],
        severities=_options((str(level), visit.t(*text)) for level, text in SEVERITIES.items()),
        levels=_options((level, visit.t(*text)) for level, text in EVIDENCE.items()),
        reasons=_options((code, visit.t(reason.zh, reason.en)) for code, reason in REASONS.items()),
        types=[(each, visit.t(*FILE_TYPES[each])) for each in TYPES],
        wrong=Fields(wrong or {}),
        notice=_waits(visit) if visit.query("waits") else None,
    )
    return console_frame.showing(reply, wiring.bucket().origin()) if may_read and files_shown else reply


def _options(pairs: Iterable[tuple[str, str]]) -> list[Json]:
    return [{"value": value, "text": text} for value, text in pairs]


def _waits(visit: Visit) -> Json:
    text = visit.t("已提交，等待第二人确认", "Sent; it waits for a second person")
    more = visit.t("确认前记录不变。", "Until then the listing stays as it is.")
    return {"tone": "info", "text": text, "more": more}
