"""The whole deploy of one stage, `python -m infra.deploy --stage dev`; each step may be done again.

preflight  account, region, quotas and stack, said before anything changes
lock       one deploy of the stage at a time, from the stack on (the first from what follows it)
stack      everything stateful, from infra/template.yaml
settings   the stack's outputs into .chalice/config.json and the policies
package    code and wheels for Lambda into build/<stage>
functions  what the next version of each function is made of, and the routes
harden     the settings that Chalice leaves out
release    versions are published, asked whether they are ready, and made live
operator   the first operator and its key, shown once
protect    prod's stack and tables are protected from deletion
"""

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.accounts import admit_platform, api_keys, platforms
from chalicelib.accounts.roles import Role
from chalicelib.notices.adapters.sns_topics import Topics
from chalicelib.storage.exchange_table import ExchangeTable
from chalicelib.values.records import Json
from infra.aws import DeployError, bucket_exists, client
from infra.bring_up import Target, admitted_accounts, bring_up, release_clients, release_place
from infra.harden import Deployed, read_deployed
from infra.preflight import describe, read_account
from infra.release import callers, releases, state
from infra.release.live import Fetch, check_live, fetch_over_http, fetch_signed
from infra.release.lock import locked
from infra.release.source import checked_out
from infra.restoring.record import refuse_while_restoring
from infra.settings import asks_for_signatures, check_sign_in, read_config
from infra.stack import files_bucket, find_outputs, protect, put_stack

PROJECT: Final = Path(__file__).resolve().parent.parent
FIRST_OPERATOR: Final = "operator"


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
    web_acl: str | None = None,
    exchange_units: str | None = None,
    vendor: bool = True,
) -> Result:
    """Bring the stage in AWS up to this project; what runs changes only once the new version is ready."""
    config = read_config(project, stage)
    check_sign_in(config, stage)
    account = read_account(stage, client)
    print("\n".join(describe(stage, account)))
    bucket = files_bucket(stage, account.account)
    refuse_while_restoring(client("s3"), bucket, stage)
    parameters = _parameters(
        config, stage, {"AlarmEmail": alarm_email, "WebAcl": web_acl, "ExchangeUnits": exchange_units}
    )
    put = partial(put_stack, client("cloudformation"), project, stage, parameters)
    # The lock lies in the bucket; while there is none, CloudFormation itself lets one deploy make the stack.
    outputs = {} if bucket_exists(client("s3"), bucket) else put()
    with locked(client("s3"), bucket, stage, lambda: datetime.now(UTC)) as lock:
        refuse_while_restoring(client("s3"), bucket, stage)
        outputs = outputs or put()
        lock.renew()
        deployed = bring_up(Target(stage, project, outputs, account.account, account.concurrency, vendor), fetch)
        operator_key = create_first_operator(outputs, stage)
        if stage == "prod":
            protect(client("cloudformation"), stage)
    return Result(outputs, deployed, operator_key)


def roll_back(stage: str, project: Path, fetch: Fetch) -> releases.Release:
    """Make the release before the newest live again: functions with their settings, and routes."""
    account = read_account(stage, client)
    bucket = files_bucket(stage, account.account)
    with locked(client("s3"), bucket, stage, lambda: datetime.now(UTC)):
        refuse_while_restoring(client("s3"), bucket, stage)
        state.fetch(client("s3"), project, stage, bucket)
        deployed = read_deployed(project, stage)
        made = releases.roll_back(release_clients(), release_place(stage, deployed, bucket))
        check_live(deployed.rest_api_url, fetch)
    return made


def admit_callers(stage: str, project: Path) -> list[str]:
    """Let exactly the accounts of participants call the deployed API; raises `DeployError` for one without signatures.

    No function does: whatever could change who may call an API could let itself be called by anybody.
    """
    account, outputs = read_account(stage, client), find_outputs(client("cloudformation"), stage)
    with locked(client("s3"), outputs["FilesBucket"], stage, lambda: datetime.now(UTC)):
        state.fetch(client("s3"), project, stage, outputs["FilesBucket"])
        deployed = read_deployed(project, stage)
        accounts = admitted_accounts(outputs["ExchangeTable"], account.account)
        if not callers.admit(client("apigateway"), deployed.rest_api_id, deployed.api_stage, accounts):
            raise DeployError(f"the API of {stage} asks for no signatures (gateway_auth: iam)")
    return accounts


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


def fetch_for(project: Path, stage: str) -> Fetch:
    """What asks the deployed API of the stage."""
    return fetch_signed if asks_for_signatures(read_config(project, stage), stage) else fetch_over_http


def _parameters(config: Json, stage: str, given: dict[str, str | None]) -> dict[str, str]:
    url = config["stages"][stage].get("environment_variables", {}).get("SERIOUS_VIOLATIONS_URL", "")
    parameters = {"SeriousViolationsFeed": "on" if url else "off"}
    return parameters | {name: value for name, value in given.items() if value is not None}


def main() -> int:
    """Deploy or go back as the command line says; 1 and the reason when something is in the way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stage", required=True)
    parser.add_argument("--alarm-email", help="where alarms go; without it, where they went until now")
    parser.add_argument("--web-acl", choices=("on", "off"), help="a web ACL before the API; without it, as until now")
    parser.add_argument(
        "--exchange-units", help="units of the exchange table at least, 0 by request; else as until now"
    )
    parser.add_argument("--commit", help="deploy this older commit with the tools of this one")
    parser.add_argument("--back", action="store_true", help="make the release before the newest live again")
    parser.add_argument("--callers", action="store_true", help="only let the AWS accounts of participants call")
    options = parser.parse_args()
    try:
        if options.callers:
            print("may call: " + ", ".join(admit_callers(options.stage, PROJECT)))
            return 0
        if options.back:
            made = roll_back(options.stage, PROJECT, fetch_for(PROJECT, options.stage))
            print(f"live again: {made.commit} of {made.at}")
            return 0
        with checked_out(PROJECT, options.commit) as project:
            result = deploy(
                options.stage,
                project,
                fetch=fetch_for(project, options.stage),
                alarm_email=options.alarm_email,
                web_acl=options.web_acl,
                exchange_units=options.exchange_units,
            )
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
