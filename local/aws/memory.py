"""Reads and restores moto's state from inside: the only module that depends on moto's internals (5.2.5, pinned).

Everything else talks to the cloud as the application does, through boto3. This is here for what no API offers: to
look into a queue without receiving, to follow a table from change to change, to put a stream back where it stood.
Callers hold `Cloud.paused()`.
"""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.values.records import Json
from local.aws.cloud import ACCOUNT, REGION


def _table(name: str) -> Any:
    from moto.dynamodb.models import dynamodb_backends

    return dynamodb_backends[ACCOUNT][REGION].tables[name]


def tables() -> list[str]:
    """The names of all tables."""
    from moto.dynamodb.models import dynamodb_backends

    return sorted(dynamodb_backends[ACCOUNT][REGION].tables)


def key_name(table: str) -> str:
    """The name of a table's hash key (none has a sort key)."""
    return str(_table(table).hash_key_attr)


def put_item(table: str, item: Json) -> None:
    """Write one item in DynamoDB's JSON, without a trace in the stream."""
    held = _table(table)
    shard, held.stream_shard = held.stream_shard, None
    held.put_item(item)
    held.stream_shard = shard


def put_items(table: str, items: Iterable[Json]) -> None:
    """Write items in DynamoDB's JSON that a table like this held, so that they need no checks; no stream has them."""
    from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict

    held, name = _table(table), key_name(table)
    for item in items:
        made: Any = Item.__new__(Item)
        made.hash_key, made.range_key = DynamoType(item[name]), None
        made.attrs = LimitedSizeDict({field: DynamoType(value) for field, value in item.items()})
        held.items[made.hash_key] = made


def stream_end(table: str) -> int:
    """The number of the next record of this table's stream."""
    shard = _table(table).stream_shard
    return int(shard.starting_sequence_number + len(shard.items))


def stream_records(table: str, start: int, limit: int | None = None) -> list[Json]:
    """The records from number `start` on, as Lambda gets them; at most `limit`."""
    shard = _table(table).stream_shard
    first = max(0, start - shard.starting_sequence_number)
    chosen = shard.items[first : None if limit is None else first + limit]
    return [_as_lambda_gets_it(item.record) for item in chosen]


def _as_lambda_gets_it(record: Json) -> Json:
    change = dict(record["dynamodb"])
    created = change["ApproximateCreationDateTime"]
    change["ApproximateCreationDateTime"] = created if isinstance(created, float) else created.timestamp()
    for image in {"NewImage", "OldImage"} & change.keys():
        change[image] = _in_base64(change[image])
    return {**record, "awsRegion": REGION, "dynamodb": change}


def _in_base64(value: Any) -> Any:
    """A value of DynamoDB's JSON with its binary as text, as AWS writes it; moto's stream has it as bytes."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {name: _in_base64(part) for name, part in value.items()}
    return [_in_base64(part) for part in value] if isinstance(value, list) else value


def trim_stream(table: str, upto: int) -> None:
    """Forget the records before number `upto`."""
    shard = _table(table).stream_shard
    gone = min(upto - shard.starting_sequence_number, len(shard.items))
    if gone > 0:
        del shard.items[:gone]
        shard.starting_sequence_number += gone


def put_stream(table: str, start: int, records: list[Json]) -> None:
    """Let the stream go on where it stood: `records` from number `start`, and later ones after them."""
    from moto.dynamodb.models.table import StreamRecord

    shard = _table(table).stream_shard
    shard.starting_sequence_number = start
    shard.items = []
    for record in records:
        item: Any = StreamRecord.__new__(StreamRecord)
        item.record = record
        shard.items.append(item)


def _queues() -> dict[str, Any]:
    from moto.sqs.models import sqs_backends

    return dict(sqs_backends[ACCOUNT][REGION].queues)


def waiting(queue: str) -> bool:
    """Whether a message could be received from this queue now."""
    return bool(_queues()[queue].messages)


def depths() -> dict[str, int]:
    """How many messages each queue holds, those in flight included, those that were sent for later not."""
    return {name: sum(not each.delayed for each in queue._messages) for name, queue in _queues().items()}


def messages() -> Iterator[tuple[str, str, Json]]:
    """Each message of each queue: queue, body, message attributes (as SendMessage takes them)."""
    for name, queue in _queues().items():
        for message in list(queue._messages):
            yield name, message.body, dict(message.message_attributes)


def objects() -> dict[tuple[str, str], Any]:
    """The present version of each object by (bucket, key); see `object_state` for what is in one."""
    from moto.s3.models import FakeKey, s3_backends

    latest_by_key: dict[tuple[str, str], Any] = {}
    for account in s3_backends[ACCOUNT].values():
        for bucket in account.buckets.values():
            for key in list(bucket.keys):
                latest = bucket.keys[key]
                if isinstance(latest, FakeKey):
                    latest_by_key[bucket.name, key] = latest
    return latest_by_key


def put_object(bucket: str, key: str, body: bytes, content_type: str) -> str:
    """Write one object, of which nobody is notified; its version."""
    from moto.s3.models import s3_backends

    account = s3_backends[ACCOUNT]
    backend = next(each for each in account.values() if bucket in each.buckets)
    made = backend.put_object(bucket, key, body, disable_notification=True)
    made.set_metadata({"content-type": content_type})
    return str(made.version_id)


def count_items(table: str) -> int:
    """How many items a table holds."""
    return len(_table(table).items)


def is_bucket(name: str) -> bool:
    """Whether there is a bucket of that name."""
    from moto.s3.models import s3_backends

    return any(name in account.buckets for account in s3_backends[ACCOUNT].values())


def object_state(held: Any) -> tuple[Json, bytes]:
    """The metadata of an object (as PutObject takes it), with its version, and its bytes."""
    metadata = dict(held.metadata)
    argument_names = {"content-type": "ContentType", "content-disposition": "ContentDisposition"}
    arguments: Json = {argument_names[name]: value for name, value in metadata.items() if name in argument_names}
    prefix = "x-amz-meta-"
    own = {name[len(prefix) :]: value for name, value in metadata.items() if name.startswith(prefix)}
    return {**arguments, "Metadata": own, "VersionId": str(held.version_id)}, held.value


def name_version(bucket: str, key: str, version: str) -> None:
    """Give the present version of an object the id that it had: items and links name it."""
    from moto.s3.models import s3_backends

    held = next(account.buckets[bucket] for account in s3_backends[ACCOUNT].values() if bucket in account.buckets)
    held.keys[key]._version_id = version


def topics() -> list[Json]:
    """Each topic with what was set on it and who subscribed: name, attributes, subscriptions."""
    from moto.sns.models import sns_backends

    backend = sns_backends[ACCOUNT][REGION]
    described = []
    for topic in list(backend.topics.values()):
        subscriptions = [
            {"Protocol": s.protocol, "Endpoint": s.endpoint, "Attributes": _settable(s.attributes)}
            for s in list(backend.subscriptions.values())
            if s.topic_arn == topic.arn
        ]
        attributes = {"DisplayName": topic.display_name, "Policy": topic.policy}
        described.append({"Name": topic.name, "Attributes": attributes, "Subscriptions": subscriptions})
    return described


def _settable(attributes: Json) -> dict[str, str]:
    names = ("RawMessageDelivery", "FilterPolicyScope", "FilterPolicy", "DeliveryPolicy", "RedrivePolicy")
    return {name: attributes[name] for name in names if isinstance(attributes.get(name), str)}


def forget_published() -> None:
    """Drop the copies that moto keeps of every message ever published."""
    from moto.sns.models import sns_backends

    for topic in list(sns_backends[ACCOUNT][REGION].topics.values()):
        topic.sent_notifications.clear()


def secrets() -> dict[str, str]:
    """The current value of each secret by name; moto's own `secret_string` stays what the secret was made with."""
    from moto.secretsmanager.models import secretsmanager_backends

    held: Any = secretsmanager_backends[ACCOUNT][REGION].secrets
    return {
        secret.name: version["secret_string"]
        for secret in held.values()
        for version in secret.versions.values()
        if "AWSCURRENT" in version["version_stages"] and version.get("secret_string")
    }
