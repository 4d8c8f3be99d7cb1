"""Acts that wait for a second person (双人复核): /v1/pending-decisions, and the regulator's switch."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from chalicelib import errors, logs, wiring
from chalicelib.handlers.parameters import AFTER, Parameter, limit
from chalicelib.handlers.replies import Reply
from chalicelib.handlers.routing import ANYONE, REGULATOR, Request, Routes, perform
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.people.pending import Refusal, SecondPersonRule
    from chalicelib.second_person.pending_decision import PendingDecision
    from chalicelib.second_person.pending_decisions import Context

routes = Routes(__name__, "second-person")
PAGE: Final = (
    AFTER,
    limit(50, 100),
    Parameter("state", "只列出待复核的", "only those that wait", choices=("pending",)),
)
DECIDING: Final = (
    ErrorCode.NOT_FOUND,
    ErrorCode.SECOND_PERSON_NEEDED,
    ErrorCode.WRONG_DUTY,
    ErrorCode.DECISION_OVER,
)


@routes.route(
    "/v1/pending-decisions",
    "GET",
    "listPendingDecisions",
    roles=ANYONE,
    query=PAGE,
    returns="people.pending:PendingDecisions",
)
def list_decisions(request: Request) -> Json:
    """What waits, or waited, for a second person of the own organisation, newest first."""
    from chalicelib.second_person import pending_decisions

    now, most = wiring.now(), request.number("limit")
    read = pending_decisions.list_decisions(_context(), request.caller.platform_id, request.number("after"), most)
    views = [decision.view(now) for decision in read]
    wanted = [view for view in views if request.text("state") in ("", view["state"])]
    return {"decisions": wanted, "next": str(read[-1].number) if read and read[-1].number > 1 else ""}


@routes.route(
    "/v1/pending-decisions/{decision_id}/approval",
    "POST",
    "approveDecision",
    roles=ANYONE,
    returns="people.pending:Approved",
    errors=DECIDING,
)
def approve(request: Request, decision_id: str) -> Json:
    """Approve an act of another person, which is done at once in that person's name."""
    return approved(request, decision_id)


@routes.route(
    "/v1/pending-decisions/{decision_id}/refusal",
    "POST",
    "refuseDecision",
    roles=ANYONE,
    body="people.pending:Refusal",
    returns="people.pending:PendingDecision",
    errors=DECIDING,
)
def refuse(request: Request, body: "Refusal", decision_id: str) -> Json:
    """Refuse an act of another person, or take back one's own; nothing is done."""
    from chalicelib.second_person import pending_decisions

    now = wiring.now()
    decision = pending_decisions.refuse(_context(), request.caller, decision_id, body.why, now)
    logs.note("decision_refused", decision=decision_id, operation=decision.operation, by=request.caller.signature)
    return decision.view(now)


@routes.route(
    "/v1/second-person", "GET", "getSecondPersonRule", roles=ANYONE, returns="people.pending:SecondPersonMode"
)
def rule(_request: Request) -> Json:
    """For whom acts wait for a second person."""
    from chalicelib.second_person import pending_decisions

    return pending_decisions.read_rule(wiring.exchange()).view()


@routes.route(
    "/v1/second-person",
    "PUT",
    "setSecondPersonRule",
    roles=(REGULATOR,),
    body="people.pending:SecondPersonRule",
    returns="people.pending:SecondPersonMode",
)
def set_rule(request: Request, body: "SecondPersonRule") -> Json:
    """Set for whom acts wait for a second person; it holds from the next act on."""
    from chalicelib.second_person import pending_decisions

    by = request.caller.signature
    changed = pending_decisions.set_rule(wiring.exchange(), body.mode, body.organisations, by, wiring.now())
    request.noted.changes(*({"mode": changed[when]["mode"], **changed[when]["organisations"]} for when in changed))
    logs.note("second_person_rule_set", mode=body.mode, by=by)
    after: Json = changed["after"]
    return after


def approved(request: Request, decision_id: str) -> Json:
    """Approve a decision for the caller of the request, and do what it is about; also for a form of the console."""
    from chalicelib.second_person import pending_decisions

    context = _context()
    decision = pending_decisions.take(context, request.caller, decision_id, wiring.now())
    logs.note("decision_approved", decision=decision_id, operation=decision.operation, by=request.caller.signature)
    try:
        result = _done(request, decision)
    except errors.LianfangError as error:
        pending_decisions.end(context, decision, str(error.code))
        raise
    ended = pending_decisions.end(context, decision)
    return {"decision": ended.view(wiring.now()), "answer": result}


def _done(request: Request, decision: "PendingDecision") -> Any:
    import json

    asked = replace(request, caller=decision.caller, is_approved=True)
    result = perform(decision.operation, asked, json.loads(decision.body or "{}"), decision.path)
    return result.body if isinstance(result, Reply) else result


def _context() -> "Context":
    from chalicelib.second_person.pending_decisions import Context

    return Context(wiring.exchange(), wiring.numbered_log)
