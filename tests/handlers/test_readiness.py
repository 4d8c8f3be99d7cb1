"""GET /ready tells whether a container reaches what it works with, and names what it does not."""

from typing import Any

import boto3
import pytest

from chalicelib import wiring
from chalicelib.handlers.public.readiness import CHECKS, FRESH_SECONDS, failing_parts
from tests.world import World


def test_a_container_that_reaches_everything_is_ready(world: World) -> None:
    assert world.call("GET", "/ready")[:2] == (200, {"status": "ready", "version": "0.1.0"})


def delete_table() -> None:
    boto3.client("dynamodb").delete_table(TableName="lianfang-exchange-test")


def delete_bucket() -> None:
    boto3.client("s3").delete_bucket(Bucket="lianfang-files-test")


def delete_secret() -> None:
    boto3.client("secretsmanager").delete_secret(SecretId="lianfang/test/digest-key", ForceDeleteWithoutRecovery=True)


@pytest.mark.parametrize(
    ("part", "break_it"),
    [("secrets", delete_secret), ("exchange_table", delete_table), ("files_bucket", delete_bucket)],
)
def test_what_cannot_be_reached_is_named(clients: dict[str, Any], part: str, break_it: Any) -> None:
    from moto import mock_aws

    with mock_aws():
        world = World(clients)
        break_it()
        status, body, *_ = world.call("GET", "/ready")
        assert (status, body["error"]["code"]) == (503, "not_ready")
        assert body["error"]["details"] == {"failing": [part]}


def test_a_missing_setting_is_not_ready(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIGEST_KEY_SECRET")
    wiring.reset(keep_clients=True)
    assert failing_parts() == tuple(CHECKS)
    assert world.call("GET", "/ready")[0] >= 500
    monkeypatch.undo()
    wiring.reset(keep_clients=True)


def test_asking_often_asks_the_store_once(world: World) -> None:
    now = [0.0]
    assert failing_parts(lambda: now[0]) == ()
    delete_secret()
    now[0] = FRESH_SECONDS - 0.1
    assert failing_parts(lambda: now[0]) == ()
    now[0] = FRESH_SECONDS
    assert failing_parts(lambda: now[0]) == ("secrets",)
    assert world
