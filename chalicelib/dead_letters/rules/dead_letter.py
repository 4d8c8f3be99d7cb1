"""What a dead letter is about: which kind of event, of which report, roster or function, and what to do with it.

Only ids are read out of a message, and only where they look like ids of ours: nothing else of it is shown or kept.
"""

import json
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_plus

from chalicelib.values.records import Json

REPORT_FILES, REPORT_CHUNKS = "report-files", "report-chunks"
ROSTER_FILES, ROSTER_CHUNKS = "roster-files", "roster-chunks"
STREAM, SCHEDULE = "stream", "schedule"
# Queues that a function works off; their dead letters can be sent there again.
WORK_QUEUES: Final = (REPORT_FILES, REPORT_CHUNKS, ROSTER_FILES, ROSTER_CHUNKS)
# Dead letters of the stream and of schedules name what failed; there is no queue that they came from.
QUEUES: Final = (*WORK_QUEUES, STREAM, SCHEDULE)
REDRIVE, DISCARD, REBUILD = "redrive", "discard", "rebuild"
UNREADABLE: Final = "unreadable"
ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,80}")
PLATFORM: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
FUNCTION: Final = re.compile(r":function:(?:lianfang-[a-z0-9]+-)?([a-z_]{3,40})(?::|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a message says; '' and None for what it does not say.

    `event`: report_file, report_chunk, roster_file, roster_shard, stream_batch, scheduled_run or unreadable. `part` is
    the number of a chunk or shard, `records` how many changes a batch of the stream held, `tries` how often a function
    was called with it, where the message itself says so.
    """

    event: str
    file_id: str = ""
    platform_id: str = ""
    part: int | None = None
    function: str = ""
    records: int | None = None
    tries: int | None = None

    @property
    def is_of_report(self) -> bool:
        """Whether `file_id` is that of a report."""
        return self.event in ("report_file", "report_chunk")

    @property
    def is_of_roster(self) -> bool:
        """Whether `file_id` is that of a roster."""
        return self.event in ("roster_file", "roster_shard")


def read_contents(queue: str, body: str) -> Contents:
    """What a dead letter of that queue says; `unreadable` for a body that no version of ours has written."""
    try:
        return _READERS[queue](json.loads(body))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return Contents(event=UNREADABLE)


def to_do(contents: Contents, is_finished: bool) -> str:
    """What is to be done: redrive what is still in work, rebuild what the stream lost, discard what is over.

    `is_finished`: the report or roster ended meanwhile, so that its messages do nothing any more.
    """
    if contents.event == "stream_batch":
        return REBUILD
    if contents.is_of_report or contents.is_of_roster:
        return DISCARD if is_finished else REDRIVE
    return DISCARD


def body_to_redrive(body: str) -> str:
    """The body with which a message is sent again: its tries begin anew, all else stays."""
    try:
        message = json.loads(body)
        waited = message["waited"] | {"tries": 0}
    except (ValueError, KeyError, TypeError):
        return body
    return json.dumps({**message, "waited": waited}, ensure_ascii=False)


def _file(event: str, message: Json) -> Contents:
    """A file that was written: <folder>/<platform>/<report or roster>/<name of the file>."""
    parts = unquote_plus(message["Records"][0]["s3"]["object"]["key"]).split("/")
    return Contents(event=event, file_id=_matching(ID, parts[-2]), platform_id=_matching(PLATFORM, parts[-3]))


def _chunk(event: str, id_field: str, part_field: str, message: Json) -> Contents:
    return Contents(event=event, file_id=_matching(ID, message[id_field]), part=int(message[part_field]))


def _call(event: str, message: Json) -> Contents:
    """What Lambda sends to the destination of calls that failed.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    call = message["requestContext"]
    function = FUNCTION.search(str(call.get("functionArn", "")))
    batch = message.get("DDBStreamBatchInfo", {})
    return Contents(
        event=event,
        function=function[1] if function else "",
        tries=int(call["approximateInvokeCount"]),
        records=int(batch["batchSize"]) if "batchSize" in batch else None,
    )


def _matching(pattern: re.Pattern[str], text: object) -> str:
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise ValueError("no id of ours")
    return text


_READERS: Final = {
    REPORT_FILES: lambda message: _file("report_file", message),
    REPORT_CHUNKS: lambda message: _chunk("report_chunk", "report_id", "chunk", message),
    ROSTER_FILES: lambda message: _file("roster_file", message),
    ROSTER_CHUNKS: lambda message: _chunk("roster_shard", "roster_id", "shard", message),
    STREAM: lambda message: _call("stream_batch", message),
    SCHEDULE: lambda message: _call("scheduled_run", message),
}
