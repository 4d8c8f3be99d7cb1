"""The whole deploy for real, against moto's server: `python -m infra.rehearse`.

Deploys twice (the second time changes nothing), then runs a report through it: a platform posts a file to the bucket,
the bucket's event invokes the deployed function, its chunks the next, the stream the others; another platform looks
the merchant up and receives the notice of the closure. Each call that a function makes is held against its policy.
What moto cannot show is asserted elsewhere: on the template (TTL, backups, encryption, alarms) and on the package
(wheels for Lambda; here functions load those that are installed). Throttling and binary types moto does not enforce.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cfnlint.decode.cfn_yaml import load as load_template

from chalicelib.values.records import Json
from infra.aws import DeployError, client
from infra.deploy import PROJECT, Result, deploy
from infra.emulation.behaviour import Behaviour
from infra.harden import read_deployed, verify
from infra.moto_cloud import Functions, isolated_environment, moto_cloud
from infra.preflight import read_account
from infra.rehearsal.callers_journey import check_signatures
from infra.rehearsal.deployed_exchange import Journey, expect
from infra.rehearsal.gateway import Gateway
from infra.rehearsal.journey import government_source, run_journey
from infra.rehearsal.permissions import Place, refused
from infra.release.live import Fetch
from infra.settings import CONFIG
from infra.stack import TEMPLATE

STAGE: Final = "rehearsal"
COPIED: Final = ("app.py", "requirements.txt", "constraints.txt", "chalicelib", ".chalice")
# What a deploy of the source has left in its `.chalice`.
DEPLOYED_FROM_HERE: Final = ("deployed", "deployments", "policies")


def copy_project(target: Path, list_url: str, source: Path = PROJECT, gateway_auth: str = "key") -> None:
    """A copy of the project with a stage for the rehearsal, made of the dev stage; what was deployed from it stays."""
    for name in COPIED:
        if (source / name).is_dir():
            if name == "chalicelib":
                shutil.rmtree(target / name, ignore_errors=True)
            ignored = shutil.ignore_patterns("__pycache__", *(DEPLOYED_FROM_HERE if name == ".chalice" else ()))
            shutil.copytree(source / name, target / name, ignore=ignored, dirs_exist_ok=True)
        else:
            shutil.copy2(source / name, target / name)
    (target / TEMPLATE).parent.mkdir(exist_ok=True)
    shutil.copy2(source / TEMPLATE, target / TEMPLATE)
    config = json.loads((target / CONFIG).read_text(encoding="utf-8"))
    text = json.dumps(config["stages"]["dev"]).replace("/dev/", f"/{STAGE}/")
    stage = json.loads(text) | {"api_gateway_stage": STAGE, "gateway_auth": gateway_auth}
    named = {"STAGE": STAGE, "SERIOUS_VIOLATIONS_URL": list_url, "FEEDS_FROM_LOOPBACK": "yes"}
    stage["environment_variables"] |= named
    config["stages"] = {STAGE: stage}
    (target / CONFIG).write_text(json.dumps(config, indent=2), encoding="utf-8")


def fill_gaps(outputs: dict[str, str]) -> None:
    """Make what moto's CloudFormation leaves out: versions and notifications of the bucket."""
    resources = load_template(str(PROJECT / TEMPLATE))["Resources"]
    bucket = resources["FilesBucket"]["Properties"]
    client("s3").put_bucket_versioning(
        Bucket=outputs["FilesBucket"], VersioningConfiguration=bucket["VersioningConfiguration"]
    )
    notification = bucket["NotificationConfiguration"]
    sqs, wanted = client("sqs"), []
    for configuration in notification["QueueConfigurations"]:
        url = sqs.get_queue_url(QueueName=outputs[configuration["Queue"]["Fn::GetAtt"][0]])["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        rules = {"Key": {"FilterRules": configuration["Filter"]["S3Key"]["Rules"]}}
        wanted.append({"QueueArn": arn, "Events": [configuration["Event"]], "Filter": rules})
    expect(len(wanted) == 2, "the template has two notifications")
    client("s3").put_bucket_notification_configuration(
        Bucket=outputs["FilesBucket"], NotificationConfiguration={"QueueConfigurations": wanted}
    )


def gateway_of(project: Path) -> Fetch:
    """Fetches a URL of the deployed API through what stands in for the gateway."""

    def fetch(url: str) -> tuple[int, bytes]:
        gateway = Gateway(client("apigateway"), client("lambda"), read_deployed(project, STAGE))
        answer = gateway.send("GET", "/" + urlsplit(url).path.split("/", 2)[2])
        return answer.status, answer.body

    return fetch


def deploy_copy(project: Path) -> Result:
    """Deploy the copy of the project as it is now."""
    return deploy(STAGE, project, fetch=gateway_of(project), vendor=False)


def expect_one_of_each(result: Result) -> None:
    """Stop when a deploy has made a second API, or mappings more or fewer than there are."""
    expect(len(client("apigateway").get_rest_apis()["items"]) == 1, "there is one REST API")
    mappings = client("lambda").list_event_source_mappings()["EventSourceMappings"]
    expect(len(mappings) == 6, f"there are six event source mappings and not {len(mappings)}")
    quota = read_account(STAGE, client).concurrency
    signed = Gateway(client("apigateway"), client("lambda"), result.deployed).is_signed
    expect(not verify(result.deployed, result.outputs, client, quota, signed), "the hardening reads back")


def deploy_twice(functions: Functions, project: Path, list_url: str, gateway_auth: str = "key") -> Journey:
    """Deploy, and deploy again: the same API, the same event sources, no second operator."""
    copy_project(project, list_url, gateway_auth=gateway_auth)
    first = deploy_copy(project)
    expect(first.operator_key, "the first deploy gives the operator a key")
    again = deploy_copy(project)
    expect(again.operator_key is None, "the second deploy makes no key")
    expect(again.deployed == first.deployed, "the second deploy has the same functions, mappings and API")
    expect_one_of_each(again)
    fill_gaps(again.outputs)
    gateway = Gateway(client("apigateway"), client("lambda"), again.deployed)
    return Journey(functions, first, gateway)


@contextmanager
def emulated_account(region: str, behaviour: Behaviour | None = None) -> Iterator[tuple[Functions, Path]]:
    """An empty account on this machine, and an empty folder for a copy of the project."""
    with tempfile.TemporaryDirectory() as folder:
        project, log_path = Path(folder) / "project", Path(folder) / "functions.log"
        project.mkdir()
        with log_path.open("w") as log, moto_cloud(Path(folder) / "code", log, behaviour) as functions:
            try:
                with isolated_environment(functions.url, region):
                    yield functions, project
            except Exception:
                log.flush()
                print(log_path.read_text()[-6_000:], file=sys.stderr)
                raise


def rehearse(region: str = "cn-north-1", gateway_auth: str = "key") -> Json:
    """Do it all; returns what was seen. Raises `DeployError` with the first thing that is not as it must be.

    `gateway_auth`: as the stage's setting; `iam` for an account without ICP.
    """
    started = time.monotonic()
    with emulated_account(region) as (functions, project):
        seen = _deploy_and_run(functions, project, gateway_auth, started)
    return {"region": region, "gateway_auth": gateway_auth, **seen}


def _deploy_and_run(functions: Functions, project: Path, gateway_auth: str, started: float) -> Json:
    with government_source() as url:
        journey = deploy_twice(functions, project, url, gateway_auth)
        expect(journey.gateway.is_signed == (gateway_auth == "iam"), "the gateway authorises as the stage says")
        deployed_in = time.monotonic() - started
        seen = run_journey(journey)
        if journey.gateway.is_signed:
            seen["signatures"] = check_signatures(journey, STAGE, project)
    place = Place.of(journey.result.outputs["SubjectsStreamArn"])
    forbidden = refused(project, STAGE, place, functions.calls)
    expect(not forbidden, "a policy is too narrow:\n  " + "\n  ".join(forbidden))
    return {
        **seen,
        "invoked": {name: functions.invoked.count(name) for name in sorted(set(functions.invoked))},
        "throttled": {name: functions.front.refused.count(name) for name in sorted(set(functions.front.refused))},
        "answered_in_part": functions.front.split,
        "calls_held_against_policies": sum(len(calls) for calls in functions.calls.values()),
        "deployed_twice_in_seconds": round(deployed_in, 1),
        "seconds": round(time.monotonic() - started, 1),
    }


def main() -> int:
    """Rehearse and print what was seen; 1 and the reason when something is wrong."""
    try:
        seen = rehearse(*sys.argv[1:3])
    except DeployError as error:
        print(f"rehearsal stopped: {error}", file=sys.stderr)
        return 1
    print(json.dumps(seen, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
