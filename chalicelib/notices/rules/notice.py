"""Notices: of each change of a listing to everyone, and of what concerns one platform alone to that platform.

The form is versioned (`schema`) and described in docs/schemas. Each capability words its own notices.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.accounts.roles import Role
from chalicelib.notices.rules import numbered_change
from chalicelib.notices.rules.numbered_change import NumberedChange, withheld_listing
from chalicelib.registry.rules import subject as subjects
from chalicelib.values.organisation_codes import division
from chalicelib.values.records import Json

SCHEMA: Final = "lianfang.notice/1"
# SNS takes 256 KB with attributes; what is longer is pushed as its envelope, and is read from the log.
MOST_BYTES: Final = 240_000
_ENVELOPE: Final = ("schema", "notice_id", "kind", "at", "sequence", "change")
# What subscriptions can filter on, by name.
Attributes = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice to one recipient: its id, what kind of event it is of, when that was, and what it says (`content`).

    `filters` are what subscriptions can filter on besides the kind and the listing that it is about.
    """

    notice_id: str
    kind: str
    at: str
    content: Json
    filters: Attributes = field(default_factory=dict)

    @property
    def attributes(self) -> dict[str, str | Sequence[str]]:
        """All that subscriptions can filter on."""
        part = part_about_listing(self.content) or {}
        about = listing_attributes(part["subject"], part["listing"]) if part else {}
        return {"kind": self.kind, **self.filters, **{name: value for name, value in about.items() if value}}

    def to_json(self) -> Json:
        """The notice as it is stored, pushed and read."""
        return {"schema": SCHEMA, "notice_id": self.notice_id, "kind": self.kind, "at": self.at, **self.content}


def notice_id(event: str, audience: str) -> str:
    """The id of the notice of an event to an audience, by which a notice that comes twice can be recognised."""
    return "n_" + hashlib.sha256(f"{event}|{audience}".encode()).hexdigest()[:24]


def closure_notice(change: NumberedChange) -> Notice:
    """The notice of a change that every platform may see."""
    content = numbered_change.view(change, Role.PUBLIC, "")
    return Notice(
        notice_id=notice_id(change.entry_id, "closures"),
        kind=content.pop("kind"),
        at=content.pop("at"),
        content=content,
    )


def listing_attributes(subject: Mapping[str, Any], listing: Mapping[str, Any]) -> dict[str, str | Sequence[str]]:
    """What subscriptions can filter on in a notice about a listing."""
    return {
        "severity": str(listing.get("severity", "")),
        "reasons": listing.get("reasons", []),
        "source": listing.get("source", ""),
        "region": region(subject),
    }


def part_about_listing(content: Mapping[str, Any]) -> Json | None:
    """The part of a notice that holds a subject and a listing: itself, or its task; None where none does."""
    for part in (content, *content.values()):
        if isinstance(part, Mapping) and {"subject", "listing"} <= part.keys():
            return dict(part)
    return None


def withheld_notice(notice: Json) -> Json:
    """A private notice of a government entry that has ended since: which entry it was, and not what it said."""
    parts = {name: _withheld_part(part) if isinstance(part, Mapping) else part for name, part in notice.items()}
    return _withheld_part(parts)


def shown_notice(notice: Json) -> Json:
    """A stored notice as it may be read now: the names of natural persons masked."""
    return _shown_part({name: _shown_part(part) if isinstance(part, dict) else part for name, part in notice.items()})


def fitting(notice: Json) -> Json:
    """The notice, or what SNS still takes of one that is too long: its envelope, by which it is read from its log."""
    if len(json.dumps(notice, ensure_ascii=False).encode()) <= MOST_BYTES:
        return notice
    return {**{name: notice[name] for name in _ENVELOPE if name in notice}, "shortened": True}


def region(subject: Mapping[str, Any]) -> str:
    """The division whose office registered the subject, six digits of GB/T 2260; '' where nothing says so.

    Digits 3 to 8 of a USCC (GB 32100) and the first six of a registration number (GS 15) are that office's division.
    """
    return str(division(subject.get("uscc", "")) or subject.get("registration_no", "")[:6])


def _shown_part(part: Json) -> Json:
    return {**part, "subject": subjects.shown(part["subject"])} if isinstance(part.get("subject"), dict) else part


def _withheld_part(part: Mapping[str, Any]) -> Json:
    return {**part, "listing": withheld_listing(part["listing"])} if "listing" in part else dict(part)
