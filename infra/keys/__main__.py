"""Rotate a key of a stage: `python -m infra.keys --stage prod digest-key next`. Nothing is changed without `--apply`.

status     which keys there are, when the last step was taken, which may come now; `--count` reads what stands
           under earlier keys of the digests alone (it reads all tables and rosters once)
next       distribute a new key: every function knows it, none uses it
promote    make it the current key, 30 minutes later at the earliest
cancel     take a distributed key away again
drop       take the earlier key away, for good: of the digests after 360 days, of statements after 25 hours
strip      after `drop` of the digest key: take the forms under it out of the subjects

`--leaked` drops whatever still stands under the earlier key: nobody is found by that any more. A key of digests it
drops 30 minutes after `promote`; one of statements it promotes and drops at once: functions that have not heard of it
find statements by it unknown for minutes.
"""

import argparse
import json
import secrets
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.key_document import HEARD_AFTER, KeyDocument
from chalicelib.registry.adapters.registry_table import RegistryTable
from chalicelib.storage.file_bucket import FileBucket
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso
from infra.aws import DeployError, client
from infra.keys import secret_versions, standing, steps
from infra.keys.strip import strip_subjects
from infra.stack import find_outputs

DIGESTS: Final = "digest-key"
ACTIONS: Final = ("status", "next", "promote", "cancel", "drop", "strip")


def status(stage: str, name: str, *, count: bool) -> Json:
    """The keys of a secret by id, never their values, and what stands under earlier ones where that is asked."""
    document = _read(stage, name).document
    said: Json = {"current": document.current, "earlier": list(document.in_use[1:]), "next": document.next}
    said["moved_at"] = document.moved_at
    if len(document.in_use) > 1:
        said["earlier_needed_until"] = iso(datetime.fromisoformat(document.moved_at) + steps.SECRETS[name])
    return said | ({"left_behind": left_behind(stage, document)} if count and name == DIGESTS else {})


def left_behind(stage: str, document: KeyDocument) -> dict[str, int]:
    """What stands under earlier keys alone, by kind."""
    outputs, dynamodb = find_outputs(client("cloudformation"), stage), client("dynamodb")
    current, queues = document.current, dict[str, Json]()

    def exchange_items() -> Iterator[Json]:
        for item in standing.items_of(dynamodb, outputs["ExchangeTable"]):
            if str(item["id"]).startswith("rosters#"):
                queues[str(item["id"]).partition("#")[2]] = item
            yield item

    counts = standing.count_exchange(exchange_items(), current, document.moved_at)
    counts += standing.count_subjects(standing.items_of(dynamodb, outputs["SubjectsTable"]), current)
    counts += standing.count_merchants(queues, FileBucket(client("s3"), outputs["FilesBucket"]), current)
    return {kind: counts[kind] for kind in standing.KINDS}


def step(stage: str, name: str, action: str, now: datetime, *, leaked: bool, apply: bool) -> Json:
    """Take one step, or say what it would do; raises `DeployError` where it would come too soon."""
    before = _read(stage, name)
    document = before.document
    # What a function that has not heard of a step digests would find nobody later; a statement is only checked again.
    heard = timedelta(0) if leaked and name != DIGESTS else HEARD_AFTER
    kept = heard if leaked else steps.SECRETS[name]
    taken: dict[str, Callable[[], KeyDocument]] = {
        "next": lambda: steps.with_next(document, _new_key, now),
        "promote": lambda: steps.promoted(document, heard, now),
        "cancel": lambda: steps.cancelled(document, now),
        "drop": lambda: steps.dropped(document, kept, now),
    }
    after = taken[action]()
    if action == "drop" and name == DIGESTS and not leaked:
        _refuse_loss(left_behind(stage, document))
    if apply:
        forget = action in ("drop", "cancel")
        secret_versions.replace(client("secretsmanager"), _name(stage, name), before, after, forget=forget)
    return {"current": after.current, "earlier": list(after.in_use[1:]), "next": after.next, "applied": apply}


def strip(stage: str, name: str, now: datetime, *, apply: bool) -> Json:
    """Take the forms under dropped keys out of the subjects."""
    document = _read(stage, name).document
    if name != DIGESTS or len(document.in_use) > 1 or document.next:
        raise DeployError("only forms under dropped keys of the digests can be stripped: drop first")
    if now < datetime.fromisoformat(document.moved_at or iso(now)) + HEARD_AFTER:
        raise DeployError("some functions may still write under the dropped key: wait 30 minutes")
    outputs = find_outputs(client("cloudformation"), stage)
    subjects, keys, exchange = (outputs[table] for table in ("SubjectsTable", "KeysTable", "ExchangeTable"))
    registry = RegistryTable(client("dynamodb"), subjects, keys, exchange)
    return {"stripped": strip_subjects(registry, document.in_use, iso(now)) if apply else None, "applied": apply}


def _refuse_loss(counts: dict[str, int]) -> None:
    lost = {kind: number for kind, number in counts.items() if number and kind not in standing.INFORMATION}
    if lost:
        raise DeployError(f"nobody would be found by these any more: {json.dumps(lost)}; --leaked drops all the same")


def _new_key() -> str:
    """A key of 32 bytes, as the stack makes them: 64 hexadecimal digits."""
    return secrets.token_hex(32)


def _name(stage: str, name: str) -> str:
    return f"lianfang/{stage}/{name}"


def _read(stage: str, name: str) -> secret_versions.Held:
    return secret_versions.read(client("secretsmanager"), _name(stage, name))


def main(arguments: list[str], now: datetime | None = None) -> int:
    """Do what the command line says; 1 and the reason when something is in the way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stage", required=True)
    parser.add_argument("secret", choices=sorted(steps.SECRETS))
    parser.add_argument("action", choices=ACTIONS)
    for flag in ("apply", "count", "leaked"):
        parser.add_argument(f"--{flag}", action="store_true")
    options = parser.parse_args(arguments)
    moment = now or datetime.now(UTC)
    stage, name = options.stage, options.secret
    try:
        if options.action == "status":
            said = status(stage, name, count=options.count)
        elif options.action == "strip":
            said = strip(stage, name, moment, apply=options.apply)
        else:
            said = step(stage, name, options.action, moment, leaked=options.leaked, apply=options.apply)
    except DeployError as error:
        print(f"keys: {error}", file=sys.stderr)
        return 1
    except (ClientError, BotoCoreError) as error:
        print(f"keys, AWS says: {error}", file=sys.stderr)
        return 1
    print(json.dumps(said, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
