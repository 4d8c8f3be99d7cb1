"""The steps of a restore, in their order; each may be done again, and none undoes one before it.

close      gateway, queues, stream and schedules are stopped
copies     DynamoDB makes tables of the moment, beside those in use
drain      functions that were running have ended, the copies are there; the queues are emptied
settle     the copies get stream, time to live, backups, tags, protection
epoch      each log notes where it ends; access that was taken away since is taken away again
bucket     what was current at the moment is current again
stack      the stack names the copies
functions  a version that works on the copies is live; the gateway stays closed
rebuild    everything derived from the subjects is derived again
files      files that were in work at the moment come again
open       gateway, queues, stream and schedules serve again
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from chalicelib.accounts.file_turns import message_of
from chalicelib.storage.item_keys import roster_keys
from infra.aws import DeployError, client, object_exists, pace, patient_client, wait_for
from infra.bring_up import Target, bring_up
from infra.harden import Deployed, harden, read_deployed
from infra.preflight import read_account
from infra.release import state
from infra.release.live import Fetch, check_live
from infra.release.lock import Lock
from infra.release.readiness import HEALTH
from infra.restoring import access, intake, logs, objects, record, tables
from infra.restoring.record import Restore
from infra.settings import asks_for_signatures, read_config
from infra.stack import find_outputs, put_stack

# What a closed gateway answers, and how long it may take until it does.
CLOSED: Final = 503
CLOSING_SECONDS: Final = 300.0
# Longer than any function may run.
DRAIN: Final = timedelta(minutes=16)


@dataclass(frozen=True, slots=True)
class Run:
    """What a restore works with: its record, the project, the lock, how to ask the live API."""

    restore: Restore
    project: Path
    lock: Lock
    fetch: Fetch
    vendor: bool = True

    def keep(self) -> None:
        """Keep how far it is, and the lock."""
        record.write(client("s3"), self.restore)
        self.lock.renew()

    def deployed(self) -> Deployed:
        """What is deployed, by the record in the bucket."""
        state.fetch(client("s3"), self.project, self.restore.stage, self.restore.bucket)
        return read_deployed(self.project, self.restore.stage)

    def outputs(self) -> dict[str, str]:
        """The outputs of the stack as they are now."""
        return find_outputs(client("cloudformation"), self.restore.stage)


def close(run: Run) -> None:
    """Stop what comes in."""
    restore, deployed = run.restore, run.deployed()
    if not restore.closed_at:
        intake.note_enabled(restore, deployed, client)
        # The end of the time that is lost, or a little before it.
        restore.closed_at = datetime.now(UTC).isoformat(timespec="seconds")
        run.keep()
    intake.stop(restore, deployed, client)
    # Asked and not believed: whatever it let through would be lost.
    health = deployed.rest_api_url.removesuffix("/") + HEALTH

    def is_closed() -> bool | None:
        return True if run.fetch(health)[0] == CLOSED else None

    wait_for(is_closed, seconds=CLOSING_SECONDS, every=3, subject="an API that answers 503")


def copies(run: Run) -> None:
    """Have the tables of the moment made."""
    tables.copy(client("dynamodb"), run.restore)


def drain(run: Run) -> None:
    """Wait for what was running and for the copies."""
    ended = datetime.fromisoformat(run.restore.closed_at) + DRAIN * pace()

    def is_over() -> bool | None:
        run.lock.renew()
        return True if datetime.now(UTC) >= ended else None

    wait_for(is_over, seconds=2 * DRAIN.total_seconds(), every=15, subject="end of running functions")
    tables.wait_until_active(client("dynamodb"), run.restore, run.lock.renew)
    intake.purge_queues(run.restore, client)


def settle(run: Run) -> None:
    """Give the copies what a restore leaves out."""
    run.restore.places["stream"] = tables.settle(client("dynamodb"), run.restore)


def epoch(run: Run) -> None:
    """Begin the new epoch, and note what is lost."""
    restore, exchanges = run.restore, logs.Exchanges.of(client("dynamodb"), run.restore)
    # Not again once something may have been numbered in the new epoch.
    restore.ends = restore.ends or logs.begin_epoch(exchanges, restore.epoch)
    restore.lost = logs.lost(exchanges, restore.ends)
    # Done again it finds nothing more to take away.
    for kind, names in access.take_away_again(exchanges, datetime.now(UTC)).items():
        restore.taken_away[kind] = sorted({*restore.taken_away.get(kind, ()), *names})
    # The snapshot of then may be gone from the bucket; the next run of its schedule begins a new one.
    key = {"id": {"S": roster_keys.SNAPSHOT_BUILD}}
    client("dynamodb").delete_item(TableName=restore.after("exchange"), Key=key)


def bucket(run: Run) -> None:
    """Put the objects back."""
    objects.put_back(client("s3"), run.restore, run.lock.renew)


def stack(run: Run) -> None:
    """Let the stack name the copies."""
    restore = run.restore
    parameters = {
        "TableSuffix": restore.suffix,
        "SubjectsStream": restore.places["stream"],
        "Epoch": str(restore.epoch),
    }
    put_stack(client("cloudformation"), run.project, restore.stage, parameters)


def functions(run: Run) -> None:
    """Make a version live that works on the copies."""
    outputs, stage = run.outputs(), run.restore.stage
    # First: Chalice holds a mapping against the stream that it was made for, and makes a new one only where it is gone.
    intake.drop_mappings_of_other_streams(run.deployed(), outputs["SubjectsStreamArn"], client)
    account = read_account(stage, client)
    bring_up(Target(stage, run.project, outputs, account.account, account.concurrency, run.vendor), None)


def rebuild(run: Run) -> None:
    """Derive everything again, page after page."""
    function = run.deployed().functions["rebuild"]
    for job, event in (("sweep", {"sweep": True}), ("rebuild", {})):
        while (place := run.restore.places.get(job, "")) != "done":
            answer = patient_client("lambda").invoke(
                FunctionName=function, Payload=json.dumps({**event, "start": place}).encode()
            )
            result = json.loads(answer["Payload"].read())
            if "FunctionError" in answer or "errorType" in result:
                raise DeployError(f"rebuild failed, see its log: {result}")
            run.restore.places[job] = result["next"] or "done"
            run.keep()


def files(run: Run) -> None:
    """Bring the files that were in work again; one whose object is gone is refused then, and its sender is told."""
    restore, sqs, s3 = run.restore, client("sqs"), client("s3")
    exchanges = logs.Exchanges.of(client("dynamodb"), restore)
    restore.counts["roster_runs_sent_again"] = logs.send_runs_again(exchanges.after)
    queues = {"report": "ReportFilesQueue", "roster": "RosterFilesQueue"}
    urls = {kind: sqs.get_queue_url(QueueName=restore.outputs[name])["QueueUrl"] for kind, name in queues.items()}
    sent = 0
    for file in logs.unfinished(client("dynamodb"), restore.after("exchange")):
        run.lock.renew()
        if file.is_in_work or object_exists(s3, restore.bucket, file.key):
            sqs.send_message(QueueUrl=urls[file.kind], MessageBody=json.dumps(message_of(file.key)))
            sent += 1
    restore.counts["files_sent_again"] = sent


def open_again(run: Run) -> None:
    """Serve again."""
    outputs, deployed, stage = run.outputs(), run.deployed(), run.restore.stage
    intake.start(run.restore, deployed, client)
    signed = asks_for_signatures(read_config(run.project, stage), stage)
    harden(deployed, outputs, client, read_account(stage, client).concurrency, signed)
    check_live(deployed.rest_api_url, run.fetch)


STEPS: Final[dict[str, Callable[[Run], None]]] = {
    "close": close,
    "copies": copies,
    "drain": drain,
    "settle": settle,
    "epoch": epoch,
    "bucket": bucket,
    "stack": stack,
    "functions": functions,
    "rebuild": rebuild,
    "files": files,
    "open": open_again,
}


def carry_out(run: Run, announce: Callable[[str], Any]) -> None:
    """Do the steps that are not done yet, and keep each as soon as it is."""
    for name, step in STEPS.items():
        if name in run.restore.done:
            continue
        announce(name)
        run.lock.renew()
        started = time.monotonic()
        step(run)
        took = time.monotonic() - started
        run.restore.seconds[name] = round(run.restore.seconds.get(name, 0) + took, 1)
        run.restore.done.append(name)
        run.keep()
