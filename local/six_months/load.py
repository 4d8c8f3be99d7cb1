"""Loads the recorded state into a fresh cloud, as if its last day were today."""

import base64
import gc
import gzip
import json
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime

from chalicelib.storage.item_kind import KEY_ATTRIBUTE
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date
from local.aws import memory
from local.aws.cloud import Cloud
from local.six_months import STATE, UNPACKED
from local.six_months.audit_months import by_month
from local.six_months.dates import mover
from local.six_months.samples import of_stored_files, with_sample


def load(cloud: Cloud, environment: Mapping[str, str], now: datetime | None = None) -> dict[str, list[Json]]:
    """Put every item and object of the recorded state into a cloud that holds none, moved to `now` (today); the items
    in DynamoDB's JSON by table. No stream has a record of them, and nobody is notified."""
    today = date.fromisoformat(china_date(now or datetime.now(UTC)))
    # A million small objects that stay: to look for garbage among them takes longer than to make them.
    gc.disable()
    state = moved_state(today)
    tables = {table: environment[f"{table.upper()}_TABLE"] for table in KEY_ATTRIBUTE}
    with cloud.paused():
        stored: dict[str, tuple[str, bytes]] = {}
        for key, kind, body in map(with_sample, state["objects"]):
            stored[key] = memory.put_object(environment["FILES_BUCKET"], key, body, kind), body
        of_stored_files(state["exchange"], stored)
        for table, name in tables.items():
            memory.put_items(name, state[table])
    gc.freeze()
    gc.enable()
    return {name: state[table] for table, name in tables.items()}


def moved_state(today: date) -> Json:
    """The recorded state with its last day on that day: tables in DynamoDB's JSON; `objects`: key, type, body."""
    header, _, recorded = gzip.decompress(STATE.read_bytes()).decode().partition("\n")
    made = json.loads(header)
    move = mover((today - date.fromisoformat(made["day"])).days, made["callers"])
    state: Json = json.loads(move(recorded))
    for item in state["exchange"]:
        if UNPACKED in item.get("said", ()):
            item["said"] = {"B": base64.b64encode(zlib.compress(item["said"][UNPACKED].encode())).decode()}
    return {**state, "exchange": by_month(state["exchange"]), "objects": map(_object, state["objects"])}


def _object(entry: Json) -> tuple[str, str, bytes]:
    """Key, type and body of an object: a text, or a picture or PDF."""
    body = entry["text"].encode() if "text" in entry else base64.b64decode(entry["body"])
    return entry["key"], entry["type"], gzip.compress(body, 1) if entry.get("packed") else body
