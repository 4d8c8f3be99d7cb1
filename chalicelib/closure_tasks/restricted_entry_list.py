"""The restricted-entry list (限制入驻名单): every listing that blocks now, with only what a gatekeeper needs.

A numbered feed names every listing that may ever have blocked, and each page asks the subjects themselves whether it
still does. So the list is complete, and a removal is out of it with the save that makes it.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.closure_tasks.rules import task
from chalicelib.registry.rules import listing as listings
from chalicelib.values.timestamps import china_date
from chalicelib.verdicts.rules.rules_in_force import Rules

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.numbered_log import NumberedLog

Entry = dict[str, Any]
PAGE: Final = 100
READERS: Final = 8
FIELDS: Final = ("number", "name", "uscc", "registration_no", "subject_id", "reasons", "severity", "evidence_level",
                 "source", "since", "expires_on", "listing_id")  # fmt: skip


def page(
    registry: "RegistryTable", restricted: "NumberedLog", rules: Rules, after: int, limit: int, now: datetime
) -> dict[str, Any]:
    """What blocks now among the next `limit` listings after a number; `next` is '' at the end of the list.

    A page is short by what blocks no more.
    """
    today = china_date(now)
    starts = range(after, after + limit, PAGE)
    with ThreadPoolExecutor(READERS) as pool:
        slots = list(pool.map(lambda start: restricted.read(start, min(PAGE, after + limit - start)), starts))
        named = [slot for some in slots for slot in some]
        batches = [named[start : start + PAGE] for start in range(0, len(named), PAGE)]
        found = list(pool.map(lambda some: _standing(registry, some, rules, today), batches))
    following = str(named[-1]["number"]) if len(named) == limit else ""
    return {"entries": [entry for some in found for entry in some], "next": following}


def _standing(registry: "RegistryTable", named: list[Mapping[str, Any]], rules: Rules, today: str) -> list[Entry]:
    known = registry.subjects(listings.subject_of(slot["entry_id"]) for slot in named)
    entries = []
    for slot in named:
        subject = known.get(listings.subject_of(slot["entry_id"]), {"listings": {}})
        listing = subject["listings"].get(slot["entry_id"])
        if listing and task.blocks(subject, listing, today, rules):
            entries.append(_entry(slot["number"], subject, listing))
    return entries


def _entry(number: int, subject: Mapping[str, Any], listing: Mapping[str, Any]) -> Entry:
    names = subject.get("names", [])
    entry = {**subject, **listing, "number": number, "name": names[0] if names else "", "since": listing["listed_on"]}
    return {field: entry[field] for field in FIELDS if entry.get(field) not in (None, "")}
