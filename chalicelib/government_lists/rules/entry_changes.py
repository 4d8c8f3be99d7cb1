"""What an entry of a government list does to its subject."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final, cast

from chalicelib.government_lists.rules.company_register_row import take_registration_row
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.list_row import ListName, take_register_row
from chalicelib.government_lists.rules.list_types import LISTS
from chalicelib.government_lists.rules.penalty_terms import term_end
from chalicelib.registry.rules.listing import listing_id, why_over
from chalicelib.registry.rules.reason_codes import gravest
from chalicelib.registry.rules.subject_changes import Change, Ended, Listed, Registered, Succeeded
from chalicelib.registry.rules.subject_id import subject_id
from chalicelib.reports.rules.eviction import Rejection
from chalicelib.values.timestamps import china_date

Record = dict[str, Any]
IDENTITY_FIELDS: Final = ("uscc", "registration_no", "org_code", "name")
KEPT_FIELDS: Final = ("listed_on", "reason_text", "document_no", "listed_by", "source_id", "publish_until", "measure")
REGISTRATION_FIELDS: Final = (
    "name", "former_names", "renamed_on", "status", "entity_type", "registered_by", "established_on", "approved_on",
    "predecessor",
)  # fmt: skip
MARK: Final = "标记为经营异常状态"
_DELETED: Final = frozenset({"删", "删除", "d", "del", "delete", "deleted", "remove", "removed", "3"})
# Why a listing was taken off, as its own words tell; from the top.
_ENDINGS: Final = (
    ("deregistered", re.compile("注销")),
    ("revoked", re.compile("撤销|违法|无效|错误|确有错误")),
    ("term_over", re.compile("届满|期满|到期|满.{0,2}[3三]年|自动移出")),
    ("repaired", re.compile("修复|履行|补报|改正|整改|恢复|取得联系|可以联系|变更")),
)


def read_row(
    feed: Feed, row: int, cells: Mapping[str, str] | None, today: date, headers: Mapping[str, str]
) -> tuple[str, Record] | Rejection | None:
    """The key and the record of a row, its rejection, or None for what is left out: a person's own penalty.

    `gone` in the record: the source says by its mark (增删改标志) that the row was deleted.
    """
    kind = LISTS[feed.list_type]
    if kind.rows == "penalty" and cells and "自然人" in cells.get("entity_type", ""):
        # Order 45, article 6; natural persons are not merchants here, and their names are personal.
        return None
    if kind.rows == "registration":
        taken: Any = take_registration_row(row, cells, today=today, headers=headers)
    else:
        name = cast("ListName", feed.list_type)
        taken = take_register_row(row, cells, list_name=name, today=today, headers=headers)
    if isinstance(taken, Rejection):
        return taken
    record = {field: value for field, value in asdict(taken).items() if value and field != "warnings"}
    if (cells or {}).get("op", "").strip().lower() in _DELETED:
        record["gone"] = True
    # Through JSON, so that what is read compares with what was kept.
    return taken.key, json.loads(json.dumps(record))


def changes(feed: Feed, record: Record, *, gone: bool, at: str) -> list[Change]:
    """Everything that one record changes; `gone`: the source has it no more."""
    if LISTS[feed.list_type].rows == "registration":
        # Who is missing in a file of the register has not vanished from the register.
        return [] if gone else _registered(feed, record, at)
    return [_listed(feed, record, gone, at)]


def ending(reason: str) -> str:
    """Why a listing was removed: deregistered, revoked, term_over, repaired; '' where the register does not say."""
    return next((why for why, words in _ENDINGS if words.search(reason)), "")


def _listed(feed: Feed, record: Record, gone: bool, at: str) -> Change:
    """A listing, or the end of one that was removed or is gone.

    Removal ends the government's own listing and nothing else: what platforms reported stands.
    """
    identity: Record = {field: record.get(field, "") for field in IDENTITY_FIELDS}
    who = subject_id(identity)
    source = f"government:{feed.name}"
    ident = listing_id(source, who, record.get("listed_on", ""), record["reasons"], record["key"])
    expires_on = _expires_on(feed, record)
    if gone or record.get("removed_on"):
        return Ended(who, ident, "removed", at, source, because=ending(record.get("removed_reason", "")))
    if expires_on and expires_on <= china_date(datetime.fromisoformat(at)):
        return Ended(who, ident, "expired", at, source, because=why_over({**record, "expires_on": expires_on}))
    kept: Record = {field: record[field] for field in KEPT_FIELDS if field in record}
    if feed.list_type == "abnormal_operations" and identity["uscc"].startswith("92"):
        kept["measure"] = MARK
    listing: Record = {
        "listing_id": ident,
        "source": source,
        "listed_on": record.get("listed_on", ""),
        "reasons": list(record["reasons"]),
        "severity": gravest(record["reasons"]),
        "evidence_level": LISTS[feed.list_type].evidence_level,
        "reported_at": at,
        "expires_on": expires_on,
        **kept,
    }
    return Listed(identity, {field: value for field, value in listing.items() if value != ""}, at)


def _registered(feed: Feed, record: Record, at: str) -> list[Change]:
    identity: Record = {field: record.get(field, "") for field in IDENTITY_FIELDS}
    known: Record = {field: record[field] for field in REGISTRATION_FIELDS if field in record}
    found: list[Change] = [Registered(identity, {**known, "source": f"government:{feed.name}"}, at)]
    if record.get("predecessor") and record.get("uscc"):
        found.append(Succeeded(f"uscc:{record['predecessor']}", record["predecessor"], record["uscc"], at))
    return found


def _expires_on(feed: Feed, record: Mapping[str, Any]) -> str:
    """The day from which the record no longer counts: the end of its term, or of its publication if that is sooner
    (信用修复管理办法, NDRC order 36, article 3)."""
    listed_on = record.get("listed_on", "")
    ends = [record.get("publish_until", ""), term_end(LISTS[feed.list_type], listed_on, record.get("category", ""))]
    return min((end for end in ends if end), default="")
