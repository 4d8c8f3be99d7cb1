"""Hardening holds its settings against answers as AWS gives them, not as moto does.

The answers are botocore's recorded examples of each operation that is read back (its own `examples-1.json`), filled up
with an empty part for every other member that the service model names, with the applied settings merged in.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel, Shape
from botocore.stub import Stubber

from chalicelib.values.records import Json
from infra.harden import (
    Deployed,
    function_settings,
    invoke_settings,
    mapping_settings,
    verify,
)
from infra.protection.answers import REQUESTS_AT_ONCE, REQUESTS_PER_SECOND, gateway_answers
from infra.protection.comparison import unequal
from infra.protection.gateway import log_format

OUTPUTS = {
    "StreamDeadQueueArn": "arn:aws-cn:sqs:cn-north-1:123456789012:stream-dead",
    "ScheduleDeadQueueArn": "arn:aws-cn:sqs:cn-north-1:123456789012:schedule-dead",
    "GatewayLogArn": "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/apigateway/lianfang-dev",
}
DEPLOYED = Deployed(
    functions={
        name: f"arn:aws-cn:lambda:cn-north-1:123456789012:function:lianfang-dev-{name}"
        for name in ("report_chunk_arrived", "subject_indexed", "feeds_due")
    },
    queue_mappings={"report_chunk_arrived": "14e0db71-0000-4eb5-b481-8945cf9d10c2"},
    stream_mappings={"subject_indexed": "a1b2c3d4-5678-90ab-cdef-111111111111"},
    scheduled=("feeds_due",),
    rest_api_id="abcde12345",
    rest_api_url="https://abcde12345.execute-api.cn-north-1.amazonaws.com.cn/dev/",
)
STAGE = {
    "methodSettings": {
        "*/*": {
            "throttlingRateLimit": REQUESTS_PER_SECOND,
            "throttlingBurstLimit": REQUESTS_AT_ONCE,
            "metricsEnabled": False,
        }
    },
    "accessLogSettings": {"destinationArn": OUTPUTS["GatewayLogArn"], "format": log_format()},
}
# What hardening reads back: client, method, operation, the settings that it applied.
READS = [
    *(("lambda", "GetEventSourceMapping", settings) for settings in mapping_settings(DEPLOYED, OUTPUTS)),
    *(("lambda", "GetFunctionEventInvokeConfig", invoke_settings(OUTPUTS)) for _ in DEPLOYED.scheduled),
    *(("lambda", "GetFunctionConfiguration", settings) for _, settings in function_settings(DEPLOYED)),
    *(("apigateway", "GetGatewayResponse", answer) for answer in gateway_answers()),
    ("apigateway", "GetStage", STAGE),
]
EMPTY: Json = {"list": [], "map": {}, "string": ""}
METHODS = {
    "GetEventSourceMapping": "get_event_source_mapping",
    "GetFunctionEventInvokeConfig": "get_function_event_invoke_config",
    "GetFunctionConfiguration": "get_function_configuration",
    "GetGatewayResponse": "get_gateway_response",
    "GetStage": "get_stage",
}


def empty_parts(shape: Shape | None, depth: int = 0) -> Json:
    """Every structure, list, map and text that an answer may have, each without content where the model allows that."""
    parts: Json = {}
    for name, member in getattr(shape, "members", {}).items():
        if getattr(member, "required_members", []):
            continue
        if member.type_name == "structure":
            parts[name] = empty_parts(member, depth + 1) if depth < 2 else {}
        elif member.type_name in EMPTY and not member.metadata.get("min") and not member.metadata.get("enum"):
            parts[name] = EMPTY[member.type_name]
    return parts


def merged(below: Any, above: Any) -> Any:
    """Two values with the members of both; where both say something, the second counts."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        return {name: merged(below.get(name), above.get(name, below.get(name))) for name in {**above, **below}}
    return copy.deepcopy(above)


@cache
def models() -> Any:
    """botocore's loader, which remembers what it has read."""
    return create_loader()


def as_aws_answers(service: str, operation: str, settings: Json) -> Json:
    """What AWS answers when it holds these settings."""
    loader = models()
    model = ServiceModel(loader.load_service_model(service, "service-2"), service).operation_model(operation)
    examples = loader.load_service_model(service, "examples-1")["examples"].get(operation, [{"output": {}}])
    answer: Json = merged(merged(empty_parts(model.output_shape), examples[0]["output"]), settings)
    return answer


def found_differences(answers: list[Json]) -> list[str]:
    """What `verify` says when AWS gives these answers, in the order of READS; botocore holds them against its model."""
    clients: dict[str, Any] = {}
    with ExitStack() as stack:
        stubs: dict[str, Stubber] = {}
        for service in ("lambda", "apigateway"):
            clients[service] = boto3.client(service, region_name="cn-north-1")
            stubs[service] = stack.enter_context(Stubber(clients[service]))
        for (service, operation, _), answer in zip(READS, answers, strict=True):
            stubs[service].add_response(METHODS[operation], answer)
        return verify(DEPLOYED, OUTPUTS, clients.__getitem__)


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each single setting with its path."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from leaves(part, (*path, name))
    else:
        yield path, value


def replaced(answer: Json, path: tuple[str, ...], value: Any) -> Json:
    """The answer with another value at one place; None takes the place away."""
    changed = copy.deepcopy(answer)
    holder = changed
    for name in path[:-1]:
        holder = holder[name]
    if value is None:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return changed


def another(value: Any) -> Any:
    """A value of the same type that is not the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return value[1:] if isinstance(value, list) else value + "x"


def test_botocore_has_an_example_for_what_lambda_is_asked() -> None:
    examples = create_loader().load_service_model("lambda", "examples-1")["examples"]
    asked = {operation for service, operation, _ in READS if service == "lambda"}
    assert asked == {"GetEventSourceMapping", "GetFunctionEventInvokeConfig", "GetFunctionConfiguration"}
    for operation in asked:
        assert examples[operation][0]["output"]
    assert examples["GetFunctionEventInvokeConfig"][0]["output"]["DestinationConfig"]["OnSuccess"] == {}


def test_answers_of_aws_with_the_applied_settings_are_no_difference() -> None:
    answers = [as_aws_answers(*read) for read in READS]
    assert answers[2]["DestinationConfig"]["OnSuccess"] != answers[2]["DestinationConfig"]["OnFailure"]
    assert found_differences(answers) == []


def test_answers_of_aws_in_another_order_are_no_difference() -> None:
    def reordered(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: reordered(value[name]) for name in reversed(list(value))}
        if isinstance(value, str) and value.startswith("{"):
            return json.dumps(reordered(json.loads(value)), indent=1)
        return value

    assert found_differences([reordered(as_aws_answers(*read)) for read in READS]) == []


@pytest.mark.parametrize("place", range(len(READS)))
def test_each_setting_with_another_value_is_named_alone(place: int) -> None:
    answers = [as_aws_answers(*read) for read in READS]
    for path, value in leaves(READS[place][2]):
        wrong = replaced(answers[place], path, another(value))
        [difference] = found_differences([*answers[:place], wrong, *answers[place + 1 :]])
        # The paths of a stage begin at its settings of all methods.
        assert ".".join(path).removeprefix("methodSettings.*/*.") in difference


@pytest.mark.parametrize("place", range(len(READS)))
def test_each_setting_that_is_absent_is_named(place: int) -> None:
    answers = [as_aws_answers(*read) for read in READS]
    for name, settings in READS[place][2].items():
        wrong = replaced(answers[place], (name,), None)
        differences = found_differences([*answers[:place], wrong, *answers[place + 1 :]])
        assert len(differences) == (len(settings["*/*"]) if name == "methodSettings" else 1)


@pytest.mark.parametrize(
    ("wanted", "actual"),
    [
        ({"OnFailure": {"Destination": "arn"}}, {"OnFailure": {"Destination": "arn"}, "OnSuccess": {}}),
        (
            {"OnFailure": {"Destination": "arn"}},
            {"OnFailure": {"Destination": "arn"}, "OnSuccess": {"Destination": ""}},
        ),
        ({"Filters": {}}, {}),
        ({"Filters": []}, {"Filters": None}),
        (["a", "b"], ["b", "a"]),
        ([{"Key": "a", "Value": "1"}, {"Key": "b"}], [{"Key": "b", "Value": ""}, {"Value": "1", "Key": "a"}]),
        (200.0, "200"),
        (400, "400.0"),
        ("401", 401),
        (True, "true"),
        ("False", False),
        ('{"a": 1, "b": [2]}', '{"b":[2],"a":1}'),
    ],
)
def test_what_only_aws_writes_otherwise_is_equal(wanted: Any, actual: Any) -> None:
    assert list(unequal({"part": wanted}, {"part": actual})) == []


@pytest.mark.parametrize(
    ("wanted", "actual"),
    [
        ({"OnFailure": {"Destination": "arn"}}, {"OnFailure": {}, "OnSuccess": {"Destination": "arn"}}),
        ({"Filters": {}}, {"Filters": {"Pattern": "x"}}),
        (["a"], ["a", "b"]),
        (["a", "a"], ["a", "b"]),
        ([{"Key": "a"}], [{"Key": "b"}]),
        (["a"], "a"),
        (200.0, "201"),
        (0, None),
        (False, None),
        (False, 0),
        (True, 1),
        ("arn:a", "arn:b"),
        ("a", "A"),
        ('{"a": 1}', '{"a": 2}'),
        ('{"a": 1}', '{"a": 1, "b": 2}'),
        ('{"a": 1}', '{"a": 1'),
    ],
)
def test_what_says_something_else_is_a_difference(wanted: Any, actual: Any) -> None:
    assert len(list(unequal({"part": wanted}, {"part": actual}))) == 1
