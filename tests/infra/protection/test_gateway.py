"""What stands before the functions: the access log, the headers of the gateway's own answers, the web ACL."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.protection import gateway
from infra.protection.answers import gateway_answers
from tests.infra.project import properties, template

OUTPUTS = {"GatewayLogArn": "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/apigateway/lianfang-dev"}
STAGE = "arn:aws-cn:apigateway:cn-north-1::/restapis/abcde12345/stages/dev"


def web_acl() -> dict[str, Any]:
    [acl] = properties("AWS::WAFv2::WebACL").values()
    return dict(acl)


def test_every_answer_of_the_gateway_itself_has_the_security_headers() -> None:
    for answer in gateway_answers(signed=True):
        for name in ("X-Content-Type-Options", "X-Frame-Options", "Strict-Transport-Security", "Referrer-Policy"):
            value = answer["responseParameters"][f"gatewayresponse.header.{name}"]
            # A constant stands in quotes, and has none inside.
            assert value == f"'{gateway.SECURITY_HEADERS[name]}'"
            assert value.count("'") == 2


def test_the_access_log_holds_no_query_body_or_key() -> None:
    line = json.loads(gateway.log_format())
    assert {"address", "method", "route", "status", "at"} <= line.keys()
    logged = " ".join(line.values()).lower()
    assert not any(
        word in logged for word in ("authorization", "querystring", "body", "header", "key", "$context.path")
    )


def test_there_is_no_web_acl_unless_it_is_asked_for() -> None:
    assert template()["Parameters"]["WebAcl"]["Default"] == "off"
    assert [name for name, made in template()["Resources"].items() if made.get("Condition") == "HasWebAcl"] == [
        "WebAccess"
    ]
    gateway.put_behind_web_acl(OUTPUTS, "abcde12345", "dev", pytest.fail)
    stage = {"stageName": "dev", "accessLogSettings": {"destinationArn": OUTPUTS["GatewayLogArn"]}}
    stage["accessLogSettings"]["format"] = gateway.log_format()  # type: ignore[index]
    assert gateway.differences(OUTPUTS, "abcde12345", stage, pytest.fail) == []


def test_the_web_acl_limits_by_address_and_lets_files_in() -> None:
    rules = {rule["Name"]: rule for rule in web_acl()["Rules"]}
    assert web_acl()["DefaultAction"] == {"Allow": {}}
    for name in ("rate-by-address", "rate-of-pages-by-address"):
        assert rules[name]["Statement"]["RateBasedStatement"]["AggregateKeyType"] == "IP"
    common = rules["common"]["Statement"]["ManagedRuleGroupStatement"]
    counted = {override["Name"] for override in common["RuleActionOverrides"]}
    # It refuses bodies over 8 KB otherwise; a report is a file of megabytes.
    assert "SizeRestrictions_BODY" in counted
    assert {name for name in rules if "ManagedRuleGroupStatement" in rules[name]["Statement"]} == {
        "common", "known-bad-inputs", "bad-addresses"
    }  # fmt: skip


def test_the_stage_is_put_behind_the_web_acl_of_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPLOY_PACE", "0")
    refusals = [True, True]

    def refuse(**_: Any) -> None:
        if refusals and refusals.pop():
            error = {"Code": "WAFUnavailableEntityException", "Message": "Retry your request."}
            raise ClientError({"Error": error}, "AssociateWebACL")  # type: ignore[typeddict-item]

    with mock_aws():
        waf = boto3.client("wafv2", region_name="us-east-1")
        visible = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
        made = waf.create_web_acl(
            Name="lianfang-dev", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=visible
        )
        outputs = {**OUTPUTS, "WebAclArn": made["Summary"]["ARN"]}
        stage = {"stageName": "dev"}

        def client(_service: str) -> Any:
            return waf

        wrong = gateway.differences(outputs, "abcde12345", stage, client)
        assert any("web ACL" in difference for difference in wrong)
        waf.meta.events.register("before-call.wafv2.AssociateWebACL", refuse)
        gateway.put_behind_web_acl(outputs, "abcde12345", "dev", client)
        assert refusals == [], "a new ACL is refused at first"
        assert waf.get_web_acl_for_resource(ResourceArn=STAGE)["WebACL"]["ARN"] == outputs["WebAclArn"]
        wrong = gateway.differences(outputs, "abcde12345", stage, client)
        assert not any("web ACL" in difference for difference in wrong)
