"""The tables of an earlier moment: copies that DynamoDB makes beside the ones in use, under names of their own.

A restored table has the items, keys, billing and encryption of its source, and neither stream, time to live, backups,
tags, protection, resource policy nor alarms
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.aws import DeployError, wait_for
from infra.restoring.record import Restore
from infra.stack import tags_of

# AWS: most restores end within an hour, whatever the size; large ones may take many.
RESTORE_SECONDS: Final = 24 * 3_600.0
POLL_SECONDS: Final = 15.0
STREAM: Final = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def restorable(tables: Any, names: list[str]) -> tuple[datetime, datetime]:
    """From when to when all the tables can be put back; raises `DeployError` where one has no backups."""
    earliest, latest = [], []
    for name in names:
        answer = tables.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        recovery = answer["PointInTimeRecoveryDescription"]
        if recovery["PointInTimeRecoveryStatus"] != "ENABLED":
            raise DeployError(f"{name} has no point-in-time recovery: it cannot be put back")
        earliest.append(recovery["EarliestRestorableDateTime"])
        latest.append(recovery["LatestRestorableDateTime"])
    return max(earliest).astimezone(UTC), min(latest).astimezone(UTC)


def check_moment(tables: Any, restore: Restore) -> None:
    """Raise `DeployError` for a moment that the tables cannot be put back to."""
    earliest, latest = restorable(tables, list(restore.tables))
    # DynamoDB goes by whole seconds.
    if not earliest - timedelta(seconds=1) < restore.moment <= latest:
        raise DeployError(
            f"the tables can be put back to moments from {earliest.isoformat()} to {latest.isoformat()} (some five "
            f"minutes ago), and not to {restore.to}"
        )


def copy(tables: Any, restore: Restore) -> None:
    """Have DynamoDB begin the copies that are not there yet."""
    for before, after in restore.tables.items():
        try:
            tables.describe_table(TableName=after)
        except tables.exceptions.ResourceNotFoundException:
            tables.restore_table_to_point_in_time(
                SourceTableName=before,
                TargetTableName=after,
                RestoreDateTime=restore.moment,
                # Scaling with the load would have to be set up anew.
                BillingModeOverride="PAY_PER_REQUEST",
            )


def wait_until_active(tables: Any, restore: Restore, alive: Callable[[], None]) -> None:
    """Wait until all copies are there; `alive` is called while waiting."""

    def active() -> bool | None:
        alive()
        states = [tables.describe_table(TableName=name)["Table"]["TableStatus"] for name in restore.tables.values()]
        return True if set(states) == {"ACTIVE"} else None

    wait_for(active, seconds=RESTORE_SECONDS, every=POLL_SECONDS, subject="restored tables")


def settle(tables: Any, restore: Restore) -> str:
    """Give the copies what the template gives tables; the ARN of the stream.

    Safe to repeat.
    """
    for name in restore.tables.values():
        _settle(tables, name, restore.stage)
    _expire(tables, restore.after("exchange"))
    return _stream(tables, restore.after("subjects"))


def _settle(tables: Any, name: str, stage: str) -> None:
    table = tables.describe_table(TableName=name)["Table"]
    tables.tag_resource(ResourceArn=table["TableArn"], Tags=tags_of(stage))
    recovery = {"PointInTimeRecoveryEnabled": True}
    _patiently(lambda: tables.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery))
    if stage == "prod" and not table.get("DeletionProtectionEnabled"):
        _patiently(lambda: tables.update_table(TableName=name, DeletionProtectionEnabled=True))


def _expire(tables: Any, name: str) -> None:
    state = tables.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"]
    if state not in ("ENABLED", "ENABLING"):
        wanted = {"AttributeName": "expires_at", "Enabled": True}
        _patiently(lambda: tables.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted))


def _stream(tables: Any, name: str) -> str:
    table = tables.describe_table(TableName=name)["Table"]
    if not table.get("StreamSpecification", {}).get("StreamEnabled"):
        _patiently(lambda: tables.update_table(TableName=name, StreamSpecification=STREAM))
        table = tables.describe_table(TableName=name)["Table"]
    return str(table["LatestStreamArn"])


def _patiently(change: Callable[[], Any]) -> None:
    """Make a change of a table once those of a moment ago are done."""

    def done() -> bool | None:
        try:
            change()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            # Backups can be enabled a moment after the table is active.
            if code not in (
                "ResourceInUseException",
                "ContinuousBackupsUnavailableException",
                "LimitExceededException",
            ):
                raise
            return None
        return True

    wait_for(done, seconds=600, every=5, subject="change of a restored table")
