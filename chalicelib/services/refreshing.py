"""A government list is pulled: fetched if it changed, kept, guarded, held against the last one, saved, checkpointed.

A delta is key -> record, or None where the record is gone. The checkpoint moves last, so that a pull that was killed
is simply done again.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.feed import Feed, hold_reason, state_id
from chalicelib.domain.government_entry import change
from chalicelib.domain.moment import age_seconds, china_date, iso
from chalicelib.domain.register_row import RegisterEntry, take_register_row
from chalicelib.domain.subject import Change
from chalicelib.errors import FeedUnreachable, FileRefused
from chalicelib.services.saving import save_all

if TYPE_CHECKING:
    from chalicelib.adapters.exchange_table import ExchangeTable
    from chalicelib.adapters.file_bucket import FileBucket
    from chalicelib.adapters.government_feed import Fetched, GovernmentFeed
    from chalicelib.adapters.registry_table import RegistryTable
    from chalicelib.adapters.table_file import Record

State = dict[str, Any]
Records = dict[str, dict[str, Any]]
SAVED_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that refreshing works with."""

    registry: "RegistryTable"
    exchange: "ExchangeTable"
    bucket: "FileBucket"
    source: "GovernmentFeed"
    read: "Callable[[Path, str], Iterator[Record]]"


def refresh(desk: Desk, feed: Feed, url: str, now: datetime) -> State:
    """Pull the list once; how the feed then stands.

    `last_result`: applied, unchanged, or held (with `held`: empty, unreadable, unreadable_rows, shrunken), in which
    case nothing was changed and the last known good list stays. Raises `FeedUnreachable`.
    """
    state = desk.exchange.get(state_id(feed.name)) or {"id": state_id(feed.name)}
    with tempfile.TemporaryDirectory() as folder:
        fetched = desk.source.fetch(url, Path(folder), state.get("etag", ""), state.get("modified", ""))
        if fetched is None:
            return _keep(desk, state, now, {"last_result": "unchanged", "confirmed_at": iso(now), "held": ""})
        original = f"feeds/{feed.name}/{fetched.sha256}"
        desk.bucket.put_file(original, fetched.path)
        try:
            records, rejected = read_list(desk, feed, fetched.path, now)
        except FileRefused:
            return _hold(desk, state, now, fetched, "unreadable")
    reason = hold_reason(feed, state.get("rows", 0), len(records), rejected)
    if reason:
        return _hold(desk, state, now, fetched, reason)
    before = _read_kept(desk, state)
    _apply(desk, feed, delta(before, records), before, now)
    return _checkpoint(desk, feed, state, fetched, records, now)


def read_list(desk: Desk, feed: Feed, path: Path, now: datetime) -> tuple[Records, int]:
    """Every record of the file by key, and how many rows could not be read. Raises `FileRefused`."""
    today = date.fromisoformat(china_date(now))
    records: Records = {}
    rejected = 0
    for record in desk.read(path, path.name):
        entry = take_register_row(
            record.row, record.cells, list_name=feed.list_name, today=today, headers=record.headers
        )
        if isinstance(entry, RegisterEntry):
            records[entry.key] = json.loads(json.dumps({name: value for name, value in asdict(entry).items() if value}))
        else:
            rejected += 1
    return records, rejected


def delta(before: Records, after: Records) -> dict[str, dict[str, Any] | None]:
    """What changed: key -> the record as it is now, or None where it is gone."""
    changed: dict[str, dict[str, Any] | None] = {
        key: record for key, record in after.items() if before.get(key) != record
    }
    changed.update(dict.fromkeys(before.keys() - after.keys()))
    return changed


def failed(desk: Desk, feed: Feed, error: Exception, now: datetime) -> State:
    """How the feed stands after a pull that could not be made; what is known stays, and grows older."""
    state = desk.exchange.get(state_id(feed.name)) or {"id": state_id(feed.name)}
    problem = error.problem if isinstance(error, FeedUnreachable) else type(error).__name__
    return _keep(desk, state, now, {"last_result": "failed", "problem": problem})


def age(state: Mapping[str, Any], now: datetime) -> int:
    """Seconds since the list was last known to be current; since its first try, while it never was."""
    return age_seconds(state.get("confirmed_at") or state["first_try_at"], now)


def _apply(desk: Desk, feed: Feed, changed: Mapping[str, Any], before: Records, now: datetime) -> None:
    changes: list[Change] = [
        change(feed, record or before[key], gone=record is None, at=iso(now)) for key, record in changed.items()
    ]
    for start in range(0, len(changes), SAVED_AT_ONCE):
        save_all(desk.registry, changes[start : start + SAVED_AT_ONCE])


def _checkpoint(desk: Desk, feed: Feed, state: State, fetched: "Fetched", records: Records, now: datetime) -> State:
    kept = f"feeds/{feed.name}/{fetched.sha256}.records"
    lines = (json.dumps([key, record], ensure_ascii=False) for key, record in records.items())
    desk.bucket.put(kept, "\n".join(lines).encode())
    return _keep(
        desk,
        state,
        now,
        {
            "last_result": "applied",
            "confirmed_at": iso(now),
            "version": fetched.sha256[:16],
            "etag": fetched.etag,
            "modified": fetched.modified,
            "rows": len(records),
            "records": kept,
            "held": "",
        },
    )


def _hold(desk: Desk, state: State, now: datetime, fetched: "Fetched", reason: str) -> State:
    return _keep(desk, state, now, {"last_result": "held", "held": reason, "held_version": fetched.sha256[:16]})


def _keep(desk: Desk, state: State, now: datetime, fields: Mapping[str, Any]) -> State:
    kept = {"first_try_at": iso(now), **state, **fields, "tried_at": iso(now)}
    desk.exchange.put(kept)
    return kept


def _read_kept(desk: Desk, state: State) -> Records:
    if "records" not in state:
        return {}
    return dict(_pairs(desk.bucket.lines(state["records"])))


def _pairs(lines: Iterable[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    for line in lines:
        key, record = json.loads(line)
        yield key, record
