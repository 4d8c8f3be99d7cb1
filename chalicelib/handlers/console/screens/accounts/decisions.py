"""Acts of the organisation that wait for a second person: the list, each of them, approval and refusal."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from chalicelib import logs, wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens import since
from chalicelib.handlers.console.screens.accounts.keys import draw_secret
from chalicelib.handlers.console.screens.accounts.people import frame_of
from chalicelib.handlers.console.texts.listing_texts import State
from chalicelib.handlers.console.texts.operation_texts import operation_name
from chalicelib.handlers.console.texts.people_texts import signature_in_words
from chalicelib.handlers.console.texts.second_person_texts import MODES
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.people import people
from chalicelib.people.duties import Duty
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.second_person.pending_decision import PendingDecision
    from chalicelib.second_person.pending_decisions import Context

TITLE: Final = ("双人复核", "Second person")
PAGE: Final = 50
STATES: Final = {
    "pending": ("待复核", "Waits", "wait"),
    "taken": ("办理中", "Being done", "info"),
    "done": ("已办理", "Done", "good"),
    "failed": ("未办成", "Failed", "bad"),
    "refused": ("已否决", "Refused", ""),
    "expired": ("已过期", "Over", ""),
}
COLUMNS: Final = [
    "decision_id",
    "operation",
    "person_id",
    "key_id",
    "asked_at",
    "ends_at",
    "state",
    "decided_by",
    "decided_at",
    "why",
]
# So much of a value of the request is shown.
MOST_SHOWN: Final = 300


def page(visit: Visit) -> Reply:
    """What waits or waited for a second person, newest first; 50 entries of a log and the names in them."""
    from chalicelib.second_person import pending_decisions

    state = visit.query("state", tuple(STATES))
    read, moment = _read(visit, PAGE), since.since_of(visit)
    names = _names(read)
    rows = [_row(visit, decision, names) for decision in read]
    following = str(read[-1].number) if read and read[-1].number > 1 else ""
    kept = {"state": state} if state else {}
    return console_frame.page(
        visit,
        "accounts/decisions.html",
        TITLE,
        rows=[row for row in rows if state in ("", row["state_name"]) and row["asked_at"] >= moment],
        changed=since.shown(visit, "decisions", {"state": state} if state else {}),
        state=state,
        states=[("", visit.t("全部", "All")), *((name, visit.t(zh, en)) for name, (zh, en, _) in STATES.items())],
        pages=console_frame.pages_of(
            visit, "decisions", (f"已看 {len(rows)} 项", f"{len(rows)} looked at"), following, kept
        ),
        csv=f"{visit.root}decisions.csv",
        mode=pending_decisions.read_rule(wiring.exchange()).mode_of(visit.caller.platform_id),
        modes=[{"value": mode, "text": visit.t(*name)} for mode, (name, _says) in MODES.items()],
        sets_rule=visit.caller.role == Role.REGULATOR and Duty.ADMINISTER in visit.session.person.duties,
        **frame_of(visit, visit.caller.platform_id, "decisions"),
    )


def count_waiting(visit: Visit, moment: str = "") -> int:
    """How many acts of other people, of the last twenty, wait for this person as the second, those that were asked for
    since a moment; 1 to 6 read units."""
    person, now = visit.session.person, wiring.now()
    return sum(
        decision.state_at(now) == "pending"
        and decision.person_id != person.person_id
        and decision.asked_at >= moment
        and Duty(decision.duty) in person.duties
        for decision in _read(visit, 20)
    )


def export(visit: Visit) -> Reply:
    """The last hundred decisions as CSV."""

    views = [decision.view(wiring.now()) for decision in _read(visit, 100)]
    lines = [[view.get(head, "") for head in COLUMNS] for view in views]
    return console_frame.csv_table([COLUMNS, *lines], "decisions.csv")


def decision(visit: Visit, decision_id: str) -> Reply:
    """A decision: what was asked for, by whom, and the ways to approve or refuse it."""
    return _draw(visit, decision_id)


def approve(visit: Visit, decision_id: str) -> Reply:
    """Approve an act of another person, which is done at once; a key that comes out is shown this once."""
    from chalicelib.handlers.oversight.pending_decisions import approved

    answer = approved(visit.request, decision_id)
    made, decided = answer["answer"], answer["decision"]
    if isinstance(made, dict) and "key" in made:
        return draw_secret(visit, made.get("platform_id", "") or decided["path"].get("platform_id", ""), made)
    return console_frame.go_to(visit, f"decisions/{decision_id}")


def refuse(visit: Visit, decision_id: str) -> Reply:
    """Refuse an act of another person, or take back the own one; nothing is done."""
    from chalicelib.second_person import pending_decisions

    why = visit.field("why", 1_000)
    if not why:
        pending_decisions.get(_context(), visit.caller, decision_id)
        return _draw(visit, decision_id, visit.t("请说明理由。", "Say why."))
    refused = pending_decisions.refuse(_context(), visit.caller, decision_id, why, wiring.now())
    logs.note("decision_refused", decision=decision_id, operation=refused.operation, by=visit.caller.signature)
    return console_frame.go_to(visit, f"decisions/{decision_id}")


def _draw(visit: Visit, decision_id: str, wrong: str = "") -> Reply:
    from chalicelib.second_person import pending_decisions

    shown = pending_decisions.get(_context(), visit.caller, decision_id)
    row = _row(visit, shown, _names([shown]))
    return console_frame.page(
        visit,
        "accounts/decision.html",
        (row["what"], row["what"]),
        400 if wrong else 200,
        decision=row,
        fields=_fields(shown),
        wrong=wrong,
        lacks_duty=Duty(shown.duty) not in visit.session.person.duties,
    )


def _read(visit: Visit, most: int) -> "list[PendingDecision]":
    from chalicelib.second_person import pending_decisions

    return pending_decisions.list_decisions(_context(), visit.caller.platform_id, visit.cursor(), most)


def _names(decisions: "Sequence[PendingDecision]") -> dict[str, str]:
    """The names of the people who asked for these acts or decided on them; half a read unit for each."""
    asked = {decision.person_id for decision in decisions}
    decided = {decision.decided_by.partition("/")[2] for decision in decisions}
    return people.names_of(wiring.exchange(), (asked | decided) - {""})


def _row(visit: Visit, decision: "PendingDecision", names: Mapping[str, str]) -> Json:
    """A decision in words; the names of people are those of the organisation."""
    state = decision.state_at(wiring.now())
    zh, en, tone = STATES[state]
    return {
        "decision_id": decision.ident,
        "what": operation_name(visit, decision.operation),
        "about": " · ".join(decision.path.values()),
        "by": names.get(decision.person_id, "") or decision.person_id or decision.key_id,
        "asked_at": decision.asked_at,
        "ends_at": decision.ends_at,
        "state_name": state,
        "state": State(visit.t(zh, en), tone),
        "decided_by": signature_in_words(decision.decided_by, names) if decision.decided_by else "",
        "decided_at": decision.decided_at,
        "why": decision.why,
        "error": visit.says(decision.error) if decision.error in set(ErrorCode) else decision.error,
        "is_own": decision.person_id == visit.session.person.person_id,
        "waits": state == "pending",
    }


def _fields(decision: "PendingDecision") -> list[tuple[str, str]]:
    """What was asked for, field by field as the API names them."""
    import json

    body: Json = json.loads(decision.body or "{}")
    sent = {**decision.path, **body}
    texts = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for name, value in sent.items()
    }
    return [(name, text[:MOST_SHOWN]) for name, text in texts.items() if text not in ("", "null")]


def _context() -> "Context":
    from chalicelib.second_person.pending_decisions import Context

    return Context(wiring.exchange(), wiring.numbered_log)
