"""The whole deploy of one stage, `python -m infra.deploy --stage dev`; each step may be done again.

stack      everything stateful, from infra/template.yaml
settings   the stack's outputs into .chalice/config.json and the policies
package    code and wheels for Lambda into build/<stage>
functions  chalice deploy
harden     the settings that Chalice leaves out
operator   the first operator and its key, shown once
health     GET /health of the API that was deployed
"""

import argparse
import json
import os
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.accounts import admit_platform, api_keys, platforms
from chalicelib.accounts.roles import Role
from chalicelib.notices.adapters.sns_topics import Topics
from chalicelib.storage.exchange_table import ExchangeTable
from chalicelib.values.records import Json
from infra import state
from infra.aws import DeployError, client, run, wait_for
from infra.harden import Deployed, harden, read_deployed
from infra.packaging import build
from infra.settings import read_config, write_policies, write_settings
from infra.stack import put_stack

PROJECT: Final = Path(__file__).resolve().parent.parent
CHALICE_SECONDS: Final = 1_200
HEALTH_SECONDS: Final = 120.0
FIRST_OPERATOR: Final = "operator"

Fetch = Callable[[str], tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a deploy: the stack's outputs, the resources of Chalice, the operator's key if it is new."""

    outputs: dict[str, str]
    deployed: Deployed
    operator_key: str | None


def deploy(
    stage: str,
    project: Path,
    *,
    fetch: Fetch,
    alarm_email: str | None = None,
    vendor: bool = True,
) -> Result:
    """Bring the stage in AWS up to this project."""
    config = read_config(project, stage)
    print(f"stack: lianfang-{stage}")
    outputs = put_stack(client("cloudformation"), project, stage, _parameters(config, stage, alarm_email))
    print("settings: .chalice/config.json, .chalice/policies")
    write_settings(project, stage, outputs)
    write_policies(project, stage, outputs)
    print(f"package: build/{stage}, python{sys.version_info[0]}.{sys.version_info[1]}")
    architecture = config["stages"][stage].get("lambda_architecture", config["lambda_architecture"])
    target = build(project, project / "build" / stage, architecture, vendor=vendor)
    print("functions: chalice deploy")
    deploy_functions(stage, project, target, outputs["FilesBucket"])
    print("harden: batches, dead letters, throttling, gateway answers")
    deployed = read_deployed(project, stage)
    harden(deployed, outputs, client)
    operator_key = create_first_operator(outputs, stage)
    print(f"health: {deployed.rest_api_url}health")
    check_health(deployed.rest_api_url, fetch)
    return Result(outputs, deployed, operator_key)


def deploy_functions(stage: str, project: Path, target: Path, bucket: str) -> None:
    """Run `chalice deploy`, with the record of what is deployed fetched before and kept afterwards."""
    state.fetch(client("s3"), project, stage, bucket)
    state.drop_unknown_mappings(client("lambda"), project, stage)
    environment = {**os.environ, "AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "8"}
    # Chalice reads the whole zip into one request, which on a slow line takes longer than botocore waits.
    chalice = str(Path(sys.executable).with_name("chalice"))
    command = [chalice, "deploy", "--stage", stage, "--connection-timeout", "300"]
    run(command, cwd=target, env=environment, seconds=CHALICE_SECONDS)
    state.keep(client("s3"), project, stage, bucket)


def create_first_operator(outputs: dict[str, str], stage: str) -> str | None:
    """Admit the first operator and print its key, this once; None when there is one already."""
    exchange = ExchangeTable(client("dynamodb"), outputs["ExchangeTable"])
    names = (outputs["ClosuresTopicArn"], outputs["PlatformTopicPrefix"], f"alias/lianfang-{stage}")
    operator = platforms.find(exchange, FIRST_OPERATOR)
    if operator is not None and operator.key_ids:
        return None
    if operator is not None:  # a deploy died before the key was made
        admitted = api_keys.issue_key(exchange, FIRST_OPERATOR, datetime.now(UTC))
    else:
        new = admit_platform.NewPlatform(FIRST_OPERATOR, "Operator", Role.OPERATOR)
        admitted = admit_platform.admit(exchange, Topics(client("sns"), *names), new, datetime.now(UTC))
    print(f"operator: {admitted['key']}\n  Keep this key: only its digest is stored, and it is not shown again.")
    return str(admitted["key"])


def check_health(url: str, fetch: Fetch, seconds: float = HEALTH_SECONDS) -> None:
    """Wait until the API answers /health with 200; raises `DeployError` with the last answer."""
    last: list[str] = ["no answer"]

    def healthy() -> bool | None:
        try:
            status, body = fetch(url + "health")
        except (URLError, OSError) as error:
            last[0] = str(error)
            return None
        last[0] = f"{status} {body[:300].decode(errors='replace')}"
        return True if status == 200 else None

    try:
        wait_for(healthy, seconds=seconds, every=3, subject="a healthy API")
    except DeployError as error:
        raise DeployError(f"{error}; last: {last[0]}") from error


def fetch_over_http(url: str) -> tuple[int, bytes]:
    """Status and body of a GET, an answer of 4xx or 5xx included."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


def _parameters(config: Json, stage: str, alarm_email: str | None) -> dict[str, str]:
    url = config["stages"][stage].get("environment_variables", {}).get("SERIOUS_VIOLATIONS_URL", "")
    parameters = {"SeriousViolationsFeed": "on" if url else "off"}
    return parameters | ({"AlarmEmail": alarm_email} if alarm_email is not None else {})


def main() -> int:
    """Deploy as the command line says; 1 and the reason when something is in the way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stage", required=True)
    parser.add_argument("--alarm-email", help="where alarms go; without it, where they went until now")
    options = parser.parse_args()
    try:
        result = deploy(options.stage, PROJECT, fetch=fetch_over_http, alarm_email=options.alarm_email)
    except DeployError as error:
        print(f"deploy stopped: {error}", file=sys.stderr)
        return 1
    except (ClientError, BotoCoreError) as error:
        print(f"deploy stopped, AWS says: {error}", file=sys.stderr)
        return 1
    print(json.dumps({**result.outputs, "Url": result.deployed.rest_api_url}, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
