"""What a page says of disputes: who disputes which listing, how far that is, and every step in the order of time."""

from collections.abc import Mapping
from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.texts.listing_texts import Fields, State, Text, listing_row, source_name
from chalicelib.handlers.console.texts.task_texts import left_in_words
from chalicelib.handlers.console.visit import Visit
from chalicelib.merchant_record.rules.record_texts import DISPUTES as OUTCOMES
from chalicelib.values.records import Json

STATES: Final[Mapping[str, tuple[str, str, str]]] = {
    "open": ("待报送平台答复", "waiting for the reporter", "info"),
    "overdue": ("答复已逾期", "answer overdue", "bad"),
    "answered": ("待监管部门裁定", "waiting for a decision", "warn"),
    "closed": ("已结束", "closed", ""),
}
KINDS: Final[Mapping[str, Text]] = {
    "for_merchant": ("代商户申诉", "for the merchant"),
    "found_otherwise": ("另有认定", "found otherwise"),
    "merchant": ("商户本人申诉", "by the merchant itself"),
}
STANDS: Final[Mapping[str, Text]] = {
    "stand_by": ("维持报送", "stands by its report"),
    "concede": ("认可申诉，撤销记录", "concedes; the listing is void"),
}
FILE_TYPES: Final[Mapping[str, Text]] = {
    "application/pdf": ("PDF 文档", "PDF document"),
    "image/jpeg": ("JPG 图片", "JPG picture"),
    "image/png": ("PNG 图片", "PNG picture"),
    "video/mp4": ("MP4 视频", "MP4 film"),
}
FILE_STATES: Final[Mapping[str, tuple[str, str, str]]] = {
    "waiting": ("等待上传", "waiting for the file", "info"),
    "arrived": ("已收到", "arrived", "good"),
    "refused": ("格式不符，未采用", "not of its type; refused", "bad"),
}


def dispute_state(visit: Visit, state: str, is_overdue: bool, outcome: str) -> State:
    """How far a dispute is, or how it ended."""
    zh, en, tone = STATES["overdue" if state == "open" and is_overdue else state]
    return State(visit.t(*OUTCOMES[outcome]) if outcome in OUTCOMES else visit.t(zh, en), tone)


def dispute_row(visit: Visit, dispute: Json) -> Json:
    """A dispute with every field in words."""
    is_overdue = dispute["state"] == "open" and bool(dispute.get("overdue_at"))
    subject = Fields(dispute["subject"])
    return {
        "raw": Fields(dispute),
        "subject": subject,
        "name": subject["name"] or subject["uscc"] or subject["subject_id"],
        "kind": visit.t(*KINDS[dispute["kind"]]),
        "opener": party(visit, dispute["opened_by"]),
        "reporter": source_name(visit, dispute["source"]),
        "state": dispute_state(visit, dispute["state"], is_overdue, dispute.get("closed", {}).get("outcome", "")),
        "late": is_overdue,
        "left": left_in_words(visit, dispute["answer_due"]) if dispute["state"] == "open" else "",
        "listing": listing_row(visit, dispute["listing"]) if "listing" in dispute else None,
    }


def steps(visit: Visit, dispute: Json) -> list[Json]:
    """What was said and done, the earliest first: `side` is opener, reporter or regulator."""
    first = {"at": dispute["opened_at"], "by": party(visit, dispute["opened_by"]), "side": "opener"}
    made = [{**first, "title": visit.t("提出申诉", "Disputed"), "statement": dispute.get("statement", "")}]
    if "answer" in dispute:
        answer = dispute["answer"]
        title = visit.t(*STANDS[answer["stand"]])
        by = source_name(visit, dispute["source"])
        made.append(
            {"at": answer["at"], "by": by, "side": "reporter", "title": title, "statement": answer.get("statement", "")}
        )
    if "closed" in dispute:
        closed = dispute["closed"]
        title = visit.t(*OUTCOMES[closed["outcome"]])
        side = "regulator" if closed["by"].startswith(f"{Role.REGULATOR}:") else "opener"
        made.append(
            {
                "at": closed["at"],
                "by": party(visit, closed["by"]),
                "side": side,
                "title": title,
                "statement": closed.get("statement", ""),
            }
        )
    return made


def files(visit: Visit, dispute: Json) -> list[Json]:
    """The files of both sides: whose, how large, whether they can be read."""
    rows: list[Json] = []
    for file in dispute["evidence"]:
        zh, en, tone = FILE_STATES[file["state"]]
        shown = {"by": party(visit, file["by"]), "state": State(visit.t(zh, en), tone), "state_name": file["state"]}
        rows.append(Fields({**file, **shown}))
    return rows


def party(visit: Visit, actor: str) -> str:
    """Who takes part, by the name of the organisation; a merchant speaks for itself."""
    kind, _, name = actor.partition(":")
    return visit.t("商户本人", "the merchant") if kind == "merchant" else organisations.name_of(name)
