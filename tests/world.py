"""A whole exchange on moto in one process: the tables, the bucket, the queues, and a pump that plays Lambda.

The pump calls the functions of `app.py` with the events that AWS would send, one at a time, until nothing waits.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ENVIRONMENT as NAMES

SCHEDULED = json.loads((Path(__file__).parent / "events" / "schedule.json").read_text("utf-8"))
SECRET = "0123456789abcdef" * 4
MOST_ROUNDS = 100
# The settings that name the tables, and the key of each.
KEYS = {"SUBJECTS_TABLE": "subject_id", "KEYS_TABLE": "key", "EXCHANGE_TABLE": "id"}


def aws_clients() -> dict[str, Any]:
    """The very clients that the wiring hands out."""
    import moto  # noqa: F401  (it hooks into each client made after its import)

    from chalicelib import wiring
    from local.aws import store_rules

    store_rules.install()
    return {name: wiring.client(name) for name in ("dynamodb", "s3", "sqs", "sns", "secretsmanager", "dynamodbstreams")}


class World:
    """Everything a test of handlers or adapters needs; each test has one of its own."""

    def __init__(self, clients: dict[str, Any]) -> None:
        from chalicelib import wiring

        wiring.reset(keep_clients=True)
        self.clients = clients
        self.dynamodb, self.s3, self.sqs, self.sns = (clients[name] for name in ("dynamodb", "s3", "sqs", "sns"))
        self.streams = clients["dynamodbstreams"]
        self._position = 0
        self._ears = 0
        self._make_tables()
        self._make_bucket_and_queues()
        self.sns.create_topic(Name="lianfang-closures-test")
        for name in ("DIGEST_KEY_SECRET", "STATEMENT_KEY_SECRET"):
            clients["secretsmanager"].create_secret(Name=NAMES[name], SecretString=SECRET)

    def close(self, declared: bool = True) -> None:
        """Forget the adapters that were built on this world, and hold what it stored against the declared kinds of
        items, unless a test says that it stored items that no use case writes (`declared`)."""
        from chalicelib import wiring
        from tests.storage.stored_items import faults

        wiring.reset(keep_clients=True)
        if not declared:
            return
        tables = (("subjects", "SUBJECTS_TABLE"), ("keys", "KEYS_TABLE"), ("exchange", "EXCHANGE_TABLE"))
        undeclared = [fault for table, name in tables for fault in faults(table, self.held(NAMES[name]))]
        assert not undeclared, undeclared[:20]

    def held(self, table: str) -> list[Any]:
        """Every item of a table, without a call that a test counts."""
        from tests.storage.stored_items import held_by_moto

        return held_by_moto(table)

    def _make_tables(self) -> None:
        for name, key in KEYS.items():
            self.dynamodb.create_table(
                TableName=NAMES[name],
                KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
                **(
                    {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}}
                    if name == "SUBJECTS_TABLE"
                    else {}
                ),
            )
        stream = self.dynamodb.describe_table(TableName=NAMES["SUBJECTS_TABLE"])["Table"]["LatestStreamArn"]
        shard = self.streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
        wanted = {"StreamArn": stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
        self._iterator = self.streams.get_shard_iterator(**wanted)["ShardIterator"]
        self._records: list[dict[str, Any]] = []

    def _make_bucket_and_queues(self) -> None:
        region = {"LocationConstraint": "cn-north-1"}
        self.s3.create_bucket(Bucket=NAMES["FILES_BUCKET"], CreateBucketConfiguration=region)
        versioned = {"Status": "Enabled"}
        self.s3.put_bucket_versioning(Bucket=NAMES["FILES_BUCKET"], VersioningConfiguration=versioned)
        self._queues = {
            function: self.sqs.create_queue(QueueName=NAMES[name], Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
            for function, name in (
                ("report_file_arrived", "REPORT_FILES_QUEUE"),
                ("report_chunk_arrived", "REPORT_CHUNKS_QUEUE"),
                ("roster_file_arrived", "ROSTER_FILES_QUEUE"),
                ("roster_chunk_arrived", "ROSTER_CHUNKS_QUEUE"),
            )
        }
        notify = [
            {
                "QueueArn": f"arn:aws-cn:sqs:cn-north-1:123456789012:{NAMES[queue]}",
                "Events": ["s3:ObjectCreated:*"],
                "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}]}},
            }
            for queue, prefix in (("REPORT_FILES_QUEUE", "reports/"), ("ROSTER_FILES_QUEUE", "rosters/incoming/"))
        ]
        self.s3.put_bucket_notification_configuration(
            Bucket=NAMES["FILES_BUCKET"], NotificationConfiguration={"QueueConfigurations": notify}
        )

    def dead_queues(self) -> dict[str, str]:
        """Make the queues of dead letters, which few tests need; their URLs by the name of the queue."""
        from chalicelib.dead_letters.rules.dead_letter import QUEUES

        names = {name: f"lianfang-{name}-dead-{NAMES['STAGE']}" for name in QUEUES}
        return {name: str(self.sqs.create_queue(QueueName=dead)["QueueUrl"]) for name, dead in names.items()}

    # What AWS would do by itself

    def settle(self) -> None:
        """Deliver everything that waits, until nothing does; what is sent for later too, for the time passes."""
        for _ in range(MOST_ROUNDS):
            if not (sum([self.deliver_queue(function) for function in self._queues]) or self.pass_time()):
                break
        else:
            raise AssertionError("messages come again and again")
        self.deliver_stream()

    def pass_time(self) -> int:
        """Let the time pass for which messages were sent later, by when the turns of workers that died have ended."""
        from chalicelib import wiring

        delayed = self.pass_delays()
        items = self.dynamodb.scan(TableName=NAMES["EXCHANGE_TABLE"])["Items"] if delayed else []
        for item_id in (item["id"]["S"] for item in items):
            if item_id.startswith("turns#"):
                wiring.exchange().set_fields(item_id, {"holders": {}})
        return delayed

    def pass_delays(self) -> int:
        """Let the time pass for which messages were sent later; how many wait no more."""
        from moto.sqs.models import sqs_backends

        delayed = 0
        for queue in sqs_backends["123456789012"]["cn-north-1"].queues.values():
            for message in queue._messages:
                if message.delayed:
                    message.delayed_until = 0
                    delayed += 1
        return delayed

    def deliver_queue(self, function: str, keep: bool = False) -> int:
        """Hand each waiting message to its function; how many. `keep`: as if the function had died after its work."""
        import app

        done = 0
        for message in self.waiting(function):
            getattr(app, function)(sqs_event(message["Body"]), None)
            if not keep:
                self.sqs.delete_message(QueueUrl=self._queues[function], ReceiptHandle=message["ReceiptHandle"])
            done += 1
        return done

    def waiting(self, function: str) -> list[dict[str, Any]]:
        """The messages that wait for a function."""
        answer = self.sqs.receive_message(QueueUrl=self._queues[function], MaxNumberOfMessages=10)
        return list(answer.get("Messages", []))

    def stream_records(self) -> list[dict[str, Any]]:
        """Every record that the stream holds, oldest first; only what is new is read."""
        page = self.streams.get_records(ShardIterator=self._iterator)
        self._records += page["Records"]
        self._iterator = page["NextShardIterator"]
        return list(self._records)

    @property
    def stream_position(self) -> int:
        """How many records of the stream were delivered."""
        return self._position

    def skip_stream(self) -> int:
        """Give up what is new in the stream, as Lambda does after its last try; how many records."""
        before, self._position = self._position, len(self.stream_records())
        return self._position - before

    def deliver_stream(self, functions: tuple[str, ...] = ("subject_indexed", "subject_announced")) -> int:
        """Hand what is new in the stream to both functions; how many records."""
        import app

        records = self.stream_records()[self._position :]
        if records:
            for function in functions:
                answer = getattr(app, function)({"Records": records}, None)
                assert answer == {"batchItemFailures": []}, "a record of the stream was not derived"
            self._position += len(records)
        return len(records)

    # What people do

    def admit(self, platform_id: str, role: str = "platform", **more: Any) -> str:
        """Admit somebody; the key."""
        from chalicelib import wiring
        from chalicelib.accounts import admit_platform
        from chalicelib.accounts.roles import Role

        new = admit_platform.NewPlatform(platform_id, **{"name": platform_id, "role": Role(role), **more})
        return str(admit_platform.admit(wiring.exchange(), wiring.topics(), new, wiring.now())["key"])

    def listen(self, topic_arn: str, wanted: dict[str, list[str]] | None = None) -> str:
        """Subscribe a queue to a topic, for those messages that the filter lets through; its URL."""
        self._ears += 1
        name = f"ear-{self._ears}-" + topic_arn.rsplit(":", 1)[1]
        url = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = f"arn:aws-cn:sqs:cn-north-1:123456789012:{name}"
        attributes = {"RawMessageDelivery": "true", **({"FilterPolicy": json.dumps(wanted)} if wanted else {})}
        self.sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn, Attributes=attributes)
        return str(url)

    def queue(self, name: str) -> "Mailbox":
        """A queue of a platform's own, in the one account that there is here."""
        url = str(self.sqs.create_queue(QueueName=name)["QueueUrl"])
        return Mailbox(url, f"arn:aws-cn:sqs:cn-north-1:123456789012:{name}")

    @contextmanager
    def away(self, *urls: str) -> Iterator[None]:
        """Whoever reads these queues is away, so long that everything pushed to them meanwhile is given up."""
        for url in urls:
            self.heard(url)
        yield
        for url in urls:
            self.heard(url)

    def push_due(self) -> None:
        """The clock strikes for notices that were not pushed."""
        import app

        app.notices_due(SCHEDULED, None)

    def heard(self, url: str) -> list[dict[str, Any]]:
        """The notices that arrived there since the last time."""
        notices: list[dict[str, Any]] = []
        while messages := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                notices.append(json.loads(message["Body"]))
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return notices

    def everything_stored(self) -> str:
        """Every item of every table and every version of every object, as one text; lookups as they read inflated."""
        texts: list[str] = []
        for name in KEYS:
            items = self.dynamodb.scan(TableName=NAMES[name])["Items"]
            texts += [str(items), *(str(each) for item in items for each in _inflated_lookups(item))]
        bucket = NAMES["FILES_BUCKET"]
        for version in self.s3.list_object_versions(Bucket=bucket).get("Versions", []):
            which = {"Bucket": bucket, "Key": version["Key"], "VersionId": version["VersionId"]}
            texts.append(self.s3.get_object(**which)["Body"].read().decode("utf-8", "surrogateescape"))
        return "\n".join(texts)

    def call(
        self, method: str, path: str, key: str = "", body: Any = None, **headers: str
    ) -> tuple[int, Any, dict[str, str]]:
        """One request to the API, as the gateway would pass it on: status, body (JSON decoded), headers."""
        from chalice.test import Client

        import app
        from tests.support import described_api

        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            sent["Authorization"] = f"Bearer {key}"
        if not isinstance(body, bytes | None):
            body, sent = json.dumps(body).encode(), {"Content-Type": "application/json", **sent}
        with Client(app.app) as client:
            answer = client.http.request(method, path, headers=sent, body=body or b"")
        content = answer.body.decode("utf-8-sig" if "comma" in answer.headers.get("Content-Type", "") else "utf-8")
        is_json = "json" in answer.headers.get("Content-Type", "")
        decoded = json.loads(content) if is_json and content else content
        described_api.hold(method, path, answer.status_code, answer.headers.get("Content-Type", ""), decoded)
        return answer.status_code, decoded, dict(answer.headers)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A queue: its address, and its name in subscriptions."""

    url: str
    arn: str


class OneAtATime:
    """A client whose single calls are atomic, as DynamoDB's are and moto's are not."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def locked(**arguments: Any) -> Any:
            with self._lock:
                return call(**arguments)

        return locked


def sqs_event(body: str, receive_count: int = 1) -> dict[str, Any]:
    """The event with which Lambda hands over one queue message that was received so often."""
    return {
        "Records": [
            {
                "messageId": "m1",
                "receiptHandle": "r1",
                "body": body,
                "attributes": {"ApproximateReceiveCount": str(receive_count)},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws-cn:sqs:cn-north-1:123456789012:queue",
                "awsRegion": "cn-north-1",
            }
        ]
    }


def _inflated_lookups(item: dict[str, Any]) -> Iterator[str]:
    """What lookups of an item are stored deflated, so that a test sees what they hold."""
    from chalicelib.lookups.rules.stored_lookup import inflated

    if item.get("id", {}).get("S", "").startswith(("lookups#k_", "lookup#k_")):
        yield from (str(inflated(bytes(value["B"]))) for value in item.values() if "B" in value)
