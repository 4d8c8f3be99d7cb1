"""The rosters of one platform are worked off one after the other; the shards of one, many at a time.

Each run makes a new generation of shards and leaves the old one as it was, so a shard that is done twice is done from
the same beginning. The generation that counts moves once, when all is done.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from chalicelib.accounts import platforms
from chalicelib.errors import Unavailable
from chalicelib.messages import ErrorCode
from chalicelib.monitoring.rules import monitored_merchant
from chalicelib.reports.receive_report import DONE, PROCESSING
from chalicelib.rosters.receive_roster import Context, find, new_roster, roster_id_of
from chalicelib.rosters.rules import merge_roster, validate_roster_row
from chalicelib.rosters.take_registry_snapshot import EVERY, POINTER
from chalicelib.values.timestamps import age_seconds, iso

RESCREEN: Final = "rescreen"
TRIES: Final = 20
Item = dict[str, Any]


def line_up(context: Context, platform_id: str, roster_id: str, now: datetime) -> None:
    """Let a roster that was split wait its turn, once; and see whose turn it is."""
    for _ in range(TRIES):
        state = _state(context, platform_id)
        waiting = state.get("waiting", [])
        if roster_id == state.get("active") or roster_id in waiting or _is_over(context, roster_id):
            break
        if _move(context, state, {"waiting": [*waiting, roster_id]}):
            break
    else:
        raise Unavailable(ErrorCode.STORE_UNAVAILABLE, roster_id=roster_id)
    advance(context, platform_id, now)


def advance(context: Context, platform_id: str, now: datetime) -> None:
    """Begin the run whose turn it is, or see that the one that runs was sent; safe at any time."""
    for _ in range(TRIES):
        state = _state(context, platform_id)
        waiting = state.get("waiting", [])
        if not state.get("active") and waiting:
            begun = {"active": waiting[0], "waiting": waiting[1:], "base": state.get("current", "")}
            if not _move(context, state, begun):
                continue
            state |= begun
        if state.get("active"):
            _send(context, state, find(context.exchange, state["active"]), now)
        return
    raise Unavailable(ErrorCode.STORE_UNAVAILABLE, platform_id=platform_id)


def hand_over(context: Context, run: Mapping[str, Any], now: datetime) -> None:
    """The run's generation is the one that counts; the next one begins."""
    for _ in range(TRIES):
        state = _state(context, run["platform_id"])
        if state.get("active") != run["roster_id"]:
            break
        done = {"active": "", "current": run["roster_id"], "shards": run["shards"], "merchants": run["merchants"]}
        screened = {"screened_with": run["snapshot_id"], "screened_at": iso(now)} if run.get("screened") else {}
        if _move(context, state, {**done, **screened}):
            break
    else:
        raise Unavailable(ErrorCode.STORE_UNAVAILABLE, roster_id=run["roster_id"])
    advance(context, run["platform_id"], now)


def rescreen(context: Context, now: datetime) -> int:
    """After a snapshot with news every roster is screened again; how many were lined up. Safe at any time."""
    pointer = context.exchange.get(POINTER)
    lined_up = 0
    for platform in platforms.everyone(context.exchange):
        platform_id = platform["platform_id"]
        state, news = _state(context, platform_id), context.exchange.get(monitored_merchant.news_id(platform_id)) or {}
        if platform["role"] != "platform" or not (news or state["turn"]):
            continue
        if pointer and _is_due(state, news, pointer, now):
            roster_id = roster_id_of(platform_id, f"{RESCREEN}|{pointer['snapshot_id']}|{state.get('current', '')}")
            run = new_roster(platform_id, roster_id, RESCREEN, "", now)
            known = context.exchange.put_new({**run, "split": 1, "touched": "", "chunks": 0}) or run
            lined_up += known["status"] != DONE
            line_up(context, platform_id, roster_id, now)
        else:
            advance(context, platform_id, now)
    return lined_up


def _is_due(state: Item, news: Item, pointer: Item, now: datetime) -> bool:
    """Whether a roster was not screened against this snapshot yet, or calls have enrolled merchants a while ago."""
    if not (state.get("current") or news.get("enrolled_at")):
        return False
    if state.get("screened_with") != pointer["snapshot_id"]:
        return True
    waits = news.get("enrolled_at", "") > state["screened_at"]
    return waits and age_seconds(state["screened_at"], now) >= EVERY.total_seconds()


def manifest_key(platform_id: str, run_id: str) -> str:
    """Where it is written which run holds each shard of a generation."""
    return f"rosters/kept/{platform_id}/{run_id}/manifest.json"


def kept_key(platform_id: str, run_id: str, shard: int, shards: int, kind: str) -> str:
    """Where a run keeps a shard (`merchants`), what was found in it (`results`), what of that changed (`changed`)."""
    return f"rosters/kept/{platform_id}/{run_id}/{shard:04d}-of-{shards}-{kind}"


@lru_cache(maxsize=64)
def _read_manifest(body: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body)
    return found


def generation(context: Context, platform_id: str, run_id: str) -> Mapping[str, Any]:
    """The generation that a run made: how many shards, and which run holds each (by its number as text)."""
    if not run_id:
        return {"shards": 1, "in": {}}
    body = context.bucket.get(manifest_key(platform_id, run_id))
    if body is None:
        raise LookupError(f"the manifest of {run_id} is not in the bucket")
    return _read_manifest(body)


def shards_of(run: Mapping[str, Any], base: Mapping[str, Any]) -> Iterator[int]:
    """The shards that a run works on: all, or those that a patch touches."""
    if run["mode"] != "patch" or run["shards"] != base["shards"]:
        yield from range(run["shards"])
        return
    touched, finest = int(run["touched"] or "0", 16), 0
    found = set()
    while touched:
        if touched & 1:
            found.add(finest % run["shards"])
        touched, finest = touched >> 1, finest + 1
    yield from sorted(found)


def _send(context: Context, state: Mapping[str, Any], run: Item, now: datetime) -> None:
    if run.get("sent"):
        return
    if "base" not in run:
        run |= _plan(context, state, run, now)
    base = generation(context, run["platform_id"], run["base"])
    shards = list(shards_of(run, base)) or [0]
    if run["chunks"] != len(shards):
        run["chunks"] = len(shards)
        context.exchange.set_fields(run["id"], {"chunks": len(shards)})
    context.chunks.send([{"roster_id": run["roster_id"], "shard": shard} for shard in shards])
    context.exchange.set_fields(run["id"], {"sent": True})


def _plan(context: Context, state: Mapping[str, Any], run: Item, now: datetime) -> Item:
    """What a run begins with; fixed now, so that a shard that is done again has the same beginning."""
    base = generation(context, run["platform_id"], state["base"])
    before, rows = int(state.get("merchants", 0)), run.get("accepted", 0)
    expected = rows if run["mode"] == "full" else before + rows
    shards = max(base["shards"], run["split"], merge_roster.shards_for(expected))
    pointer = context.exchange.get(POINTER) or {}
    planned = {
        "status": PROCESSING,
        "started_at": iso(now),
        "base": state["base"],
        "shards": shards,
        "snapshot_id": pointer.get("snapshot_id", ""),
        **({"previous_screening": state["screened_at"]} if state.get("screened_at") else {}),
    }
    context.exchange.set_fields(run["id"], planned)
    return planned


def _is_over(context: Context, roster_id: str) -> bool:
    return bool(find(context.exchange, roster_id)["status"] == DONE)


def _state(context: Context, platform_id: str) -> Item:
    return context.exchange.get(validate_roster_row.state_id(platform_id)) or {
        "id": validate_roster_row.state_id(platform_id),
        "turn": 0,
    }


def _move(context: Context, state: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    """Change how the roster stands unless somebody else did since it was read."""
    turn = state["turn"]
    if turn == 0:
        return context.exchange.put_new({"id": state["id"], "turn": 1, **fields}) is None
    return context.exchange.set_fields(state["id"], {**fields, "turn": turn + 1}, only_if={"turn": turn})
