"""What a page says of the events of a listing's history: what happened, who did it, and what it changed."""

from collections.abc import Mapping
from typing import Final

from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.texts.listing_texts import SEVERITIES, Text, listing_state, reason_names
from chalicelib.handlers.console.visit import Visit
from chalicelib.merchant_record.rules.standing import EVIDENCE
from chalicelib.values.records import Json

EVENTS: Final[Mapping[str, Text]] = {
    "opened": ("列入", "Listed"),
    "amended": ("更正", "Amended"),
    "reopened": ("重新列入", "Listed again"),
    "guard_lifted": ("解除集中报送保留", "Hold of a burst lifted"),
    "withdrawn": ("报送方撤回", "Withdrawn by its reporter"),
    "removed": ("来源移出", "Removed by its source"),
    "expired": ("到期", "Expired"),
    "voided": ("经申诉撤销", "Voided after a dispute"),
    "disputed": ("提出申诉", "Disputed"),
    "dispute_answered": ("报送方答复申诉", "Dispute answered by the reporter"),
    "dispute_overdue": ("申诉答复逾期", "Answer to the dispute overdue"),
    "dispute_closed": ("申诉结束", "Dispute closed"),
}
FIELDS: Final[Mapping[str, Text]] = {
    "state": ("状态", "State"),
    "severity": ("严重程度", "Severity"),
    "reasons": ("原因", "Reasons"),
    "evidence_level": ("证据", "Evidence"),
    "expires_on": ("有效期至", "Until"),
    "listed_on": ("列入日期", "Listed on"),
    "reason_text": ("原文", "In its words"),
    "document_no": ("文号", "Document"),
}


def event_row(visit: Visit, event: Json) -> Json:
    """An event in words, with each field that it changed, before and after."""
    before, after = event.get("before") or {}, event.get("after") or {}
    changed = [
        (visit.t(*FIELDS[name]), _value(visit, name, before.get(name)), _value(visit, name, after.get(name)))
        for name in FIELDS
        if name in before or name in after
    ]
    return {
        "at": event["at"],
        "title": visit.t(*EVENTS.get(event["kind"], (event["kind"],) * 2)),
        "by": actor_name(visit, event["by"]),
        "why": event.get("why", ""),
        "dispute": event.get("dispute", ""),
        "changed": changed,
    }


def actor_name(visit: Visit, actor: str) -> str:
    """Who acted, by the name of the organisation; a merchant, a government list and the exchange as such."""
    kind, _, name = actor.partition(":")
    if kind == "merchant":
        return visit.t("商户本人", "the merchant")
    if kind in ("platform", "regulator", "operator"):
        return organisations.name_of(name)
    return visit.t("政府名单", "a government list") if kind == "government" else visit.t("系统", "the exchange")


def _value(visit: Visit, field: str, value: object) -> str:
    """A value of a field in words; — where there was none."""
    if value in (None, "", [], {}):
        return "—"
    if field == "severity" and isinstance(value, int) and value in SEVERITIES:
        return visit.t(*SEVERITIES[value])
    if field == "evidence_level" and value in EVIDENCE:
        return visit.t(*EVIDENCE[str(value)])
    if field == "state":
        return listing_state(visit, str(value)).text
    if field == "reasons" and isinstance(value, list | tuple):
        return reason_names(visit, [str(code) for code in value])
    return str(value)
