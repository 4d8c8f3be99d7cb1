"""What platforms are told: one notice for each change of a listing, and for each report that was dealt with.

The form is versioned (`schema`) and described in docs/schemas. A notice id is computed from what happened and to whom
it is told, so that a notice that comes twice can be recognised.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain import listing as listings
from chalicelib.domain import subject as subjects
from chalicelib.domain.feed import HOLD_REASONS

SCHEMA: Final = "lianfang.notice/1"
# Steps of a dispute of which only the parties and the regulator are told.
BETWEEN_PARTIES: Final = ("dispute_answered", "dispute_overdue")
Notice = dict[str, Any]
Attributes = dict[str, Any]


def notice_id(what: str, audience: str) -> str:
    """The deterministic id of telling `audience` of `what`."""
    return "n_" + hashlib.sha256(f"{what}|{audience}".encode()).hexdigest()[:24]


def change_entry(subject: Mapping[str, Any], listing: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """One change as the feed keeps it: whose listing, what happened, and the listing as it then was."""
    # Everything else happens to a listing that stands.
    state = event["kind"] if event["kind"] in listings.ENDS else listings.ACTIVE
    before = {field: value for field, value in event.get("before", {}).items() if field in listings.PUBLIC_FIELDS}
    outcome = event.get("after", {}).get("outcome")
    return {
        "entry_id": listings.change_id(listing, event),
        "kind": event["kind"],
        "at": event["at"],
        "subject": subjects.shown(subject),
        **({"before": before} if before and event["kind"] in ("amended", listings.VOIDED) else {}),
        **({"outcome": outcome} if outcome else {}),
        "listing": {
            **{key: value for key, value in listing.items() if key not in _unsaid(listing, event)},
            "state": state,
            "revision": event["revision"],
        },
    }


def _unsaid(listing: Mapping[str, Any], event: Mapping[str, Any]) -> tuple[str, ...]:
    """What a change leaves out: what stays inside, and the words of a government entry that it ends."""
    over = is_taken_back({"kind": event["kind"], "listing": listing})
    words = ("reason_text", "document_no", "measure", "listed_by") if over else ()
    return (*listings.INTERNAL_FIELDS, *words)


def may_see(entry: Mapping[str, Any], role: str, platform_id: str) -> bool:
    """Who may see the listing sees its changes, and so does who could see it until this change; but what happens
    between reporter and regulator in a dispute stays between them."""
    listing = entry["listing"]
    if entry["kind"] in BETWEEN_PARTIES and role != "regulator":
        return bool(listing["source"] == f"platform:{platform_id}")
    return listings.may_see(listing, role, platform_id) or listings.is_shared(as_it_was(entry))


def is_public(entry: Mapping[str, Any]) -> bool:
    """Whether everyone is told of the change."""
    return may_see(entry, "public", "")


def as_it_was(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The listing of a change as it stood before, as far as the change says."""
    return {**entry["listing"], **entry.get("before", {})}


def is_taken_back(entry: Mapping[str, Any]) -> bool:
    """Whether the change ends an entry of a government list."""
    return entry["kind"] in ("removed", "expired") and str(entry["listing"]["source"]).startswith("government:")


def withheld(listing: Mapping[str, Any]) -> dict[str, Any]:
    """What is left to serve of an older change of an entry that has ended: that there was one, and not what it said."""
    return {field: listing[field] for field in ("listing_id", "source", "state", "severity", "revision")}


def change_view(entry: Mapping[str, Any], role: str, platform_id: str) -> dict[str, Any]:
    """A change as this caller may see it."""
    return {
        "change": entry["number"],
        "kind": entry["kind"],
        "at": entry["at"],
        "subject": entry["subject"],
        **{field: entry[field] for field in ("before", "outcome") if field in entry},
        "listing": listings.view(entry["listing"], role, platform_id),
    }


def closure_notice(entry: Mapping[str, Any]) -> tuple[Notice, Attributes]:
    """The notice of a change that everyone may hear, and the attributes that subscriptions can filter on."""
    listing = entry["listing"]
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(entry["entry_id"], "closures"),
        **change_view(entry, "public", ""),
    }
    return notice, {
        "kind": entry["kind"],
        "severity": str(listing["severity"]),
        "reasons": listing["reasons"],
        "source": listing["source"],
        "region": entry["subject"].get("uscc", "")[2:8],
    }


def report_notice(report: Mapping[str, Any]) -> tuple[Notice, Attributes]:
    """The notice to a reporter that its report is done or refused."""
    kind = f"report_{report['status']}"
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(f"{report['report_id']}.{kind}", "reporter"),
        "kind": kind,
        "at": report["done_at"],
        "report": dict(report),
    }
    return notice, {"kind": kind}


def corroboration_notice(entry: Mapping[str, Any], audience: str) -> tuple[Notice, Attributes]:
    """The notice that platforms and government have come to stand differently to each other over one subject."""
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(f"corroboration.{entry['entry_id']}", audience),
        "kind": "corroboration_changed",
        "at": entry["at"],
        "subject": entry["subject"],
        "was": entry["was"],
        "corroboration": entry["corroboration"],
    }
    return notice, {"kind": "corroboration_changed", "state": entry["state"]}


def hold_notice(hold: Mapping[str, Any]) -> tuple[Notice, Attributes]:
    """The notice to regulators that a government list arrived in a state that a person must look at."""
    zh, en = HOLD_REASONS[hold["reason"]]
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(f"{hold['feed']}.{hold['hold_id']}", "regulators"),
        "kind": "feed_held",
        "at": hold["held_at"],
        "feed": hold["feed"],
        "hold_id": hold["hold_id"],
        "reason": hold["reason"],
        "says": {"zh": zh, "en": en},
        "counts": hold["counts"],
    }
    return notice, {"kind": "feed_held"}


def licence_notice(licence: Mapping[str, Any], audience: str) -> tuple[Notice, Attributes]:
    """The notice that a licence which the platform has verified stands otherwise now, by the word of the register."""
    what = f"licence.{licence['uscc']}.{licence['state']}.{licence['status_at']}"
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(what, audience),
        "kind": "licence_changed",
        "at": licence["status_at"],
        "licence": {
            field: licence[field]
            for field in ("uscc", "name", "state", "status", "status_at", "verified_at", "receipt_id", "due_on")
        },
    }
    return notice, {"kind": "licence_changed", "state": licence["state"]}
