"""An administrator makes the issuer of licences, renews and revokes, and its keys stay secret."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.licences.adapters.exchange_issuer import LicenceIssuer, present
from chalicelib.licences.adapters.exchange_issuer_verifier import ExchangeIssuerVerifier
from chalicelib.licences.adapters.trust_store import LICENCES, NATIONAL, TrustStore
from chalicelib.licences.rules.licence_verifier import Presented, Refused
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


def verify(bucket: FileBucket, issuer: LicenceIssuer) -> Any:
    now = datetime.now(UTC)
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


def test_the_national_anchors_are_put_if_they_are_some(bucket: FileBucket, tmp_path: Path) -> None:
    anchors, lists, junk = (tmp_path / name for name in ("anchors.pem", "lists.pem", "junk.pem"))
    anchors.write_bytes(office().anchors())
    lists.write_bytes(office().lists(datetime.now(UTC)))
    junk.write_bytes(b"junk")
    assert run("national", str(anchors)) == 1
    assert run("national", str(junk), str(lists)) == 1
    assert run("national", str(tmp_path / "nothing"), str(lists)) == 1
    assert TrustStore(bucket, NATIONAL).read() is None
    assert run("national", str(anchors), str(lists)) == 0
    trusted = TrustStore(bucket, NATIONAL).read()
    assert trusted is not None
    assert (len(trusted.anchors), len(trusted.lists)) == (1, 2)
