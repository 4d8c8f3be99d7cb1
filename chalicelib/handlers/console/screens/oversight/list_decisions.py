"""What is decided of a held delivery of a government list: first what that will do, then the decision."""

from typing import Final

from chalicelib import errors, wiring
from chalicelib.government_lists import feed_status
from chalicelib.handlers.console import console_frame, performing, previews
from chalicelib.handlers.console.previews import Preview
from chalicelib.handlers.console.screens.oversight.hold_entries import entries_link, entry_counts
from chalicelib.handlers.console.screens.oversight.lists import status_of
from chalicelib.handlers.console.texts.hold_texts import change_in_words, hold_row, list_title
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

OPERATIONS: Final = {"release": "releaseHold", "discard": "discardHold"}
DONE: Final = {"release": "released", "discard": "discarded"}
LONGEST_WHY: Final = 1_000


def preview(visit: Visit, name: str, hold_id: str) -> Reply:
    """What a release or a discard will change, from what was counted when the delivery came."""
    act = visit.field("act")
    if act not in OPERATIONS:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="act")
    return previews.draw(visit, _title(act), _preview(visit, name, hold_id, act))


def release(visit: Visit, name: str, hold_id: str) -> Reply:
    """Let it be applied at the next pull; where a second person is needed, hand it in."""
    return _decide(visit, name, hold_id, "release")


def discard(visit: Visit, name: str, hold_id: str) -> Reply:
    """Throw it away; where a second person is needed, hand it in."""
    return _decide(visit, name, hold_id, "discard")


def _decide(visit: Visit, name: str, hold_id: str, act: str) -> Reply:
    why = visit.field("why", LONGEST_WHY)
    if not why:
        preview = _preview(visit, name, hold_id, act)
        return previews.draw(visit, _title(act), preview, visit.t("请写明理由。", "Say why."))
    result = performing.do(visit, OPERATIONS[act], {"why": why}, {"name": name, "hold_id": hold_id})
    if isinstance(result, Reply):
        return result
    return console_frame.go_to(visit, f"lists/{name}?done={DONE[act]}")


def _title(act: str) -> tuple[str, str]:
    return ("放行名单更新", "Release what is held") if act == "release" else ("弃用名单更新", "Discard what is held")


def _preview(visit: Visit, name: str, hold_id: str, act: str) -> Preview:
    status = status_of(name)
    view = feed_status.view(status, wiring.now())
    if view.get("hold", {}).get("hold_id") != hold_id:
        raise errors.Conflict(ErrorCode.HOLD_IS_OVER, hold_id=hold_id[:40])
    hold = hold_row(visit, view["hold"])
    is_release, t = act == "release", visit.t
    says = (
        t(
            "下一次拉取时应用这份名单：新增的条目开始参与查询，消失的条目移出，有关平台会收到通知与任务。",
            "The next pull applies it: new entries count in lookups, entries that are gone are removed, and platforms "
            "are notified and get tasks.",
        )
        if is_release
        else t(
            "这份交付不会应用，名单保持上一次的内容，同样的文件再次送达也不再采用。",
            "It is not applied, the list stays as it was, and the same file is not taken again.",
        )
    )
    return Preview(
        heading=list_title(visit, status.feed.list_type, name),
        says=says,
        action=f"lists/{name}/holds/{hold_id}/{act}",
        button=t("放行", "Release it") if is_release else t("弃用", "Discard it"),
        back=f"lists/{name}",
        rows=_rows(visit, hold, is_release) + (entry_counts(visit, name, hold_id) if is_release else []),
        see=entries_link(visit, name, hold_id) if hold["counts"] else None,
        warning=t(f"搁置原因：{hold['reason']}。", f"Held because: {hold['reason']}."),
        asks=t("理由", "Why"),
    )


def _rows(visit: Visit, hold: Json, is_release: bool) -> list[tuple[str, str]]:
    """What was counted of the delivery; the change of a release first."""
    counted = [(label, f"{count:,}") for label, count in hold["counts"]]
    if not is_release:
        return counted
    return [(visit.t("条目变化", "Change"), change_in_words(visit, hold["change"])), *counted]
