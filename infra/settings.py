"""Settings of the stack for its functions: outputs into `.chalice/config.json`, ARNs into policies."""

import json
import re
from pathlib import Path
from string import Template
from typing import Final

from chalicelib.values.records import Json
from infra.aws import DeployError

# Participants are admitted by their key alone, or by the signature of an admitted AWS account and their key.
GATEWAY_AUTH: Final = ("key", "iam")
CONFIG: Final = Path(".chalice/config.json")
POLICIES: Final = Path(".chalice/policies")
# The stage's tables; each is named `lianfang-<table>-<stage>`, and after a restore has a suffix.
TABLES: Final = ("subjects", "keys", "exchange")
# Outputs that only the deploy itself reads.
FOR_DEPLOY_ONLY: Final = frozenset(
    {"KeyArn", "StreamDeadQueueArn", "ScheduleDeadQueueArn", "GatewayLogArn", "WebAclArn"}
)


def output_of(table: str) -> str:
    """The output of the stack that names a table in use.

    >>> output_of("subjects")
    'SubjectsTable'
    """
    return f"{table.capitalize()}Table"


def read_config(project: Path, stage: str) -> Json:
    """The project's Chalice configuration; raises `DeployError` when it has no such stage."""
    config: Json = json.loads((project / CONFIG).read_text(encoding="utf-8"))
    if stage not in config["stages"]:
        raise DeployError(f"{CONFIG} has no stage {stage}; it has {', '.join(config['stages'])}")
    return config


def check_sign_in(config: Json, stage: str) -> None:
    """Raise `DeployError` for a stage whose people could sign in by links, or with a provider that is half set."""
    named = config["stages"][stage].get("environment_variables", {})
    issuer, client = named.get("OIDC_ISSUER", ""), named.get("OIDC_CLIENT_ID", "")
    if named.get("SIGN_IN_LINKS", ""):
        raise DeployError(f"SIGN_IN_LINKS of {stage} is for a developer's machine alone")
    if bool(issuer) != bool(client):
        raise DeployError(f"OIDC_ISSUER and OIDC_CLIENT_ID of {stage} go together")
    if issuer and not issuer.startswith("https://"):
        raise DeployError(f"OIDC_ISSUER of {stage} does not start with https://")


def asks_for_signatures(config: Json, stage: str) -> bool:
    """Whether the stage's gateway admits participants by the signature of their AWS account (`gateway_auth: iam`).

    Raises `DeployError` for a value that it does not have.
    """
    asked = config["stages"][stage].get("gateway_auth", "key")
    if asked not in GATEWAY_AUTH:
        raise DeployError(f"gateway_auth of {stage} is {asked!r} and not one of {', '.join(GATEWAY_AUTH)}")
    return bool(asked == "iam")


def variable(output: str) -> str:
    """The environment variable that an output becomes.

    >>> variable("SubjectsStreamArn")
    'SUBJECTS_STREAM_ARN'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", output).upper()


def write_settings(project: Path, stage: str, outputs: dict[str, str]) -> None:
    """Put the stack's outputs into the stage's environment; what else stands there stays."""
    config = read_config(project, stage)
    environment = config["stages"][stage].setdefault("environment_variables", {})
    # Lambda in China has no X-Ray (docs.amazonaws.cn, "Lambda: feature availability").
    config["stages"][stage]["xray"] = outputs["SubjectsStreamArn"].split(":")[1] != "aws-cn"
    environment["TRACED"] = "yes" if config["stages"][stage]["xray"] else ""
    environment["GATEWAY_AUTH"] = "iam" if asks_for_signatures(config, stage) else "key"
    environment |= {variable(name): value for name, value in outputs.items() if name not in FOR_DEPLOY_ONLY}
    text = json.dumps(config, indent=2, ensure_ascii=False) + "\n"
    if (project / CONFIG).read_text(encoding="utf-8") != text:
        (project / CONFIG).write_text(text, encoding="utf-8")


def write_policies(project: Path, stage: str, outputs: dict[str, str]) -> None:
    """Fill `.chalice/policy-<function>.json` with the names of this stage, for Chalice to attach.

    The tables are those in use, which after a restore have other names than the stage gives them. Partition, region
    and account come from the stream's ARN, so that China's partition needs no other files.
    """
    _, partition, _, region, account, _ = outputs["SubjectsStreamArn"].split(":", 5)
    names = {
        "Stage": stage,
        "Partition": partition,
        "Region": region,
        "Account": account,
        "KeyArn": outputs["KeyArn"],
    }
    target = project / POLICIES / stage
    target.mkdir(parents=True, exist_ok=True)
    for source in sorted((project / ".chalice").glob("policy-*.json")):
        text = Template(source.read_text(encoding="utf-8")).substitute(names)
        for table in TABLES:
            own = f"lianfang-{table}-{stage}"
            text = re.sub(rf':table/{own}(?=[/"])', f":table/{outputs.get(output_of(table), own)}", text)
        (target / (source.stem.removeprefix("policy-") + ".json")).write_text(text, encoding="utf-8")
