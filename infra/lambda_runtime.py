"""Runs one deployed function in a process of its own, as Lambda does: `python lambda_runtime.py <folder> <handler>`.

The function's unpacked zip comes first on the import path and the handler is found by its string. Events come in
as JSON lines, answers go out as JSON lines: `{"result": ...}` or `{"errorType": ..., "errorMessage": ...}`.
Whatever the function prints goes to stderr.
"""

import importlib
import json
import os
import sys
import time
import traceback
import uuid
from typing import Any


class Context:
    """What Lambda tells a function of its invocation."""

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


def answer(handler: Any, event: Any) -> dict[str, Any]:
    """What one invocation returns or raises."""
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
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    module, _, name = handler_string.rpartition(".")
    handler = getattr(importlib.import_module(module), name)
    for line in sys.stdin:
        answers.write(json.dumps(answer(handler, json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
