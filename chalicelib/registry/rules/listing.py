"""A listing: one eviction by a platform, or one government entry, standing against a subject.

A listing is a plain mapping, stored inside its subject. `revision` counts what happened to it and `history` says what
and when, so that every change can be told again from the subject alone.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.accounts.roles import Role

Listing = dict[str, Any]

ACTIVE: Final = "active"
VOIDED: Final = "voided"
# Changes that end a listing; each is named as the state that it leads to.
ENDS: Final = ("withdrawn", "removed", "expired", VOIDED)
LISTING_ID: Final = re.compile(r"l_([a-z]+)-(.+)_([0-9a-f]{16})")
# What another platform may see; the reporter's own shop ids and row numbers stay with the reporter and the regulator.
PUBLIC_FIELDS: tuple[str, ...] = (
    "listing_id",
    "source",
    "filed_by",
    "state",
    "listed_on",
    "expires_on",
    "reasons",
    "reason_text",
    "severity",
    "evidence_level",
    "document_no",
    "notice_url",
    "measure",
    "ended_because",
    "disputed",
    "revision",
)
PRIVATE_FIELDS: tuple[str, ...] = ("shop_name", "shop_id", "shop_url", "report_id", "row", "reported_at", "after_void")
# What stays inside: served by routes of its own, or by none.
INTERNAL_FIELDS: tuple[str, ...] = ("history", "disputes", "decided")
# What a newer report of the same eviction may correct.
CONTENT_FIELDS: tuple[str, ...] = (
    "expires_on",
    "reason_text",
    "severity",
    "evidence_level",
    "document_no",
    "notice_url",
    "measure",
    "shop_name",
    "shop_id",
    "shop_url",
    "source_id",
    "listed_by",
    "publish_until",
)
# Who filed it and when, and what was decided on that: begins anew when a listing is opened again.
FILED_FIELDS: tuple[str, ...] = ("filed_by", "filed_on", "guard_lifted")


# A text in a history is cut to this, because a subject is one item of 400 KB.
LONGEST_BEFORE: Final = 200


def listing_id(source: str, subject_id: str, listed_on: str, reasons: Sequence[str], source_id: str = "") -> str:
    """The same eviction reported twice has the same id, whoever computes it and when.

    It names its subject, so that a listing is found without an index: l_uscc-<code>_<digest of the rest>. A
    government entry that has an id of its own (`source_id`) is known by that one.
    """
    what = source_id or "|".join((listed_on, *sorted(reasons)))
    digest = hashlib.sha256(f"{source}|{subject_id}|{what}".encode()).hexdigest()[:16]
    return f"l_{subject_id.replace(':', '-', 1)}_{digest}"


def subject_of(listing_id: str) -> str:
    """The id of the subject against which the listing stands; '' for what is no listing id."""
    found = LISTING_ID.fullmatch(listing_id)
    return f"{found[1]}:{found[2]}" if found else ""


def merge(old: Listing | None, new: Listing, at: str) -> Listing | None:
    """What the listing becomes when `new` is reported, or None when that tells nothing new.

    A report older than what is already known never undoes it: deliveries come late, twice and out of order. A newer
    one that says the same is remembered as the newest, without being a change. What a regulator decided stays: a
    voided listing never opens again, and what was amended is not overwritten.
    """
    if old is None:
        return {**new, "state": ACTIVE, "revision": 1, "history": [_event(1, "opened", at, _filer(new))]}
    if new["reported_at"] <= old["reported_at"]:
        return None
    if is_final(old, at):
        return {**old, "reported_at": new["reported_at"]}
    content = {field: new[field] for field in CONTENT_FIELDS if field in new} | old.get("decided", {})
    same = all(old.get(field) == content.get(field) for field in CONTENT_FIELDS)
    if old["state"] == ACTIVE and same:
        return {**old, "reported_at": new["reported_at"]}
    kind = "amended" if old["state"] == ACTIVE else "reopened"
    kept = {field: value for field, value in old.items() if field not in (*CONTENT_FIELDS, "ended_because")}
    merged = {**kept, **content, "state": ACTIVE, "reported_at": new["reported_at"]}
    changed = difference(old, merged, ("state", *CONTENT_FIELDS))
    again = _filed_anew(merged, new) if kind == "reopened" else merged
    return advance(again, kind, at, _filer(new), details=changed)


def is_final(listing: Mapping[str, Any], at: str) -> bool:
    """Whether no report opens the listing again: it was voided, or has ended on the day that a regulator set."""
    ends = listing.get("decided", {}).get("expires_on", "")
    over = bool(ends) and ends <= at[:10] and listing["state"] != ACTIVE
    return listing["state"] == VOIDED or over


def is_disputed(listing: Mapping[str, Any]) -> bool:
    """Whether a dispute over the listing is open: nobody is blocked or asked to close by it meanwhile."""
    return bool(listing.get("disputed"))


def end(old: Listing, state: str, at: str, by: str, why: str = "", because: str = "") -> Listing | None:
    """What the listing becomes when it is withdrawn, removed or expires; None when it had ended already.

    `why` is what whoever ended it says; `because` is what a removal is by the register's words: repaired, revoked,
    term_over, publication_over, deregistered.
    """
    if old["state"] != ACTIVE:
        return None
    # A report made before this moment must not open it again when it is delivered late.
    reported_at = max(old["reported_at"], at)
    ended = {"ended_because": because} if because else {}
    after = {**old, "state": state, "reported_at": reported_at, **ended}
    return advance(after, state, at, by, why, difference(old, after, ("state",)))


def why_over(listing: Mapping[str, Any]) -> str:
    """Why a listing ends on its day: its publication was cut short (公示截止期), or its term is over."""
    cut = listing.get("publish_until") and listing["publish_until"] == listing.get("expires_on")
    return "publication_over" if cut else "term_over"


def changes(old: Mapping[str, Listing], new: Mapping[str, Listing]) -> Iterator[tuple[Listing, dict[str, Any]]]:
    """Each listing of `new` with each event of its history that `old` did not have yet, oldest first."""
    for key, listing in new.items():
        known = old[key]["revision"] if key in old else 0
        for event in listing["history"]:
            if event["revision"] > known:
                yield listing, event


def change_id(listing: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    """The deterministic name of one change of one listing."""
    return f"{listing['listing_id']}.{event['revision']}"


def is_shared(listing: Mapping[str, Any]) -> bool:
    """Severity 1 informs and is never shared as an eviction; a government entry is public by law."""
    return bool(listing["severity"] >= 2 or listing["source"].startswith("government:"))


def may_see(listing: Mapping[str, Any], role: Role, platform_id: str) -> bool:
    """A regulator sees all, the reporter its own, every platform what is shared."""
    return role == Role.REGULATOR or listing["source"] == f"platform:{platform_id}" or is_shared(listing)


def view(listing: Mapping[str, Any], role: Role, platform_id: str) -> dict[str, Any]:
    """The listing as this caller may see it."""
    fields = PUBLIC_FIELDS
    if role == Role.REGULATOR or listing["source"] == f"platform:{platform_id}":
        fields = PUBLIC_FIELDS + PRIVATE_FIELDS
    return {field: listing[field] for field in fields if listing.get(field) not in (None, "")}


def _filer(new: Listing) -> str:
    """Who did it: the source itself, or the regulator that filed for it."""
    return str(new.get("filed_by") or new["source"])


def _filed_anew(listing: Listing, new: Listing) -> Listing:
    kept = {field: value for field, value in listing.items() if field not in FILED_FIELDS}
    return kept | {field: new[field] for field in FILED_FIELDS if field in new}


def advance(
    listing: Listing, kind: str, at: str, by: str, why: str = "", details: Mapping[str, Any] | None = None
) -> Listing:
    """The listing with one more event in its history: who did what when; `details` such as before and after."""
    revision = listing["revision"] + 1
    event = _event(revision, kind, at, by, why) | dict(details or {})
    return {**listing, "revision": revision, "history": [*listing["history"], event]}


def difference(old: Mapping[str, Any], new: Mapping[str, Any], fields: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Those of the fields that differ, as they were and as they are, long texts cut."""
    changed = [field for field in fields if old.get(field) != new.get(field)]
    return {
        when: {field: _cut(listing[field]) for field in changed if field in listing}
        for when, listing in (("before", old), ("after", new))
    }


def _cut(value: Any) -> Any:
    return value[:LONGEST_BEFORE] if isinstance(value, str) else value


def _event(revision: int, kind: str, at: str, by: str, why: str = "") -> dict[str, Any]:
    return {"revision": revision, "kind": kind, "at": at, "by": by, **({"why": why} if why else {})}


def lift(listing: Listing, at: str, by: str, guard: str, why: str = "") -> dict[str, Any] | None:
    """The listing once a regulator has said that the guard is wrong here; None when it was lifted or has ended."""
    if listing["state"] != ACTIVE or listing.get("guard_lifted"):
        return None
    revision = listing["revision"] + 1
    event = {"revision": revision, "kind": "guard_lifted", "at": at, "by": by, "before": {"guard": guard}}
    history = [*listing["history"], {**event, **({"why": why} if why else {})}]
    return {**listing, "guard_lifted": guard, "revision": revision, "history": history}
