"""Disputes as the routes of the API and the pages of the console read them."""

from typing import TYPE_CHECKING

from chalicelib import logs, wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.permissions import limited_to
from chalicelib.handlers import dependencies
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.disputes.rules.dispute_case import Case


def page_of(caller: Caller, state: str, after: int, limit: int) -> "tuple[list[Case], int]":
    """The disputes that a caller may see after a number, in order, those in one state or with '' in any; and the
    number to read on from, which counts what the state left out."""
    from chalicelib.disputes import read_disputes

    entries = wiring.dispute_log(limited_to(caller)).read_on(after, limit)
    cases = read_disputes.list_cases(dependencies.disputes(), [entry["entry_id"] for entry in entries])
    if state == "overdue":
        cases = [case for case in cases if case.dispute.overdue_at and case.dispute.state == "open"]
    elif state:
        cases = [case for case in cases if case.dispute.state == state]
    return cases, int(entries[-1]["number"]) if entries else after


def newest(caller: Caller, most: int) -> "tuple[list[Case], bool]":
    """The newest disputes that a caller may see, the last one first, and whether these are all. Reads so many entries
    with their disputes and subjects."""
    from chalicelib.disputes import read_disputes

    log = wiring.dispute_log(limited_to(caller))
    end = log.length()
    first = max(end - most, 0)
    entries = log.read(first, end - first) if end else []
    cases = read_disputes.list_cases(dependencies.disputes(), [entry["entry_id"] for entry in reversed(entries)])
    return cases, first == 0


def changed_since(caller: Caller, moment: str, most: int) -> "dict[str, list[Case]]":
    """The disputes that were opened, answered and closed at a moment (ISO, UTC) or later, among the newest that a
    caller may see, by that step; see `newest`."""
    from chalicelib.disputes.rules.dispute_view import STEPS, moment_of

    cases, _ = newest(caller, most)
    return {step: [case for case in cases if moment_of(case, step) >= moment] for step in STEPS}


def whole_of(caller: Caller, case: "Case") -> Json:
    """A dispute as a caller may see it, with every statement and every file that has arrived."""
    from chalicelib.disputes import evidence_files, read_disputes
    from chalicelib.disputes.rules import dispute_view

    by = read_disputes.actor(caller)
    statements = read_disputes.read_statements(dependencies.disputes(), case)
    evidence = evidence_files.list_files(dependencies.evidence_files(), case.dispute.dispute_id, wiring.now())
    return {**dispute_view.whole(case, statements, by), "evidence": evidence}


def link_evidence(request_id: str, caller: Caller, dispute_id: str, evidence_id: str) -> Json:
    """One file of evidence with the links to it, which are logged; `NotFound` for those who may not read it."""
    from chalicelib.disputes import evidence_files, read_disputes

    by = read_disputes.actor(caller)
    case = read_disputes.find_case(dependencies.disputes(), by, dispute_id)
    linked = evidence_files.link_file(dependencies.evidence_files(), case, by, request_id, evidence_id, wiring.now())
    logs.note("evidence_linked", dispute=dispute_id, evidence=evidence_id, by=by, request_id=request_id)
    return linked


def note_step(event: str, caller: Caller, case: "Case") -> None:
    """Log a step of a dispute."""
    from chalicelib.disputes import read_disputes

    dispute = case.dispute
    logs.note(event, dispute=dispute.dispute_id, by=read_disputes.actor(caller), state=dispute.state)
