"""Every command block is marked, is bash, and calls what there is: targets of make, operations of AWS."""

import re
import subprocess

import pytest

from tests.documents.aws_commands import commands_in, faults_of
from tests.documents.blocks import (
    ANSWERS,
    CALLS_MAKE,
    COMMANDS,
    NEEDS_AWS,
    ROOT,
    Block,
    blocks_of,
    command_blocks,
    documents,
)

EVERY = [block for document in documents() for block in blocks_of(document)]
COMMAND = re.compile(r"^\s*(\$ |curl|aws|make|source|export|python3?|\.venv/bin/|git|printf|pip)\b", re.MULTILINE)
INLINE = re.compile(r"`(aws [a-z0-9-]+ [a-z0-9-]+[^`]*)`")


def test_each_document_with_commands_is_read() -> None:
    documents_run = {block.document.name for block in EVERY if block.info == "bash"}
    assert documents_run >= {"README.md", "README.zh-CN.md", "api.md", "displays.md", "feeds.md", "licences.md"}
    assert documents_run >= {"local.md", "onboarding.md", "receiving.md"}
    assert sum(block.info == "bash" for block in EVERY) >= 55
    assert sum(block.answer is not None for block in EVERY) >= 40


@pytest.mark.parametrize("block", EVERY, ids=lambda block: block.place)
def test_every_block_says_how_it_is_held(block: Block) -> None:
    assert block.info in {*COMMANDS, *ANSWERS, "python"}, "this language is held by nothing"
    if block.info == "":
        assert not COMMAND.search(block.text), "a command block is bash, or sh with its mark"


@pytest.mark.parametrize("block", [b for b in EVERY if b.info in COMMANDS], ids=lambda block: block.place)
def test_every_command_block_is_bash(block: Block) -> None:
    checked = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("block", list(command_blocks(CALLS_MAKE)), ids=lambda block: block.place)
def test_every_target_of_make_is_there(block: Block) -> None:
    lines = [line.partition("#")[0].split() for line in block.text.splitlines() if line.strip()]
    assert all(words[0] == "make" for words in lines)
    for words in lines:
        subprocess.run(["make", "-n", "PYTHON=python3", *words[1:]], cwd=ROOT, capture_output=True, check=True)


@pytest.mark.parametrize("document", ["README.md", "README.zh-CN.md"])
def test_the_tables_of_targets_are_those_of_the_makefile(document: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = makefile.partition(".PHONY:")[2].partition("\n")[0].split()
    assert set(targets) == set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)), "each has its rule"
    table = (ROOT / document).read_text("utf-8").partition("`run`")[2].partition("\n## ")[0]
    named = {name for row in table.split("\n") for name in re.findall(r"`([a-z-]+)`", row.partition(" | ")[0])}
    assert named | {"run", "help"} == set(targets)


@pytest.mark.parametrize("block", list(command_blocks(NEEDS_AWS)), ids=lambda block: block.place)
def test_every_command_for_aws_is_taken_by_its_service(block: Block) -> None:
    commands = list(commands_in(block.text))
    assert commands
    assert [fault for words in commands for fault in faults_of(words)] == []


def test_every_command_for_aws_in_a_sentence_is_taken_by_its_service() -> None:
    inline = [match for document in documents() for match in INLINE.findall(document.read_text("utf-8"))]
    assert inline
    for command in inline:
        [words] = commands_in(re.sub(r"<[^>]*>", "x", command))
        faults = faults_of(words)
        # A sentence may name an operation alone.
        assert not faults or (len(words) == 2 and all(fault.endswith("is missing") for fault in faults))


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("aws sqs list-queues", ""),
        ("aws sqs list-queues --region cn-north-1 | cat", ""),
        ('x=$(aws sns subscribe --topic-arn a --protocol sqs --attributes \'{"RawMessageDelivery": "true"}\')', ""),
        ("aws lambda invoke --function-name f --payload '{\"a\": 1}' out.json > /dev/null && aws s3 ls", ""),
        ("aws dynamodb update-table --table-name t --no-deletion-protection-enabled", ""),
        ("aws sqss list-queues", "no such service"),
        ("aws sqs list-queue", "no such operation"),
        ("aws sqs list-queues --prefix a", "--prefix is no option"),
        ("aws sqs receive-message", "--queue-url is missing"),
        ("aws sqs receive-message --queue-url", "has no value"),
        ("aws sqs receive-message --queue-url a stray", "belongs to no option"),
        ("aws sns subscribe --topic-arn a --protocol sqs --attributes '{\"Raw'", "is not JSON"),
        (
            "aws lambda put-function-event-invoke-config --function-name f --destination-config '{\"OnFail\": {}}'",
            "OnFail",
        ),
    ],
)
def test_what_the_command_line_of_aws_would_refuse_is_found(command: str, fault: str) -> None:
    faults = [line for words in commands_in(command) for line in faults_of(words)]
    assert (faults == []) if not fault else any(fault in line for line in faults)
