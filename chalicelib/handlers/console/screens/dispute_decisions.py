"""A regulator's decision on a dispute: first what it will do, then the decision."""

from typing import TYPE_CHECKING, Final

from chalicelib import errors
from chalicelib.handlers import routing
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.disputes import DECISIONS, LONGEST, draw_file, read_case
from chalicelib.handlers.console.texts.dispute_texts import dispute_row
from chalicelib.handlers.console.texts.listing_texts import SEVERITIES, Text
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk import dispute_desk as desk
from chalicelib.handlers.desk.listing_reach import Reach, reach_of
from chalicelib.handlers.replies import Reply
from chalicelib.merchant_record.rules.standing import EVIDENCE
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules.reason_codes import REASONS
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.disputes.rules.dispute_case import Case
    from chalicelib.handlers.requests.disputes import DisputeDecision

EFFECTS: Final[dict[str, Text]] = {
    "uphold": (
        "记录恢复效力，暂停的任务重新计时，双方与收到该记录的平台会收到通知。",
        "The listing counts again, tasks that were paused run on, and both sides and all who received it are notified.",
    ),
    "amend": (
        "记录按下列内容更正，此后报送不能改回；不再阻断的，未完成的任务撤销，已清退的平台会收到恢复任务。",
        "The listing is amended and no report changes it back; where it blocks no more, open tasks are lifted and "
        "platforms that closed are asked to look at it again.",
    ),
    "void": (
        "记录撤销，未完成的任务撤销，已清退的平台会收到恢复任务；报送平台的撤销次数加一。",
        "The listing is void, open tasks are lifted, platforms that closed are asked to reopen, and it counts among "
        "the reporter's voided reports.",
    ),
}
_FIELDS: Final = ("severity", "reasons", "evidence_level", "expires_on")


def preview(visit: Visit, dispute_id: str) -> Reply:
    """What a decision will do, before it is made: whom it tells and which tasks it undoes; reads those tasks."""
    case = read_case(visit, dispute_id)
    try:
        decision = _decision(visit)
    except errors.BadRequest as error:
        return draw_file(visit, case, 400, {"decision": visit.says(error.code)})
    return console_frame.page(
        visit,
        "dispute_decision.html",
        ("确认裁定", "Confirm the decision"),
        dispute=dispute_row(visit, desk.whole_of(visit.caller, case)),
        decision=next(visit.t(zh, en) for name, zh, en in DECISIONS if name == decision.decision),
        effect=visit.t(*EFFECTS[decision.decision]),
        fields=_amended(visit, decision),
        sent={name: visit.form.get(name, [""]) for name in ("decision", "statement", *_FIELDS)},
        reached=_reached(case),
    )


def decide(visit: Visit, dispute_id: str) -> Reply:
    """A regulator's decision, once its consequences were shown; to void may wait for a second person."""
    sent = _decision(visit).model_dump(exclude_none=True)
    performed = routing.perform("decideDispute", visit.request, sent, {"dispute_id": dispute_id})
    waits = isinstance(performed, Reply) and performed.status == 202
    return console_frame.go_to(visit, f"disputes/{dispute_id}" + ("?waits=yes" if waits else ""))


def _decision(visit: Visit) -> "DisputeDecision":
    """The decision of the form; `BadRequest` for one that says too little or amends nothing."""
    from pydantic import ValidationError

    from chalicelib.handlers.requests.disputes import DisputeDecision

    sent: Json = {"decision": visit.field("decision"), "statement": visit.field("statement", LONGEST)}
    if sent["decision"] == "amend":
        sent |= {name: value for name in ("evidence_level", "expires_on") if (value := visit.field(name))}
        severity, reasons = visit.field("severity"), [code for code in visit.fields("reasons") if code]
        sent |= {"severity": int(severity)} if severity.isdigit() else {}
        sent |= {"reasons": reasons} if reasons else {}
    try:
        return DisputeDecision.model_validate(sent)
    except ValidationError as error:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="decision") from error


def _amended(visit: Visit, decision: "DisputeDecision") -> list[tuple[str, str]]:
    """What is amended, each field with its new value in words."""
    rows: list[tuple[str, str]] = []
    if decision.severity:
        rows.append((visit.t("严重程度", "Severity"), visit.t(*SEVERITIES[decision.severity])))
    if decision.reasons:
        names = [visit.t(REASONS[code].zh, REASONS[code].en) for code in decision.reasons]
        rows.append((visit.t("原因", "Reasons"), visit.t("；", "; ").join(names)))
    if decision.evidence_level:
        rows.append((visit.t("证据", "Evidence"), visit.t(*EVIDENCE[decision.evidence_level])))
    if decision.expires_on:
        rows.append((visit.t("有效期至", "Until"), decision.expires_on))
    return rows


def _reached(case: "Case") -> Reach:
    """Whom the disputed listing has reached."""
    since = case.listing.history[0].at if case.listing.history else case.dispute.opened_at
    return reach_of(case.subject, case.listing, since)
