"""An administrator rotates a key in steps, each refused where it would come too soon."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from chalicelib import wiring
from chalicelib.key_document import KeyDocument, read_key_document
from infra.aws import DeployError
from infra.keys import __main__ as command
from infra.keys import secret_versions, standing
from tests.conftest import ENVIRONMENT
from tests.keys.exchange import Exchange
from tests.world import SECRET, World

NOW = datetime(2026, 11, 27, tzinfo=UTC)
DIGESTS, STATEMENTS = "lianfang/test/digest-key", "lianfang/test/statement-key"


@pytest.fixture
def stage(world: World) -> World:
    """A world under the outputs of a stack."""
    outputs = {
        "SubjectsTable": ENVIRONMENT["SUBJECTS_TABLE"],
        "KeysTable": ENVIRONMENT["KEYS_TABLE"],
        "ExchangeTable": ENVIRONMENT["EXCHANGE_TABLE"],
        "FilesBucket": ENVIRONMENT["FILES_BUCKET"],
    }
    template = {
        "Resources": {"Q": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    boto3.client("cloudformation").create_stack(StackName="lianfang-test", TemplateBody=json.dumps(template))
    return world


def run(*arguments: str, at: datetime = NOW) -> int:
    return command.main(["--stage", "test", *arguments], at)


def held(name: str = DIGESTS) -> KeyDocument:
    return read_key_document(
        boto3.client("secretsmanager").get_secret_value(SecretId=name, VersionStage="AWSCURRENT")["SecretString"]
    )


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_nothing_is_changed_without_apply_and_no_key_is_printed(
    stage: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("digest-key", "next") == 0
    assert said(capsys) == {"current": "k1", "earlier": [], "next": "k2", "applied": False}
    assert held() == KeyDocument("k1", {"k1": SECRET})
    assert run("digest-key", "next", "--apply") == 0
    assert held().keys["k1"] == SECRET, "what is stored stays readable"
    assert len(held().keys["k2"]) == 64
    assert run("digest-key", "status") == 0
    text = capsys.readouterr().out
    assert not any(key in text for key in held().keys.values())


def test_a_key_is_current_only_when_every_function_knows_it(stage: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("statement-key", "promote", "--apply") == 1
    assert run("statement-key", "next", "--apply") == 0
    assert run("statement-key", "next", "--apply") == 1
    assert run("statement-key", "promote", "--apply", at=NOW + timedelta(minutes=29)) == 1
    assert "wait until 2026-11-27T00:30" in capsys.readouterr().err
    assert run("statement-key", "promote", "--apply", at=NOW + timedelta(minutes=30)) == 0
    assert held(STATEMENTS).in_use == ("k2", "k1")
    assert run("statement-key", "next", "--apply", at=NOW + timedelta(days=1)) == 1, "two keys at most"
    assert run("statement-key", "drop", "--apply", at=NOW + timedelta(hours=25)) == 1
    assert run("statement-key", "drop", "--apply", at=NOW + timedelta(hours=26)) == 0
    assert held(STATEMENTS).in_use == ("k2",)
    versions = boto3.client("secretsmanager").list_secret_version_ids(SecretId=STATEMENTS)["Versions"]
    staged = sorted(label for version in versions for label in version["VersionStages"])
    assert staged == ["AWSCURRENT"], "no version holds the key that was dropped"


def test_a_leaked_key_of_statements_is_replaced_at_once_one_of_digests_never(stage: World) -> None:
    for name in ("statement-key", "digest-key"):
        assert run(name, "next", "--apply") == 0
    assert run("digest-key", "promote", "--leaked", "--apply") == 1
    for action in ("promote", "drop"):
        assert run("statement-key", action, "--leaked", "--apply") == 0
    assert held(STATEMENTS).in_use == ("k2",)


def test_a_key_that_was_never_used_may_be_cancelled(stage: World) -> None:
    assert run("digest-key", "cancel", "--apply") == 1
    assert run("digest-key", "next", "--apply") == 0
    assert run("digest-key", "cancel", "--apply") == 0
    assert held().keys == {"k1": SECRET}


def test_a_key_that_somebody_still_stands_under_is_not_dropped_but_after_a_leak(
    stage: World, capsys: pytest.CaptureFixture[str]
) -> None:
    exchange, today = Exchange(stage), wiring.now()
    exchange.report("alpha", 0)
    exchange.look_up("beta", 1)
    exchange.roster("beta", [1])
    assert run("digest-key", "next", "--apply", at=today) == 0
    assert run("digest-key", "promote", "--apply", at=today + timedelta(hours=1)) == 0
    wiring.digest.cache_clear()
    capsys.readouterr()
    year = today + timedelta(days=361)
    assert run("digest-key", "drop", at=today + timedelta(days=359)) == 1
    assert run("digest-key", "drop", at=year) == 1
    assert f'"{standing.SUBJECTS}": 1, "{standing.MERCHANTS}": 1' in capsys.readouterr().err
    exchange.report("alpha", 0)
    exchange.roster("beta", [1])
    assert run("digest-key", "drop", at=year) == 0
    capsys.readouterr()
    assert run("digest-key", "status", "--count") == 0
    counted = said(capsys)["left_behind"]
    assert (counted[standing.SUBJECTS], counted[standing.MERCHANTS]) == (0, 0)
    assert run("digest-key", "drop", "--leaked", "--apply", at=today + timedelta(minutes=89)) == 1
    assert run("digest-key", "drop", "--leaked", "--apply", at=today + timedelta(hours=2)) == 0
    assert run("digest-key", "strip", "--apply", at=today + timedelta(hours=2)) == 1
    capsys.readouterr()
    assert run("digest-key", "strip", "--apply", at=year) == 0
    assert said(capsys) == {"stripped": 1, "applied": True}
    wiring.digest.cache_clear()
    assert len(exchange.listings(0)) == 1


def test_of_two_administrators_at_once_one_is_refused(stage: World) -> None:
    secrets = boto3.client("secretsmanager")
    first, second = (secret_versions.read(secrets, STATEMENTS) for _ in range(2))
    secret_versions.replace(secrets, STATEMENTS, first, KeyDocument("k1", {"k1": SECRET}, "", NOW.isoformat()))
    with pytest.raises(DeployError, match="changed meanwhile"):
        secret_versions.replace(secrets, STATEMENTS, second, KeyDocument("k1", {"k1": "b" * 64}))
    assert held(STATEMENTS).keys == {"k1": SECRET}


def test_what_is_no_document_is_left_alone(stage: World, capsys: pytest.CaptureFixture[str]) -> None:
    boto3.client("secretsmanager").put_secret_value(SecretId=STATEMENTS, SecretString="{}")
    assert run("statement-key", "next", "--apply") == 1
    assert "no document of keys" in capsys.readouterr().err
    assert run("digest-key", "strip") == 1
