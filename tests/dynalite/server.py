"""Starts dynalite, an emulator of DynamoDB that was written against AWS's own answers, where Node and npm are."""

import fcntl
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

SOURCE = Path(__file__).parent
FOLDER = SOURCE.parent.parent / "build" / "dynalite"
# `make dynalite` sets it: without npm the tests then fail instead of being left out.
REQUIRED: Final = os.environ.get("DYNALITE") == "1"
START_SECONDS: Final = 20
INSTALL_SECONDS: Final = 120


@contextmanager
def running() -> Iterator[str]:
    """The address of a dynalite of this process's own, empty and in memory; it is gone afterwards."""
    _install()
    command = ["node", "serve.js"]
    server = subprocess.Popen(command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin
    assert server.stdout
    try:
        readable, _, _ = select.select([server.stdout], [], [], START_SECONDS)
        assert readable, "dynalite did not start in time"
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.kill()
        server.wait()
        server.stdin.close()
        server.stdout.close()


def _install() -> None:
    """Install dynalite once from its lock; the calling test is left out where that cannot be, unless it is required."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in ("package.json", "package-lock.json", "serve.js"):
            shutil.copy(SOURCE / name, FOLDER)
        if not (FOLDER / "node_modules" / ".package-lock.json").exists():
            _run_npm()


def _run_npm() -> None:
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        failure = subprocess.run(
            command, cwd=FOLDER, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
        reason = failure.stderr[-200:] if failure.returncode else ""
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        reason = str(error)
    if reason and not REQUIRED:
        pytest.skip(f"npm cannot install dynalite: {reason}")
    assert not reason, reason
