"""Which commit is deployed: the one in this folder, or an older one taken out of git beside it."""

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from infra.aws import DeployError

GIT_SECONDS: Final = 60


def commit_of(project: Path) -> str:
    """The project's commit, with `+` when files differ from it; "unknown" where there is no git."""
    try:
        commit = _git(project, "rev-parse", "--short=12", "HEAD").decode().strip()
        changed = _git(project, "status", "--porcelain", "--untracked-files=no").strip()
    except (DeployError, OSError):
        return "unknown"
    return commit + ("+" if changed else "")


def commit_that_added(project: Path, path: str) -> str:
    """The first commit that has a file; raises `DeployError` where git knows none."""
    commits = _git(project, "log", "--diff-filter=A", "--format=%H", "--", path).decode().split()
    if not commits:
        raise DeployError(f"no commit here adds {path}")
    return commits[-1]


@contextmanager
def checked_out(project: Path, commit: str | None) -> Iterator[Path]:
    """The project's folder; for a commit, a temporary folder with the files of that commit."""
    if commit is None:
        yield project
        return
    with tempfile.TemporaryDirectory() as folder:
        archive = _git(project, "archive", "--format=tar", commit)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder)


def _git(project: Path, *arguments: str) -> bytes:
    run = subprocess.run(["git", *arguments], cwd=project, capture_output=True, check=False, timeout=GIT_SECONDS)
    if run.returncode:
        raise DeployError(f"git {' '.join(arguments)}: {run.stderr.decode(errors='replace').strip()}")
    return run.stdout
