"""An act that waits for a second person, as it is stored and shown."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.values.records import Json, Record, stored
from chalicelib.values.timestamps import iso


class State(StrEnum):
    """How far a decision is; `taken` while what was approved is being done."""

    PENDING = "pending"
    TAKEN = "taken"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingDecision(Record):
    """An act that waits: by whom, which operation with which path and body (JSON, numbers of persons masked)."""

    id: str = stored("")
    number: int = stored(0)
    organisation: str = stored()
    role: Role = stored()
    person_id: str = stored("")
    key_id: str = stored("")
    operation: str = stored()
    duty: str = stored()
    path: Mapping[str, str] = stored(factory=dict)
    body: str = stored("")
    asked_at: str = stored()
    ends_at: str = stored()
    state: str = stored(str(State.PENDING), always=True)
    decided_by: str = stored("", always=True)
    decided_at: str = stored("")
    why: str = stored("")
    error: str = stored("")
    expires_at: int = stored(0)

    def __post_init__(self) -> None:
        """Turn the stored name of the role into the role."""
        object.__setattr__(self, "role", Role(self.role))

    @property
    def ident(self) -> str:
        """The id of the decision, such as `alpha.7`."""
        return f"{self.organisation}.{self.number}"

    @property
    def caller(self) -> Caller:
        """Who asked for the act."""
        return Caller(self.organisation, self.role, self.person_id or self.key_id, self.person_id)

    def state_at(self, now: datetime) -> str:
        """How far it is; one that nobody decided in time is over."""
        return str(State.EXPIRED) if self.state == State.PENDING and self.ends_at <= iso(now) else self.state

    def view(self, now: datetime) -> Json:
        """The decision as the API shows it; empty fields are left out."""
        fields: Json = {
            "decision_id": self.ident,
            "organisation": self.organisation,
            "person_id": self.person_id,
            "key_id": self.key_id,
            "operation": self.operation,
            "duty": self.duty,
            "path": dict(self.path),
            "body": json.loads(self.body) if self.body else {},
            "asked_at": self.asked_at,
            "ends_at": self.ends_at,
            "state": self.state_at(now),
            "decided_by": self.decided_by,
            "decided_at": self.decided_at,
            "why": self.why,
            "error": self.error,
        }
        return {name: value for name, value in fields.items() if value != ""}
