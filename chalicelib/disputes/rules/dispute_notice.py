"""What is said when a dispute moves: to its parties and the regulators, and to whoever received the listing."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.accounts.roles import Role
from chalicelib.notices.rules.notice import SCHEMA, Attributes, Notice, change_view, notice_id
from chalicelib.registry.rules import listing_history
from chalicelib.registry.rules.listing import Event, Listing

# Event of the history -> kind of the notice to those who take part.
PARTY_KINDS: Final = {
    "disputed": "dispute_opened",
    "dispute_answered": "dispute_answered",
    "dispute_overdue": "dispute_overdue",
    "dispute_closed": "dispute_over",
}
RECEIVED: Final = "received_changed"


def party_notice(
    subject: Mapping[str, Any], listing: Listing, event: Event, audience: str
) -> tuple[Notice, Attributes]:
    """The notice of one step to a party, or to `regulators`; what was said is read at /v1/disputes."""
    dispute, after = listing.disputes[event.dispute], event.after or {}
    kind = PARTY_KINDS[event.kind]
    answer = after.get("answer")
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(f"{listing_history.change_id(listing.listing_id, event.revision)}.{kind}", audience),
        "kind": kind,
        "at": event.at,
        "subject": subject,
        "dispute": {
            "dispute_id": dispute.dispute_id,
            "listing_id": listing.listing_id,
            "kind": dispute.kind,
            "state": after["dispute"],
            "answer_due": dispute.due,
            **({"answer": answer} if answer else {}),
            **({"outcome": after["outcome"]} if "outcome" in after else {}),
        },
    }
    return notice, {"kind": kind, "severity": str(listing.severity)}


def received_notice(entry: Mapping[str, Any], platform_id: str) -> tuple[Notice, Attributes]:
    """The notice to a platform that received a listing: it is disputed, or no longer, was amended, or is void.

    `entry` is the numbered change; `what` says which.
    """
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(f"{entry['entry_id']}.{RECEIVED}", platform_id),
        "what": entry["kind"],
        **change_view(entry, Role.PLATFORM, platform_id),
        "kind": RECEIVED,
    }
    return notice, {"kind": RECEIVED, "severity": str(entry["listing"]["severity"])}
