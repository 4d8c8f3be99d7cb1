"""The project's own files as tests of the deploy read them."""

import json
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from cfnlint.decode.cfn_yaml import load

ROOT = Path(__file__).resolve().parent.parent.parent
STAGE = "prod"
NAMES = {
    "Stage": STAGE,
    "Partition": "aws-cn",
    "Region": "cn-north-1",
    "Account": "123456789012",
    "KeyArn": "arn:aws-cn:kms:cn-north-1:123456789012:key/0",
}


@cache
def template() -> dict[str, Any]:
    """The stack's template, intrinsic functions as CloudFormation writes them in JSON."""
    return load(str(ROOT / "infra/template.yaml"))


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """The template's resources of one type, by logical id."""
    return {name: resource for name, resource in template()["Resources"].items() if resource["Type"] == kind}


def properties(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of the template's resources of one type, by logical id."""
    return {name: resource["Properties"] for name, resource in resources(kind).items()}


def text(value: Any) -> str:
    """A string of the template, with the stage and the account filled in."""
    plain = value["Fn::Sub"] if isinstance(value, dict) else value
    for name, filled in {"Stage": STAGE, "AWS::AccountId": NAMES["Account"]}.items():
        plain = plain.replace(f"${{{name}}}", filled)
    return str(plain)


def config() -> dict[str, Any]:
    """`.chalice/config.json`."""
    return json.loads((ROOT / ".chalice/config.json").read_text(encoding="utf-8"))


def function_names() -> dict[str, str]:
    """The name in AWS of each function of app.py, by the name of its handler."""
    from app import app

    triggered = [source.name for source in (*app.event_sources, *app.pure_lambda_functions)]
    # The API's function alone is called without its handler's name.
    return {"api_handler": f"lianfang-{STAGE}"} | {name: f"lianfang-{STAGE}-{name}" for name in triggered}


def policy(function: str) -> list[dict[str, Any]]:
    """The statements of a function's policy, filled in for one stage."""
    source = (ROOT / f".chalice/policy-{function}.json").read_text(encoding="utf-8")
    statements: list[dict[str, Any]] = json.loads(Template(source).substitute(NAMES))["Statement"]
    return statements


def as_list(value: Any) -> list[Any]:
    """A value that may stand alone or in a list."""
    return list(value) if isinstance(value, list) else [value]
