"""The script of docs/pipeline.md prints the records that the document shows."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from tests.documents import refresh
from tests.documents.answers import differences, parse_printed
from tests.documents.blocks import ROOT, Block, blocks_of
from tests.documents.test_run import UPDATE

DOCUMENT = ROOT / "docs" / "pipeline.md"
SHOWN = ("eviction", "rejection", "subject", "notice")


def printed_by_the_script() -> dict[str, str]:
    """Each line of the script's output by its label."""
    [script] = [block for block in blocks_of(DOCUMENT) if block.info == "python"]
    command = [sys.executable, "-"]
    run = subprocess.run(command, input=script.text, cwd=ROOT, capture_output=True, text=True, check=True)
    return {label: value.strip() for label, _, value in (line.partition(" ") for line in run.stdout.splitlines())}


@pytest.mark.slow
def test_the_records_shown_are_those_that_the_script_prints() -> None:
    printed = printed_by_the_script()
    blocks = [block for block in blocks_of(DOCUMENT) if block.info == "json"]
    faults: list[str] = []
    changes: list[tuple[Block, str]] = []
    for name, block in zip(SHOWN, blocks, strict=True):
        answered: Any = json.loads(printed[name])
        drift = list(differences(parse_printed(block.text), answered))
        faults += [f"{block.place}: {name}{fault}" for fault in drift]
        if drift and UPDATE:
            changes.append((block, refresh.rendered(refresh.merged(parse_printed(block.text), answered)) + "\n"))
    if changes:
        refresh.write(changes)
    count = printed["postings"].partition(" ")[0]
    text = DOCUMENT.read_text("utf-8")
    if UPDATE:
        DOCUMENT.write_text(re.sub(r"filed under \d+ keys", f"filed under {count} keys", text), "utf-8")
    assert not faults, "\n".join(faults)
    assert f"filed under {count} keys" in text
