"""Answers about the audit log."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.responses.shared import Answer, Moment, Role, absent

Kept = dict[str, str | int | bool]


class AuditEntry(Answer):
    """What a person or a key did: one entry of the audit log."""

    entry_id: str
    at: Moment
    by: str = Field(description="the organisation that acted, such as platform:alpha")
    organisation: str
    role: Role
    person_id: str = absent("the person that acted; absent where a key did")
    key_id: str = absent("the key that acted; absent where a person did")
    action: str = Field(description="the operation, as this description names it")
    object: str = absent("what it was done to, such as listing:l_…")
    outcome: Literal["begun", "done", "refused", "failed"] = Field(
        description="`begun`: cut off before its end was written, it may have been done"
    )
    error: str = absent("the code with which it was refused")
    before: Kept = absent("fields before the change; `***` for what is personal")
    after: Kept = absent("fields that were asked for or that hold after the change; `***` for what is personal")
    source: str = absent("a keyed digest of the network that the request came from")
    request_id: str


class AuditPage(Answer):
    """A page of the audit log, newest first."""

    entries: list[AuditEntry]
    next: str = Field(description="`after` of the next page; empty at the end")
