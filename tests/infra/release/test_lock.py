"""One deploy of a stage at a time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.aws import DeployError
from infra.release.lock import LOCKED_FOR, locked

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
ALMOST_OVER = NOW + LOCKED_FOR - timedelta(seconds=1)


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
        yield client


def keys(s3: Any) -> list[str]:
    return [each["Key"] for each in s3.list_objects_v2(Bucket="files").get("Contents", [])]


def test_a_second_deploy_is_refused_and_told_who_deploys(s3: Any) -> None:
    with locked(s3, "files", "dev", lambda: NOW):
        message = r"@.* has been deploying since 2026-11-27T08:00:00\+00:00; .*dev\.lock"
        with pytest.raises(DeployError, match=message), locked(s3, "files", "dev", lambda: ALMOST_OVER):
            raise AssertionError
        with locked(s3, "files", "prod", lambda: NOW):
            assert keys(s3) == ["deployed/dev.lock", "deployed/prod.lock"]
    assert keys(s3) == []


def test_a_deploy_that_fails_leaves_no_lock(s3: Any) -> None:
    with pytest.raises(ZeroDivisionError), locked(s3, "files", "dev", lambda: NOW):
        raise ZeroDivisionError
    assert keys(s3) == []


def test_the_lock_of_a_dead_deploy_is_taken_over_and_not_removed_by_it(s3: Any) -> None:
    dead = locked(s3, "files", "dev", lambda: NOW)
    dead.__enter__()
    with locked(s3, "files", "dev", lambda: NOW + LOCKED_FOR):
        dead.__exit__(None, None, None)  # it was alive after all
        assert keys(s3) == ["deployed/dev.lock"]
        with (
            pytest.raises(DeployError, match="has been deploying"),
            locked(s3, "files", "dev", lambda: NOW + LOCKED_FOR),
        ):
            raise AssertionError
    assert keys(s3) == []
