"""Puts a stage back to an earlier moment: `python -m infra.restore --stage prod --to 2026-03-01T02:30:00Z`.

Says what would be lost and changes nothing; with `--confirm prod` it is done. It may be run again after it broke off at
any place, and goes on. Nothing is destroyed: the earlier tables stay under their names, objects as older versions.

"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.values.records import Json
from infra.aws import DeployError, client
from infra.deploy import PROJECT, fetch_for
from infra.preflight import describe, read_account
from infra.release.live import Fetch
from infra.release.lock import locked
from infra.release.source import checked_out
from infra.restoring import logs, objects, record, report, steps, tables
from infra.restoring.record import Restore
from infra.stack import files_bucket, find_outputs


def plan(stage: str, to: datetime, client: Callable[[str], Any] = client) -> Restore:
    """The restore that goes on, or a new one to that moment; `DeployError` where it cannot be."""
    account = read_account(stage, client)
    print("\n".join(describe(stage, account)))
    outputs = find_outputs(client("cloudformation"), stage)
    moment = to.isoformat(timespec="seconds")
    last = record.read(client("s3"), files_bucket(stage, account.account), stage)
    if last and not last.done_at:
        if last.to != moment:
            raise DeployError(f"{stage} is being put back to {last.to} already: go on with that moment")
        return last
    if "Epoch" not in outputs:
        raise DeployError("the stack is older than restores: deploy this commit first, then put it back")
    now = datetime.now(UTC)
    restore = Restore(
        stage=stage,
        to=moment,
        at=now.isoformat(timespec="seconds"),
        epoch=int(outputs["Epoch"]) + 1,
        suffix=f"-r{now:%Y%m%d%H%M%S}",
        outputs=outputs,
    )
    tables.check_moment(client("dynamodb"), restore)
    return restore


def preview(restore: Restore) -> None:
    """Say what the restore would lose, by the tables and the bucket as they are."""
    lost = logs.lost_since(client("dynamodb"), restore)
    changed = objects.count_changes(client("s3"), restore.bucket, restore.moment)
    print("\n".join(report.describe(restore, lost, changed)))


def restore_stage(
    stage: str,
    to: datetime,
    project: Path,
    *,
    fetch: Fetch,
    vendor: bool = True,
    announce: Callable[[str], Any] = print,
) -> Json:
    """Put the stage back, or go on where that broke off; the report."""
    planned = plan(stage, to)
    with locked(client("s3"), planned.bucket, stage, lambda: datetime.now(UTC)) as lock:
        s3 = client("s3")
        last = record.read(s3, planned.bucket, stage)
        restore = last if last and not last.done_at else planned
        steps.carry_out(steps.Run(restore, project, lock, fetch, vendor), announce)
        restore.done_at = datetime.now(UTC).isoformat(timespec="seconds")
        print(f"report: s3://{restore.bucket}/{report.keep(s3, restore)}")
        record.write(s3, restore)
    return report.report(restore)


def read_moment(text: str) -> datetime:
    """A moment with its time zone, in UTC; raises `DeployError` for any other text."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise DeployError(f"{text} has no time zone: say it as {text}Z or {text}+08:00")
        return moment.astimezone(UTC).replace(microsecond=0)
    # Overflow: in UTC it is before the year 1 or after 9999.
    except (ValueError, OverflowError) as error:
        raise DeployError(f"{text} is no moment: say it as 2026-03-01T02:30:00Z") from error


def main() -> int:
    """Say what would be lost, or put the stage back; 1 and the reason when something is in the way."""
    parser = argparse.ArgumentParser(
        description=__doc__ + str(steps.__doc__), formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--stage", required=True)
    parser.add_argument("--to", required=True, help="the moment, with its time zone: 2026-03-01T02:30:00Z")
    parser.add_argument("--confirm", help="the stage's name once more: what came since the moment is lost")
    parser.add_argument("--commit", help="put back with the functions of this older commit")
    options = parser.parse_args()
    try:
        moment = read_moment(options.to)
        if options.confirm is None:
            preview(plan(options.stage, moment))
            print(f"nothing was changed; say --confirm {options.stage} to do it")
            return 0
        if options.confirm != options.stage:
            raise DeployError(f"say --confirm {options.stage}: what came since {options.to} is lost")
        with checked_out(PROJECT, options.commit) as project:
            done = restore_stage(options.stage, moment, project, fetch=fetch_for(project, options.stage))
    except (DeployError, ClientError, BotoCoreError) as error:
        print(f"restore stopped: {error}\nrun it again: it goes on where it stopped", file=sys.stderr)
        return 1
    print(json.dumps(done, indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
