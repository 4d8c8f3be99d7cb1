"""Notices of a step of a dispute: to its parties and regulators, and to platforms that received the listing."""

from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.notices.rules import numbered_change
from chalicelib.notices.rules.notice import Notice, notice_id
from chalicelib.notices.rules.numbered_change import NumberedChange
from chalicelib.registry.rules import listing_history
from chalicelib.registry.rules.listing import Event, Listing
from chalicelib.values.records import Json

# Event of the history -> kind of the notice to those who take part.
PARTY_KINDS: Final = {
    "disputed": "dispute_opened",
    "dispute_answered": "dispute_answered",
    "dispute_overdue": "dispute_overdue",
    "dispute_closed": "dispute_over",
}
RECEIVED: Final = "received_changed"


def party_notice(subject: Json, listing: Listing, event: Event, audience: str) -> Notice:
    """The notice of one step to a party, or to `regulators`; the statements are read at /v1/disputes."""
    dispute, after = listing.disputes[event.dispute], event.after or {}
    kind = PARTY_KINDS[event.kind]
    answer = after.get("answer")
    return Notice(
        notice_id=notice_id(f"{listing_history.change_id(listing.listing_id, event.revision)}.{kind}", audience),
        kind=kind,
        at=event.at,
        content={
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
        },
        filters={"severity": str(listing.severity)},
    )


def received_notice(change: NumberedChange, platform_id: str) -> Notice:
    """The notice to a platform that received a listing: it is disputed, or no longer, was amended, or is void.

    `what` says which.
    """
    view = numbered_change.view(change, Role.PLATFORM, platform_id)
    return Notice(
        notice_id=notice_id(f"{change.entry_id}.{RECEIVED}", platform_id),
        kind=RECEIVED,
        at=change.at,
        content={"what": change.kind, **{field: value for field, value in view.items() if field not in ("kind", "at")}},
        filters={"severity": str(change.listing.severity)},
    )
