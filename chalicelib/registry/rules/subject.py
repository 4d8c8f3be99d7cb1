"""A subject (经营主体): who stands behind a merchant account, with every listing that stands against it.

A subject is a plain mapping, one item of the `subjects` table. Changes are applied here, purely; the table only
checks that nobody else changed the subject in between.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.registry.rules import dispute_state
from chalicelib.registry.rules import listing as guards
from chalicelib.registry.rules.subject_changes import Change, Disputed, Ended, Listed, Registered, Succeeded, Unguarded

Subject = dict[str, Any]

SINGLE_FIELDS: Final = (
    "uscc", "registration_no", "org_code", "person", "address", "phone",
    "legal_representative", "bank_account", "legal_representative_shown", "shop_url",
)  # fmt: skip
# A subject item may not pass DynamoDB's 400 KB; names beyond these add nothing that matching could use.
MOST_NAMES: Final = 12


def apply(subject: Subject | None, change: Change) -> Subject | None:
    """The subject after the change, with its version raised; None when the change tells nothing new."""
    if isinstance(change, Ended):
        return _end(subject, change)
    if isinstance(change, Registered):
        return _register(subject, change)
    if isinstance(change, Succeeded):
        return _succeed(subject, change)
    if isinstance(change, Unguarded):
        return _unguard(subject, change)
    if isinstance(change, Disputed):
        return _dispute(subject, change)
    return _list(subject, change)


def active_listings(subject: Mapping[str, Any]) -> list[guards.Listing]:
    """The listings that stand against the subject now."""
    return [one for one in subject["listings"].values() if one["state"] == guards.ACTIVE]


def shown(subject: Mapping[str, Any]) -> dict[str, Any]:
    """What a match says of the subject: identifiers that are public by law, and its names."""
    fields = ("subject_id", "uscc", "registration_no", "org_code")
    public = {field: subject[field] for field in fields if subject.get(field)}
    if subject.get("names"):
        public["name"] = subject["names"][0]
        if len(subject["names"]) > 1:
            public["other_names"] = subject["names"][1:]
    return public


def _list(subject: Subject | None, change: Listed) -> Subject | None:
    before: Subject = subject or {"subject_id": change.subject_id, "version": 0, "listings": {}}
    new = change.listing
    merged = guards.merge(before["listings"].get(new["listing_id"]), new, change.at)
    identified = _identify(before, change.identity)
    if merged is None and identified == before:
        return None
    if merged is not None:
        marked = dispute_state.mark_after_void(merged, before["listings"])
        identified["listings"] = {**before["listings"], merged["listing_id"]: marked}
    return {**identified, "version": before["version"] + 1, "updated_at": change.at}


def _identify(before: Subject, identity: Mapping[str, Any]) -> Subject:
    """The subject with what the report knows of it; what is known already is never overwritten."""
    after = dict(before)
    for field in SINGLE_FIELDS:
        if identity.get(field) and not after.get(field):
            after[field] = identity[field]
    for field, one in (("names", "name"), ("names", "former_name"), ("shop_names", "shop_name")):
        known = after.get(field, [])
        if identity.get(one) and identity[one] not in known and len(known) < MOST_NAMES:
            after[field] = [*known, identity[one]]
    return after


def _end(subject: Subject | None, change: Ended) -> Subject | None:
    if subject is None or change.listing_id not in subject["listings"]:
        return None
    old = dispute_state.settle(subject["listings"][change.listing_id], change.at, change.by)
    ended = guards.end(old, change.state, change.at, change.by, change.why, change.because)
    return _with_listing(subject, ended, change.at)


def _dispute(subject: Subject | None, change: Disputed) -> Subject | None:
    if subject is None or change.listing_id not in subject["listings"]:
        return None
    return _with_listing(subject, dispute_state.take(subject["listings"][change.listing_id], change), change.at)


def _with_listing(subject: Subject, listing: guards.Listing | None, at: str) -> Subject | None:
    if listing is None:
        return None
    return {
        **subject,
        "listings": {**subject["listings"], listing["listing_id"]: listing},
        "version": subject["version"] + 1,
        "updated_at": at,
    }


def _unguard(subject: Subject | None, change: Unguarded) -> Subject | None:
    if subject is None or change.listing_id not in subject["listings"]:
        return None
    lifted = guards.lift(subject["listings"][change.listing_id], change.at, change.by, change.guard, change.why)
    return _with_listing(subject, lifted, change.at)


def _register(subject: Subject | None, change: Registered) -> Subject | None:
    """The registered name leads all names, and the former ones stay among them, so that renamed subjects resolve."""
    before: Subject = subject or {"subject_id": change.subject_id, "version": 0, "listings": {}}
    known = before.get("registration", {})
    if known.get("at", "") > change.at or all(known.get(key) == value for key, value in change.registration.items()):
        return None
    registered = {**change.registration, "at": change.at}
    name, old = change.registration.get("name", ""), known.get("name", "")
    former = [*known.get("former_names", ()), *change.registration.get("former_names", ())]
    if old and name and old != name:
        former.append(old)
        # The day of the rename where the register tells it, else the day on which it was first seen.
        ended = change.registration.get("renamed_on") or change.at[:10]
        registered["names_until"] = {**known.get("names_until", {}), old: ended}
    elif known.get("names_until"):
        registered["names_until"] = known["names_until"]
    registered["former_names"] = [one for one in dict.fromkeys(former) if one != name]
    after = _identify(before, {**change.identity, "name": ""})
    names = [name] if name else []
    names += [*registered["former_names"], *after.get("names", ())]
    after["names"] = list(dict.fromkeys(names))[:MOST_NAMES]
    return {**after, "registration": registered, "version": before["version"] + 1, "updated_at": change.at}


def _succeed(subject: Subject | None, change: Succeeded) -> Subject | None:
    before: Subject = subject or {"subject_id": change.subject_id, "uscc": change.uscc, "version": 0, "listings": {}}
    if change.successor in before.get("successors", ()):
        return None
    successors = [*before.get("successors", ()), change.successor]
    return {**before, "successors": successors, "version": before["version"] + 1, "updated_at": change.at}
