"""Runs every command block of every document against a fresh exchange, in order, and holds the answers to the print.

`UPDATE_DOCS=1 pytest tests/documents/test_run.py` rewrites the printed answers that differ; read what it changed.
"""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.messages.error_codes import ErrorCode
from tests.documents import refresh
from tests.documents.answers import differences, parse_printed, text_differences
from tests.documents.blocks import ROOT, Block, blocks_of, documents
from tests.documents.shell import SLEEP, Ran, Shell
from tests.local.test_stack import Process

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("local")]
UPDATE = os.environ.get("UPDATE_DOCS") == "1"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A shell beside an exchange that `make run` has just started, and that wrote its keys for the blocks."""
    folder = tmp_path_factory.mktemp("reader")
    process = Process(PORT="0", ENV_FILE=str(folder / ".local" / "env"))
    shell = Shell(folder)
    assert shell.run(f"source .local/env\n{SLEEP}").status == 0
    yield shell
    shell.stop()
    process.end(signal.SIGKILL)


def faults_of(block: Block, ran: Ran) -> list[str]:
    """Where the exit status, the HTTP statuses or the answer of a block are not as printed."""
    faults = [] if ran.status == 0 else [f"exit status {ran.status}: {ran.errors[-500:]}"]
    expected = {200, 201, 202, 204}
    if block.answer is not None:
        try:
            faults += compare(block.answer, ran.printed)
        except ValueError as error:
            faults.append(f"no JSON ({error}): {ran.printed[:500]!r}")
        if block.answer.text.startswith('{"error"'):
            code = json.loads(ran.printed).get("error", {}).get("code", "internal_error")
            expected = {ErrorCode(code).status}
    return faults + [f"HTTP status {status}: {ran.printed[:500]}" for status in ran.http if status not in expected]


def compare(answer: Block, printed: str) -> list[str]:
    """Where an answer is not as printed; raises `ValueError` when it should be JSON and is none."""
    if answer.info == "json":
        return list(differences(parse_printed(answer.text), json.loads(printed)))
    return list(text_differences(answer.text, printed))


# The blocks of api.md, of which there are most, are run with the long tests.
DOCUMENTS = [
    pytest.param(path, marks=pytest.mark.long if path.name == "api.md" else (), id=str(path.relative_to(ROOT)))
    for path in documents()
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_block_answers_as_printed(document: Path, shell: Shell) -> None:
    faults: list[str] = []
    changes: list[tuple[Block, str]] = []
    for block in blocks_of(document):
        if block.info != "bash":
            continue
        ran = shell.run(block.text)
        wrong = faults_of(block, ran)
        if UPDATE and wrong and block.answer is not None and ran.status == 0:
            changes.append((block.answer, refresh.refreshed(block, ran.printed)))
        faults += [f"{block.place}: {fault}" for fault in wrong]
    if changes:
        refresh.write(changes)
    assert not faults, "\n".join(faults)
