"""Which moments a stage may be put back to, told before anything is changed."""

import io
import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.aws import DeployError
from infra.restore import plan
from infra.restoring.record import Restore

NOW = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
MADE = NOW - timedelta(days=10)
LATEST = NOW - timedelta(minutes=5)
OUTPUTS = {
    "FilesBucket": "files",
    "SubjectsTable": "subjects-x",
    "KeysTable": "keys-x",
    "ExchangeTable": "exchange-x",
    "Epoch": "2",
}


class Aws:
    """The clients that a plan asks; the keys table was made a day after the others."""

    class Meta:
        region_name = "cn-north-1"

    meta = Meta()

    def __init__(self, last: Restore | None = None, epoch: bool = True, backups: str = "ENABLED") -> None:
        self.last, self.backups = last, backups
        self.outputs = {name: value for name, value in OUTPUTS.items() if epoch or name != "Epoch"}

    def __call__(self, _service: str) -> "Aws":
        return self

    def get_caller_identity(self) -> Any:
        return {"Account": "123456789012", "Arn": "arn:aws-cn:iam::123456789012:user/a"}

    def get_account_settings(self) -> Any:
        return {"AccountLimit": {"ConcurrentExecutions": 1000}}

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803
        outputs = [{"OutputKey": name, "OutputValue": value} for name, value in self.outputs.items()]
        return {"Stacks": [{"StackName": StackName, "StackStatus": "UPDATE_COMPLETE", "Outputs": outputs}]}

    def get_object(self, **_: str) -> Any:
        if self.last is None:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "none"}}, "GetObject")
        return {"Body": io.BytesIO(json.dumps(asdict(self.last)).encode())}

    def describe_continuous_backups(self, TableName: str) -> Any:  # noqa: N803
        recovery = {
            "PointInTimeRecoveryStatus": self.backups,
            "EarliestRestorableDateTime": MADE + timedelta(days=TableName == "keys-x"),
            "LatestRestorableDateTime": LATEST - timedelta(seconds=TableName == "subjects-x"),
        }
        return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": recovery}}


@pytest.mark.parametrize(
    "moment",
    [
        NOW + timedelta(days=1),
        NOW,
        LATEST,
        MADE,
        MADE + timedelta(days=1, seconds=-1),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
    ],
)
def test_a_moment_that_not_all_tables_can_be_put_back_to_is_refused(moment: datetime) -> None:
    with pytest.raises(DeployError, match=r"from 2026-02-20T02:30:00\+00:00 to 2026-03-01T02:24:59\+00:00"):
        plan("dev", moment, Aws())


@pytest.mark.parametrize("moment", [MADE + timedelta(days=1), LATEST - timedelta(seconds=1)])
def test_a_moment_of_all_tables_begins_the_next_epoch(moment: datetime) -> None:
    restore = plan("dev", moment, Aws())
    assert (restore.to, restore.epoch, restore.bucket) == (moment.isoformat(), 3, "files")
    assert list(restore.tables) == ["subjects-x", "keys-x", "exchange-x"]


def test_a_restore_that_broke_off_goes_on_with_its_own_moment_alone() -> None:
    last = Restore("dev", MADE.isoformat(), NOW.isoformat(), 3, "-r1", OUTPUTS, done=["close"])
    assert plan("dev", MADE, Aws(last)) == last, "also to a moment that is out of reach by now"
    with pytest.raises(DeployError, match="is being put back to 2026-02-19T02:30:00"):
        plan("dev", MADE + timedelta(days=2), Aws(last))
    last.done_at = NOW.isoformat()
    assert plan("dev", MADE + timedelta(days=2), Aws(last)).done == []


def test_without_backups_or_epochs_nothing_is_put_back() -> None:
    moment = MADE + timedelta(days=2)
    with pytest.raises(DeployError, match="no point-in-time recovery"):
        plan("dev", moment, Aws(backups="DISABLED"))
    with pytest.raises(DeployError, match="older than restores"):
        plan("dev", moment, Aws(epoch=False))
