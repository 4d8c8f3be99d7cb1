"""Sets what Chalice leaves out, after each deploy, and reads it back.

Without it failed rows of a batch count as done, a record that no function can process blocks the stream for a day,
an unanswered schedule leaves no trace, callers are not throttled, and requests that the gateway
refuses itself are not answered in our shape. Every step may be done again; Chalice undoes the gateway's part
each time.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.values.records import Json
from infra.aws import DeployError, retry_while_busy
from infra.protection import gateway as protection
from infra.protection.answers import REQUESTS_AT_ONCE, REQUESTS_PER_SECOND, gateway_answers, stage_settings
from infra.protection.comparison import differences
from infra.release.chalice_client import bare

PARTIAL_BATCH: Final = ["ReportBatchItemFailures"]
STREAM_RETRIES: Final = 10
SCHEDULE_RETRIES: Final = 2
SCHEDULE_SECONDS: Final = 3_600
# Files take turns: two of a platform's reports and one of its rosters are in work at once, ten pieces of each
# (chalicelib/accounts/file_turns.py). So there are workers for 25 participants that all send at once, with some for the
# files that only ask for their turn; and no more, for they may not take the account's whole concurrency.
MAX_CONCURRENCY: Final = {
    "report_file_arrived": 60,
    "report_chunk_arrived": 40,
    "roster_file_arrived": 50,
    "roster_chunk_arrived": 40,
}
LEAST_CONCURRENCY: Final = 2
# The concurrency of an account, unless it is new.
USUAL_QUOTA: Final = 1_000
# Lists, rosters and report files are sorted on disk; Lambda gives 512 MB by default.
DISK_MB: Final = {"feeds_due": 4_096, "report_file_arrived": 2_048, "roster_file_arrived": 4_096}

# Our lines are JSON already and stay as they are. Lambda's own say of each call that it began, ended and how long it
# took, which metrics say too; only what went wrong with a function is left.
LOGGING: Final = {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN"}


@dataclass(frozen=True, slots=True)
class Deployed:
    """Chalice's record of a deployed stage: functions by handler name, event source mappings, the API."""

    functions: Mapping[str, str]
    queue_mappings: Mapping[str, str]
    stream_mappings: Mapping[str, str]
    scheduled: tuple[str, ...]
    rest_api_id: str
    rest_api_url: str

    @property
    def api_stage(self) -> str:
        """The gateway's stage, the last part of the URL."""
        return self.rest_api_url.rstrip("/").rpartition("/")[2]


def read_deployed(project: Path, stage: str) -> Deployed:
    """Read `.chalice/deployed/<stage>.json`; raises `DeployError` when there is none."""
    path = project / ".chalice/deployed" / f"{stage}.json"
    if not path.exists():
        raise DeployError(f"{path} is missing: nothing was deployed from here")
    resources = json.loads(path.read_text(encoding="utf-8"))["resources"]
    by_type: dict[str, dict[str, Json]] = {}
    for resource in resources:
        # An event source is called after its function: report_file_arrived-sqs-event-source.
        by_type.setdefault(resource["resource_type"], {})[resource["name"].partition("-")[0]] = resource
    api = by_type["rest_api"]["rest_api"]
    return Deployed(
        functions={name: resource["lambda_arn"] for name, resource in by_type["lambda_function"].items()},
        queue_mappings={name: resource["event_uuid"] for name, resource in by_type.get("sqs_event", {}).items()},
        stream_mappings={name: resource["event_uuid"] for name, resource in by_type.get("dynamodb_event", {}).items()},
        scheduled=tuple(by_type.get("cloudwatch_event", {})),
        rest_api_id=api["rest_api_id"],
        rest_api_url=api["rest_api_url"],
    )


def harden(
    deployed: Deployed,
    outputs: Mapping[str, str],
    client: Callable[[str], Any],
    quota: int = USUAL_QUOTA,
    signed: bool = False,
) -> None:
    """Apply all settings, then verify them; `client` gives the AWS client of a service.

    `signed`: whether the gateway asks for signatures.
    """
    harden_functions(deployed, outputs, client, quota)
    harden_gateway(deployed, outputs, client, signed)
    if wrong := verify(deployed, outputs, client, quota, signed):
        raise DeployError("not as hardened: " + "; ".join(wrong))


def harden_functions(
    deployed: Deployed, outputs: Mapping[str, str], client: Callable[[str], Any], quota: int = USUAL_QUOTA
) -> None:
    """Apply the settings of functions, mappings and schedules."""
    functions = client("lambda")
    for wanted in mapping_settings(deployed, outputs, quota):
        change = {("FunctionName" if name == "FunctionArn" else name): value for name, value in wanted.items()}
        mapping = partial(functions.update_event_source_mapping, **change)
        retry_while_busy(mapping, f"event source mapping {wanted['UUID']}")
    for name in deployed.scheduled:
        wanted = {"FunctionName": deployed.functions[name], **invoke_settings(outputs)}
        retry_while_busy(partial(functions.put_function_event_invoke_config, **wanted), f"dead letters of {name}")
    for arn, wanted in function_settings(deployed):
        change_settings = partial(functions.update_function_configuration, FunctionName=arn, **wanted)
        retry_while_busy(change_settings, f"settings of {arn}")


def harden_gateway(
    deployed: Deployed, outputs: Mapping[str, str], client: Callable[[str], Any], signed: bool = False
) -> None:
    """Apply the settings of the gateway, which serves everybody from then on."""
    patches = stage_settings() | protection.stage_patches(outputs)
    traced = not deployed.rest_api_url.rstrip("/").partition(".amazonaws.com")[2].startswith(".cn")
    api, stage = deployed.rest_api_id, deployed.api_stage
    protection.put_settings(client("apigateway"), api, stage, gateway_answers(signed), patches, tracingEnabled=traced)
    protection.put_behind_web_acl(outputs, api, stage, client)


def max_concurrency(function: str, quota: int) -> int:
    """How many of a worker may run at once: all workers together take at most half of the account's quota.

    AWS allows no fewer than two of each.
    """
    least = LEAST_CONCURRENCY * len(MAX_CONCURRENCY)
    share = min(1.0, max(0, quota // 2 - least) / (sum(MAX_CONCURRENCY.values()) - least))
    return LEAST_CONCURRENCY + int((MAX_CONCURRENCY[function] - LEAST_CONCURRENCY) * share)


def mapping_settings(deployed: Deployed, outputs: Mapping[str, str], quota: int = USUAL_QUOTA) -> Iterator[Json]:
    """The settings of each mapping as AWS answers them, with its UUID; `quota`: the account's concurrency."""
    for name, uuid in deployed.queue_mappings.items():
        wanted: Json = {
            "UUID": uuid,
            "FunctionArn": deployed.functions[name],
            "FunctionResponseTypes": PARTIAL_BATCH,
        }
        if name in MAX_CONCURRENCY:
            wanted["ScalingConfig"] = {"MaximumConcurrency": max_concurrency(name, quota)}
        yield wanted
    for name, uuid in deployed.stream_mappings.items():
        yield {
            "UUID": uuid,
            "FunctionArn": deployed.functions[name],
            "FunctionResponseTypes": PARTIAL_BATCH,
            "MaximumRetryAttempts": STREAM_RETRIES,
            "BisectBatchOnFunctionError": True,
            "DestinationConfig": {"OnFailure": {"Destination": outputs["StreamDeadQueueArn"]}},
        }


def function_settings(deployed: Deployed) -> Iterator[tuple[str, Json]]:
    """What each function needs beyond what Chalice sets: how it logs, and more disk."""
    for name, arn in deployed.functions.items():
        disk = {"EphemeralStorage": {"Size": DISK_MB[name]}} if name in DISK_MB else {}
        yield bare(arn), {"LoggingConfig": LOGGING, **disk}


def invoke_settings(outputs: Mapping[str, str]) -> Json:
    """How often a schedule's call is tried again, and where it goes when all tries failed."""
    return {
        "MaximumRetryAttempts": SCHEDULE_RETRIES,
        "MaximumEventAgeInSeconds": SCHEDULE_SECONDS,
        "DestinationConfig": {"OnFailure": {"Destination": outputs["ScheduleDeadQueueArn"]}},
    }


def verify(
    deployed: Deployed,
    outputs: Mapping[str, str],
    client: Callable[[str], Any],
    quota: int = USUAL_QUOTA,
    signed: bool = False,
) -> list[str]:
    """Differences from the settings of `harden`, read back from AWS; empty when there are none."""
    functions, gateway = client("lambda"), client("apigateway")
    wrong = []
    for wanted in mapping_settings(deployed, outputs, quota):
        deployed_settings = functions.get_event_source_mapping(UUID=wanted["UUID"])
        wrong += differences(f"mapping {wanted['UUID']}", wanted, deployed_settings)
    for name in deployed.scheduled:
        deployed_settings = _read(functions.get_function_event_invoke_config, FunctionName=deployed.functions[name])
        wrong += differences(f"schedule {name}", invoke_settings(outputs), deployed_settings)
    for arn, wanted in function_settings(deployed):
        deployed_settings = functions.get_function_configuration(FunctionName=arn)
        wrong += differences(f"settings of {arn}", wanted, deployed_settings)
    for answer in gateway_answers(signed):
        deployed_settings = _read(
            gateway.get_gateway_response, restApiId=deployed.rest_api_id, responseType=answer["responseType"]
        )
        wrong += differences(f"gateway answer {answer['responseType']}", answer, deployed_settings)
    stage = gateway.get_stage(restApiId=deployed.rest_api_id, stageName=deployed.api_stage)
    settings = stage.get("methodSettings", {}).get("*/*", {})
    wanted_settings = {
        "throttlingRateLimit": REQUESTS_PER_SECOND,
        "throttlingBurstLimit": REQUESTS_AT_ONCE,
        "metricsEnabled": False,
    }
    wrong += protection.differences(outputs, deployed.rest_api_id, stage, client)
    return wrong + differences("stage", wanted_settings, settings)


def _read(call: Callable[..., Json], **asked: str) -> Json:
    """The current value of a setting; empty when it was never made."""
    try:
        return call(**asked)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("NotFoundException", "ResourceNotFoundException"):
            raise
        return {}
