"""The whole exchange in one process, started and stopped together; tests and benchmarks start it as well."""

import errno
import http.client
import importlib
import json
import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

from chalicelib import logs, wiring
from chalicelib.values.records import Json
from local import StartError, licences, people_of_demo, persistence
from local.aws import events, memory, resources
from local.aws.cloud import ACCESS_KEY, REGION, SECRET_KEY, Cloud, until
from local.aws.dispatch import Dispatcher
from local.aws.durable import DurableGateway, DurableUploads
from local.aws.presigned import PresignedRequests
from local.notices import NoticeBoard
from local.persistence import Persistence
from local.six_months.load import load
from local.store import Store

ROOT = Path(__file__).parent.parent
THREADS = 16
# Bodies over the limit of the gateway are read, so that they can be answered; bodies over this are cut off.
LARGEST_READ = 256 * 1024 * 1024
STACK_LOCK = threading.Lock()


class Stack:
    """A running exchange: `url`, `keys` (name of a seeded participant -> its API key), `notices` as they arrive."""

    def __init__(
        self, port: int, data: Path | None, show_notices: bool, tick: float | None, months: bool = False
    ) -> None:
        self.keys: dict[str, str] = {}
        self._undo = ExitStack()
        self._patience = 2.0
        self._socket = _listen(port)
        self._undo.callback(self._socket.close)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        try:
            self._start(data, show_notices, tick, months)
        except BaseException:
            self.stop()
            raise

    def _start(self, data: Path | None, show_notices: bool, tick: float | None, months: bool) -> None:
        store = Store(data) if data else None
        if store:
            self._undo.callback(store.close)
        self.cloud = Cloud()
        self.cloud.start()
        # A call that outlasts the stop still takes these clients, and makes none of this cloud once they are forgotten.
        self._undo.callback(wiring.reset)
        self._undo.callback(self.cloud.stop)
        environment = resources.make(self.cloud)
        variables = _environment(environment)
        self._undo.callback(_log_at(variables["POWERTOOLS_LOG_LEVEL"]))
        self.cloud.set_environment(**variables)
        licences.make_secret(self.cloud)
        if store:
            persistence.follow_all_tables(self.cloud)
            persistence.restore(self.cloud, store)
        # Before anybody follows the tables or is notified of objects: what has happened has been dealt with.
        loaded = load(self.cloud, environment) if months and _is_empty(environment) else {}
        licences.publish_issuer(self.cloud, environment["FILES_BUCKET"])
        resources.notify_queues(self.cloud)
        app, undo = _fresh_app()
        self._undo.callback(undo)
        contexts = events.Contexts(ROOT / ".chalice" / "config.json")
        self.dispatcher = Dispatcher(self.cloud, app, contexts, tick)
        if store and (positions := store.document("positions")):
            self.dispatcher.positions.update(positions)
        self.persistence = Persistence(self.cloud, self.dispatcher, store)
        if store and loaded:
            self.persistence.adopt(loaded)
        self.keys = (store and store.document("keys")) or {}
        self.board = NoticeBoard(
            self.cloud, environment["CLOSURES_TOPIC_ARN"], environment["PLATFORM_TOPIC_PREFIX"], show_notices
        )
        self.dispatcher.may_call = self.persistence.can_save
        self.cloud.wrap(lambda inner: PresignedRequests(inner, memory.is_bucket, {ACCESS_KEY: SECRET_KEY}))
        self.cloud.wrap(lambda inner: DurableUploads(inner, self.persistence))
        for part in (self.persistence, self.board):
            part.start()
            self._undo.callback(part.stop)
        self.dispatcher.start()
        self._undo.callback(lambda: self.dispatcher.stop(self._patience))
        self._serve(app)

    def _serve(self, app: Any) -> None:
        import waitress

        from local.aws.gateway import Gateway

        pages: dict[tuple[str, str], Callable[[], Any]] = {
            ("GET", "/_local/notices"): lambda: {"notices": list(self.board.seen)},
            ("POST", "/_local/tick"): lambda: {"ran": self.dispatcher.tick_now()},
            ("GET", "/_local/settled"): lambda: {"settled": self.settle()},
            ("GET", "/_local/sign-in-links"): lambda: {"links": people_of_demo.links(self.url)},
            ("GET", "/_local/cloud"): lambda: {"endpoint": self.cloud.endpoint, "region": REGION},
        }
        self._server = waitress.create_server(
            DurableGateway(Gateway(app.app, pages), self.persistence),
            sockets=[self._socket],
            threads=THREADS,
            ident=None,
            max_request_body_size=LARGEST_READ,
        )
        self._loop = threading.Thread(target=self._server.run, name="http", daemon=True)
        self._loop.start()
        self._undo.callback(self._stop_serving)

    def _stop_serving(self) -> None:
        def close() -> None:
            for channel in list(self._server.active_channels.values()):
                channel.close()
            self._server.close()

        self._server.task_dispatcher.shutdown(timeout=4)
        try:
            self._server.trigger.pull_trigger(close)
        except OSError:  # the pipe to the loop is gone already
            close()
        self._loop.join(5)

    @property
    def notices(self) -> list[Json]:
        """Every notice that the demo queues got, oldest first: at, topic, attributes, notice."""
        return list(self.board.seen)

    def settle(self, timeout: float = 30.0) -> bool:
        """Wait until no event is pending; whether that happened within `timeout` seconds."""
        return until(lambda: self.dispatcher.idle() and self.board.idle(), timeout)

    def stop(self, patience: float = 2.0) -> None:
        """Stop: no new requests, the last changes are written (else `NotSavedError`).

        Functions that run have `patience` seconds to finish. One that takes longer is left to itself: it goes on in
        this process, with whatever settings the process has then, so a process that goes on should be patient.
        """
        self._patience = patience
        try:
            self._undo.close()
        finally:
            release()


def _is_empty(environment: dict[str, str]) -> bool:
    return not memory.count_items(environment["EXCHANGE_TABLE"])


def _environment(outputs: dict[str, str]) -> dict[str, str]:
    """The variables of every function: the resources' names, and settings that a developer may override."""
    level = os.environ.get("POWERTOOLS_LOG_LEVEL", "WARNING")
    return {
        "SERIOUS_VIOLATIONS_URL": os.environ.get("SERIOUS_VIOLATIONS_URL", ""),
        **outputs,
        "FEEDS_FROM_LOOPBACK": "yes",
        "PUBLIC_URL": "",
        "NATIONAL_LICENCES_URL": os.environ.get("NATIONAL_LICENCES_URL", ""),
        "DISPLAY_LINKS_ONLINE": "",
        "LICENCE_MONTHS": "6",
        "USAGE_SHARED": "yes",
        "GATEWAY_AUTH": os.environ.get("GATEWAY_AUTH", "key"),
        "SIGN_IN_LINKS": "yes",
        "OIDC_ISSUER": os.environ.get("OIDC_ISSUER", ""),
        "OIDC_CLIENT_ID": os.environ.get("OIDC_CLIENT_ID", ""),
        "EPOCH": "0",
        "RAPIDFUZZ_IMPLEMENTATION": "cpp",
        "POWERTOOLS_SERVICE_NAME": "lianfang",
        "POWERTOOLS_TRACE_DISABLED": "1",
        "POWERTOOLS_LOG_LEVEL": level,
        # Figures go to the log as well, each a long line.
        "POWERTOOLS_METRICS_DISABLED": "false" if level in ("DEBUG", "INFO") else "true",
    }


def _log_at(level: str) -> Callable[[], None]:
    """Let the logger, which reads its level once in a process, have this one; how to undo that."""
    logger = logs.logger()
    before = logger.log_level
    logger.setLevel(level)
    return lambda: logger.setLevel(before)


def release() -> None:
    """Let another stack start in this process."""
    if STACK_LOCK.locked():
        STACK_LOCK.release()


def _fresh_app() -> tuple[Any, Callable[[], None]]:
    """Import `app` anew, for its decorators and adapters must see this stack's environment; and how to undo that.

    The routes are imported anew with it: Chalice can register a Blueprint only once.
    """
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    before = _remove_app_modules()
    wiring.reset()
    app = importlib.import_module("app")

    def undo() -> None:
        _remove_app_modules()
        sys.modules.update(before)
        if "chalicelib.handlers" in before:
            sys.modules["chalicelib"].handlers = before["chalicelib.handlers"]  # type: ignore[attr-defined]

    return app, undo


def _remove_app_modules() -> dict[str, ModuleType]:
    ours = [name for name in sys.modules if name == "app" or name.startswith("chalicelib.handlers")]
    return {name: sys.modules.pop(name) for name in ours}


def _listen(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1, taken first of all: of two starts at once one fails at once."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(1024)
    except OSError as error:
        listening.close()
        raise StartError(_describe_port_problem(port, error)) from None
    return listening


def _describe_port_problem(port: int, error: OSError) -> str:
    other = f"PORT={port + 1 if port < 65535 else 8001} make run"
    if error.errno == errno.EACCES:
        return f"port {port} needs special rights here; try {other}"
    if error.errno != errno.EADDRINUSE:
        return f"port {port} cannot be used: {error.strerror}"
    if _name_of_server_on(port) == "lianfang":
        return f"Lianfang already runs on http://127.0.0.1:{port}; use that one, or start another with {other}"
    return f"port {port} is taken by another program; try {other}"


def _name_of_server_on(port: int) -> str:
    """The name that the program on the port gives of itself; waits a little, for it may just be starting."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/health")
        return str(json.loads(connection.getresponse().read())["name"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return ""
    finally:
        connection.close()
