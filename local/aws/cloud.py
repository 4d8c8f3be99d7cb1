"""The cloud of this one process: moto's server, behind a gate that does one request at a time.

moto checks a condition and then writes, without a lock between: two threads could both pass. The gate makes each
request whole, gives `persistence` an instant at which nothing is half done, and notifies the dispatcher of the service
written to, so that no thread has to poll.
"""

import io
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast
from wsgiref.types import WSGIApplication, WSGIEnvironment

from local.aws import store_rules

REGION = "cn-north-1"
ACCOUNT = "123456789012"
ACCESS_KEY = SECRET_KEY = "local"
_READS = ("Get", "BatchGet", "List", "Describe", "Query", "Scan", "Receive", "Head")
# Which services a write to this one may have reached by the time it is answered.
_REACHES = {"s3": ("s3", "sqs"), "sns": ("sns", "sqs")}

StartResponse = Callable[..., Any]


class WriteCounter:
    """Counts the writes to each service, and notifies the threads that wait for the next write."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._counts: dict[str, int] = {}

    def count(self, service: str) -> int:
        """How many writes this service has seen; it only grows."""
        return self._counts.get(service, 0)

    def touch(self, *services: str) -> None:
        """Notify all waiting threads that these services were written to."""
        with self._condition:
            for service in services:
                self._counts[service] = self.count(service) + 1
            self._condition.notify_all()

    def wait(self, service: str, seen: int, timeout: float) -> int:
        """Return when `service` has seen more than `seen` writes, or after `timeout` seconds; gives the count."""
        with self._condition:
            self._condition.wait_for(lambda: self.count(service) != seen, timeout)
            return self.count(service)


class Gate:
    """A WSGI application around moto's: whole requests, one at a time; each write is counted."""

    def __init__(self, inner: WSGIApplication, write_counter: WriteCounter) -> None:
        self.inner = inner
        self.write_counter = write_counter
        self.lock = threading.RLock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Read the body first (a slow sender must not hold the gate), then let moto answer."""
        take_body(environ)
        service, action = _name_of(environ)
        if _may_wait(service, action, environ):
            answer = self.inner(environ, start_response)
        else:
            with self.lock:
                answer = self.inner(environ, start_response)
        if not action.startswith(_READS):
            self.write_counter.touch(*_REACHES.get(service, (service,)))
        return answer


def take_body(environ: WSGIEnvironment) -> None:
    """Read the body into memory, however it is sent, so that it can be read again."""
    if environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read()
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
    else:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)


def _name_of(environ: WSGIEnvironment) -> tuple[str, str]:
    """The service and the action of a signed request; an unsigned one can only be for S3 (a presigned upload)."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split(",")[0].split("/")
    service = scope[3] if len(scope) == 5 else "s3"
    action = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if service == "s3":
        action = "Get" if environ["REQUEST_METHOD"] in ("GET", "HEAD") else "Put"
    return service, action


def _may_wait(service: str, action: str, environ: WSGIEnvironment) -> bool:
    """Whether moto may answer this only after seconds: a long poll, or a publish to a subscriber's web address."""
    body: bytes = environ["wsgi.input"].getvalue()
    if service == "sns":
        return b"Action=Publish" in body
    if service != "sqs" or action != "ReceiveMessage":
        return False
    return b"WaitTimeSeconds" in body and b'"WaitTimeSeconds": 0' not in body


class Cloud:
    """moto on a free port of 127.0.0.1, and this process's AWS environment pointing at it."""

    def __init__(self) -> None:
        self.write_counter = WriteCounter()
        self._before: dict[str, str] = {}
        self._ours: dict[str, str] = {}
        self._clients: dict[str, Any] = {}
        self._making = threading.Lock()

    def start(self) -> None:
        """Start the server and take over every AWS_ variable, so that no real account can be reached."""
        import boto3
        from moto.server import ThreadedMotoServer

        store_rules.install()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._server.start()
        self._listening = cast("Any", self._server._server)
        self.gate = Gate(self._listening.app, self.write_counter)
        self._listening.app = self.gate
        self.endpoint = f"http://127.0.0.1:{self._server.get_host_and_port()[1]}"
        self._before = dict(os.environ)
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        no_proxy = ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1", "localhost"]))
        self.set_environment(
            AWS_ENDPOINT_URL=self.endpoint,
            AWS_ACCESS_KEY_ID=ACCESS_KEY,
            AWS_SECRET_ACCESS_KEY=SECRET_KEY,
            AWS_DEFAULT_REGION=REGION,
            AWS_REGION=REGION,
            AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled",
            AWS_EC2_METADATA_DISABLED="true",
            AWS_CONFIG_FILE=os.devnull,
            AWS_SHARED_CREDENTIALS_FILE=os.devnull,
            NO_PROXY=no_proxy,
            no_proxy=no_proxy,
        )
        # A session that was made before still has the earlier credentials.
        boto3.DEFAULT_SESSION = None

    def wrap(self, application: Callable[[WSGIApplication], WSGIApplication]) -> None:
        """Put another application around the server's."""
        self._listening.app = application(self._listening.app)

    def set_environment(self, **values: str) -> None:
        """Set variables that `stop` takes back."""
        os.environ.update(values)
        self._ours.update(values)

    def client(self, service: str) -> Any:
        """A boto3 client of this cloud, one per service."""
        import boto3

        with self._making:  # a session is not safe to share while it makes a client
            if service not in self._clients:
                self._clients[service] = boto3.client(service)
            return self._clients[service]

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Pause all writes: every request before the block is complete, every later request waits."""
        with self.gate.lock:
            yield

    def stop(self) -> None:
        """Stop the server, forget everything it held, and give the environment back."""
        import boto3
        from moto.moto_api._internal.models import moto_api_backend

        self._server.stop()
        self._listening.server_close()
        moto_api_backend.reset()
        for name in [*self._ours, *(name for name in os.environ if name.startswith("AWS_"))]:
            os.environ.pop(name, None)
        os.environ.update({name: value for name, value in self._before.items() if name not in os.environ})
        boto3.DEFAULT_SESSION = None


def until(condition: Callable[[], bool], timeout: float, step: float = 0.01) -> bool:
    """Whether `condition` came true within `timeout` seconds."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True


def run_until_done(work: Callable[[], None], stopping: threading.Event, work_name: str) -> None:
    """Do `work` until it returns; when the cloud fails under it, say so and start it over."""
    while not stopping.is_set():
        try:
            work()
            return
        except Exception as error:
            if not stopping.wait(1.0):
                print(f"local: {work_name} starts over: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
