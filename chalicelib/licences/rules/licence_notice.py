"""The notice that the state of a verified licence changed: by the register, or because nobody verified it in time."""

from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.notices.rules.notice import Notice, notice_id


def registration_notice(licence: VerifiedLicence, audience: str) -> Notice:
    """The notice that the register changed the state of a licence which the platform has verified."""
    event = f"licence.{licence.uscc}.{licence.state}.{licence.status_at}"
    return _changed(licence, event, audience, licence.status_at)


def lapse_notice(licence: VerifiedLicence, audience: str, at: str) -> Notice:
    """The notice that a licence was not verified again in time."""
    return _changed(licence, f"licence.{licence.uscc}.lapsed.{licence.due_on}", audience, at)


def _changed(licence: VerifiedLicence, event: str, audience: str, at: str) -> Notice:
    fields = ("uscc", "name", "state", "status", "status_at", "verified_at", "receipt_id", "due_on")
    return Notice(
        notice_id=notice_id(event, audience),
        kind="licence_changed",
        at=at,
        content={"licence": {field: getattr(licence, field) for field in fields}},
        filters={"state": licence.state},
    )
