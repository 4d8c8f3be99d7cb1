"""Releases of a stage: which version of each function and which deployment of the gateway belong together.

A release is made live by moving the alias of each function; earlier ones are kept, so that it can be moved back. The
list lies in the bucket under `deployed/<stage>-releases.json`, the newest last.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.aws import DeployError, retry_while_busy
from infra.release.chalice_client import ALIAS, bare
from infra.release.readiness import check_version

KEPT: Final = 10


@dataclass(frozen=True, slots=True)
class Release:
    """One release. `versions`: by handler name; `gateway`: id of the gateway's deployment; `at`: ISO 8601, UTC."""

    at: str
    commit: str
    versions: Mapping[str, str]
    gateway: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stage's functions and gateway are. `functions`: ARN of the alias by handler name."""

    stage: str
    bucket: str
    functions: Mapping[str, str]
    rest_api: str
    api_stage: str


@dataclass(frozen=True, slots=True)
class Clients:
    """The AWS clients of a release."""

    functions: Any
    gateway: Any
    s3: Any


def name_of(arn: str) -> str:
    """The name in AWS of a function or of its alias.

    >>> name_of("arn:aws-cn:lambda:cn-north-1:123456789012:function:lianfang-dev:live")
    'lianfang-dev'
    """
    return bare(arn).rpartition(":")[2]


def publish(clients: Clients, place: Place, at: str, commit: str) -> Release:
    """Publish what the functions are now as versions; what runs stays as it is."""
    versions = {}
    for name, arn in place.functions.items():
        version = str(clients.functions.publish_version(FunctionName=name_of(arn))["Version"])
        clients.functions.get_waiter("published_version_active").wait(FunctionName=name_of(arn), Qualifier=version)
        versions[name] = version
    stage = clients.gateway.get_stage(restApiId=place.rest_api, stageName=place.api_stage)
    return Release(at, commit, versions, stage["deploymentId"])


def current(clients: Clients, place: Place) -> dict[str, str]:
    """The version that each function's alias is on."""
    return {
        name: clients.functions.get_alias(FunctionName=name_of(arn), Name=ALIAS)["FunctionVersion"]
        for name, arn in place.functions.items()
    }


def move(clients: Clients, place: Place, versions: Mapping[str, str]) -> None:
    """Point the alias of each function to a version."""
    for name, version in versions.items():
        if name in place.functions:
            change = {"FunctionName": name_of(place.functions[name]), "Name": ALIAS, "FunctionVersion": version}
            retry_while_busy(partial(clients.functions.update_alias, **change), f"alias of {name}")


def point_gateway(clients: Clients, place: Place, deployment: str) -> None:
    """Let the gateway's stage serve one of its deployments."""
    change = {"op": "replace", "path": "/deploymentId", "value": deployment}
    clients.gateway.update_stage(restApiId=place.rest_api, stageName=place.api_stage, patchOperations=[change])


def served(clients: Clients, place: Place) -> str | None:
    """The deployment that the gateway's stage serves; None when there is no such stage yet."""
    try:
        stage = clients.gateway.get_stage(restApiId=place.rest_api, stageName=place.api_stage)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
        return None
    return str(stage["deploymentId"])


def go_live(clients: Clients, place: Place, release: Release) -> None:
    """Move the aliases to the release once its API is ready; raises `DeployError` and moves nothing when it is not."""
    check_version(clients.functions, name_of(place.functions["api_handler"]), release.versions["api_handler"])
    move(clients, place, release.versions)


@contextmanager
def moved_back_on_failure(clients: Clients, place: Place) -> Iterator[None]:
    """When the block fails, also where it is interrupted, each alias is on the version again that it was on before."""
    before = current(clients, place)
    try:
        yield
    except BaseException:
        move(clients, place, before)
        raise


def roll_back(clients: Clients, place: Place) -> Release:
    """Make the release before the newest live again and forget the newest; raises `DeployError` without one before."""
    releases = read(clients.s3, place)
    if len(releases) < 2:
        raise DeployError(f"the stage {place.stage} has no earlier release to go back to")
    before = releases[-2]
    with moved_back_on_failure(clients, place):
        go_live(clients, place, before)
        point_gateway(clients, place, before.gateway)
    write(clients.s3, place, releases[:-1])
    return before


def remember(clients: Clients, place: Place, release: Release) -> None:
    """Add the release to the list, and delete versions of functions that no kept release has."""
    releases = [*read(clients.s3, place), release][-KEPT:]
    write(clients.s3, place, releases)
    for name, arn in place.functions.items():
        kept = {each.versions.get(name) for each in releases} | {"$LATEST"}
        pages = clients.functions.get_paginator("list_versions_by_function").paginate(FunctionName=name_of(arn))
        for version in [each["Version"] for page in pages for each in page["Versions"]]:
            if version not in kept:
                _delete_version(clients.functions, name_of(arn), version)


def read(s3: Any, place: Place) -> list[Release]:
    """The releases of the stage, the newest last."""
    try:
        body = s3.get_object(Bucket=place.bucket, Key=_key(place))["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
        return []
    return [Release(**each) for each in json.loads(body)]


def write(s3: Any, place: Place, releases: Sequence[Release]) -> None:
    """Put the list of releases into the bucket."""
    body = json.dumps([asdict(each) for each in releases], indent=1).encode()
    s3.put_object(Bucket=place.bucket, Key=_key(place), Body=body)


def _key(place: Place) -> str:
    return f"deployed/{place.stage}-releases.json"


def _delete_version(functions: Any, arn: str, version: str) -> None:
    """Delete a version; one that an alias is on stays."""
    try:
        functions.delete_function(FunctionName=arn, Qualifier=version)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("ResourceConflictException", "ResourceNotFoundException"):
            raise
