"""The file for a shell: what the documents' commands need, for its owner alone, read by bash as it was meant."""

import os
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local import env_file


def running(**keys: str) -> Any:
    return SimpleNamespace(url="http://127.0.0.1:8150", keys=keys)


def test_bash_reads_what_was_written_and_nobody_else_may(tmp_path: Path) -> None:
    path = tmp_path / "made" / "env"
    path.parent.mkdir()
    path.write_text("export QINGLUAN=old\nexport GONE=1\n")
    env_file.write(running(shanhai="lf_a_b", qingluan="lf_c_d", **{"two-words": "it's"}), path)
    assert path.stat().st_mode & 0o077 == 0
    names = "$URL|$JSON|$SHANHAI|$QINGLUAN|$TWO_WORDS|$GONE|$AWS_ENDPOINT_URL"
    script = f'source "{path}"; echo "{names}"'
    printed = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=True, env={"PATH": os.defpath}
    )
    wanted = "http://127.0.0.1:8150|Content-Type: application/json|lf_a_b|lf_c_d|it's||\n"
    assert printed.stdout == wanted


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        env_file.write(running(), tmp_path)
    assert list(tmp_path.iterdir()) == []
