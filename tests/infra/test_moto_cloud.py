"""Each patch of moto is still needed: a patch that is no longer needed fails here."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.emulation.behaviour import Behaviour, Replacement, patched
from infra.harden import LOGGING
from infra.moto_cloud import PATCHES, aws_patches
from tests.infra.test_deploy import make_function

SWAGGER = b'{"swagger": "2.0", "info": {"version": "1.0", "title": "lianfang"}, "schemes": ["https"], "paths": {}}'


def import_api(*, without: str | None) -> str:
    """Import an API as Chalice describes it, with all patches but one."""
    kept = [each for each in PATCHES if each.method != without]
    with mock_aws(), patched(kept) if kept else nullcontext():
        return str(boto3.client("apigateway").import_rest_api(body=SWAGGER)["name"])


def test_with_all_patches_moto_takes_what_chalice_sends() -> None:
    assert import_api(without=None) == "lianfang"


@pytest.mark.parametrize("name", ["import_rest_api", "put_rest_api"])
def test_without_one_it_does_not(name: str) -> None:
    with pytest.raises((ClientError, KeyError)):
        import_api(without=name)


@pytest.mark.parametrize(("kept", "size"), [(PATCHES, 4_096), ((), 512)])
def test_only_with_its_patch_moto_keeps_a_changed_disk(kept: Sequence[Replacement], size: int) -> None:
    with mock_aws(), patched(kept):
        make_function("feeds_due")
        functions = boto3.client("lambda")
        before = functions.get_function_configuration(FunctionName="feeds_due")
        functions.update_function_configuration(
            FunctionName="feeds_due", EphemeralStorage={"Size": 4_096}, LoggingConfig=LOGGING
        )
        configuration = functions.get_function_configuration(FunctionName="feeds_due")
    assert configuration["EphemeralStorage"] == {"Size": size}
    formats = [each.get("LoggingConfig", {}).get("LogFormat") for each in (before, configuration)]
    assert formats == (["Text", "JSON"] if kept else [None, None])


def test_patches_are_taken_back() -> None:
    every = aws_patches(Behaviour())
    before = [each.owner.__dict__.get(each.method) for each in every]
    with patched(every):
        assert all(each.owner.__dict__[each.method] is not own for each, own in zip(every, before, strict=True))
    assert [each.owner.__dict__.get(each.method) for each in every] == before


@pytest.mark.parametrize(("kept", "empty"), [(PATCHES, {"OnSuccess": {}}), ((), {})])
def test_only_with_its_patch_moto_answers_both_destinations_as_aws_does(
    kept: Sequence[Replacement], empty: Any
) -> None:
    failed = {"OnFailure": {"Destination": "arn:aws-cn:sqs:cn-north-1:123456789012:schedule-dead"}}
    with mock_aws(), patched(kept):
        make_function("feeds_due")
        functions = boto3.client("lambda")
        functions.put_function_event_invoke_config(FunctionName="feeds_due", DestinationConfig=failed)
        answer = functions.get_function_event_invoke_config(FunctionName="feeds_due")
    assert answer["DestinationConfig"] == {**failed, **empty}
