"""The gateway's access log, the headers of its own answers, and the web ACL before its stage, if there is one."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.handlers.replies import FOR_BROWSERS, HEADERS, NO_FRAMES
from chalicelib.values.records import Json
from infra.aws import retry_while_busy
from infra.protection import comparison

# As the functions' own answers have them; what the gateway answers by itself has no content that a browser may show.
SECURITY_HEADERS: Final[Mapping[str, str]] = {**HEADERS, **NO_FRAMES, **FOR_BROWSERS}
# Who asked for what, when, and what came of it. No query, body or header: they may hold what is personal.
LOGGED: Final[Mapping[str, str]] = {
    "request": "$context.requestId",
    "at": "$context.requestTimeEpoch",
    "address": "$context.identity.sourceIp",
    # Of the caller that signed, where the gateway asks for signatures.
    "account": "$context.identity.accountId",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "milliseconds": "$context.responseLatency",
    "error": "$context.error.responseType",
    "waf": "$context.wafResponseCode",
}
# A new web ACL reaches all of AWS WAF within minutes, and is refused until then.
WEB_ACL_SECONDS: Final = 600.0


def header_parameters() -> dict[str, str]:
    """The security headers as parameters of a gateway response, whose constant values stand in quotes."""
    return {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in SECURITY_HEADERS.items()}


def log_format() -> str:
    """The line of the access log, in JSON."""
    return json.dumps(LOGGED, separators=(",", ":"))


def stage_patches(outputs: Mapping[str, str]) -> dict[str, str]:
    """The access log of the gateway's stage, by patch path."""
    return {"/accessLogSettings/destinationArn": outputs["GatewayLogArn"], "/accessLogSettings/format": log_format()}


def stage_arn(outputs: Mapping[str, str], rest_api_id: str, stage: str) -> str:
    """The ARN by which WAF knows the gateway's stage; partition and region are those of the log."""
    _, partition, _, region, *_ = outputs["GatewayLogArn"].split(":")
    return f"arn:{partition}:apigateway:{region}::/restapis/{rest_api_id}/stages/{stage}"


def put_settings(
    gateway: Any, rest_api_id: str, stage: str, answers: Iterable[Json], patches: Mapping[str, str], **deployment: bool
) -> None:
    """Give the gateway its own answers, and its stage settings by patch path; `deployment`: of the API's new one."""
    for answer in answers:
        gateway.put_gateway_response(restApiId=rest_api_id, **answer)
    # The gateway's answers count from the next deployment of the API on.
    gateway.create_deployment(restApiId=rest_api_id, stageName=stage, **deployment)
    operations = [{"op": "replace", "path": path, "value": value} for path, value in patches.items()]
    gateway.update_stage(restApiId=rest_api_id, stageName=stage, patchOperations=operations)


def put_behind_web_acl(outputs: Mapping[str, str], rest_api_id: str, stage: str, client: Callable[[str], Any]) -> None:
    """Put the stage behind the stack's web ACL; nothing where the stack has none."""
    if acl := outputs.get("WebAclArn", ""):
        arn = stage_arn(outputs, rest_api_id, stage)
        put = partial(client("wafv2").associate_web_acl, WebACLArn=acl, ResourceArn=arn)
        retry_while_busy(put, f"web ACL of {stage}", WEB_ACL_SECONDS)


def differences(outputs: Mapping[str, str], rest_api_id: str, stage: Json, client: Callable[[str], Any]) -> list[str]:
    """What of all this is not so, by the stage as AWS describes it; empty when all is."""
    wanted = {"accessLogSettings": {"destinationArn": outputs["GatewayLogArn"], "format": log_format()}}
    wrong = comparison.differences("stage", wanted, stage)
    acl = outputs.get("WebAclArn", "")
    if acl and _web_acl_of(stage_arn(outputs, rest_api_id, str(stage.get("stageName", ""))), client) != acl:
        wrong.append(f"web ACL: the stage is not behind {acl}")
    return wrong


def _web_acl_of(resource: str, client: Callable[[str], Any]) -> str:
    """The ARN of the web ACL before a resource; '' where there is none."""
    try:
        answer = client("wafv2").get_web_acl_for_resource(ResourceArn=resource)
    except ClientError as error:
        if error.response["Error"]["Code"] != "WAFNonexistentItemException":
            raise
        return ""
    return str(answer.get("WebACL", {}).get("ARN", ""))
