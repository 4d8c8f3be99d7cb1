"""What platforms are told: one notice for each change of a listing, and for each report that was dealt with.

The form is versioned (`schema`) and described in docs/schemas. A notice id is computed from what happened and to whom
it is told, so that a notice that comes twice can be recognised.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.accounts.roles import Role
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import listing_history
from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.listing import Event, Listing
from chalicelib.registry.rules.subject import Subject

SCHEMA: Final = "lianfang.notice/1"
# What overlaid a listing when its change was told: running campaigns, the guard against poisoning.
MARKS: Final = ("campaigns", "guard")
# Steps of a dispute of which only the parties and the regulator are told.
BETWEEN_PARTIES: Final = ("dispute_answered", "dispute_overdue")
Notice = dict[str, Any]
Attributes = dict[str, Any]


def notice_id(what: str, audience: str) -> str:
    """The deterministic id of telling `audience` of `what`."""
    return "n_" + hashlib.sha256(f"{what}|{audience}".encode()).hexdigest()[:24]


def change_entry(subject: Subject, listing: Listing, event: Event) -> dict[str, Any]:
    """One change as the feed keeps it: whose listing, what happened, and the listing as it then was."""
    # Everything else happens to a listing that stands.
    state = event.kind if event.kind in listings.ENDS else listings.ACTIVE
    before = {field: value for field, value in (event.before or {}).items() if field in listings.PUBLIC_FIELDS}
    outcome = (event.after or {}).get("outcome")
    return {
        "entry_id": listing_history.change_id(listing.listing_id, event.revision),
        "kind": event.kind,
        "at": event.at,
        "subject": subjects.shown(subject),
        **({"before": before} if before and event.kind in ("amended", listings.VOIDED) else {}),
        **({"outcome": outcome} if outcome else {}),
        "listing": {
            **{key: value for key, value in listing.to_item().items() if key not in _unsaid(listing, event)},
            "state": state,
            "revision": event.revision,
        },
    }


def _unsaid(listing: Listing, event: Event) -> tuple[str, ...]:
    """What a change leaves out: what stays inside, and the words of a government entry that it ends."""
    over = is_taken_back({"kind": event.kind, "listing": listing})
    words = ("reason_text", "document_no", "measure", "listed_by") if over else ()
    return (*listings.INTERNAL_FIELDS, *words)


def may_see(entry: Mapping[str, Any], role: Role, platform_id: str) -> bool:
    """Who may see the listing sees its changes, and so does who could see it until this change; but what happens
    between reporter and regulator in a dispute stays between them."""
    listing = entry["listing"]
    if entry["kind"] in BETWEEN_PARTIES and role != Role.REGULATOR:
        return bool(listing["source"] == f"platform:{platform_id}")
    now, before = Listing.from_item(listing), Listing.from_item(as_it_was(entry))
    return listings.may_see(now, role, platform_id) or listings.is_shared(before)


def is_public(entry: Mapping[str, Any]) -> bool:
    """Whether everyone is told of the change."""
    return may_see(entry, Role.PUBLIC, "")


def as_it_was(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The listing of a change as it stood before, as far as the change says."""
    return {**entry["listing"], **entry.get("before", {})}


def is_taken_back(entry: Mapping[str, Any]) -> bool:
    """Whether the change ends an entry of a government list."""
    return entry["kind"] in ("removed", "expired") and str(entry["listing"]["source"]).startswith("government:")


def is_withheld(listing: Mapping[str, Any]) -> bool:
    """Whether no more is served of the listing than that there was one."""
    return "reasons" not in listing


def withheld(listing: Mapping[str, Any]) -> dict[str, Any]:
    """What is left to serve of an older change of an entry that has ended: that there was one, and not what it said."""
    kept = ("listing_id", "source", "state", "severity", "revision")
    return {field: listing[field] for field in kept if field in listing}


def change_view(entry: Mapping[str, Any], role: Role, platform_id: str) -> dict[str, Any]:
    """A change as this caller may see it."""
    return {
        "change": entry["number"],
        "kind": entry["kind"],
        "at": entry["at"],
        "subject": entry["subject"],
        **{field: entry[field] for field in (*MARKS, "before", "outcome") if entry.get(field)},
        "listing": listings.view(Listing.from_item(entry["listing"]), role, platform_id),
    }


def closure_notice(entry: Mapping[str, Any]) -> tuple[Notice, Attributes]:
    """The notice of a change that everyone may hear, and the attributes that subscriptions can filter on."""
    listing = entry["listing"]
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(entry["entry_id"], "closures"),
        **change_view(entry, Role.PUBLIC, ""),
    }
    return notice, {"kind": entry["kind"], **listing_attributes(entry["subject"], listing)}


def listing_attributes(subject: Mapping[str, Any], listing: Mapping[str, Any]) -> Attributes:
    """What subscriptions can filter on in a notice about a listing."""
    return {
        "severity": str(listing.get("severity", "")),
        "reasons": listing.get("reasons", []),
        "source": listing.get("source", ""),
        "region": region(subject),
    }


def attributes_of(notice: Mapping[str, Any]) -> Attributes:
    """The attributes of the listing that a private notice or its task is about; none where it is about no listing."""
    found = about(notice)
    known = listing_attributes(found["subject"], found["listing"]) if found else {}
    return {name: value for name, value in known.items() if value}


def about(notice: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The part of a private notice that holds a subject and a listing, itself or its task; None where none does."""
    for part in (notice, *notice.values()):
        if isinstance(part, Mapping) and {"subject", "listing"} <= part.keys():
            return part
    return None


def withheld_notice(notice: Mapping[str, Any]) -> Notice:
    """A private notice of a government entry that has ended since: which entry it was, and not what it said."""
    kept = {name: _withheld_part(part) if isinstance(part, Mapping) else part for name, part in notice.items()}
    return _withheld_part(kept)


def _withheld_part(part: Mapping[str, Any]) -> Notice:
    return {**part, "listing": withheld(part["listing"])} if "listing" in part else dict(part)


def region(subject: Mapping[str, Any]) -> str:
    """The division whose office registered the subject, six digits of GB/T 2260; '' where nothing says so.

    Digits 3 to 8 of a USCC (GB 32100) and the first six of a registration number (GS 15) are that office's division.
    """
    return str(subject.get("uscc", "")[2:8] or subject.get("registration_no", "")[:6])
