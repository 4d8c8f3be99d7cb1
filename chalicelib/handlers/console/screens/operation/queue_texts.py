"""What a page says of queues and dead letters, in the words of the visitor's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.dead_letters.dead_letter_queues import LOOKED_AT_FOR_STATE
from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.texts.listing_texts import Fields, State, Text
from chalicelib.handlers.console.visit import Visit
from chalicelib.values.records import Json


@dataclass(frozen=True, slots=True)
class QueueText:
    """A queue: its name, what one message of it is, and where to look first when one is dead."""

    name: Text
    message: Text
    first_look: Text


QUEUES: Final[Mapping[str, QueueText]] = {
    "report-files": QueueText(
        ("报送文件", "Files of reports"),
        ("一份待拆分的报送文件", "a file of a report that waits to be split"),
        ("看 report_file_arrived 的日志：内存、时间或读取错误。", "Log of report_file_arrived: memory, time, reading."),
    ),
    "report-chunks": QueueText(
        ("报送分块", "Chunks of reports"),
        ("最多 1,000 行待保存的报送", "up to 1,000 rows of a report that wait to be saved"),
        (
            "看 report_chunk_arrived 的日志：限流或某一行。分块只保留七天，须在此之前重投。",
            "Log of report_chunk_arrived: throttling, or a row. A chunk is kept for seven days: redrive before that.",
        ),
    ),
    "roster-files": QueueText(
        ("名册文件", "Files of rosters"),
        ("一份待拆分的名册文件", "a file of a roster that waits to be split"),
        ("看 roster_file_arrived 的日志：内存、时间或读取错误。", "Log of roster_file_arrived: memory, time, reading."),
    ),
    "roster-chunks": QueueText(
        ("名册分片", "Shards of rosters"),
        ("名册的一个待筛查分片", "a shard of a roster that waits to be screened"),
        (
            "看 roster_chunk_arrived 的日志：快照或限流。名册仍在处理时，该平台后面的名册都在等待。",
            "Log of roster_chunk_arrived: the snapshot, throttling. While a roster is in work the platform's later "
            "ones wait.",
        ),
    ),
    "stream": QueueText(
        ("变更流", "Stream of changes"),
        ("一批未能处理的变更：可能缺少检索键或通知", "a batch of changes: keys or notices may be missing"),
        (
            "看 subject_indexed、subject_announced 的日志；排除原因后运行 rebuild，再删除死信。",
            "Logs of subject_indexed and subject_announced; mend, run rebuild, then discard.",
        ),
    ),
    "schedule": QueueText(
        ("定时任务", "Schedules"),
        ("一次失败的定时任务", "a scheduled run that failed"),
        ("看该函数的日志；下一次会做完，死信可以删除。", "Log of the function; the next run does it: discard."),
    ),
}
EVENTS: Final[Mapping[str, Text]] = {
    "report_file": ("收到报送文件", "file of a report"),
    "report_chunk": ("保存报送分块", "chunk of a report"),
    "roster_file": ("收到名册文件", "file of a roster"),
    "roster_shard": ("筛查名册分片", "shard of a roster"),
    "stream_batch": ("处理一批变更", "batch of changes"),
    "scheduled_run": ("定时运行", "scheduled run"),
    "unreadable": ("无法识别的消息", "message that is not ours"),
}
TO_DO: Final[Mapping[str, tuple[str, str, str]]] = {
    "redrive": ("应重投", "Redrive", "warn"),
    "rebuild": ("重建后删除", "Rebuild, then discard", "bad"),
    "discard": ("可删除", "Discard", ""),
}


def queue_row(visit: Visit, line: Json) -> Json:
    """A queue in words, with its counts."""
    text = QUEUES[line["queue"]]
    state = State(visit.t("有死信", "Dead letters"), "bad") if line["dead"] else State(visit.t("正常", "Good"), "good")
    shown = {"name": visit.t(*text.name), "message": visit.t(*text.message), "state": state}
    # SQS hands out ten at a time and in no order: of more, the oldest may be one that was not among them.
    return Fields({**line, **shown, "may_be_older": line["dead"] > LOOKED_AT_FOR_STATE})


def letter_row(visit: Visit, letter: Json) -> Json:
    """A dead letter in words: what it is about, and what is to be done with it."""
    fields, t, to_do = Fields(letter), visit.t, TO_DO[letter["to_do"]]
    file_id = fields["report_id"] or fields["roster_id"]
    parts = [
        organisations.name_of(fields["platform_id"]) if fields["platform_id"] else "",
        t(f"第 {letter['part']} 块", f"part {letter['part']}") if "part" in letter else "",
        t(f"{letter['records']:,} 条变更", f"{letter['records']:,} changes") if "records" in letter else "",
    ]
    if file_id:
        parts.append(t("已结束", "ended") if letter["is_finished"] else t("仍在处理", "still in work"))
    return Fields(
        {
            **letter,
            "event": t(*EVENTS[letter["event"]]),
            "ident": file_id or fields["function"],
            "about": " · ".join(part for part in parts if part),
            "state": State(t(*to_do[:2]), to_do[2]),
        }
    )
