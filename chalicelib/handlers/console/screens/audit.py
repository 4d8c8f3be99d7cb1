"""The audit log: who did what to which object, with which outcome, newest first."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from chalicelib import errors, wiring
from chalicelib.accounts.roles import Role
from chalicelib.audit import read_audit_log
from chalicelib.audit.read_audit_log import Asked, Filter, Page
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.screens.accounts.audit_fields import field_in_words, value_in_words
from chalicelib.handlers.console.texts.audit_texts import entry_row
from chalicelib.handlers.console.texts.operation_texts import OF_THE_CONSOLE, operations
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.oversight.audit import AUDIT_PAGE, COLUMNS
from chalicelib.handlers.parameters import is_day
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.people import people
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.audit.rules.audit_entry import AuditEntry

TITLE: Final = ("审计", "Audit")
FILTERS: Final = ("organisation", "person", "action", "object", "day")
SHOWN: Final = 50
# A file is of so many pages of the log at most, each of which looks at 400 entries.
PAGES_OF_A_FILE: Final = 10
ENTRIES_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """What was asked for: each filter as it was typed, the cursor, and which filter does not fit ('' for none)."""

    filters: dict[str, str]
    after: str
    wrong: str


def page(visit: Visit) -> Reply:
    """50 entries that fit the filters, of 400 that are looked at: 2 read units for each of these at most."""
    typed = _typed(visit)
    read = Page([], "") if typed.wrong else _read(visit, typed.filters, typed.after, SHOWN)
    names = _names(read.entries)
    kept = {name: value for name, value in typed.filters.items() if value}
    says = (f"本页 {len(read.entries)} 条", f"{len(read.entries)} on this page")
    return console_frame.page(
        visit,
        "audit.html",
        TITLE,
        400 if typed.wrong else 200,
        rows=[_row(visit, entry, names) for entry in read.entries],
        asked=typed.filters,
        wrong=typed.wrong,
        actions=_actions(visit),
        organisations=_organisations(visit),
        people=_people(visit, typed.filters["organisation"]),
        pages=console_frame.pages_of(visit, "audit", says, read.next, kept),
        csv=f"{visit.root}audit.csv?{urlencode(kept)}",
    )


def export(visit: Visit) -> Reply:
    """The entries that fit the filters as CSV, of the newest 4,000 that are looked at from the cursor on."""
    typed = _typed(visit)
    if typed.wrong:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field=typed.wrong)
    entries, after = [], typed.after
    for _ in range(PAGES_OF_A_FILE):
        read = _read(visit, typed.filters, after, ENTRIES_AT_ONCE)
        entries += read.entries
        after = read.next
        if not after:
            break
    return console_frame.csv_file(Page(entries, after).as_csv(COLUMNS), "audit.csv")


def _row(visit: Visit, entry: "AuditEntry", names: Mapping[str, str]) -> Json:
    """An entry as a row, each of its changes as the field in words, its name in the API, and both values in words."""
    row = entry_row(visit, entry, names)
    changes = [
        {
            "name": name,
            "field": field_in_words(visit, name),
            "before": value_in_words(visit, name, before) if before else "",
            "after": value_in_words(visit, name, after),
        }
        for name, before, after in row["changes"]
    ]
    return {**row, "changes": changes}


def _read(visit: Visit, filters: dict[str, str], after: str, most: int) -> Page:
    wanted = Filter(
        organisation=filters["organisation"],
        person_id=filters["person"],
        action=filters["action"],
        object_name=filters["object"],
        day=filters["day"],
    )
    asked = Asked(wanted, most, after)
    return read_audit_log.read_page(wiring.exchange(), wiring.numbered_log, visit.caller, asked, wiring.now())


def _typed(visit: Visit) -> Typed:
    """The filters of the address; one that the API would refuse is named."""
    declared = {parameter.name: parameter for parameter in AUDIT_PAGE}
    filters = {name: visit.query(name) for name in FILTERS}
    wrong = [
        name
        for name in (*FILTERS, "after")
        if (value := visit.query(name))
        and declared[name].pattern
        and not re.fullmatch(str(declared[name].pattern), value)
    ]
    if filters["day"] and not is_day(filters["day"]):
        wrong.append("day")
    return Typed(filters, visit.query("after"), wrong[0] if wrong else "")


def _names(entries: "Iterable[AuditEntry]") -> dict[str, str]:
    """The names of the people of these entries; half a read unit for each."""
    return people.names_of(wiring.exchange(), {entry.person_id for entry in entries if entry.person_id})


def _people(visit: Visit, organisation: str) -> list[Json]:
    """The people by whom the log can be filtered: of the asked organisation, of a platform its own."""
    own = visit.caller.platform_id
    chosen = (organisation or own) if visit.caller.role != Role.PLATFORM else own
    listed = people.list_people(wiring.exchange(), chosen)
    return [{"value": person.person_id, "text": person.name} for person in listed]


def _organisations(visit: Visit) -> list[Json]:
    if visit.caller.role == Role.PLATFORM:
        return []
    chosen = sorted(organisations.names().items(), key=lambda pair: pair[1])
    return [{"value": value, "text": text} for value, text in chosen]


def _actions(visit: Visit) -> list[Json]:
    """What the log holds acts of: the operations that are audited, by their names."""
    from chalicelib.handlers.routing import DECLARED

    names = operations()
    actions = {*OF_THE_CONSOLE, *(route.operation for route in DECLARED if route.is_audited)}
    audited = {action: visit.t(*names[action]) for action in actions}
    return [{"value": value, "text": text} for value, text in sorted(audited.items(), key=lambda pair: pair[1])]
