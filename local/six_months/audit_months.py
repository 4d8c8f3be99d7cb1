"""Puts the entries of the audit log that were moved by some days into the logs of the months in which they now lie."""

from collections import defaultdict
from datetime import datetime
from typing import Any, Final

from chalicelib.storage.item_keys.numbered_log_keys import head, slot
from chalicelib.storage.item_keys.people.audit_keys import all_log_name, entry_log_name
from chalicelib.values.timestamps import china_date

Items = list[dict[str, Any]]
_ENTRIES: Final = "audit:"
_PLACES: Final = "audit-all:"
_OF_OBJECTS: Final = "audit-of:"


def by_month(items: Items) -> Items:
    """The same items, with the logs of the audit numbered anew by month and every place leading to its entry."""
    entries = _of(items, _ENTRIES)
    places = _of(items, _PLACES)
    heads = (f"head#{_ENTRIES}", f"head#{_PLACES}")
    kept = [item for item in items if not item["id"]["S"].startswith((_ENTRIES, _PLACES, *heads))]
    names: dict[str, str] = {}
    numbered = _numbered(entries, lambda item, month: entry_log_name(item["organisation"]["S"], month), names)
    numbered += _numbered(places, lambda _, month: all_log_name(month), {})
    for item in [*numbered, *(item for item in kept if item["id"]["S"].startswith(_OF_OBJECTS))]:
        if "entry" in item:
            item["entry"] = {"S": names[item["entry"]["S"]]}
    return kept + numbered


def _of(items: Items, begins: str) -> Items:
    """The items of some logs, in the order in which they were written."""
    return sorted((item for item in items if item["id"]["S"].startswith(begins)), key=_order)


def _order(item: dict[str, Any]) -> tuple[str, str, int]:
    return item["at"]["S"], item["id"]["S"].partition("#")[0], int(item["number"]["N"])


def _numbered(items: Items, log_of: Any, names: dict[str, str]) -> Items:
    """The items with the next numbers of their logs, and the head of each log; `names`: the key before, and now."""
    ends: dict[str, int] = defaultdict(int)
    numbered = []
    for item in items:
        log = log_of(item, china_date(datetime.fromisoformat(item["at"]["S"]))[:7])
        ends[log] += 1
        key = slot(log, ends[log])
        names[item["id"]["S"]] = key
        numbered.append({**item, "id": {"S": key}, "number": {"N": str(ends[log])}})
    return numbered + [{"id": {"S": head(log)}, "number": {"N": str(end)}} for log, end in ends.items()]
