"""Checks `aws` commands against botocore's service models: service, operation, options, and required parameters."""

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.loaders import create_loader
from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

# Options of the AWS CLI itself, and whether each takes a value.
GLOBAL = {
    "--region": True,
    "--profile": True,
    "--output": True,
    "--query": True,
    "--endpoint-url": True,
    "--cli-binary-format": True,
    "--cli-read-timeout": True,
    "--cli-connect-timeout": True,
    "--no-cli-pager": False,
    "--no-paginate": False,
}
# Commands that the CLI adds to the services' own operations.
ADDED = {("s3", "cp"), ("s3", "ls"), ("s3", "rm"), ("s3", "sync"), ("logs", "tail")}
# Options that the CLI calls otherwise than the service does (its customizations/argrename.py).
RENAMED = {("Subscribe", "Endpoint"): "notification-endpoint"}
WORDS = re.compile(r"(?:^|[\s;|&(`])aws\s+(?=[a-z])")


def commands_in(text: str) -> Iterator[list[str]]:
    """The words of each `aws` command of a script, from the service on, up to where the command ends."""
    joined = text.replace("\\\n", " ")
    for match in WORDS.finditer(joined):
        lexer = shlex.shlex(joined[match.end() :], posix=True, punctuation_chars=";|&()<>")
        lexer.whitespace_split = True
        lexer.commenters = ""
        words = []
        for word in lexer:
            if set(word) <= set(";|&()<>") and word:
                break
            words.append(word)
        yield words


def faults_of(words: list[str]) -> list[str]:
    """What AWS's command line would refuse in one command."""
    service, name, *rest = [*words, "", ""][: max(2, len(words))]
    if (service, name) in ADDED:
        return []
    try:
        description = create_loader().load_service_model(service, "service-2")
    except UnknownServiceError:
        return [f"aws {service}: no such service"]
    model = ServiceModel(description, service)
    operations = {xform_name(operation, "-"): operation for operation in model.operation_names}
    if name not in operations:
        return [f"aws {service} {name}: no such operation"]
    return [f"aws {service} {name}: {fault}" for fault in _faults(model.operation_model(operations[name]), rest)]


def _faults(operation: OperationModel, words: list[str]) -> Iterator[str]:
    shape = operation.input_shape
    members = {f"--{_option(operation.name, member)}": member for member in (shape.members if shape else {})}
    given: set[str] = set()
    place = 0
    while place < len(words):
        option = words[place]
        place += 1
        if option in GLOBAL:
            place += GLOBAL[option]
            continue
        if not option.startswith("--"):
            if operation.has_streaming_output:  # the name of the file that takes the output
                continue
            yield f"{option!r} belongs to no option"
            continue
        positive = option.replace("--no-", "--", 1)
        member = members.get(option) or members.get(positive)
        if member is None:
            yield f"{option} is no option"
            continue
        given.add(member)
        values = []
        while place < len(words) and not words[place].startswith("--"):
            values.append(words[place])
            place += 1
            if shape is not None and shape.members[member].type_name != "list":
                break
        assert shape is not None
        yield from _faults_of_value(option, shape.members[member], values)
    for member in sorted(set(shape.required_members if shape else []) - given):
        yield f"--{_option(operation.name, member)} is missing"


def _option(operation: str, member: str) -> str:
    return RENAMED.get((operation, member), xform_name(member, "-"))


def _faults_of_value(option: str, shape: Shape, values: list[str]) -> Iterator[str]:
    if shape.type_name == "boolean":
        return
    if not values:
        yield f"{option} has no value"
        return
    if values[0].startswith(("{", "[")) and shape.type_name in ("structure", "map", "list"):
        try:
            value = json.loads(values[0])
        except ValueError as error:
            yield f"{option} is not JSON: {error}"
            return
        yield from _faults_of_structure(option, shape, value)


def _faults_of_structure(option: str, shape: Shape, value: Any) -> Iterator[str]:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        for name in value.keys() - shape.members.keys():
            yield f"{option} has no member {name}"
