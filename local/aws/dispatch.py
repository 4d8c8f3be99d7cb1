"""Plays the event sources of AWS: queues, the stream and schedules call the functions, each in threads of its own.

Built from the app's event sources; what runs is the very attribute of `app` that Lambda would call.
"""

import json
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, Protocol

from chalicelib.handlers.events.queue_deliveries import retry_seconds
from chalicelib.values.records import Json
from local import StartError
from local.aws import events, memory
from local.aws.cloud import ACCOUNT, REGION, Cloud, run_until_done
from local.aws.resources import STAGE

WORKERS_PER_QUEUE = 2
# Enough for the turns of several platforms (chalicelib/accounts/file_turns.py), so that none holds up another.
WORKERS_OF_FILES = {"report_file_arrived": 8, "roster_file_arrived": 4}
LONGEST_PAUSE = 5.0
SCHEDULE_ATTEMPTS = 3  # as Lambda does with asynchronous calls
SCHEDULE_DEAD = f"lianfang-schedule-dead-{STAGE}"
_UNITS = {"minute": 60, "hour": 3600, "day": 86400}


class EventSource(Protocol):
    """Chalice's configuration of an event source; of the last three attributes each kind has its own."""

    name: str
    queue: str
    batch_size: int
    stream_arn: str
    schedule_expression: Any


class Dispatcher:
    """Calls the functions of `app` for what the cloud holds for them."""

    def __init__(self, cloud: Cloud, app: Any, contexts: events.Contexts, tick: float | None) -> None:
        self.cloud = cloud
        self.contexts = contexts
        self.tick = tick
        self.queues: dict[str, EventSource] = {}
        self.streams: dict[str, EventSource] = {}
        self.schedules: dict[str, EventSource] = {}
        self.positions: dict[str, int] = {}
        self.may_call: Callable[[], bool] = lambda: True
        self.retry_pause: Callable[[int], int] = retry_seconds
        self._module = app
        self._stopping = threading.Event()
        self._busy = 0
        self._busy_lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        homes = {"SQSEventConfig": self.queues, "DynamoDBEventConfig": self.streams}
        homes["ScheduledEventConfig"] = self.schedules
        for source in app.app.event_sources:
            kind = type(source).__name__
            if kind not in homes:
                raise StartError(f"{source.name} waits for a {kind}, which the local stack does not deliver")
            homes[kind][source.name] = source
        for name in self.streams:
            self.positions[name] = memory.stream_end(self.table_of(name))

    def table_of(self, function: str) -> str:
        """The table whose stream triggers this function."""
        return self.streams[function].stream_arn.split(":", 5)[5].split("/")[1]

    def start(self) -> None:
        """Start every thread."""
        for source in self.queues.values():
            for _ in range(WORKERS_OF_FILES.get(source.name, WORKERS_PER_QUEUE)):
                self._spawn(self._follow_queue, source)
        for source in self.streams.values():
            self._spawn(self._follow_stream, source)
        for source in self.schedules.values():
            self._spawn(self._follow_schedule, source)

    def stop(self, timeout: float = 2.0) -> None:
        """Let running calls finish, for at most `timeout` seconds; events of unfinished calls are delivered again."""
        self._stopping.set()
        self.cloud.write_counter.touch("sqs", "dynamodb")
        end = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def idle(self) -> bool:
        """Whether no function runs and no function has an event waiting (dead letters do not count)."""
        with self.cloud.paused():
            depths = memory.depths()
            behind = any(self.positions[f] < memory.stream_end(self.table_of(f)) for f in self.streams)
            return not (self._busy or behind or any(depths[s.queue] for s in self.queues.values()))

    def tick_now(self) -> list[Json]:
        """Call every scheduled function now; whether each came to its end."""
        return [{"function": name, "ok": self._run_schedule(name)} for name in self.schedules]

    def _spawn(self, work: Callable[[EventSource], None], source: EventSource) -> None:
        def keep_working() -> None:
            run_until_done(lambda: work(source), self._stopping, f"the dispatcher of {source.name}")

        thread = threading.Thread(target=keep_working, name=source.name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _call(self, function: str, event: Json) -> Any:
        with self._busy_lock:
            self._busy += 1
        try:
            return getattr(self._module, function)(event, self.contexts.make(function))
        finally:
            with self._busy_lock:
                self._busy -= 1

    def _follow_queue(self, source: EventSource) -> None:
        sqs, write_counter = self.cloud.client("sqs"), self.cloud.write_counter
        url = sqs.get_queue_url(QueueName=source.queue)["QueueUrl"]
        while not self._stopping.is_set():
            seen = write_counter.count("sqs")
            with self.cloud.paused():
                something = memory.waiting(source.queue)
            if not something or not self.may_call():
                # The timeout is for messages that become visible again by themselves.
                write_counter.wait("sqs", seen, timeout=0.5)
                continue
            got = sqs.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=min(source.batch_size, 10),
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            if got:
                self._handle_messages(source, url, got)
            else:
                write_counter.touch("sqs")  # it went to the dead letters

    def _handle_messages(self, source: EventSource, url: str, messages: list[Json]) -> None:
        sqs = self.cloud.client("sqs")
        arn = f"arn:aws-cn:sqs:{REGION}:{ACCOUNT}:{source.queue}"
        try:
            answer = self._call(source.name, events.from_queue(arn, messages)) or {}
            failures = answer.get("batchItemFailures", []) if isinstance(answer, dict) else []
            failed = {failure["itemIdentifier"] for failure in failures}
        except Exception as error:
            failed = {message["MessageId"] for message in messages}
            first = any(message["Attributes"]["ApproximateReceiveCount"] == "1" for message in messages)
            self._report_error(source.name, error, in_full=first)
        for message in messages:
            if message["MessageId"] not in failed:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                continue
            # The function has said so itself unless it died; a visibility timeout of 90 minutes is too long here.
            count = int(message["Attributes"]["ApproximateReceiveCount"])
            pause = self.retry_pause(count)
            sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=pause)
            _print_line(f"{source.name}: message {message['MessageId']} failed (receive {count}), again in {pause} s")

    def _follow_stream(self, source: EventSource) -> None:
        name, write_counter, table = source.name, self.cloud.write_counter, self.table_of(source.name)
        failures = 0
        while not self._stopping.is_set():
            seen = write_counter.count("dynamodb")
            with self.cloud.paused():
                records = memory.stream_records(table, self.positions[name], source.batch_size)
            if not records or not self.may_call():
                write_counter.wait("dynamodb", seen, timeout=0.5)
                continue
            done = self._handle_records(source, records, in_full=not failures)
            with self.cloud.paused():
                self.positions[name] += done
            write_counter.touch("positions")
            failures = 0 if done else failures + 1
            if failures and not self._stopping.is_set():
                pause = min(0.2 * 2**failures, LONGEST_PAUSE)
                _print_line(f"{name}: its records wait, in order; again in {pause:.1f} s (failure {failures})")
                self._stopping.wait(pause)

    def _handle_records(self, source: EventSource, records: list[Json], in_full: bool) -> int:
        """The number of records, from the first on, that need no further attempt."""
        try:
            answer = self._call(source.name, events.from_stream(source.stream_arn, records)) or {}
        except Exception as error:
            self._report_error(source.name, error, in_full)
            return 0
        failures = answer.get("batchItemFailures", []) if isinstance(answer, dict) else []
        failed = {failure["itemIdentifier"] for failure in failures}
        for place, record in enumerate(records):
            if record["dynamodb"]["SequenceNumber"] in failed:
                return place
        return 0 if failed else len(records)  # an unknown identifier fails the whole batch, as on Lambda

    def _follow_schedule(self, source: EventSource) -> None:
        seconds = self.tick or _seconds(source.schedule_expression)
        if seconds is None:
            _print_line(f"{source.name}: {source.schedule_expression} runs only on request (POST /_local/tick)")
            return
        while not self._stopping.wait(seconds):
            if self.may_call():
                self._run_schedule(source.name)

    def _run_schedule(self, name: str) -> bool:
        event = events.from_schedule(name)
        for attempt in range(1, SCHEDULE_ATTEMPTS + 1):
            try:
                self._call(name, event)
                return True
            except Exception as error:
                self._report_error(name, error, in_full=attempt == 1)
                failure = f"{type(error).__name__}: {error}"
                if attempt < SCHEDULE_ATTEMPTS:
                    self._stopping.wait(attempt)
        _print_line(f"{name}: given up after {SCHEDULE_ATTEMPTS} attempts; the event is in {SCHEDULE_DEAD}")
        sqs = self.cloud.client("sqs")
        sqs.send_message(
            QueueUrl=sqs.get_queue_url(QueueName=SCHEDULE_DEAD)["QueueUrl"],
            MessageBody=json.dumps(events.exhausted_event(name, event, failure, SCHEDULE_ATTEMPTS)),
        )
        return False

    def _report_error(self, function: str, error: Exception, in_full: bool) -> None:
        """Print the error of a function; in full only the first time, not at each retry, and not while stopping."""
        if self._stopping.is_set():
            return
        _print_line(f"{function} raised {type(error).__name__}: {error}")
        if in_full:
            traceback.print_exception(error, file=sys.stderr)


def _seconds(expression: Any) -> int | None:
    """The period of `rate(1 hour)` in seconds; None for cron expressions."""
    text = expression if isinstance(expression, str) else expression.to_string()
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", text)
    return int(rate[1]) * _UNITS[rate[2]] if rate else None


def _print_line(text: str) -> None:
    print(f"local: {text}", file=sys.stderr, flush=True)
