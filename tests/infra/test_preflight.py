"""What the deploy says and finds before it changes anything."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from infra.aws import DeployError
from infra.harden import MAX_CONCURRENCY, max_concurrency
from infra.preflight import ENOUGH_CONCURRENCY, Account, describe, read_account
from infra.settings import check_sign_in


class Aws:
    """The clients that the preflight asks."""

    class Meta:
        region_name = "cn-north-1"

    meta = Meta()

    def __init__(self, failure: Exception | None = None, concurrency: int = 10) -> None:
        self.failure, self.concurrency = failure, concurrency

    def __call__(self, _service: str) -> "Aws":
        return self

    def get_caller_identity(self) -> Any:
        if self.failure:
            raise self.failure
        return {"Account": "123456789012", "Arn": "arn:aws-cn:iam::123456789012:user/a"}

    def get_account_settings(self) -> Any:
        return {"AccountLimit": {"ConcurrentExecutions": self.concurrency}}

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803
        return {"Stacks": [{"StackName": StackName, "StackStatus": "UPDATE_COMPLETE"}]}


def test_account_region_quota_and_stack_are_read() -> None:
    account = read_account("dev", Aws())
    assert account == Account("123456789012", "cn-north-1", "aws-cn", 10, "UPDATE_COMPLETE")
    lines = "\n".join(describe("dev", account))
    for expected in ("123456789012, cn-north-1 (aws-cn)", "lianfang-dev, UPDATE_COMPLETE", "python3.13", "ICP"):
        assert expected in lines
    assert "! only 10 functions" in lines


def test_nothing_is_advised_where_nothing_lacks() -> None:
    lines = describe("dev", Account("123456789012", "us-east-1", "aws", ENOUGH_CONCURRENCY, None))
    assert not [line for line in lines if line.startswith("!")]
    assert "stack: lianfang-dev, will be made" in lines


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (NoCredentialsError(), "AWS_PROFILE"),
        (ClientError({"Error": {"Code": "ExpiredToken", "Message": "expired"}}, "GetCallerIdentity"), "expired"),
    ],
)
def test_what_stops_a_deploy_is_said_before_it(failure: Exception, said: str) -> None:
    with pytest.raises(DeployError, match=said):
        read_account("dev", Aws(failure))


@pytest.mark.parametrize("quota", [10, 20, 50, 93, 94, 1_000])
def test_workers_leave_the_api_its_share(quota: int) -> None:
    taken = {name: max_concurrency(name, quota) for name in MAX_CONCURRENCY}
    assert all(2 <= taken[name] <= most for name, most in MAX_CONCURRENCY.items())
    assert sum(taken.values()) <= max(quota // 2, 8)
    if quota >= ENOUGH_CONCURRENCY:
        assert taken == MAX_CONCURRENCY


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ({}, ""),
        ({"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "lianfang"}, ""),
        ({"SIGN_IN_LINKS": "yes"}, "SIGN_IN_LINKS"),
        ({"OIDC_ISSUER": "https://id.example"}, "go together"),
        ({"OIDC_CLIENT_ID": "lianfang"}, "go together"),
        ({"OIDC_ISSUER": "http://id.example", "OIDC_CLIENT_ID": "lianfang"}, "https"),
    ],
)
def test_a_sign_in_that_is_open_or_half_set_is_not_deployed(named: dict[str, str], why: str) -> None:
    config = {"stages": {"dev": {"environment_variables": named}}}
    if not why:
        check_sign_in(config, "dev")
        return
    with pytest.raises(DeployError, match=why):
        check_sign_in(config, "dev")
