"""Which commit is deployed."""

import subprocess
from pathlib import Path

import pytest

from infra.aws import DeployError
from infra.release.source import checked_out, commit_of


def git(folder: Path, *arguments: str) -> str:
    given = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    run = subprocess.run(["git", *given, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return run.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    for text in ("one", "two"):
        (tmp_path / "app.py").write_text(text)
        git(tmp_path, "add", "app.py")
        git(tmp_path, "commit", "-qm", text)
    return tmp_path


def test_the_folder_is_deployed_unless_a_commit_is_named(repository: Path) -> None:
    with checked_out(repository, None) as project:
        assert project == repository
    with checked_out(repository, "HEAD~1") as project:
        assert (project / "app.py").read_text() == "one"
    assert (repository / "app.py").read_text() == "two"
    assert not project.exists()
    with pytest.raises(DeployError, match="git archive"), checked_out(repository, "nothing"):
        raise AssertionError


def test_a_commit_is_named_with_what_differs(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    commit = git(repository, "rev-parse", "--short=12", "HEAD")
    assert commit_of(repository) == commit
    (repository / "app.py").write_text("three")
    assert commit_of(repository) == commit + "+"
    assert commit_of(tmp_path_factory.mktemp("plain")) == "unknown"
