"""`chalice deploy` of the folder that `infra.packaging` made, run in it as a program of its own.

    python -m infra.release.chalice_deploy --stage dev --bucket lianfang-files-dev-123456789012

The record of what exists is kept in the folder and in the bucket as soon as an API or a mapping is made, so that a
deploy that breaks off goes on where it stopped. Imports nothing of the project: the folder may hold an older commit.
"""

import argparse
import hashlib
import io
import json
import os
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from chalice.cli.factory import CLIFactory
from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
from chalice.deploy.deployer import ChaliceDeploymentError, Deployer, ResultsRecorder, create_build_stage
from chalice.deploy.executor import Executor
from chalice.deploy.planner import PlanStage, RemoteState
from chalice.deploy.sweeper import ResourceSweeper
from chalice.utils import UI, OSUtils

from infra.aws import DeployError, object_exists
from infra.release.callers import PolicySwagger
from infra.release.chalice_client import DeployClient

Record = dict[str, Any]
# What is recorded at once, and the fields without which Chalice cannot find it again; they come one after the other.
COMPLETE: Final = {
    "rest_api": frozenset({"rest_api_id"}),
    "sqs_event": frozenset({"event_uuid", "queue_arn", "lambda_arn"}),
    "dynamodb_event": frozenset({"event_uuid", "stream_arn", "lambda_arn"}),
}


def content_hash(package: bytes) -> str:
    """A hash of the files in a zip, the same whenever it was made."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        entries = sorted((entry.filename, entry.CRC, entry.file_size) for entry in archive.infolist())
    return hashlib.sha256(repr(entries).encode()).hexdigest()


def uploader(s3: Any, bucket: str) -> Callable[[bytes], Mapping[str, str]]:
    """Puts a package into the bucket once, however many functions are made of it and however often."""
    places: dict[bytes, Mapping[str, str]] = {}

    def upload(package: bytes) -> Mapping[str, str]:
        digest = hashlib.sha256(package).digest()
        if digest not in places:
            key = f"deployed/packages/{content_hash(package)}.zip"
            if not object_exists(s3, bucket, key):
                s3.upload_fileobj(io.BytesIO(package), bucket, key)
            places[digest] = {"S3Bucket": bucket, "S3Key": key}
        return places[digest]

    return upload


class RecordingExecutor(Executor):
    """Carries out Chalice's plan and has each new resource recorded at once."""

    def __init__(self, client: DeployClient, ui: UI, keep: Callable[[list[Record]], None]) -> None:
        super().__init__(client, ui)
        self._keep = keep

    def _add_to_deployed_values(self, payload: Record) -> None:
        super()._add_to_deployed_values(payload)
        if payload["resource_type"] in COMPLETE:
            self._keep(self.resource_values)


def recorder(s3: Any, bucket: str, project: Path, stage: str) -> Callable[[list[Record]], None]:
    """Keeps the resources made so far, and those of the record before that were not reached yet."""
    path = project / ".chalice/deployed" / f"{stage}.json"
    before = json.loads(path.read_text(encoding="utf-8"))["resources"] if path.exists() else []

    kept: list[Record] = []

    def keep(resources: list[Record]) -> None:
        complete = [each for each in resources if COMPLETE.get(each["resource_type"], frozenset()) <= each.keys()]
        reached = {resource["name"] for resource in complete}
        merged = [*complete, *(resource for resource in before if resource["name"] not in reached)]
        if merged == kept:
            return
        kept[:] = [dict(each) for each in merged]
        text = json.dumps({"resources": merged, "schema_version": "2.0", "backend": "api"}, indent=2)
        path.write_text(text, encoding="utf-8")
        s3.put_object(Bucket=bucket, Key=f"deployed/{stage}.json", Body=text.encode())

    return keep


def deploy(stage: str, bucket: str, project: Path, accounts: Sequence[str] = ()) -> None:
    """Deploy the folder as the stage; `accounts` may call an API whose routes ask for signatures."""
    config = CLIFactory(str(project), environ=os.environ).create_config_obj(chalice_stage_name=stage)
    session = botocore.session.Session()
    session.set_default_client_config(Config(connect_timeout=10, read_timeout=70))
    s3 = session.create_client("s3")
    client = DeployClient(session, uploader(_with_transfer(), bucket))
    osutils, ui = OSUtils(), UI()
    swagger = PolicySwagger(config.api_gateway_stage, accounts)
    Deployer(
        application_builder=ApplicationGraphBuilder(),
        deps_builder=DependencyBuilder(),
        build_stage=create_build_stage(osutils, ui, swagger, config),
        plan_stage=PlanStage(osutils=osutils, remote_state=RemoteState(client, config.deployed_resources(stage))),
        sweeper=ResourceSweeper(),
        executor=RecordingExecutor(client, ui, recorder(s3, bucket, project, stage)),
        recorder=ResultsRecorder(osutils=osutils),
    ).deploy(config, chalice_stage_name=stage)


def _with_transfer() -> Any:
    """A client that sends large files in parts, and a part again when the line breaks."""
    import boto3

    return boto3.client("s3", config=Config(connect_timeout=10, read_timeout=70, retries={"total_max_attempts": 8}))


def main() -> int:
    """Deploy as the command line says; 1 and the reason when Chalice or AWS refuses."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stage", required=True)
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--accounts", nargs="*", default=[], help="AWS accounts that may call, where routes ask for it")
    options = parser.parse_args()
    try:
        deploy(options.stage, options.bucket, Path.cwd(), options.accounts)
    except (ChaliceDeploymentError, ClientError, BotoCoreError, DeployError, TimeoutError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
