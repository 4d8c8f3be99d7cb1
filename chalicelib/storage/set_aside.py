"""What a loop could not save, read or send is set aside: named in a log that operators read, counted, and left.

A loop goes on with the rest. What may pass when it is tried again is never set aside.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib import logs
from chalicelib.errors import NotSaved, UnreadableRecord
from chalicelib.messages import FindingCode, message
from chalicelib.storage.item_keys.numbered_log_keys import SET_ASIDE
from chalicelib.storage.numbered_log import NumberedLog
from chalicelib.values.records import Json, Record, stored

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# What a record of another form, or a value that cannot be stored, raises. Outages raise none of these.
INVALID_VALUES: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
# What is known of one record is wrong, however often it is tried.
REFUSALS: Final = (NotSaved, UnreadableRecord, *INVALID_VALUES)
_SHOWN: Final = ("number", "at", "job", "origin", "record_id", "change", "listing_id", "finding")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside(Record):
    """One record or change that was set aside.

    `job` is the loop that went on without it, `origin` the report, list, roster or day that it was working on,
    `record_id` the key of the subject, licence or task, `change` what was to be done, `finding` a code that says why.
    """

    id: str = stored("")
    entry_id: str = stored("")
    number: int = stored(0)
    at: str = stored()
    job: str = stored()
    origin: str = stored("")
    record_id: str = stored()
    change: str = stored("")
    listing_id: str = stored("")
    finding: str = stored("")


def set_aside(exchange: "ExchangeTable", records: Iterable[SetAside]) -> int:
    """Name and count what was set aside; how many are new. The same record of the same work is named once."""
    log, named = NumberedLog(exchange, SET_ASIDE), 0
    for record in records:
        entry = log.append(record.replace(entry_id=_entry_id(record)).to_item())
        if entry["at"] == record.at:
            logs.warn("record_set_aside", job=record.job, origin=record.origin, finding=record.finding)
            named += 1
    if named:
        logs.measure({"RecordsSetAside": named})
    return named


@contextmanager
def setting_aside(exchange: "ExchangeTable", record: SetAside) -> Iterator[None]:
    """Work on one record of a loop: where the record is wrong it is set aside, and the loop goes on."""
    try:
        yield
    except REFUSALS as error:
        logs.failed("record_failed", job=record.job, origin=record.origin)
        set_aside(exchange, [record.replace(finding=finding_of(error))])


def finding_of(error: Exception) -> str:
    """The code of the finding that an error of `REFUSALS` is."""
    if isinstance(error, NotSaved):
        return str(error.finding)
    unreadable = isinstance(error, UnreadableRecord)
    return str(FindingCode.STORED_RECORD_UNREADABLE if unreadable else FindingCode.CHANGE_NOT_SAVED)


def list_set_aside(exchange: "ExchangeTable", after: int, limit: int) -> Json:
    """What was set aside after a number, in order, with the finding in words; `next` is the cursor to read on from."""
    entries = [SetAside.from_item(item) for item in NumberedLog(exchange, SET_ASIDE).read_on(after, limit)]
    return {"set_aside": [_view(entry) for entry in entries], "next": str(entries[-1].number if entries else after)}


def set_aside_since(exchange: "ExchangeTable", moment: str, most: int) -> list[Json]:
    """What was set aside at a moment (ISO, UTC) or later, among the newest `most`, the newest first. Reads so many."""
    log = NumberedLog(exchange, SET_ASIDE)
    end = log.length()
    start = max(end - most, 0)
    items = log.read(start, end - start) if end else []
    entries = [SetAside.from_item(item) for item in reversed(items)]
    return [_view(entry) for entry in entries if entry.at >= moment]


def _view(entry: SetAside) -> Json:
    """A record as operators see it, with the finding in words."""
    fields = {field: value for field in _SHOWN if (value := getattr(entry, field))}
    return {**fields, "says": message(entry.finding)}


def _entry_id(record: SetAside) -> str:
    parts = (record.job, record.origin, record.record_id, record.change, record.listing_id, record.finding)
    return hashlib.sha256("|".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]
