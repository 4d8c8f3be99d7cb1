"""A secret's document of keys in Secrets Manager, replaced only as long as it is what was read."""

from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.key_document import KeyDocument, read_key_document
from infra.aws import DeployError

_CURRENT: Final = "AWSCURRENT"


@dataclass(frozen=True, slots=True)
class Held:
    """What a secret holds, and the version of it that was read."""

    document: KeyDocument
    version: str


def read(client: Any, name: str) -> Held:
    """The keys of a secret; `DeployError` where it is no document of keys."""
    answer = client.get_secret_value(SecretId=name, VersionStage=_CURRENT)
    try:
        return Held(read_key_document(str(answer["SecretString"])), str(answer["VersionId"]))
    except ValueError as error:
        raise DeployError(f"{name}: {error}") from error


def replace(client: Any, name: str, before: Held, document: KeyDocument, forget: bool = False) -> None:
    """Make the document current in the place of what was read; `forget` leaves nothing of the version before.

    The version is written first and becomes current in one call, which AWS refuses when another version is current by
    then: of two administrators, one is refused, and an interrupted step has changed nothing.
    """
    written = client.put_secret_value(SecretId=name, SecretString=document.text(), VersionStages=["AWSPENDING"])
    version = str(written["VersionId"])
    try:
        client.update_secret_version_stage(
            SecretId=name, VersionStage=_CURRENT, MoveToVersionId=version, RemoveFromVersionId=before.version
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidParameterException":
            raise
        raise DeployError(f"{name} was changed meanwhile: look again") from error
    client.update_secret_version_stage(SecretId=name, VersionStage="AWSPENDING", RemoveFromVersionId=version)
    if forget:
        # Without a stage AWS deletes a version; with AWSPREVIOUS it would keep the key that was dropped.
        client.update_secret_version_stage(
            SecretId=name, VersionStage="AWSPREVIOUS", RemoveFromVersionId=before.version
        )
