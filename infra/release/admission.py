"""Lets the AWS accounts of participants call an API that asks for signatures: `make callers STAGE=prod`.

Every deploy does it; this does it alone, after an operator has admitted a platform with its `aws_account`. The
functions do not: whoever could change who may call an API could let itself be called by anybody.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.accounts import platforms
from chalicelib.storage.exchange_table import ExchangeTable
from infra import state
from infra.aws import DeployError, client
from infra.harden import read_deployed
from infra.preflight import read_account
from infra.release import callers
from infra.release.lock import locked
from infra.stack import find_outputs

PROJECT: Final = Path(__file__).resolve().parent.parent.parent


def admitted_accounts(exchange_table: str, own: str) -> list[str]:
    """The AWS accounts that may call an API that asks for signatures: the API's own, and those of participants."""
    participants = platforms.find_all(ExchangeTable(client("dynamodb"), exchange_table))
    return sorted({own, *(platform.aws_account for platform in participants if platform.aws_account)})


def admit_callers(stage: str, project: Path) -> list[str]:
    """Let exactly the accounts of participants call the deployed API; raises `DeployError` for one without IAM."""
    account = read_account(stage, client)
    outputs = find_outputs(client("cloudformation"), stage)
    with locked(client("s3"), outputs["FilesBucket"], stage, lambda: datetime.now(UTC)):
        state.fetch(client("s3"), project, stage, outputs["FilesBucket"])
        deployed = read_deployed(project, stage)
        accounts = admitted_accounts(outputs["ExchangeTable"], account.account)
        if not callers.admit(client("apigateway"), deployed.rest_api_id, deployed.api_stage, accounts):
            raise DeployError(f"the API of {stage} asks for no signatures (gateway_auth: iam)")
    return accounts


def main() -> int:
    """Admit as the command line says; 1 and the reason when something is in the way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stage", required=True)
    options = parser.parse_args()
    try:
        accounts = admit_callers(options.stage, PROJECT)
    except (DeployError, ClientError, BotoCoreError) as error:
        print(f"stopped: {error}", file=sys.stderr)
        return 1
    print("may call: " + ", ".join(accounts))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
