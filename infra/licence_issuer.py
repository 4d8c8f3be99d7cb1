"""The exchange's own licence issuer in AWS: `python -m infra.licence_issuer --stage dev make`.

make        root, issuing authority and issuer, into the secret lianfang/<stage>/licence-issuer; refused if it is there
lists       new revocation lists, one for each week of the next year, which come into force by themselves; run it
            once a year (an alarm goes off two weeks before the last is over; then verification fails)
renew       a new key for the issuer of licences; licences signed with the old one stay good until it is revoked
revoke      count certificates as revoked, by serial number (hex) or `issuer`, and publish all lists anew; when it
            fails half-way, run `lists`, or the weeks that it did not reach know nothing of the revocation
national    put the national system's anchors and revocation lists (two PEM files)

The keys are read and written by an administrator alone; no function may read the secret or write under trust/.
"""

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.licences.adapters.exchange_issuer import LIST_DAYS, LicenceIssuer
from chalicelib.licences.adapters.trust_store import LICENCES, NATIONAL, TrustStore
from chalicelib.storage.file_bucket import FileBucket
from infra.aws import DeployError, client
from infra.stack import find_outputs

MISSING: Final = "ResourceNotFoundException"


def make(stage: str, now: datetime) -> None:
    """Make the issuer and publish its certificates; raises `DeployError` when there is one already."""
    secrets = client("secretsmanager")
    if _state(stage) is not None:
        raise DeployError(f"{_name(stage)} exists; to change its key: renew; to start over, delete the secret first")
    issuer = LicenceIssuer.make(f"lianfang-{stage}", now)
    secrets.create_secret(Name=_name(stage), SecretString=issuer.dump(), KmsKeyId=f"alias/lianfang-{stage}")
    _publish(stage, issuer, now)


def lists(stage: str, now: datetime) -> None:
    """Publish new revocation lists, for now and for the weeks to come."""
    _publish(stage, load(stage), now)


def renew(stage: str, now: datetime) -> None:
    """Give the issuer of licences a new key; kept before anything is signed with it."""
    issuer = load(stage)
    issuer.renew_issuer(now)
    _keep(stage, issuer)


def revoke(stage: str, serials: list[str], now: datetime) -> list[str]:
    """Revoke by serial number in hex, or `issuer` for the key that signs now; every serial that is revoked then."""
    issuer = load(stage)
    for serial in serials:
        if serial == "issuer":
            issuer.revoke(issuer.issuer.certificate, now)
        else:
            issuer.revoked.setdefault(f"{_hex(serial):x}", now.isoformat())
    # Kept first: a list that is lost can be made again, a revocation that is lost cannot.
    _keep(stage, issuer)
    _publish(stage, issuer, now)
    return sorted(issuer.revoked)


def national(stage: str, anchors: bytes, revoked: bytes) -> None:
    """Store the trust anchors of the national system; raises `DeployError` when the files are not what they must be."""
    try:
        _store(stage, NATIONAL).write(anchors, revoked)
    except ValueError as error:
        raise DeployError(f"not anchors and revocation lists in PEM: {error}") from error


def _publish(stage: str, issuer: LicenceIssuer, now: datetime) -> None:
    """Publish what is revoked now, and only then the lists of the weeks to come."""
    store = _store(stage, LICENCES)
    store.publish(issuer, now)
    last = store.prepare(issuer, now)
    print(f"lists until {last + timedelta(days=LIST_DAYS):%Y-%m-%d}; run `lists` again before", file=sys.stderr)


def _name(stage: str) -> str:
    return f"lianfang/{stage}/licence-issuer"


def _state(stage: str) -> str | None:
    try:
        return str(client("secretsmanager").get_secret_value(SecretId=_name(stage))["SecretString"])
    except ClientError as error:
        if error.response["Error"]["Code"] != MISSING:
            raise
        return None


def load(stage: str) -> LicenceIssuer:
    """The issuer with its keys; raises `DeployError` where there is none."""
    state = _state(stage)
    if state is None:
        raise DeployError(f"{stage} has no licence issuer yet: make")
    return LicenceIssuer.load(state)


def _keep(stage: str, issuer: LicenceIssuer) -> None:
    client("secretsmanager").put_secret_value(SecretId=_name(stage), SecretString=issuer.dump())


def _store(stage: str, name: str) -> TrustStore:
    outputs = find_outputs(client("cloudformation"), stage)
    return TrustStore(FileBucket(client("s3"), outputs["FilesBucket"]), name)


def _hex(serial: str) -> int:
    try:
        return int(serial.replace(":", ""), 16)
    except ValueError:
        raise DeployError(f"a serial number is hexadecimal, or `issuer`; not {serial!r}") from None


def main(arguments: list[str]) -> int:
    """Do what the command line says; 1 and the reason when something is in the way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stage", required=True)
    parser.add_argument("action", choices=("make", "lists", "renew", "revoke", "national"))
    parser.add_argument("more", nargs="*", help="serial numbers to revoke, or the two files of `national`")
    options = parser.parse_args(arguments)
    now = datetime.now(UTC)
    try:
        if options.action == "revoke":
            print(json.dumps({"revoked": revoke(options.stage, options.more, now)}))
        elif options.action == "national":
            if len(options.more) != 2:
                raise DeployError("national takes two files: anchors and revocation lists")
            national(options.stage, *(Path(name).read_bytes() for name in options.more))
        else:
            {"make": make, "lists": lists, "renew": renew}[options.action](options.stage, now)
    except (DeployError, OSError) as error:
        print(f"licence issuer: {error}", file=sys.stderr)
        return 1
    except (ClientError, BotoCoreError) as error:
        print(f"licence issuer, AWS says: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
