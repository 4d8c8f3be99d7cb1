"""Brings the functions of a stage up to a project: settings, package, functions, hardening, release.

With `fetch` it ends with a live API that answers; without, the gateway stays closed and nothing but the functions
changes, so that the exchange can be looked after before anybody reaches it.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chalicelib.accounts import platforms
from chalicelib.storage.exchange_table import ExchangeTable
from infra.aws import client, run
from infra.harden import Deployed, harden, harden_functions, read_deployed
from infra.packaging import RUNTIME_VERSION, build
from infra.protection.closing import close_gateway
from infra.release import callers, releases, state
from infra.release.live import Fetch, check_live
from infra.release.source import commit_of
from infra.settings import asks_for_signatures, read_config, write_policies, write_settings

TOOLS: Final = Path(__file__).resolve().parent.parent
CHALICE_SECONDS: Final = 1_800


@dataclass(frozen=True, slots=True)
class Target:
    """What is brought up: the stage, the project, the stack's outputs, the AWS account and its quota of concurrency.

    `vendor`: whether wheels for Lambda are packed; a rehearsal runs by what is installed.
    """

    stage: str
    project: Path
    outputs: Mapping[str, str]
    account: str
    concurrency: int
    vendor: bool = True


def bring_up(target: Target, fetch: Fetch | None) -> Deployed:
    """Bring the functions up and make them live; without `fetch` the gateway stays closed."""
    stage, project, outputs = target.stage, target.project, dict(target.outputs)
    print("settings: .chalice/config.json, .chalice/policies")
    write_settings(project, stage, outputs)
    write_policies(project, stage, outputs)
    config = read_config(project, stage)
    architecture = config["stages"][stage].get("lambda_architecture", config["lambda_architecture"])
    print(f"package: build/{stage}, {architecture}")
    # A rehearsal runs its functions by this very Python, with what is installed.
    version = RUNTIME_VERSION if target.vendor else sys.version_info[:2]
    package = build(project, project / "build" / stage, architecture, vendor=target.vendor, version=version)
    state.fetch(client("s3"), project, stage, outputs["FilesBucket"])
    with gateway_restored(project, stage):
        print("functions: chalice deploy")
        signed = asks_for_signatures(config, stage)
        accounts = admitted_accounts(outputs["ExchangeTable"], target.account) if signed else ()
        deploy_functions(stage, project, package, outputs["FilesBucket"], accounts)
        deployed = read_deployed(project, stage)
        if not signed:
            callers.clear(client("apigateway"), deployed.rest_api_id)
        print("harden: batches, dead letters, throttling, gateway answers")
        if fetch:
            harden(deployed, outputs, client, target.concurrency, signed)
        else:
            close_gateway(client("apigateway"), deployed.rest_api_id, deployed.api_stage)
            harden_functions(deployed, outputs, client, target.concurrency)
        print("release: versions, asked whether they are ready")
        release(stage, project, deployed, outputs["FilesBucket"], fetch)
    return deployed


def admitted_accounts(exchange_table: str, own: str) -> list[str]:
    """The AWS accounts that may call an API that asks for signatures: the API's own, and those of participants."""
    return sorted({own, *platforms.aws_accounts(ExchangeTable(client("dynamodb"), exchange_table))})


def deploy_functions(stage: str, project: Path, target: Path, bucket: str, accounts: Sequence[str] = ()) -> None:
    """Run Chalice in the folder of the package; its record is kept in the bucket as it goes on.

    `accounts` may call the API where its gateway asks for signatures.
    """
    environment = {**os.environ, "AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "8", "PYTHONPATH": str(TOOLS)}
    command = [sys.executable, "-m", "infra.release.chalice_deploy", "--stage", stage, "--bucket", bucket]
    command += ["--accounts", *accounts] if accounts else []
    run(command, cwd=target, env=environment, seconds=CHALICE_SECONDS)
    state.keep(client("s3"), project, stage, bucket)


@contextmanager
def gateway_restored(project: Path, stage: str) -> Iterator[None]:
    """When the block fails, the gateway serves the routes that it served before; functions have not changed then."""
    if not state.has_api(project, stage):
        yield
        return
    clients, place = release_clients(), release_place(stage, read_deployed(project, stage), "")
    served = releases.served(clients, place)
    try:
        yield
    except BaseException:
        if served:
            releases.point_gateway(clients, place, served)
        raise


def release(stage: str, project: Path, deployed: Deployed, bucket: str, fetch: Fetch | None) -> None:
    """Make what was deployed live, and what was live before live again when the API then does not answer.

    Without `fetch`, of a closed gateway, no earlier release is kept: its functions work on the earlier tables.
    """
    clients, place = release_clients(), release_place(stage, deployed, bucket)
    made = releases.publish(clients, place, datetime.now(UTC).isoformat(timespec="seconds"), commit_of(project))
    with releases.moved_back_on_failure(clients, place):
        releases.go_live(clients, place, made)
        if fetch:
            check_live(deployed.rest_api_url, fetch)
    releases.remember(clients, place, made)
    if fetch is None:
        releases.write(clients.s3, place, [made])


def release_clients() -> releases.Clients:
    """The AWS clients of a release."""
    return releases.Clients(client("lambda"), client("apigateway"), client("s3"))


def release_place(stage: str, deployed: Deployed, bucket: str) -> releases.Place:
    """Where the stage's functions and gateway are."""
    return releases.Place(stage, bucket, deployed.functions, deployed.rest_api_id, deployed.api_stage)
