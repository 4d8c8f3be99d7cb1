"""Invented merchants, evictions and subjects; no real company is named anywhere in the tests."""

from typing import Any

from chalicelib.registry.rules.listing import Listing, listing_id
from chalicelib.registry.rules.subject import Registration, Subject
from chalicelib.registry.rules.subject_changes import Listed, Registered
from chalicelib.registry.rules.subject_id import Identity
from chalicelib.reports.rules.report import Report
from chalicelib.values import organisation_codes

AT = "2026-01-05T02:00:00.000Z"


def uscc(number: int, division: str = "110105", category: str = "91") -> str:
    """A valid USCC, a different one for each number."""
    body = f"MA{number:06d}"
    terms = zip((3, 7, 9, 10, 5, 8, 4, 2), body, strict=True)
    check = (11 - sum(weight * int(char, 36) for weight, char in terms) % 11) % 11
    first = category + division + body + "0123456789X"[check]
    return first + organisation_codes.uscc_check_character(first)


def registration_no(number: int) -> str:
    """A valid 15-digit registration number, a different one for each number."""
    first, rest = f"110105{number:08d}", 10
    for digit in first:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return first + str((11 - rest) % 10)


def listed(
    platform: str = "alpha",
    at: str = AT,
    identity: dict[str, Any] | None = None,
    **fields: Any,
) -> Listed:
    """The change that a report of one eviction makes."""
    identity = Identity(**(identity or {"uscc": uscc(1), "name": "苏州霁昱商贸有限公司"}))
    source = fields.pop("source", f"platform:{platform}")
    listing = {
        "source": source,
        "listed_on": "2026-01-02",
        "reasons": ["PR01"],
        "reason_text": "哄抬防疫物资价格",
        "severity": 3,
        "evidence_level": "E2",
        "reported_at": at,
        **fields,
    }
    listing["listing_id"] = listing_id(source, identity.subject_id, listing["listed_on"], listing["reasons"])
    return Listed(identity, Listing.from_item(listing), at)


def registered(identity: dict[str, str], registration: dict[str, Any], at: str) -> Registered:
    """The change that the register makes."""
    return Registered(Identity(**identity), Registration.from_item(registration), at)


def stored_subject(number: int = 1) -> Subject:
    """The subject of `uscc(number)` as the registry has it."""
    from chalicelib import wiring

    result = wiring.registry().subject(f"uscc:{uscc(number)}")
    assert result is not None
    return result


def subject(*changes: Listed) -> Subject:
    """The subject after those changes."""
    made: Subject | None = None
    for change in changes or (listed(),):
        made = change.apply(made) or made
    assert made is not None
    return made


def reported(**fields: Any) -> Report:
    """A report of a platform that was received."""
    received = {"id": "report#r_1", "report_id": "r_1", "platform_id": "alpha", "file_name": "a.jsonl", "key": "a"}
    return Report(**{**received, "received_at": AT, "status": "received", **fields})
