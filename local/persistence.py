"""Keeps the memory of the cloud small, and with DATA also on disk: every change within a moment, and back at a start.

What is written is what the cloud held at one instant between two requests: a kill at any later time is as if the
power had failed at that instant.
"""

import sys
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from chalicelib.values.records import Json
from local import StartError
from local.aws import memory
from local.aws.cloud import Cloud
from local.aws.dispatch import Dispatcher
from local.store import Changes, Store

EVERY = 0.25  # seconds from a change to the disk, at most, and the time that writing takes
LATEST = 1.0  # seconds after which an unsaved change is a fault
PATIENCE = 20.0  # seconds that a request waits for another's save


def follow_all_tables(cloud: Cloud) -> None:
    """Give every table a stream: the changes are read from it, without reading whole tables again."""
    for table in memory.tables():
        if not cloud.client("dynamodb").describe_table(TableName=table)["Table"].get("LatestStreamArn"):
            cloud.client("dynamodb").update_table(
                TableName=table,
                StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            )


def restore(cloud: Cloud, store: Store) -> None:
    """Put back what was held: secrets, topics, items, streams, objects, messages. Nothing notifies anybody yet."""
    for name, value in (store.document("secrets") or {}).items():
        cloud.client("secretsmanager").put_secret_value(SecretId=name, SecretString=value)
    _restore_tables(cloud, store)
    s3, sqs = cloud.client("s3"), cloud.client("sqs")
    for bucket, key, metadata, body in store.objects():
        version = metadata.pop("VersionId", "")
        s3.put_object(Bucket=bucket, Key=key, Body=body, **metadata)
        if version:
            memory.name_version(bucket, key, version)
    existing = set(memory.depths())
    messages = store.document("messages") or []
    queues = {queue for queue, _, _ in messages} | set(store.document("queues") or [])
    for queue in sorted(queues - existing):
        sqs.create_queue(QueueName=queue)
    for queue, body, attributes in messages:
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes)
    _restore_topics(cloud, store.document("topics") or [])


def _restore_tables(cloud: Cloud, store: Store) -> None:
    tables, ends = set(memory.tables()), store.document("ends") or {}
    if unknown := set(ends) - tables:
        raise StartError(f"DATA holds a table that this version does not have: {min(unknown)}; nothing was changed")
    with cloud.paused():
        for table, item in store.items():
            memory.put_item(table, item)
        for table, end in ends.items():
            records = store.records(table)
            memory.put_stream(table, end - len(records), records)


def _restore_topics(cloud: Cloud, topics: list[Json]) -> None:
    sns = cloud.client("sns")
    for topic in topics:
        arn = sns.create_topic(Name=topic["Name"])["TopicArn"]
        for name, value in topic["Attributes"].items():
            sns.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)
        for subscription in topic["Subscriptions"]:
            sns.subscribe(TopicArn=arn, **subscription)


class Persistence:
    """Follows the cloud from change to change; `store` is None when nothing is to be kept on disk."""

    def __init__(self, cloud: Cloud, dispatcher: Dispatcher, store: Store | None) -> None:
        self.cloud = cloud
        self.dispatcher = dispatcher
        self.store = store
        self._seen: dict[str, int] = {}
        with cloud.paused():
            self._objects = memory.objects() if store else {}
            self._ends = {table: memory.stream_end(table) for table in memory.tables()} if store else {}
        self._documents: Json = {}
        self._unsaved = Changes()
        self._saved_until = time.monotonic()
        self._error = ""
        self._saving = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="persistence", daemon=True)

    def adopt(self, tables: Mapping[str, Iterable[Json]]) -> None:
        """Save all objects, and these items by table, which were put there without a record of a stream."""
        for table, items in tables.items():
            key = memory.key_name(table)
            self._unsaved.items.update({(table, item[key]["S"]): item for item in items})
        self._objects = {}

    def start(self) -> None:
        """Start to follow."""
        self._thread.start()

    def remember(self, name: str, value: Any) -> None:
        """Save a named document beside the state."""
        if self.store:
            with self._saving:
                self._unsaved.documents[name] = value
            self.flush()

    def stop(self) -> None:
        """Write what is left and stop; raises `NotSavedError` when that cannot be written."""
        self._stopping.set()
        self._thread.join()
        self.flush()

    def can_save(self) -> bool:
        """Whether the last save succeeded; else nothing is worked on, for it would be announced and then lost."""
        return not self._error

    def problem(self) -> str:
        """Why something older than a second is unsaved; empty when nothing is."""
        if self.store is None or time.monotonic() - self._saved_until <= LATEST:
            return ""
        return self.save_now()

    def save_now(self) -> str:
        """Save all that was done before this call; the reason when that failed, else empty."""
        if self.store is None:
            return ""
        asked = time.monotonic()
        if not self._saving.acquire(timeout=PATIENCE):
            return f"DATA has not been written for {time.monotonic() - self._saved_until:.0f} s"
        try:
            if self._saved_until < asked:  # else the save that this call waited for began after it
                self._save()
        except Exception as error:
            return str(error)
        finally:
            self._saving.release()
        return ""

    def flush(self) -> None:
        """Write every change up to now; raises `NotSavedError`, and then has them still to write."""
        with self._saving:
            self._save()

    def _run(self) -> None:
        while not self._stopping.wait(EVERY):
            # A full disk, above all; what is unsaved stays in memory until it passes.
            with suppress(Exception):
                self.flush()

    def _save(self) -> None:
        began = time.monotonic()
        try:
            with self.cloud.paused():
                self._collect()
            if self.store and self._unsaved:
                self.store.save(self._unsaved)
                self._unsaved = Changes()
        except Exception as error:
            self._tell(str(error) or type(error).__name__)
            raise
        self._tell("")
        self._saved_until = began

    def _tell(self, error: str) -> None:
        """Print a new state of the disk, once."""
        if self._error != error:
            state = f"{error}; writes are refused until it can be" if error else "DATA is written again"
            print(f"local: {state}", file=sys.stderr, flush=True)
        self._error = error

    def _collect(self) -> None:
        counts = {name: self.cloud.write_counter.count(name) for name in ("dynamodb", "s3", "sqs", "sns", "positions")}
        moved = {name for name, count in counts.items() if self._seen.get(name) != count}
        if self.store:
            if "dynamodb" in moved or "positions" in moved:
                self._collect_items()
            if "s3" in moved:
                self._collect_objects()
            if moved & {"sqs", "sns"}:
                self._collect_messages_and_topics()
        if "sns" in moved:
            memory.forget_published()
        self._trim()
        self._seen = counts  # last: what could not be collected is collected at the next attempt

    def _collect_items(self) -> None:
        waiting = {self.dispatcher.table_of(function) for function in self.dispatcher.streams}
        for table, start in self._ends.items():
            records = memory.stream_records(table, start)
            key = memory.key_name(table)
            for number, record in enumerate(records, start):
                change = record["dynamodb"]
                self._unsaved.items[table, change["Keys"][key]["S"]] = change.get("NewImage")
                if table in waiting:
                    self._unsaved.records[table, number] = record
            self._ends[table] = start + len(records)
        self._document("ends", dict(self._ends))
        self._document("positions", dict(self.dispatcher.positions))
        for table in waiting:
            self._unsaved.trimmed[table] = self._first_waited_for(table)

    def _first_waited_for(self, table: str) -> int:
        positions = self.dispatcher.positions
        return min(positions[f] for f in positions if self.dispatcher.table_of(f) == table)

    def _collect_objects(self) -> None:
        now = memory.objects()
        for key in self._objects.keys() - now.keys():
            self._unsaved.objects[key] = None
        for key, held in now.items():
            if self._objects.get(key) is not held:
                self._unsaved.objects[key] = memory.object_state(held)
        self._objects = now

    def _collect_messages_and_topics(self) -> None:
        self._document("messages", list(memory.messages()))
        self._document("queues", sorted(memory.depths()))
        self._document("topics", memory.topics())
        self._document("secrets", memory.secrets())

    def _document(self, name: str, value: Any) -> None:
        if self._documents.get(name) != value:
            self._documents[name] = self._unsaved.documents[name] = value

    def _trim(self) -> None:
        """Forget what every follower has passed."""
        followed = {self.dispatcher.table_of(function) for function in self.dispatcher.streams}
        for table in followed | self._ends.keys():
            limits = [self._ends[table]] if table in self._ends else []
            limits += [self._first_waited_for(table)] if table in followed else []
            memory.trim_stream(table, min(limits))
