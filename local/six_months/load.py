"""Loads the recorded state into a fresh cloud, as if its last day were today."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Final

from chalicelib.storage.item_keys.account_keys import PLATFORMS
from chalicelib.storage.item_kind import KEY_ATTRIBUTE
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date
from local.aws import memory
from local.aws.cloud import Cloud
from local.six_months import STATE
from local.six_months.audit_months import by_month
from local.six_months.dates import mover

_GZIP: Final = b"\x1f\x8b"
Move = Callable[[str], str]


def load(cloud: Cloud, environment: Mapping[str, str], now: datetime | None = None) -> dict[str, list[Json]]:
    """Put every item and object of the recorded state into a cloud that holds none, moved to `now` (today); the items
    in DynamoDB's JSON by table. No stream has a record of them, and nobody is notified."""
    today = date.fromisoformat(china_date(now or datetime.now(UTC)))
    state = moved_state(today)
    tables = {table: environment[f"{table.upper()}_TABLE"] for table in KEY_ATTRIBUTE}
    with cloud.paused():
        for table, name in tables.items():
            for item in state[table]:
                memory.put_item(name, item)
        for key, kind, body in state["objects"]:
            memory.put_object(environment["FILES_BUCKET"], key, body, kind)
    return {name: state[table] for table, name in tables.items()}


def moved_state(today: date) -> Json:
    """The recorded state with its last day on that day: tables in DynamoDB's JSON; `objects`: key, type, body."""
    text = gzip.decompress(STATE.read_bytes()).decode()
    recorded = json.loads(text)
    callers = next(item["members"]["SS"] for item in recorded["exchange"] if item["id"]["S"] == PLATFORMS)
    move = mover((today - date.fromisoformat(recorded["day"])).days, callers)
    objects = list(_objects(recorded.pop("objects"), move))
    state: Json = json.loads(move(json.dumps(recorded, ensure_ascii=False, separators=(",", ":"))))
    for item in state["exchange"]:
        if "B" in item.get("said", ()):
            item["said"] = {"B": _repacked(item["said"]["B"], move)}
    return {**state, "exchange": by_month(state["exchange"]), "objects": objects}


def _repacked(packed: str, move: Move) -> str:
    """What was packed with zlib, with its dates moved."""
    text = move(zlib.decompress(base64.b64decode(packed)).decode())
    return base64.b64encode(zlib.compress(text.encode())).decode()


def _objects(entries: list[dict[str, str]], move: Move) -> Iterator[tuple[str, str, bytes]]:
    for entry in entries:
        body = base64.b64decode(entry["body"])
        is_packed = body.startswith(_GZIP)
        try:
            text = move((gzip.decompress(body) if is_packed else body).decode())
        except UnicodeDecodeError:
            yield move(entry["key"]), entry["type"], body  # a picture, a PDF
            continue
        yield move(entry["key"]), entry["type"], gzip.compress(text.encode(), 1) if is_packed else text.encode()
