"""A full or read-only disk: what cannot be saved is refused, and what was answered with a success survives a kill."""

import json
import resource
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.values.records import Json
from local import NotSavedError, StartError, demo_data
from local.aws.cloud import until
from local.aws.durable import DurableGateway, DurableUploads
from local.stack import ROOT
from local.store import NAME, Changes, Store
from tests.local.test_stack import Process, environment
from tests.support.builders import uscc

FULL = "DATA cannot be written: database or disk is full"


def large_change(name: str) -> Changes:
    return Changes(items={("t", f"{name}{n}"): {"k": {"S": "x" * 500}} for n in range(400)})


def limit_pages(store: Store, pages: int) -> None:
    """Let the file grow to so many pages of 4,096 bytes, as a disk of that size would."""
    store._connection.execute(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_named_and_what_fits_again_is_saved_whole(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(large_change("before"))
    limit_pages(store, 1)
    for _ in range(2):
        with pytest.raises(NotSavedError, match=f"^{FULL}$"):
            store.save(large_change("later"))
    assert len(list(store.items())) == 400
    limit_pages(store, 1_000_000)
    store.save(large_change("later"))
    assert len(list(store.items())) == 800
    store.close()


def test_a_disk_that_became_read_only_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store._connection.execute("PRAGMA query_only = 1")
    with pytest.raises(NotSavedError, match=r"readonly|read-only"):
        store.save(large_change("later"))
    store._connection.execute("PRAGMA query_only = 0")
    store.save(large_change("later"))
    store.close()


@pytest.mark.parametrize("how", ["removed", "replaced"])
def test_a_file_that_is_no_longer_in_place_is_not_written_in_silence(tmp_path: Path, how: str) -> None:
    store = Store(tmp_path / "data")
    store.save(large_change("before"))
    (tmp_path / "data" / NAME).rename(tmp_path / "elsewhere")
    if how == "replaced":
        (tmp_path / "data" / NAME).write_bytes(b"")
    with pytest.raises(NotSavedError, match="was removed or replaced"):
        store.save(large_change("later"))
    (tmp_path / "elsewhere").replace(tmp_path / "data" / NAME)
    store.save(large_change("later"))
    store.close()


def test_a_start_that_was_killed_before_its_tables_were_made_is_done_again(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / NAME)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    store = Store(tmp_path)
    store.save(large_change("first"))
    store.close()


def test_a_start_without_room_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(StartError, match="cannot be written"):
            Store(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []
    Store(tmp_path).close()


class FakeSaving:
    """A disk that says why it cannot be written, or nothing; `saved` counts the saves."""

    def __init__(self, reason: str, late: bool) -> None:
        self.reason = reason
        self.late = late
        self.saved = 0

    def problem(self) -> str:
        return self.reason if self.late else ""

    def save_now(self) -> str:
        self.saved += 1
        return self.reason


def ask(application: Any, method: str, path: str, **more: str) -> tuple[str, bytes]:
    """Status and body of one request to a WSGI application."""
    begun: list[str] = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input_terminated": True, **more}
    body = b"".join(application(environ, lambda status, _headers: begun.append(status)))
    return begun[0], body


class Inner:
    """An application that answers everything with one status, and counts the requests."""

    def __init__(self, status: str) -> None:
        self.status = status
        self.asked = 0

    def __call__(self, _environ: Any, start_response: Any) -> list[bytes]:
        self.asked += 1
        start_response(self.status, [])
        return [b"done"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_write_is_saved_before_it_is_answered(method: str) -> None:
    saving, inner = FakeSaving("", late=False), Inner("202 Accepted")
    assert ask(DurableGateway(inner, saving), method, "/v1/reports") == ("202 Accepted", b"done")
    assert saving.saved == 1


@pytest.mark.parametrize("late", [False, True])
def test_a_write_that_cannot_be_saved_is_503_with_the_error(late: bool) -> None:
    inner = Inner("202 Accepted")
    status, body = ask(DurableGateway(inner, FakeSaving(FULL, late)), "POST", "/v1/reports")
    error = json.loads(body)["error"]
    assert (status[:3], error["code"], error["details"]) == ("503", "store_unavailable", {"reason": FULL})
    assert inner.asked == (0 if late else 1)


def test_a_refusal_needs_no_save() -> None:
    saving = FakeSaving(FULL, late=False)
    assert ask(DurableGateway(Inner("409 Conflict"), saving), "POST", "/v1/reports")[0] == "409 Conflict"
    assert saving.saved == 0


def test_reads_go_on_and_health_fails_while_something_is_unsaved() -> None:
    broken = DurableGateway(Inner("200 OK"), FakeSaving(FULL, late=True))
    assert ask(broken, "GET", "/v1/notices") == ("200 OK", b"done")
    status, body = ask(broken, "GET", "/health")
    assert (status[:3], json.loads(body)) == ("503", {"status": "unavailable", "name": "lianfang", "reason": FULL})
    assert ask(broken, "HEAD", "/health") == ("503 Service Unavailable", b"")
    assert ask(DurableGateway(Inner("200 OK"), FakeSaving("", late=True)), "GET", "/health")[0] == "200 OK"


def test_a_file_sent_to_the_bucket_is_saved_and_the_exchange_itself_does_not_wait() -> None:
    saving = FakeSaving("", late=False)
    uploads = DurableUploads(Inner("204 No Content"), saving)
    assert ask(uploads, "PUT", "/files/a", HTTP_AUTHORIZATION="AWS4-HMAC-SHA256 …")[0] == "204 No Content"
    assert saving.saved == 0
    assert ask(uploads, "POST", "/files")[0] == "204 No Content"
    assert saving.saved == 1
    status, body = ask(DurableUploads(Inner("204 No Content"), FakeSaving(FULL, late=False)), "POST", "/files")
    assert status[:3] == "503"
    assert FULL.encode() in body


@pytest.fixture
def processes() -> Iterator[list[Process]]:
    started: list[Process] = []
    yield started
    for process in started:
        if process.process.poll() is None:
            process.end(signal.SIGKILL)


def answer(process: Process, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
    """Status and body of a call, refused or not."""
    key = process.keys["beidou" if path == "/v1/lookups" else "qingluan"]
    try:
        return 200, demo_data.call(process.url, key, method, path, body)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def report(process: Process, number: int) -> tuple[int, Json]:
    rows = [
        {"uscc": uscc(number * 100 + row, "330106"), "evicted_on": "2026-11-02", "reason_text": "售假" * 100}
        for row in range(10)
    ]
    return answer(process, "POST", "/v1/reports", {"evictions": rows})


def is_listed(process: Process, number: int) -> bool:
    wanted = {"uscc": uscc(number * 100 + 9, "330106"), "purpose": "onboarding"}
    return bool(answer(process, "POST", "/v1/lookups", wanted)[1]["matches"])


def let_files_grow_to(process: Process, size: int) -> None:
    """Bound the size of every file of the process: for it the disk is full there."""
    hard = resource.prlimit(process.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(process.process.pid, resource.RLIMIT_FSIZE, (size, hard))


@pytest.mark.long
@pytest.mark.xdist_group("local")
def test_a_disk_that_is_full_before_the_demo_data_is_in_is_named_in_one_line(tmp_path: Path) -> None:
    run = subprocess.run(
        ["bash", "-c", f"ulimit -f 60; exec {sys.executable} -m local"],
        cwd=ROOT,
        env=environment(DATA=str(tmp_path), PORT="0", PYTHONDONTWRITEBYTECODE="1", ENV_FILE=str(tmp_path / "env")),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith("local: DATA cannot be written: ")
    assert "Traceback" not in run.stderr


@pytest.mark.long
@pytest.mark.xdist_group("local")
def test_on_a_full_disk_nothing_is_accepted_and_what_was_accepted_survives_a_kill(
    tmp_path: Path, processes: list[Process]
) -> None:
    processes.append(first := Process(DATA=str(tmp_path), PORT="0"))
    assert report(first, 1)[0] == 200
    let_files_grow_to(first, 64 * 1024)
    status, refused = report(first, 2)
    assert status == 503
    assert refused["error"]["code"] == "store_unavailable"
    assert "DATA cannot be written: " in refused["error"]["details"]["reason"]
    assert until(lambda: answer(first, "GET", "/health")[0] == 503, 3)
    assert report(first, 3)[0] == answer(first, "POST", "/v1/lookups", {"uscc": uscc(109, "330106")})[0] == 503
    let_files_grow_to(first, resource.RLIM_INFINITY)
    assert until(lambda: answer(first, "GET", "/health")[0] == 200, 3)
    assert report(first, 4)[0] == 200
    output = first.end(signal.SIGKILL)[1]  # in the moment after the answer
    assert "local: DATA cannot be written: " in output
    assert "local: DATA is written again" in output
    assert "rollback" not in output

    processes.append(second := Process(DATA=str(tmp_path), PORT="0"))
    assert until(lambda: is_listed(second, 1) and is_listed(second, 4), 60, 0.2)
    let_files_grow_to(second, 64 * 1024)
    assert report(second, 5)[0] == 503
    code, output = second.end(signal.SIGTERM)
    assert code == 1
    assert "local: DATA cannot be written: " in output
    assert "Traceback" not in output
