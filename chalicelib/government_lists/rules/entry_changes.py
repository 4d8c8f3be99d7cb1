"""What an entry of a government list changes: its subject's listing, or what the register says of the subject."""

import json
from datetime import date
from typing import Final

from chalicelib.government_lists.rules import entry_repair
from chalicelib.government_lists.rules.columns import penalty_kinds
from chalicelib.government_lists.rules.company_register_row import CompanyRegisterEntry, read_company_register_row
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.list_row import ListEntry, read_list_row
from chalicelib.government_lists.rules.list_types import LISTS
from chalicelib.registry.rules.listing import Listing, listing_id
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.reason_codes import gravest
from chalicelib.registry.rules.subject import Registration
from chalicelib.registry.rules.subject_changes import Change, Listed, Registered, Succeeded
from chalicelib.registry.rules.subject_id import Identity
from chalicelib.reports.rules.eviction import Rejection
from chalicelib.table_files.rules import entry_state
from chalicelib.table_files.rules.person_in_list_row import is_about_person
from chalicelib.table_files.rules.table_row import TableRow
from chalicelib.values.records import Json

Entry = ListEntry | CompanyRegisterEntry
# What a listing takes over from its entry as it is.
KEPT_FIELDS: Final = ("listed_on", "reason_text", "document_no", "listed_by", "source_id", "publish_until", "measure")
IDENTITY_FIELDS: Final = ("uscc", "registration_no", "org_code", "unverified_uscc", "name")
REGISTRATION_FIELDS: Final = (
    "name", "former_names", "renamed_on", "status", "entity_type", "registered_by", "established_on", "approved_on",
    "predecessor",
)  # fmt: skip
MARK: Final = "标记为经营异常状态"


def read_row(feed: Feed, row: TableRow, today: date) -> Entry | Rejection | None:
    """The entry in a row, its rejection, or None for a row that is left out: one about a natural person."""
    entry: Entry | Rejection
    if LISTS[feed.list_type].rows == "registration":
        entry = read_company_register_row(row.number, row.cells, today=today, headers=row.headers)
        if row.cells and not isinstance(entry, Rejection) and entry_state.is_deleted(row.cells):
            return entry.replace(gone=True)
    elif is_about_person(feed.list_type, row.cells):
        return None
    else:
        entry = read_list_row(row.number, row.cells, list_type=feed.list_type, today=today, headers=row.headers)
    return entry


def entry_text(entry: Entry) -> str:
    """The entry as one line of JSON; equal entries of one version are equal texts."""
    item = entry.to_item()
    item.pop("warnings", None)
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def entry_of(feed: Feed, item: Json) -> Entry:
    """The entry that an item of the feed stands for."""
    kind = CompanyRegisterEntry if LISTS[feed.list_type].rows == "registration" else ListEntry
    return kind.from_item(item)


def changes(feed: Feed, entry: Entry, *, gone: bool, at: str) -> list[Change]:
    """Everything that one entry changes; `gone`: the source has it no more."""
    if isinstance(entry, CompanyRegisterEntry):
        # Who is missing in a file of the register has not vanished from the register.
        return [] if gone else _registered(feed, entry, at)
    return [_listed(feed, entry.replace(gone=True) if gone else entry, at)]


def _listed(feed: Feed, entry: ListEntry, at: str) -> Change:
    """A listing, or the end of one that was removed or is gone."""
    kind, source = LISTS[feed.list_type], Source.of_list(feed.name)
    identity = identity_of(entry)
    listed = listing_id(source, identity.subject_id, entry.listed_on, entry.reasons, entry.key)
    ended = entry_repair.end_of(kind, source, entry, (identity.subject_id, listed), at)
    if ended:
        return ended
    kept: Json = {field: value for field in KEPT_FIELDS if (value := getattr(entry, field))}
    if feed.list_type == "abnormal_operations" and (entry.uscc or entry.unverified_uscc).startswith("92"):
        kept["measure"] = MARK
    listing = Listing(
        listing_id=listed,
        source=source,
        reasons=tuple(entry.reasons),
        severity=gravest(entry.reasons),
        evidence_level=kind.evidence_level,
        reported_at=at,
        expires_on=entry_repair.expires_on(kind, entry),
        source_state=entry.state,
        kind_unknown=entry.category == penalty_kinds.UNKNOWN,
        **kept,
    )
    return Listed(identity, listing, at)


def _registered(feed: Feed, entry: CompanyRegisterEntry, at: str) -> list[Change]:
    item = entry.to_item()
    registration = Registration.from_item({field: item[field] for field in REGISTRATION_FIELDS if field in item})
    registered = registration.replace(source=Source.of_list(feed.name))
    made: list[Change] = [Registered(identity_of(entry), registered, at)]
    if entry.predecessor and entry.uscc:
        made.append(Succeeded(f"uscc:{entry.predecessor}", entry.predecessor, entry.uscc, at))
    return made


def identity_of(entry: Entry) -> Identity:
    """Whom the entry is about."""
    return Identity(**{field: getattr(entry, field) for field in IDENTITY_FIELDS})
