"""The dead letters of a queue: what each is about, and sending them again or discarding them after a preview."""

from collections import Counter
from typing import Final

from chalicelib import errors
from chalicelib.dead_letters.dead_letter_queues import MOST_LOOKED_AT, MOST_TAKEN
from chalicelib.dead_letters.rules.dead_letter import QUEUES as NAMES
from chalicelib.dead_letters.rules.dead_letter import WORK_QUEUES
from chalicelib.handlers.console import console_frame, performing, previews
from chalicelib.handlers.console.previews import Preview
from chalicelib.handlers.console.screens.operation.queue_texts import EVENTS, QUEUES, letter_row
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk import dead_letter_desk
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.people.duties import Duty
from chalicelib.values.records import Json

OPERATIONS: Final = {"redrive": "redriveDeadLetters", "discard": "discardDeadLetters"}
TITLES: Final = {
    "redrive": ("重投死信", "Send dead letters again"),
    "discard": ("删除死信", "Discard dead letters"),
}
LONGEST_WHY: Final = 1_000
COLUMNS: Final = (
    "message_id", "event", "platform_id", "report_id", "roster_id", "part", "function", "records", "tries", "received",
    "sent_at", "kept_until", "is_finished", "to_do",
)  # fmt: skip


def page(visit: Visit, queue: str) -> Reply:
    """The dead letters of a queue, 50 at most: received ten at a time and given back; half a read unit for each report
    or roster that they name."""
    return _draw(visit, queue)


def export(_visit: Visit, queue: str) -> Reply:
    """The same as CSV."""
    lines = [[line.get(column, "") for column in COLUMNS] for line in dead_letter_desk.letters(queue)]
    return console_frame.csv_table([COLUMNS, *lines], f"dead-letters-{queue}.csv")


def preview(visit: Visit, queue: str) -> Reply:
    """What sending the marked letters again, or discarding them, will do."""
    act, _, which = visit.field("act").partition("_")
    if act not in OPERATIONS or which not in ("", "all"):
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="act", expected=list(OPERATIONS))
    chosen = [] if which else visit.fields("message_id")
    if not chosen and not which:
        return _draw(visit, queue, visit.says(ErrorCode.NOTHING_MARKED))
    return previews.draw(visit, TITLES[act], _preview(visit, queue, act, chosen))


def redrive(visit: Visit, queue: str) -> Reply:
    """Send them to their queue again."""
    return _do(visit, queue, "redrive", {})


def discard(visit: Visit, queue: str) -> Reply:
    """Delete them for good, with a reason."""
    why = visit.field("why", LONGEST_WHY)
    if not why:
        shown = _preview(visit, queue, "discard", visit.fields("message_id"))
        return previews.draw(visit, TITLES["discard"], shown, visit.t("请写明理由。", "Say why."))
    return _do(visit, queue, "discard", {"why": why})


def _do(visit: Visit, queue: str, act: str, more: Json) -> Reply:
    chosen = visit.fields("message_id")
    which: Json = {"message_ids": chosen} if chosen else {"all": True}
    done = performing.do(visit, OPERATIONS[act], {**which, **more}, {"queue": queue})
    if isinstance(done, Reply):
        return done
    return console_frame.go_to(
        visit, f"operation/queues/{queue}?did={act}&done={done['done']}&failed={done['failed']}&left={done['left']}"
    )


def _draw(visit: Visit, queue: str, wrong: str = "") -> Reply:
    if queue not in NAMES:
        raise errors.NotFound(ErrorCode.NOT_FOUND, queue=queue[:40])
    letters, text = dead_letter_desk.letters(queue), QUEUES[queue]
    return console_frame.page(
        visit,
        "operation/dead_letters.html",
        text.name,
        400 if wrong else 200,
        queue=queue,
        message=visit.t(*text.message),
        first_look=visit.t(*text.first_look),
        rows=[letter_row(visit, letter) for letter in letters],
        most=MOST_LOOKED_AT,
        wrong=wrong,
        may_administer=Duty.ADMINISTER in visit.session.person.duties,
        may_redrive=queue in WORK_QUEUES,
        csv=f"{visit.root}operation/queues/{queue}/dead-letters.csv",
        notice=_notice(visit),
    )


def _notice(visit: Visit) -> Json | None:
    act = visit.query("did", tuple(OPERATIONS))
    if not act:
        return None
    done, failed, left = (visit.cursor(name) for name in ("done", "failed", "left"))
    did = visit.t("重投", "sent again") if act == "redrive" else visit.t("删除", "discarded")
    more = visit.t(f"队列中约剩 {left:,} 条死信。", f"About {left:,} are left.")
    if failed:
        more = (
            visit.t(f"{failed:,} 条未能处理，仍是死信。", f"{failed:,} could not be, and are dead letters still. ")
            + more
        )
    text = visit.t(f"已{did} {done:,} 条。", f"{done:,} {did}. ")
    return {"tone": "bad" if failed else "good", "text": text, "more": more}


def _preview(visit: Visit, queue: str, act: str, chosen: list[str]) -> Preview:
    """What an act will do, from the letters as they stand now."""
    t = visit.t
    letters = [
        letter for letter in dead_letter_desk.letters(queue) if not chosen or letter["message_id"] in set(chosen)
    ]
    events = Counter(letter["event"] for letter in letters)
    rows = [(t(*EVENTS[event]), t(f"{count:,} 条", f"{count:,}")) for event, count in events.most_common()]
    in_work = sum(letter["to_do"] == "redrive" for letter in letters)
    if queue in WORK_QUEUES:
        rows.append((t("其中仍在处理的", "Of them still in work"), t(f"{in_work:,} 条", f"{in_work:,}")))
    if not chosen:
        bound = t(f"每次最多 {MOST_TAKEN} 条", f"{MOST_TAKEN} at most at a time")
        rows.append((t("范围", "Which"), t("全部死信，", "all dead letters, ") + bound))
    says, warning = _consequences(visit, act, in_work)
    return Preview(
        heading=t(*QUEUES[queue].name),
        says=says,
        rows=tuple(rows),
        sent={"message_id": chosen},
        warning=warning,
        action=f"operation/queues/{queue}/{act}",
        button=t("重投", "Send again") if act == "redrive" else t("删除", "Discard"),
        back=f"operation/queues/{queue}",
        asks=t("理由", "Why") if act == "discard" else "",
    )


def _consequences(visit: Visit, act: str, in_work: int) -> tuple[str, str]:
    """What an act does, and what may be regretted of it."""
    t = visit.t
    if act == "redrive":
        return (
            t(
                "每条送回原队列，重新有四次机会；同一条处理两次不会改变结果，已结束的报送或名册不受影响。",
                "Each goes to its queue again and has four tries anew. One that is done twice changes nothing, and "
                "those of a report or roster that has ended do nothing.",
            ),
            t("请先排除原因，否则会再次成为死信。", "Mend the cause first, or they are dead letters again."),
        )
    warning = t(
        f"有 {in_work:,} 条属于仍在处理的报送或名册：删除后它们不会结束，平台后面的名册会一直等待。",
        f"{in_work:,} are of reports or rosters that are still in work: those never end then, and later rosters wait.",
    )
    says = t(
        "删除后不能找回；谁在何时为何删除，记入审计日志。",
        "They are gone for good. Who, when and why is in the audit log.",
    )
    return says, warning if in_work else ""
