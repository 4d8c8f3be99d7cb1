"""The bucket of an earlier moment: what is done with each key, and what is left of the versions."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.restoring import objects
from infra.restoring.objects import COPIED, COVERED, Terms, Version
from infra.restoring.record import Restore

MOMENT = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
OUTPUTS = {"FilesBucket": "files"}


def versions(*listed: tuple[str, int, bool]) -> list[Version]:
    """Versions of one key, newest first: id, minutes after the moment, whether it is a delete marker."""
    return [
        Version("a", version_id, MOMENT + timedelta(minutes=minutes), is_marker, place == 0)
        for place, (version_id, minutes, is_marker) in enumerate(listed)
    ]


@pytest.mark.parametrize(
    ("listed", "wanted"),
    [
        ([("v1", -5, False)], None),
        ([("v1", 0, False)], None),
        ([("v2", 5, False), ("v1", -5, False)], (COPIED, "v1")),
        ([("v3", 9, False), ("v2", 5, False), ("v1", -5, False)], (COPIED, "v1")),
        ([("m", 5, True), ("v1", -5, False)], (COPIED, "v1")),
        ([("v2", 9, False), ("m", 5, True), ("v1", -5, False)], (COPIED, "v1")),
        ([("v1", 5, False)], (COVERED, "")),
        ([("v2", 9, False), ("v1", 5, False)], (COVERED, "")),
        ([("v2", 5, False), ("m", -1, True), ("v1", -5, False)], (COVERED, "")),
        ([("m", 5, True), ("v1", 4, False)], None),
        ([("m", -1, True), ("v1", -5, False)], None),
        ([("null", 5, False)], (COVERED, "")),
    ],
)
def test_what_was_current_at_the_moment_is_current_again(listed: Any, wanted: tuple[str, str] | None) -> None:
    assert objects.to_do(versions(*listed), MOMENT, Terms({}, MOMENT)) == wanted


@pytest.mark.parametrize(
    ("prefix", "days", "wanted"),
    [("a", 9, None), ("", 9, None), ("a", 11, (COPIED, "v1")), ("b", 9, (COPIED, "v1"))],
)
def test_what_has_lived_as_long_as_it_may_is_not_brought_back(prefix: str, days: int, wanted: Any) -> None:
    terms = Terms({prefix: timedelta(days=days)}, MOMENT + timedelta(days=10))
    assert objects.to_do(versions(("m", 5, True), ("v1", -1, False)), MOMENT, terms) == wanted


def test_terms_are_those_of_the_bucket() -> None:
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
        assert Terms.of(s3, "files").by_prefix == {}
        rules: Any = [
            {"ID": "1", "Status": "Enabled", "Filter": {"Prefix": "chunks/"}, "Expiration": {"Days": 7}},
            {"ID": "2", "Status": "Disabled", "Filter": {"Prefix": "off/"}, "Expiration": {"Days": 7}},
            {"ID": "3", "Status": "Enabled", "Prefix": "", "NoncurrentVersionExpiration": {"NoncurrentDays": 90}},
        ]
        s3.put_bucket_lifecycle_configuration(Bucket="files", LifecycleConfiguration={"Rules": rules})
        assert Terms.of(s3, "files").by_prefix == {"chunks/": timedelta(days=7)}


def restore_to(moment: datetime) -> Restore:
    return Restore("dev", moment.isoformat(), moment.isoformat(), 1, "-r20260301023000", OUTPUTS)


def test_keys_are_put_back_by_pages_and_again_changes_nothing() -> None:
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
        s3.put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Enabled"})
        for name in ("changed", "deleted", "same"):
            s3.put_object(Bucket="files", Key=name, Body=b"then", ContentType="text/csv", Metadata={"a": "b"})
        time.sleep(1.1)
        moment = datetime.now(UTC).replace(microsecond=0)
        time.sleep(1.1)
        for body in (b"1", b"2", b"3", b"4"):
            s3.put_object(Bucket="files", Key="changed", Body=body)
            s3.put_object(Bucket="files", Key="new", Body=body)
        s3.delete_object(Bucket="files", Key="deleted")
        s3.put_object(Bucket="files", Key="deployed/dev.json", Body=b"later")
        before = {each["VersionId"] for each in s3.list_object_versions(Bucket="files")["Versions"]}
        assert objects.count_changes(s3, "files", moment) == {"changed": 1, "deleted": 1, "new": 1}
        restore = restore_to(moment)
        objects.put_back(s3, restore, lambda: None, page_size=3)
        assert restore.counts == {COPIED: 2, COVERED: 1}
        current = {each["Key"] for each in s3.list_objects_v2(Bucket="files")["Contents"]}
        assert current == {"changed", "deleted", "same", "deployed/dev.json", "deployed/dev-restore.json"}
        answer = s3.get_object(Bucket="files", Key="changed")
        assert (answer["Body"].read(), answer["ContentType"], answer["Metadata"]) == (b"then", "text/csv", {"a": "b"})
        assert before <= {each["VersionId"] for each in s3.list_object_versions(Bucket="files")["Versions"]}
        objects.put_back(s3, restore, lambda: None)
        assert restore.counts == {COPIED: 2, COVERED: 1}, "it goes on behind the last key"
