"""Runs one deployed function in a process of its own, as Lambda does: `python lambda_runtime.py <folder> <handler>`.

The function's unpacked zip comes first on the import path and the handler is imported by its string. Events come in
as JSON lines, answers go out as JSON lines: `{"result": ...}` or `{"errorType": ..., "errorMessage": ...}`, each
with the `calls` to AWS that were made: service, operation, and the parameters that name resources. Whatever the
function prints goes to stderr.
"""

import importlib
import json
import os
import sys
import time
import traceback
import uuid
from typing import Any

import boto3

Json = dict[str, Any]
NAMING = (
    *("TableName", "RequestItems", "Bucket", "Key", "VersionId", "CopySource", "Delete"),
    *("QueueName", "QueueUrl", "Name", "TopicArn", "SubscriptionArn", "SecretId", "FunctionName"),
)


class Context:
    """The context that Lambda passes to a function."""

    def __init__(self) -> None:
        self.aws_request_id = str(uuid.uuid4())
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = "$LATEST"
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.invoked_function_arn = os.environ["LAMBDA_FUNCTION_ARN"]
        self.log_group_name = f"/aws/lambda/{self.function_name}"
        self.log_stream_name = "rehearsal"
        self.identity = None
        self.client_context = None
        self._end = time.monotonic() + float(os.environ["LAMBDA_FUNCTION_TIMEOUT"])

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function would be stopped."""
        return int(1000 * (self._end - time.monotonic()))


def record_calls() -> list[Any]:
    """A list to which each call to AWS is added, by the hook that boto3 has for it."""
    calls: list[Any] = []

    def record(params: Json, model: Any, **_: Any) -> None:
        named = {key: params[key] for key in NAMING if key in params}
        if "RequestItems" in named:
            named["RequestItems"] = list(named["RequestItems"])
        calls.append([model.service_model.service_name, model.name, named])

    boto3.setup_default_session()
    boto3.DEFAULT_SESSION.events.register("provide-client-params", record)
    return calls


def answer(handler: Any, event: Any) -> Json:
    """The result or the error of an invocation."""
    try:
        return {"result": json.loads(json.dumps(handler(event, Context())))}
    except Exception as error:
        traceback.print_exc()
        return {"errorType": type(error).__name__, "errorMessage": str(error)}


def main() -> None:
    """Load the handler, then answer events until stdin ends."""
    folder, handler_string = sys.argv[1:]
    # The folder of this script would let the function import what was not deployed.
    sys.path[0] = folder
    calls = record_calls()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    module, _, name = handler_string.rpartition(".")
    handler = getattr(importlib.import_module(module), name)
    for line in sys.stdin:
        result = answer(handler, json.loads(line))
        answers.write(json.dumps({**result, "calls": calls}) + "\n")
        answers.flush()
        calls.clear()


if __name__ == "__main__":
    main()
