"""Calls of AWS in X-Ray: each by table and operation, and nothing of what it asked or was answered."""

import json
import re
import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectTimeoutError
from botocore.stub import Stubber

from chalicelib import wiring
from chalicelib.settings import trace_daemon
from chalicelib.storage.clients import aws_clients, call_traces
from tests.world import World

SAMPLED = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:a87bd80c:0"
MERCHANT = {"uscc": "91330602MA2DT0123B", "name": "绍兴若耶溪示例纺织有限公司", "legal_representative": "示例人甲"}
# https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
FOLLOWED = {
    "before-parameter-build": "call-traces-begin",
    "after-call": "call-traces-answered",
    "after-call-error": "call-traces-failed",
}
TRACE = "_X_AMZN_TRACE_ID"
NAME = re.compile(r"[\w\s_.:/%&#=+\\\-@]{1,200}")


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A daemon on this machine: gives what has come since it was last asked."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(0.2)
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", address)
        monkeypatch.setenv("TRACED", "yes")
        monkeypatch.setenv(TRACE, SAMPLED)
        clients = [wiring.client(service) for service in ("dynamodb", "s3", "secretsmanager", "sns")]
        for client in clients:
            call_traces.follow(client, call_traces.daemon(address))

        def received() -> list[dict[str, Any]]:
            documents = []
            while True:
                try:
                    datagram = listener.recv(65_536)
                except TimeoutError:
                    return documents
                header, _, document = datagram.partition(b"\n")
                assert json.loads(header) == {"format": "json", "version": 1}
                documents.append(json.loads(document))

        yield received
        for client in clients:
            service = client.meta.service_model.service_id.hyphenize()
            for event, ident in FOLLOWED.items():
                client.meta.events.unregister(f"{event}.{service}", unique_id=ident)


def test_every_call_of_a_request_is_there_by_table_and_operation(world: World, traced: Any) -> None:
    key = world.admit("alpha")
    traced()
    asked = {**MERCHANT, "purpose": "onboarding"}
    assert world.call("POST", "/v1/lookups", key, asked)[0] == 200
    documents = traced()
    names = {document["name"] for document in documents}
    assert "lianfang-exchange-test GetItem" in names
    assert any(name.endswith("lianfang-keys-test+lianfang-subjects-test BatchGetItem") for name in names)
    for document in documents:
        assert NAME.fullmatch(document["name"])
        assert document["type"] == "subsegment"
        assert (document["trace_id"], document["parent_id"]) == (
            "1-5759e988-bd862e3fe1be46a994272793",
            "53995c3f42cd8ad8",
        )
        assert re.fullmatch("[0-9a-f]{16}", document["id"])
        assert document["start_time"] <= document["end_time"]
        assert document.keys() <= {
            *("name", "id", "trace_id", "parent_id", "type", "namespace", "start_time", "end_time", "aws"),
            *("error", "fault", "throttle"),
        }
        assert document["aws"].keys() <= {"operation", "retries"}
    assert len({document["id"] for document in documents}) == len(documents)
    sent = json.dumps(documents, ensure_ascii=False)
    for personal in (*MERCHANT.values(), "uscc:", "alpha", key.split("_")[1], key.split("_")[2]):
        assert personal not in sent


def test_what_is_not_sampled_is_not_sent(world: World, traced: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, trace in enumerate(("", SAMPLED.replace("Sampled=1", "Sampled=0"), "Self=1;Root=1-0", "Sampled")):
        monkeypatch.setenv(TRACE, trace)
        world.admit(f"alpha{number}")
    assert traced() == []


def test_a_client_of_a_traced_function_is_followed_from_its_making(traced: Any) -> None:
    client = aws_clients.make_client("sns", {})
    with Stubber(client) as stub:
        stub.add_response("publish", {"MessageId": "m"})
        client.publish(TopicArn="arn:aws-cn:sns:cn-north-1:123456789012:lianfang-closures-test", Message="示例人甲")
    [document] = traced()
    assert document["name"] == "sns Publish"


@pytest.mark.parametrize(("asked", "address", "expected"), [("yes", "a:1", "a:1"), ("", "a:1", ""), ("yes", "", "")])
def test_where_there_is_no_xray_no_call_is_followed(
    monkeypatch: pytest.MonkeyPatch, asked: str, address: str, expected: str
) -> None:
    monkeypatch.setenv("TRACED", asked)
    monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", address)
    assert trace_daemon() == expected


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, list[dict[str, Any]]]:
    """A client of DynamoDB without retries whose calls are written down, and what was."""
    monkeypatch.setenv(TRACE, SAMPLED)
    client = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))
    written: list[dict[str, Any]] = []
    call_traces.follow(client, lambda document: written.append(json.loads(document)))
    return client, written


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("ConditionalCheckFailedException", 400, "error"),
        ("ProvisionedThroughputExceededException", 400, "throttle"),
        ("InternalServerError", 500, "fault"),
    ],
)
def test_a_call_that_fails_is_marked_and_its_message_is_not_sent(
    followed: tuple[Any, list[dict[str, Any]]], code: str, status: int, kind: str
) -> None:
    client, written = followed
    with Stubber(client) as stub:
        stub.add_client_error("get_item", code, "key 示例人甲 is not there", status)
        with pytest.raises(ClientError):
            client.get_item(TableName="lianfang-keys-test", Key={"key": {"S": "示例人甲"}})
    [document] = written
    assert {name for name in ("error", "fault", "throttle") if document.get(name)} == {kind}
    assert "示例" not in json.dumps(document, ensure_ascii=False)


def test_a_call_without_an_answer_is_a_fault(followed: tuple[Any, list[dict[str, Any]]]) -> None:
    client, written = followed

    def refuse(**_: Any) -> None:
        raise ConnectTimeoutError(endpoint_url="https://example")

    client.meta.events.register("before-send.dynamodb", refuse)
    with pytest.raises(ConnectTimeoutError):
        client.get_item(TableName="lianfang-keys-test", Key={"key": {"S": "a"}})
    [document] = written
    assert document["fault"] is True


def test_a_daemon_that_is_not_there_costs_nothing() -> None:
    send = call_traces.daemon("127.0.0.1:1")
    for _ in range(3):
        send(b"{}")
