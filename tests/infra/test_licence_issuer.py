"""An administrator makes the issuer of licences, renews and revokes, and its keys stay secret."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.handlers.events import running_out
from chalicelib.licences.adapters.exchange_issuer import LicenceIssuer, present
from chalicelib.licences.adapters.exchange_issuer_verifier import ExchangeIssuerVerifier
from chalicelib.licences.adapters.trust_store import LICENCES, NATIONAL, PREPARED_WEEKS, TrustStore
from chalicelib.licences.rules.licence_verifier import Presented, Refused, Unreachable
from chalicelib.storage.file_bucket import FileBucket
from infra.licence_issuer import main
from tests.support.licence_issuing import LICENCE, check, office

BUCKET = "lianfang-files-test-1"


@pytest.fixture
def bucket() -> Iterator[FileBucket]:
    with mock_aws():
        template = (
            f'{{"Resources": {{"B": {{"Type": "AWS::S3::Bucket", "Properties": {{"BucketName": "{BUCKET}"}}}}}}, '
        )
        template += f'"Outputs": {{"FilesBucket": {{"Value": "{BUCKET}"}}}}}}'
        boto3.client("cloudformation").create_stack(StackName="lianfang-test", TemplateBody=template)
        yield FileBucket(boto3.client("s3"), BUCKET)


def run(*arguments: str) -> int:
    return main(["--stage", "test", *arguments])


def state() -> LicenceIssuer:
    kept = boto3.client("secretsmanager").get_secret_value(SecretId="lianfang/test/licence-issuer")
    return LicenceIssuer.load(kept["SecretString"])


def verify(bucket: FileBucket, issuer: LicenceIssuer, days: int = 0) -> Any:
    """How a licence is judged that is shown after so many days."""
    now = datetime.now(UTC) + timedelta(days=days)
    holder = issuer.holder(LICENCE.uscc, now)
    asked = check(now)
    text = present(holder, issuer.licence(LICENCE, holder, now), asked, now)
    return ExchangeIssuerVerifier(TrustStore(bucket, LICENCES)).verify(asked, text, now)


def test_made_once_renewed_and_revoked(bucket: FileBucket, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("lists") == 1
    assert run("make") == 0
    first = state()
    assert isinstance(verify(bucket, first), Presented)
    assert run("make") == 1, "a second one would make every licence worthless"
    assert state().dump() == first.dump()
    assert run("renew") == 0
    second = state()
    assert second.issuer.fingerprint != first.issuer.fingerprint
    assert isinstance(verify(bucket, first), Presented), "what the old key signed is good until it is revoked"
    assert run("revoke", f"{first.issuer.certificate.serial_number:X}") == 0
    assert verify(bucket, first) == Refused("certificate_revoked")
    assert isinstance(verify(bucket, second), Presented)
    assert run("revoke", "issuer") == 0
    assert verify(bucket, second) == Refused("certificate_revoked")
    assert run("lists") == 0
    assert len(state().revoked) == 2, "renewed lists keep every revocation"
    assert run("revoke", "not a number") == 1
    assert "hexadecimal" in capsys.readouterr().err


def days_left(bucket: FileBucket, days: int) -> float:
    """What the alarm is told after so many days."""
    return dict(running_out.days_left(datetime.now(UTC) + timedelta(days=days), bucket))["RevocationListDaysLeft"]


def test_lists_renew_themselves_for_a_year_and_the_alarm_rings_in_time(bucket: FileBucket) -> None:
    run("make")
    issuer = state()
    weeks = 7 * PREPARED_WEEKS
    for days in (0, 40, 365, weeks - 7):
        assert isinstance(verify(bucket, issuer, days), Presented), days
        assert days_left(bucket, days) > 22, days
    assert days_left(bucket, weeks + 18) < 14
    assert isinstance(verify(bucket, issuer, weeks + 18), Presented), "the alarm goes off before"
    assert verify(bucket, issuer, weeks + 40) == Unreachable("revocation_list_missing")


def test_a_revocation_counts_in_every_week_to_come(bucket: FileBucket) -> None:
    run("make")
    issuer = state()
    run("revoke", "issuer")
    for days in (0, 8, 7 * PREPARED_WEEKS):
        assert verify(bucket, issuer, days) == Refused("certificate_revoked"), days


def test_lists_of_an_earlier_version_are_good_until_they_end(bucket: FileBucket) -> None:
    issuer, now = office(), datetime.now(UTC)
    TrustStore(bucket, LICENCES).publish(issuer, now)
    assert isinstance(verify(bucket, issuer, 29), Presented)
    assert verify(bucket, issuer, 31) == Unreachable("revocation_list_missing")
    assert days_left(bucket, 31) < 0


def test_the_national_anchors_are_put_if_they_are_some(bucket: FileBucket, tmp_path: Path) -> None:
    anchors, lists, junk = (tmp_path / name for name in ("anchors.pem", "lists.pem", "junk.pem"))
    anchors.write_bytes(office().anchors())
    lists.write_bytes(office().lists(datetime.now(UTC)))
    junk.write_bytes(b"junk")
    assert run("national", str(anchors)) == 1
    assert run("national", str(junk), str(lists)) == 1
    assert run("national", str(tmp_path / "nothing"), str(lists)) == 1
    assert TrustStore(bucket, NATIONAL).read(datetime.now(UTC)) is None
    assert run("national", str(anchors), str(lists)) == 0
    trusted = TrustStore(bucket, NATIONAL).read(datetime.now(UTC))
    assert trusted is not None
    assert (len(trusted.anchors), len(trusted.lists)) == (1, 2)
