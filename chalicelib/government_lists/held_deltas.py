"""A delta that is too odd to be applied unseen waits for a person, who releases or discards it, and is recorded."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import Conflict, NotFound
from chalicelib.government_lists.rules.feed import Feed, hold_id, state_id
from chalicelib.government_lists.rules.fetched_list import Arrival
from chalicelib.government_lists.rules.hold_notice import hold_notice
from chalicelib.government_lists.rules.hold_thresholds import Counts
from chalicelib.notices.push_notices import NoticeSender, send_to_regulators
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

Hold = dict[str, Any]
SHOWN = ("hold_id", "feed", "reason", "counts", "held_at", "version", "decision", "decided_by", "decided_at")


def open_hold(
    exchange: "ExchangeTable",
    sender: NoticeSender,
    feed: Feed,
    arrival: Arrival,
    originals: list[str],
    reason: str,
    counts: Counts | None,
    now: datetime,
) -> str:
    """Hold what arrived and tell the regulators; the id of the hold. The same delivery is held and told once."""
    ident = arrival.sha256[:16]
    hold: Hold = {
        "id": hold_id(feed.name, ident),
        "hold_id": ident,
        "feed": feed.name,
        "reason": reason,
        "counts": asdict(counts) if counts else {},
        "held_at": iso(now),
        "version": ident,
        "sha256": arrival.sha256,
        "originals": originals,
        "whole": arrival.whole,
        "cursor": dict(arrival.cursor),
        "decision": "",
        "told_at": "",
    }
    known = exchange.put_new(hold)
    if not (known or hold)["told_at"]:
        send_to_regulators(sender, *hold_notice(known or hold), now)
        exchange.set_fields(hold["id"], {"told_at": iso(now)})
    return ident


def decide(
    exchange: "ExchangeTable", name: str, ident: str, decision: str, caller: Caller, why: str, now: datetime
) -> Hold:
    """Release or discard what is held; the next pull acts on it. `NotFound`, or `Conflict` once it was decided or is
    no longer what is held."""
    hold = exchange.get(hold_id(name, ident))
    if hold is None:
        raise NotFound("not_found", hold_id=ident[:40])
    if decision == "released" and hold["reason"] == "unreadable":
        raise Conflict("hold_unreadable", hold_id=ident)
    state = exchange.get(state_id(name)) or {}
    if state.get("hold") != ident or "run" in state:
        raise Conflict("hold_is_over", hold_id=ident)
    fields = {"decision": decision, "decided_by": caller.platform_id, "decided_key": caller.key_id, "why": why}
    fields["decided_at"] = iso(now)
    if not exchange.set_fields(hold["id"], fields, only_if={"decision": ""}):
        raise Conflict("hold_is_over", hold_id=ident)
    return view({**hold, **fields})


def decided(exchange: "ExchangeTable", name: str, state: Mapping[str, Any]) -> Hold | None:
    """What is held now, if a person has decided on it."""
    hold = exchange.get(hold_id(name, state["hold"])) if state.get("hold") else None
    return hold if hold and hold["decision"] else None


def fetch(bucket: "FileBucket", hold: Mapping[str, Any], folder: Path) -> Arrival:
    """What was held, as it arrived."""
    parts = tuple(folder / f"part-{place}" for place in range(len(hold["originals"])))
    for key, part in zip(hold["originals"], parts, strict=True):
        bucket.download(key, part)
    return Arrival(parts, hold["whole"], hold["cursor"], hold["sha256"])


def view(hold: Mapping[str, Any]) -> Hold:
    """A hold as people see it."""
    shown = {field: hold[field] for field in SHOWN if hold.get(field)}
    return {**shown, **({"why": hold["why"]} if hold.get("why") else {})}
