"""The events that Lambda passes to a function, made from messages and records; and the context beside them."""

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.values.records import Json
from local.aws.cloud import ACCOUNT, REGION


def from_queue(queue_arn: str, messages: list[Json]) -> Json:
    """The event of an SQS trigger for messages as ReceiveMessage gives them."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message.get("Attributes", {}),
                "messageAttributes": {
                    name: {"stringValue": value.get("StringValue"), "dataType": value["DataType"]}
                    for name, value in message.get("MessageAttributes", {}).items()
                },
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": queue_arn,
                "awsRegion": REGION,
            }
            for message in messages
        ]
    }


def from_stream(stream_arn: str, records: list[Json]) -> Json:
    """The event of a DynamoDB stream trigger."""
    return {"Records": [{**record, "eventSourceARN": stream_arn} for record in records]}


def from_schedule(function: str) -> Json:
    """The event of a schedule rule that fires now."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws-cn:events:{REGION}:{ACCOUNT}:rule/{function}"],
        "detail": {},
    }


def exhausted_event(function: str, event: Json, failure: str, attempts: int) -> Json:
    """The event that Lambda sends to the on-failure destination of an asynchronous call."""
    return {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": _function_arn(function),
            "condition": "RetriesExhausted",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": event,
        "responsePayload": {"errorMessage": failure},
    }


def _function_arn(function: str) -> str:
    return f"arn:aws-cn:lambda:{REGION}:{ACCOUNT}:function:{function}"


class Contexts:
    """Lambda contexts with the time limit and memory that `.chalice/config.json` gives each function."""

    def __init__(self, config: Path) -> None:
        self._settings: Json = {}
        if config.is_file():
            for stage in (
                (loaded := json.loads(config.read_text("utf-8"))),
                *loaded.get("stages", {}).values(),
            ):
                for name, settings in stage.get("lambda_functions", {}).items():
                    self._settings.setdefault(name, {}).update(settings)

    def make(self, function: str) -> Any:
        """A fresh context for one call of `function`."""
        from chalice.local import LambdaContext

        settings = self._settings.get(function, {})
        seconds = int(settings.get("lambda_timeout", 60))
        context = LambdaContext(function, int(settings.get("lambda_memory_size", 128)), seconds * 1000)
        context.invoked_function_arn = _function_arn(function)
        return context
