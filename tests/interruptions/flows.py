"""Everything that changes something at the exchange, as small as it can be, each on the same prepared exchange.

A flow is what a client, a queue, the stream or a schedule does, and does again when it had no answer.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib import wiring
from chalicelib.storage.item_keys import scheduled_job_keys
from tests.conftest import ENVIRONMENT
from tests.handlers.test_outages import failing
from tests.recorded.stage import Stage, code
from tests.recorded.state import Clock
from tests.world import SCHEDULED, World

START = "2026-11-20T02:00:00+00:00"
PARTICIPANTS = ("alpha", "beta", "bureau")
AWAY = ClientError({"Error": {"Code": "ServiceUnavailable", "Message": "away"}}, "Publish")
CSV = {"Content_Type": "text/csv", "X_File_Name": "a.csv"}
# Made at random, so another one at each try.
RANDOM = re.compile(r"\b[ko]_[0-9a-f]{24,}\b|\b[0-9a-f]{64}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
# A hint at the end of a log, which the next entry finds by itself; a lease of the worker; how often a caller asked; the
# turn of a file; the numbers of a day, of which a call that died leaves one out; the audit log, which has each try.
ASIDE = ("head#", "lease#", "usage#", "turns#", "day#", "day-until#", "feed-run#", "audit")


@dataclass(frozen=True, slots=True)
class Flow:
    """What is done, and what is done after it died; `before`: what was done before it, and did not die.

    `aside`: how the ids of items begin that may differ then.
    """

    do: Callable[[Stage], object]
    before: Callable[[Stage], object] = Stage.settle
    again: Callable[[Stage], object] | None = None
    aside: tuple[str, ...] = ()


def prepare(world: World, clock: Clock) -> Stage:
    """Beta knows merchants whom alpha reported; one listing ends tomorrow; one notice was not pushed."""
    stage = Stage(world, clock)
    for participant in PARTICIPANTS:
        role = "regulator" if participant == "bureau" else "platform"
        wanted = {"id": participant, "name": participant, "role": role}
        stage.keys[participant] = stage.post("ops", "/v1/platforms", wanted)["key"]
    stage.kept["ear"] = world.listen(wiring.settings().closures_topic_arn)
    stage.kept["ears"] = {actor: world.listen(wiring.topics().platform_arn(actor)) for actor in PARTICIPANTS}
    for number in (1, 4):
        stage.look_up("beta", uscc=code(number))
    stage.evict("alpha", 1)
    # Without a name there is little to index.
    evict(stage, 3, expires_on="2026-11-21")
    with failing(world.sns, "Publish", AWAY):
        evict(stage, 4)
    stage.kept["listing"] = stage.listing(1)
    for function in ("feeds_due", "licences_due", "clocks_due", "snapshot_due"):
        stage.invoke(function, feeds=["none"])
    return stage


def evict(stage: Stage, number: int, **fields: str) -> None:
    """Alpha reports a merchant by its code alone."""
    plain = {"evicted_on": "2026-11-08", "reason_text": "售假", "evidence_level": "E4"}
    stage.post("alpha", "/v1/reports", {"evictions": [{"uscc": code(number), **plain, **fields}]})
    stage.settle()


def end_state(stage: Stage, aside: tuple[str, ...]) -> dict[str, Any]:
    """Everything that lasts: every item, the names of the objects, and whom which notice has reached."""
    from moto.dynamodb.models import dynamodb_backends

    tables: dict[str, Any] = {}
    for table in ("SUBJECTS_TABLE", "KEYS_TABLE", "EXCHANGE_TABLE"):
        held = dynamodb_backends["123456789012"]["cn-north-1"].tables[ENVIRONMENT[table]].items
        kept = [_fields(item.attrs) for item in held.values()]
        tables[table] = sorted(
            _canonical(item) for item in kept if not str(item.get("id")).startswith((*ASIDE, *aside))
        )
    versions = stage.world.s3.list_object_versions(Bucket=ENVIRONMENT["FILES_BUCKET"]).get("Versions", [])
    objects = sorted({RANDOM.sub("*", version["Key"]) for version in versions})
    ears = {"everyone": stage.kept["ear"], **stage.kept["ears"]}
    # A notice may come twice, but never with two ids.
    heard = {name: sorted({str(each["notice_id"]) for each in stage.world.heard(url)}) for name, url in ears.items()}
    return {**tables, "objects": objects, "heard": heard}


def _fields(item: Mapping[str, Any]) -> dict[str, Any]:
    return {field: _plain(value) for field, value in item.items()}


def _canonical(fields: dict[str, Any]) -> str:
    if str(fields.get("id")).startswith(("report#", "roster#")):
        fields = {field: value for field, value in fields.items() if field not in ("places", "place")}
    if str(fields.get("id")).startswith(("stale#", "open-task-days:")):
        # A mark is a fresh token each time; which days are marked is the same.
        fields = {field: bool(value) for field, value in fields.items() if field != "id"} | {"id": fields["id"]}
    if str(fields.get("id")).startswith("display#"):
        # A change that is made twice is counted twice.
        fields = {field: value for field, value in fields.items() if field != "version"}
    return RANDOM.sub("*", json.dumps(fields, sort_keys=True, ensure_ascii=False))


def _plain(stored: Any) -> Any:
    """A value as moto keeps it, in plain JSON; sets in order."""
    if stored.type == "M":
        return {field: _plain(value) for field, value in stored.value.items()}
    if stored.type == "L":
        return [_plain(value) for value in stored.value]
    return sorted(stored.value) if stored.type in ("SS", "NS") else str(stored.value)


def call(actor: str, method: str, path: str, body: Any = None, **headers: str) -> Callable[[Stage], object]:
    """A request that is sent again as it was; whatever is answered then, what is stored counts."""

    def do(stage: Stage) -> object:
        status, answer, _ = stage.world.call(method, path.format(**stage.kept), stage.keys[actor], body, **headers)
        assert status < 500, (status, answer)
        return answer

    return do


def invoke(function: str, at: str = "", **event: Any) -> Callable[[Stage], object]:
    """A schedule, at a moment."""

    def do(stage: Stage) -> None:
        import app

        if at and stage.clock.now.isoformat() < at:
            stage.clock.set(at)
        getattr(app, function)({**SCHEDULED, **event}, None)

    return do


def leases_ended(do: Callable[[Stage], object]) -> Callable[[Stage], object]:
    """The same at a later tick, when the lease of the worker that died has ended."""

    def again(stage: Stage) -> None:
        for item in stage.world.dynamodb.scan(TableName=ENVIRONMENT["EXCHANGE_TABLE"])["Items"]:
            if item["id"]["S"].startswith(scheduled_job_keys.lease("")):
                wiring.exchange().set_fields(item["id"]["S"], {"until": ""})
        do(stage)

    return again


def settled(do: Callable[[Stage], object]) -> Callable[[Stage], object]:
    """The same, and everything that queues and the stream deliver then."""

    def all_of_it(stage: Stage) -> None:
        do(stage)
        stage.settle()

    return all_of_it
