"""The whole state of an exchange as files, written by one version and read by another; and a clock that stands still.

Nothing of the product is used but its tables, its bucket, its queues, and `wiring.now`.
"""

import base64
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib import wiring
from tests.conftest import ENVIRONMENT
from tests.world import World

FOLDER = Path(__file__).parent
TABLES = {
    "subjects": ("SUBJECTS_TABLE", "subject_id"),
    "keys": ("KEYS_TABLE", "key"),
    "exchange": ("EXCHANGE_TABLE", "id"),
}
QUEUES = ("REPORT_FILES_QUEUE", "REPORT_CHUNKS_QUEUE", "ROSTER_FILES_QUEUE", "ROSTER_CHUNKS_QUEUE")
State = dict[str, Any]


class Clock:
    """The exchange's time: it stands still until it is set or moved."""

    def __init__(self, at: str) -> None:
        self.now = datetime.fromisoformat(at)

    def set(self, at: str) -> None:
        """Let it be that moment (ISO 8601, UTC)."""
        self.now = datetime.fromisoformat(at)

    def move(self, seconds: int = 1) -> None:
        """Let so many seconds go by."""
        self.now += timedelta(seconds=seconds)


@contextmanager
def stopped_at(at: str) -> Iterator[Clock]:
    """The exchange asks this clock for the time for the length of a `with` block."""
    clock, own = Clock(at), wiring.now
    wiring.now = lambda: clock.now
    try:
        yield clock
    finally:
        wiring.now = own


def write(name: str, content: Any) -> Path:
    """Write a file of this folder: an entry a line, so that two recordings can be compared; large ones compressed."""
    rows = [
        f"{json.dumps(key)}:[\n" + ",\n".join(_compact(entry) for entry in value) + "\n]"
        if isinstance(value, list)
        else f"{json.dumps(key)}:{_compact(value)}"
        for key, value in content.items()
    ]
    path = FOLDER / f"{name}.json.gz"
    path.write_bytes(gzip.compress(("{" + ",\n".join(rows) + "}\n").encode(), 9, mtime=0))
    return path


def as_written(content: Any) -> Any:
    """The content as it comes back from a file: the fields of maps in order, for the order of answers may follow it."""
    return json.loads(_compact(content))


def read(name: str) -> Any:
    """The content of a file of this folder."""
    return json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))


def dump(world: World, stream: Sequence[Mapping[str, Any]]) -> State:
    """Everything that the world holds. `stream`: the records that wait to be delivered."""
    tables = {name: sorted(_items(world, name), key=lambda item: str(item[key])) for name, (_, key) in TABLES.items()}
    images = [{kind: record["dynamodb"][kind] for kind in ("OldImage", "NewImage") if kind in record["dynamodb"]}
              for record in stream]  # fmt: skip
    return {
        **{name: [_as_json(item) for item in items] for name, items in tables.items()},
        "objects": list(_objects(world)),
        "messages": [[name, body] for name in QUEUES for body in _messages(world, name)],
        "stream": [_as_json(image) for image in images],
    }


def load(world: World, state: State) -> None:
    """Put everything into a new world; what waited in queues waits again, the records of the stream are at hand."""
    bucket = ENVIRONMENT["FILES_BUCKET"]
    for entry in state["objects"]:
        body = base64.b64decode(entry["body"])
        world.s3.put_object(Bucket=bucket, Key=entry["key"], Body=body, ContentType=entry["type"])
    for name in QUEUES:
        world.sqs.purge_queue(QueueUrl=_queue(world, name))
    for name, body in state["messages"]:
        world.sqs.send_message(QueueUrl=_queue(world, name), MessageBody=body)
    for name in TABLES:
        put(world, name, state[name])
    _open_topics(world, state["exchange"])
    world.skip_stream()


def put(world: World, table: str, items: list[Any]) -> None:
    """Put items, in DynamoDB's JSON, into one of the three tables."""
    _write(world, table, [{"PutRequest": {"Item": _from_json(item)}} for item in items])


def empty(world: World, table: str) -> None:
    """Delete every item of a table."""
    key = TABLES[table][1]
    _write(world, table, [{"DeleteRequest": {"Key": {key: item[key]}}} for item in _items(world, table)])


def items(world: World, table: str) -> dict[str, Any]:
    """Every item of a table by its key, in DynamoDB's JSON; sets in order."""
    key = TABLES[table][1]
    return {item[key]["S"]: _as_json(item) for item in _items(world, table)}


def item(world: World, table: str, key: str) -> Any:
    """One item, in DynamoDB's JSON; sets in order."""
    name, field = ENVIRONMENT[TABLES[table][0]], TABLES[table][1]
    return _as_json(world.dynamodb.get_item(TableName=name, Key={field: {"S": key}})["Item"])


def deliver_waiting(state: State) -> None:
    """Hand the records of the stream that waited to both functions."""
    import app

    records = [{"eventName": "MODIFY", "dynamodb": _from_json(images)} for images in state["stream"]]
    for function in (app.subject_indexed, app.subject_announced):
        function({"Records": records}, None)


def _write(world: World, table: str, requests: list[Any]) -> None:
    for start in range(0, len(requests), 25):
        world.dynamodb.batch_write_item(RequestItems={ENVIRONMENT[TABLES[table][0]]: requests[start : start + 25]})


def _items(world: World, table: str) -> list[dict[str, Any]]:
    pages = world.dynamodb.get_paginator("scan").paginate(TableName=ENVIRONMENT[TABLES[table][0]])
    return [item for page in pages for item in page["Items"]]


def _objects(world: World) -> Iterator[dict[str, str]]:
    bucket = ENVIRONMENT["FILES_BUCKET"]
    for entry in world.s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        if "/dropped/" in entry["Key"]:
            continue  # it was taken; a bucket that is filled anew would show it as new
        stored = world.s3.get_object(Bucket=bucket, Key=entry["Key"])
        body = base64.b64encode(stored["Body"].read()).decode()
        yield {"key": entry["Key"], "type": stored["ContentType"], "body": body}


def _messages(world: World, name: str) -> list[str]:
    answer = world.sqs.receive_message(QueueUrl=_queue(world, name), MaxNumberOfMessages=10)
    return sorted(message["Body"] for message in answer.get("Messages", []))


def _queue(world: World, name: str) -> str:
    return str(world.sqs.get_queue_url(QueueName=ENVIRONMENT[name])["QueueUrl"])


def _open_topics(world: World, exchange: list[Any]) -> None:
    """The topics of everyone who was admitted, and their subscriptions."""
    for item in exchange:
        kind = item["id"]["S"].partition("#")[0]
        if kind == "platform" and "topics" in item and "own" in item["topics"]["M"]:
            world.sns.create_topic(Name=item["topics"]["M"]["own"]["S"].rpartition(":")[2])
    for item in exchange:
        if item["id"]["S"].startswith("subscription#") and "ended_at" not in item:
            topic, endpoint = item["arn"]["S"].rpartition(":")[0], item["endpoint"]["S"]
            if item["protocol"]["S"] == "sqs":
                world.sqs.create_queue(QueueName=endpoint.rpartition(":")[2])
            world.sns.subscribe(TopicArn=topic, Protocol=item["protocol"]["S"], Endpoint=endpoint)


def _as_json(value: Any) -> Any:
    """DynamoDB's typed values as JSON: bytes in base64, sets in order."""
    if isinstance(value, dict):
        return {
            key: sorted(entry) if key in ("SS", "NS") and isinstance(entry, list) else _as_json(entry)
            for key, entry in value.items()
        }
    if isinstance(value, list):
        return [_as_json(entry) for entry in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _from_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: base64.b64decode(entry) if key == "B" and isinstance(entry, str) else _from_json(entry)
            for key, entry in value.items()
        }
    return [_from_json(entry) for entry in value] if isinstance(value, list) else value


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
