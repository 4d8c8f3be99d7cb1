"""A cloud in this process for the rehearsal: moto's server, patched where it refuses what Chalice sends, and made to
behave as AWS does (`infra/emulation`).

moto cannot run functions without containers. Here each function runs in a process of its own, out of the zip that
was deployed, so that each trigger in moto (queue, stream, invoke) reaches the deployed handler.
"""

import io
import json
import logging
import os
import subprocess
import sys
import threading
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

from moto.awslambda.models import EventInvokeConfig, LambdaBackend, LambdaFunction
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.server import ThreadedMotoServer
from werkzeug.serving import make_server

from chalicelib.values.records import Json
from infra.emulation.apis import GATEWAY_REPLACEMENTS
from infra.emulation.backups import Backups
from infra.emulation.behaviour import Behaviour, Replacement, patched
from infra.emulation.front import Front
from infra.emulation.functions import function_replacements
from infra.emulation.size_limits import SIZE_REPLACEMENTS
from infra.emulation.stacks import stack_replacements
from infra.emulation.tables import table_replacements
from local.aws import store_rules

RUNTIME: Final = Path(__file__).with_name("lambda_runtime.py")


def keep_changed_settings(original: Callable[..., Any]) -> Callable[..., Any]:
    """moto takes a function's disk when the function is made, and overlooks it when it is changed; and how it logs."""

    def update_configuration(self: Any, config_updates: Json) -> Any:
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        if "LoggingConfig" in config_updates:
            self.logging_config = config_updates["LoggingConfig"]
        return original(self, config_updates)

    return update_configuration


def answer_logging(original: Callable[..., Any]) -> Callable[..., Any]:
    """moto says nothing of how a function logs; AWS always does, in text and into the group of its name."""

    def get_configuration(self: Any, *arguments: Any, **named: Any) -> Json:
        answer: Json = original(self, *arguments, **named)
        said = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
        return {**answer, "LoggingConfig": said | getattr(self, "logging_config", {})}

    return get_configuration


def add_empty_destination(original: Callable[..., Any]) -> Callable[..., Any]:
    """moto answers what was put; AWS always answers both destinations, the one not asked for empty."""

    def response(self: Any) -> Json:
        answer: Json = original(self)
        return {
            **answer,
            "DestinationConfig": {"OnSuccess": {}, "OnFailure": {}, **answer.get("DestinationConfig", {})},
        }

    return response


def trigger_after_the_write(original: Callable[..., Any]) -> Callable[..., Any]:
    """moto calls a stream's function within the write; AWS writes whatever the function does."""

    def send_dynamodb_items(self: Any, function: str, items: list[Any], source: str) -> str:
        records = list(items)
        store_rules.call_after_operation(lambda: original(self, function, records, source))
        return "sent"

    return send_dynamodb_items


# What Chalice or the deploy sends and moto refuses, or answers otherwise than AWS.
PATCHES: Final = (
    *GATEWAY_REPLACEMENTS,
    Replacement(EventInvokeConfig, "response", add_empty_destination),
    Replacement(LambdaFunction, "update_configuration", keep_changed_settings),
    Replacement(LambdaFunction, "get_configuration", answer_logging),
    Replacement(LambdaBackend, "send_dynamodb_items", trigger_after_the_write),
)


def aws_patches(behaviour: Behaviour) -> list[Replacement]:
    """All patches: those that moto needs, and those that make it behave as AWS."""
    return [
        *PATCHES,
        *function_replacements(behaviour),
        *Backups().replacements(),
        *table_replacements(behaviour),
        *stack_replacements(behaviour),
        *SIZE_REPLACEMENTS,
    ]


@dataclass
class Worker:
    """The process of one function."""

    process: subprocess.Popen[str]
    # One event at a time, as a container does.
    busy: threading.Lock = field(default_factory=threading.Lock)

    def invoke(self, event: Any) -> Json:
        """The function's answer to one event."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        with self.busy:
            stdin.write(json.dumps(event) + "\n")
            stdin.flush()
            line = stdout.readline()
        return json.loads(line) if line else {"errorType": "Runtime.ExitError", "errorMessage": "it has died"}


@dataclass
class Functions:
    """Every deployed function that has run, which calls it made, and what went wrong.

    moto itself hides what fails on a stream.
    """

    folder: Path
    url: str
    log: TextIO
    front: Front
    workers: dict[tuple[str, str, str], Worker] = field(default_factory=dict)
    invoked: list[str] = field(default_factory=list)
    calls: dict[str, list[Any]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    starting: threading.Lock = field(default_factory=threading.Lock)

    def invoke(self, function: Any, event: Any) -> tuple[str, bool, str]:
        """Run one event in the function's process; answer, whether it failed, and no log."""
        name = function.function_name.split("-", 2)[2:]
        handler = name[0] if name else "api_handler"
        settings = json.dumps(function.environment_vars, sort_keys=True, default=str)
        with self.starting:
            key = (function.function_arn, function.code_sha_256, settings)
            if key not in self.workers:
                self.workers[key] = self._start(function)
        answer = self.workers[key].invoke(event)
        self.invoked.append(handler)
        self.calls.setdefault(handler, []).extend(answer.pop("calls", []))
        if "errorType" in answer:
            self.failures.append(f"{handler}: {answer['errorType']}: {answer['errorMessage']}")
            return json.dumps(answer), True, ""
        return json.dumps(answer["result"]), False, ""

    def as_moto_method(self, _original: Callable[..., Any]) -> Callable[..., Any]:
        """The replacement of moto's own way to run a function."""
        return lambda function, event=None: self.invoke(function, event)

    def _start(self, function: Any) -> Worker:
        code = self.folder / function.code_sha_256.replace("/", "_")
        if not code.exists():
            zipfile.ZipFile(io.BytesIO(function.code_bytes)).extractall(code)
        environment = {
            **{name: os.environ[name] for name in ("PATH", "AWS_DEFAULT_REGION") if name in os.environ},
            **{name: str(value) for name, value in function.environment_vars.items()},
            "AWS_ACCESS_KEY_ID": "rehearsal",
            "AWS_SECRET_ACCESS_KEY": "rehearsal",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": function.region,
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
            "LAMBDA_FUNCTION_ARN": function.function_arn,
            "LAMBDA_FUNCTION_TIMEOUT": str(function.timeout),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        process = subprocess.Popen(
            [sys.executable, str(RUNTIME), str(code), function.handler],
            cwd=code,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        return Worker(process)

    def stop(self) -> None:
        """End every process."""
        for worker in self.workers.values():
            worker.process.terminate()
            worker.process.communicate()


@contextmanager
def isolated_environment(url: str, region: str) -> Iterator[None]:
    """The environment of the rehearsal: moto's server and invented credentials, and no real ones within reach."""
    kept = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "rehearsal",
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "DEPLOY_PACE": "0.05",
    }
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= kept


class FrontedServer(ThreadedMotoServer):
    """moto's server behind the front that throttles."""

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(ip_address="127.0.0.1", port=0, verbose=False)
        store_rules.install()
        self.front = Front(DomainDispatcherApplication(create_backend_app), behaviour)

    def _server_entry(self) -> None:
        self._server = make_server(self._ip_address, self._port, self.front, True, request_handler=MotoRequestHandler)
        self._server_ready_event.set()
        self._server.serve_forever()


@contextmanager
def moto_cloud(folder: Path, log: TextIO, behaviour: Behaviour | None = None) -> Iterator[Functions]:
    """moto's server with the patches and the functions' processes, for as long as the block lasts."""
    behaviour = behaviour or Behaviour()
    # moto writes a line for each request, and warns of each resource that its CloudFormation leaves out.
    for name in ("werkzeug", "moto"):
        logging.getLogger(name).setLevel(logging.ERROR)
    server = FrontedServer(behaviour)
    server.start()
    functions = Functions(folder, "http://{}:{}".format(*server.get_host_and_port()), log, server.front)
    replacement = Replacement(LambdaFunction, "_invoke_lambda", functions.as_moto_method)
    with warnings.catch_warnings(), patched([*aws_patches(behaviour), replacement]):
        warnings.filterwarnings("ignore", message="Tried to parse")
        try:
            yield functions
        finally:
            functions.stop()
            server.stop()
