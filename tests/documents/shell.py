"""A shell that runs the command blocks one after the other, as a reader's terminal does."""

import os
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from tests.documents.blocks import ROOT

# What the blocks call by a path within the project.
SHOWN = (".venv", "app.py", "chalicelib", "local", "examples", "infra")
CURLRC = 'write-out = "%{stderr}HTTP %{http_code}\\n"\n'
# A reader sleeps a moment for work that goes on after an answer; here it is waited for, however slow the machine is.
SLEEP = 'sleep() { curl -s -o /dev/null "$URL/_local/settled"; }'
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Ran:
    """What a block printed, its exit status, and the HTTP status of each of its requests by curl."""

    printed: str
    errors: str
    status: int
    http: tuple[int, ...]


class Shell:
    """bash in a folder of its own, in which the project's files can be seen and the blocks' own files are kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in SHOWN:
            (folder / name).symlink_to(ROOT / name)
        (folder / ".curlrc").write_text(CURLRC)
        self._process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
        )

    def run(self, command: str) -> Ran:
        """Run one block in the shell itself, so that its variables last."""
        (self.folder / "block.sh").write_text(command, "utf-8")
        assert self._process.stdin
        assert self._process.stdout
        deadline = threading.Timer(SECONDS, self._process.kill)
        deadline.start()
        self._process.stdin.write(". ./block.sh > block.out 2> block.err < /dev/null; echo $?\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline() or "-1")
        deadline.cancel()
        errors = (self.folder / "block.err").read_text("utf-8", "replace")
        codes = [int(line[5:]) for line in errors.splitlines() if line.startswith("HTTP ")]
        printed = (self.folder / "block.out").read_text("utf-8", "replace")
        return Ran(printed, errors, status, tuple(codes))

    def stop(self) -> None:
        """End the shell and what it started in the background."""
        self._process.terminate()
        self._process.communicate(timeout=10)
