"""Hardening on moto: what it sets is read back, and what was changed behind its back is named."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from chalicelib.messages import message
from infra.emulation.behaviour import patched
from infra.harden import Deployed, harden, verify
from infra.moto_cloud import PATCHES
from infra.protection.answers import GATEWAY_ANSWERS, ITS_SENTENCE, gateway_answers
from tests.infra.test_deploy import make_function

OUTPUTS = {
    "StreamDeadQueueArn": "arn:aws-cn:sqs:cn-north-1:123456789012:stream-dead",
    "ScheduleDeadQueueArn": "arn:aws-cn:sqs:cn-north-1:123456789012:schedule-dead",
    "GatewayLogArn": "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/apigateway/lianfang-dev",
}


@pytest.fixture
def deployed() -> Iterator[Deployed]:
    """A queue, a stream and a schedule, each with its function, and an API, as Chalice leaves them."""
    with mock_aws(), patched(PATCHES):
        functions = boto3.client("lambda")
        queue = make_function("report_chunk_arrived")
        stream = make_function("subject_indexed")
        make_function("feeds_due")
        gateway = boto3.client("apigateway")
        api = gateway.create_rest_api(name="lianfang")["id"]
        root = gateway.get_resources(restApiId=api)["items"][0]["id"]
        gateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
        gateway.put_integration(
            restApiId=api, resourceId=root, httpMethod="GET", type="HTTP", integrationHttpMethod="GET", uri="http://a"
        )
        gateway.create_deployment(restApiId=api, stageName="dev")
        names = ("report_chunk_arrived", "subject_indexed", "feeds_due")
        yield Deployed(
            functions={
                name: functions.get_function(FunctionName=name)["Configuration"]["FunctionArn"] for name in names
            },
            queue_mappings={"report_chunk_arrived": queue},
            stream_mappings={"subject_indexed": stream},
            scheduled=("feeds_due",),
            rest_api_id=api,
            rest_api_url=f"https://{api}.execute-api.cn-north-1.amazonaws.com.cn/dev/",
        )


def test_what_chalice_leaves_is_put_right_and_stays_so(deployed: Deployed) -> None:
    before = " ".join(verify(deployed, OUTPUTS, boto3.client))
    settings = ("EphemeralStorage", "SystemLogLevel", "throttlingRateLimit")
    for missing in ("FunctionResponseTypes", "MaximumRetryAttempts", "DEFAULT_4XX", *settings):
        assert missing in before
    for _ in range(2):
        harden(deployed, OUTPUTS, boto3.client)
        assert verify(deployed, OUTPUTS, boto3.client) == []


def test_each_mapping_gets_what_its_kind_needs(deployed: Deployed) -> None:
    harden(deployed, OUTPUTS, boto3.client)
    functions = boto3.client("lambda")
    queue = functions.get_event_source_mapping(UUID=deployed.queue_mappings["report_chunk_arrived"])
    assert queue["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert queue["ScalingConfig"] == {"MaximumConcurrency": 40}
    stream = functions.get_event_source_mapping(UUID=deployed.stream_mappings["subject_indexed"])
    assert stream["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert stream["MaximumRetryAttempts"] == 10
    assert stream["BisectBatchOnFunctionError"] is True
    assert stream["DestinationConfig"] == {"OnFailure": {"Destination": OUTPUTS["StreamDeadQueueArn"]}}
    schedule = functions.get_function_event_invoke_config(FunctionName="feeds_due")
    assert schedule["DestinationConfig"]["OnFailure"] == {"Destination": OUTPUTS["ScheduleDeadQueueArn"]}


def test_a_change_behind_its_back_is_named(deployed: Deployed) -> None:
    harden(deployed, OUTPUTS, boto3.client)
    uuid = deployed.queue_mappings["report_chunk_arrived"]
    boto3.client("lambda").update_event_source_mapping(UUID=uuid, FunctionResponseTypes=[])
    [wrong] = verify(deployed, OUTPUTS, boto3.client)
    assert uuid in wrong
    assert "FunctionResponseTypes" in wrong


def test_the_gateway_answers_as_we_do() -> None:
    import json

    for answer, (kind, status, code) in zip(gateway_answers(), GATEWAY_ANSWERS, strict=True):
        assert (answer["responseType"], answer.get("statusCode", "")) == (kind, status)
        error = json.loads(answer["responseTemplates"]["application/json"])["error"]
        assert error == {"code": code, "message": message(code), "details": {}}
        assert answer["responseParameters"]["gatewayresponse.header.X-Request-Id"] == "context.requestId"
        retry = answer["responseParameters"].get("gatewayresponse.header.Retry-After")
        assert retry == ("'1'" if status == "429" else None)
    kinds = {kind for kind, _, _ in GATEWAY_ANSWERS}
    assert kinds >= {"UNAUTHORIZED", "ACCESS_DENIED", "MISSING_AUTHENTICATION_TOKEN", "DEFAULT_4XX", "DEFAULT_5XX"}


def test_a_gateway_that_asks_for_signatures_says_so_in_our_shape_and_in_its_own_words() -> None:
    import json

    plain, signed = ({each["responseType"]: each for each in gateway_answers(asks)} for asks in (False, True))
    assert plain.keys() < signed.keys()
    for kind in ("MISSING_AUTHENTICATION_TOKEN", "INVALID_SIGNATURE", "EXPIRED_TOKEN", "ACCESS_DENIED"):
        template = signed[kind]["responseTemplates"]["application/json"]
        assert signed[kind]["statusCode"] == "403"
        filled = json.loads(template.replace(ITS_SENTENCE, json.dumps('not "signed"\nhere')))
        assert filled["message"] == 'not "signed"\nhere'
        code = "signature_needed"
        assert filled["error"] == {"code": code, "message": message(code), "details": {}}
    same = plain.keys() - {"MISSING_AUTHENTICATION_TOKEN", "ACCESS_DENIED"}
    assert all(plain[kind] == signed[kind] for kind in same)


def test_the_answers_of_a_gateway_that_asks_for_signatures_read_back(deployed: Deployed) -> None:
    harden(deployed, OUTPUTS, boto3.client, signed=True)
    assert verify(deployed, OUTPUTS, boto3.client, signed=True) == []
    assert any("MISSING_AUTHENTICATION_TOKEN" in wrong for wrong in verify(deployed, OUTPUTS, boto3.client))
