"""The front throttles with each service's own error, which botocore understands, and answers batch reads in part."""

import io
import json
from collections.abc import Callable, Iterable
from typing import Any

import boto3
import botocore.parsers
import pytest

from infra.emulation.behaviour import Behaviour
from infra.emulation.front import ACCOUNT_SETTINGS, JSON_ERRORS, QUERY_SERVICES, REST_ERRORS, Front, throttled

# An operation of each service, to parse its error with.
OPERATIONS = {
    "dynamodb": "GetItem",
    "sqs": "SendMessage",
    "secretsmanager": "GetSecretValue",
    "events": "PutRule",
    "logs": "DescribeLogGroups",
    "lambda": "GetFunction",
    "apigateway": "GetStage",
    "cloudformation": "DescribeStacks",
    "iam": "GetRole",
    "sns": "Publish",
    "s3": "HeadObject",
}


@pytest.mark.parametrize("service", [*sorted({*JSON_ERRORS, *REST_ERRORS, *QUERY_SERVICES}), "s3"])
def test_botocore_reads_each_refusal_as_throttling(service: str) -> None:
    answer = throttled(service)
    assert answer is not None
    status, headers, body = answer
    model = boto3.client(service, region_name="cn-north-1").meta.service_model
    parser = botocore.parsers.create_parser(model.metadata["protocol"])
    response = {
        "status_code": int(status[:3]),
        "headers": {name.lower(): value for name, value in headers},
        "body": body,
        "context": {},
    }
    error = parser.parse(response, model.operation_model(OPERATIONS[service]).output_shape)["Error"]
    # The codes that botocore's standard mode retries.
    from botocore.retries.standard import ThrottledRetryableChecker

    assert error["Code"] in ThrottledRetryableChecker._THROTTLED_ERROR_CODES


def serve(behaviour: Behaviour, *requests: tuple[str, str, Any]) -> tuple[Front, list[tuple[str, Any]]]:
    """The front with an application behind it that answers each item of a batch read; what it answers."""
    answers = []

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start_response("200 OK", [("Content-Type", "application/json"), ("x-amz-crc32", "1")])
        found = {table: asked["Keys"] for table, asked in body.get("RequestItems", {}).items()}
        return [json.dumps({"Responses": found, "UnprocessedKeys": {}}).encode()]

    front = Front(application, behaviour)
    for service, target, body in requests:
        sent = json.dumps(body).encode()
        environ = {
            "PATH_INFO": "/",
            "HTTP_AUTHORIZATION": f"AWS4 Credential=a/20260101/cn-north-1/{service}/aws4_request, SignedHeaders=x",
            "HTTP_X_AMZ_TARGET": target,
            "CONTENT_LENGTH": str(len(sent)),
            "wsgi.input": io.BytesIO(sent),
        }
        got: list[Any] = []
        answer = b"".join(front(environ, lambda status, headers: got.extend([status, headers])))  # noqa: B023
        assert dict(got[1]).get("Content-Length", str(len(answer))) == str(len(answer))
        answers.append((got[0], json.loads(answer)))
    return front, answers


BATCH = {"RequestItems": {"a": {"Keys": [{"id": 1}, {"id": 2}]}, "b": {"Keys": [{"id": 3}], "ConsistentRead": True}}}


def test_a_batch_read_answered_in_part_loses_no_key() -> None:
    asked = [("dynamodb", "DynamoDB_20120810.BatchGetItem", BATCH)] * 40
    front, answers = serve(Behaviour(throttled=1.0), *asked)
    parts = [body for status, body in answers if status.startswith("200")]
    assert front.split == len(parts) > 5
    assert len(front.refused) == 40 - len(parts) > 5
    for body in parts:
        assert body["UnprocessedKeys"] == {"b": {"Keys": [{"id": 3}], "ConsistentRead": True}}
        assert body["Responses"] == {"a": [{"id": 1}, {"id": 2}]}


def test_the_last_key_alone_is_left_for_later() -> None:
    alone = {"RequestItems": {"a": {"Keys": [{"id": 1}]}}}
    asked = [("dynamodb", "DynamoDB_20120810.BatchGetItem", alone)] * 10
    _, answers = serve(Behaviour(throttled=1.0), *asked)
    parts = [body for status, body in answers if status.startswith("200")]
    assert parts
    assert all(body == {"Responses": {"a": []}, "UnprocessedKeys": alone["RequestItems"]} for body in parts)


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (0.1, 10, 40), (1.0, 200, 200)])
def test_the_share_is_kept_and_the_seed_repeats_it(share: float, least: int, most: int) -> None:
    asked = [("dynamodb", "DynamoDB_20120810.PutItem", {})] * 200
    refused = [serve(Behaviour(throttled=share, seed=7), *asked)[0].refused for _ in range(2)]
    assert refused[0] == refused[1]
    assert least <= len(refused[0]) <= most


def test_requests_that_are_not_signed_pass() -> None:
    front = Front(lambda _environ, _start: [b"passed"], Behaviour(throttled=1.0))
    assert list(front({"PATH_INFO": "/bucket"}, lambda *_: None)) == [b"passed"]
    assert front.refused == []


def test_a_new_account_runs_ten_functions_at_once() -> None:
    front = Front(lambda _environ, _start: [b""], Behaviour())
    [body] = front({"PATH_INFO": ACCOUNT_SETTINGS}, lambda *_: None)
    assert json.loads(body)["AccountLimit"]["ConcurrentExecutions"] == 10
