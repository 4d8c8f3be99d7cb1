"""Whatever is called outside fails once: the caller is told so, or the work comes again; nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from chalicelib import wiring
from tests.support.builders import uscc
from tests.world import World

EVICTION = {"uscc": uscc(1), "evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4"}
THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "op")


@contextmanager
def failing(client: Any, operation: str, error: Exception) -> Iterator[list[str]]:
    """Every call of the operation fails before it reaches the service."""
    calls: list[str] = []

    def fail(**_: Any) -> None:
        calls.append(operation)
        raise error

    service = client.meta.service_model.service_id.hyphenize()
    event = f"before-call.{service}.{operation}"
    client.meta.events.register_first(event, fail, unique_id="outage")
    try:
        yield calls
    finally:
        client.meta.events.unregister(event, unique_id="outage")


@pytest.mark.parametrize(
    ("service", "operation", "method", "path"),
    [
        ("dynamodb", "GetItem", "GET", "/v1/platforms/me"),
        ("dynamodb", "BatchGetItem", "POST", "/v1/lookups"),
        ("dynamodb", "UpdateItem", "POST", "/v1/lookups"),
        ("s3", "PutObject", "POST", "/v1/reports"),
        ("secretsmanager", "GetSecretValue", "POST", "/v1/lookups"),
    ],
)
def test_an_api_call_answers_503_and_may_be_tried_again(
    world: World, clients: dict[str, Any], service: str, operation: str, method: str, path: str
) -> None:
    key = world.admit("beta")
    bodies = {
        "/v1/lookups": {"uscc": uscc(1), "purpose": "onboarding"},
        "/v1/reports": {"evictions": [EVICTION]},
    }
    for error in (THROTTLED, ConnectTimeoutError(endpoint_url="https://aws")):
        with failing(clients[service], operation, error) as calls:
            status, body, headers = world.call(method, path, key, bodies.get(path))
        assert (status, body["error"]["code"]) == (503, "store_unavailable")
        assert calls
        assert headers["X-Request-Id"]
    assert world.call(method, path, key, bodies.get(path))[0] < 300


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("s3", "GetObject"),
        ("s3", "HeadObject"),
        ("s3", "PutObject"),
        ("sqs", "SendMessageBatch"),
        ("dynamodb", "PutItem"),
        ("dynamodb", "UpdateItem"),
    ],
)
def test_a_background_function_raises_so_that_its_work_comes_again(
    world: World, clients: dict[str, Any], service: str, operation: str
) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    ear = world.listen(wiring.settings().closures_topic_arn)
    report = world.call("POST", "/v1/reports", alpha, {"evictions": [EVICTION]})[1]["report_id"]
    failures = 0
    with failing(clients[service], operation, THROTTLED):
        for deliver in (
            lambda: world.deliver_queue("report_file_arrived"),
            lambda: world.deliver_queue("report_chunk_arrived"),
            world.deliver_stream,
        ):
            try:
                deliver()
            except ClientError:
                failures += 1
    assert failures
    world.settle()
    world.settle()
    assert world.call("GET", f"/v1/reports/{report}", alpha)[1]["status"] == "done"
    asked = {"uscc": uscc(1), "purpose": "onboarding"}
    assert world.call("POST", "/v1/lookups", beta, asked)[1]["verdict"] == "block"
    assert {notice["change"] for notice in world.heard(ear)} == {1}


def test_a_queue_that_takes_only_some_messages_makes_the_file_come_again(world: World) -> None:
    from chalicelib.errors import Unavailable
    from chalicelib.storage.sqs_queue import Queue

    class Half:
        def get_queue_url(self, **_: Any) -> dict[str, str]:
            return {"QueueUrl": "q"}

        def send_message_batch(self, **_: Any) -> dict[str, Any]:
            return {"Successful": [{}], "Failed": [{"Id": "1"}]}

    with pytest.raises(Unavailable):
        Queue(Half(), "q").send([{"a": 1}, {"a": 2}])


def test_every_client_has_timeouts_and_bounded_retries() -> None:
    for name in ("dynamodb", "s3", "sqs", "sns", "secretsmanager"):
        config = wiring.client(name).meta.config
        assert config.connect_timeout <= 5
        assert config.read_timeout <= 30
        assert 1 < config.retries["total_max_attempts"] <= 5
