"""An entry of the audit log: who did what, on which object, with which outcome; and what of it is kept.

No personal value is kept in clear: of a request's fields only those named here are kept, numbers of persons in them
masked; of all others only that they were given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.accounts.roles import Role, actor_name
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json, Record, stored

GIVEN: Final = "***"
MOST_CHARACTERS: Final = 300
MOST_MEMBERS: Final = 20
MOST_FIELDS: Final = 40
# Texts that name no person, and the grounds that the use cases keep masked as well.
# fmt: off
SHOWN: Final = frozenset((
    "aws_account", "beneficiary", "campaign_id", "content_type", "decision", "delivers", "duties", "ends_on",
    "enforcement", "evidence_id", "evidence_level", "expires_on", "file_count", "hold_id", "id", "key_id", "kind",
    "list_type", "listing_id", "listing_state", "message_ids", "method", "on_behalf_of", "organisation", "outcome",
    "person_id", "platform_id", "policy_version", "protocol", "purpose", "purposes", "reason", "reasons",
    "replaces", "revoked_from", "role", "stand", "starts_on", "state", "status", "topic", "uscc", "version", "way",
    "why",
))
# fmt: on
Kept = str | int | bool


class Outcome(StrEnum):
    """How an act ended; one that is `begun` for long was cut off, and may have been done."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry(Record):
    """One act of a person or of an organisation's key.

    `action` is the operation as the API names it, `object_name` what it was done to, such as `listing:l_…`; `error` is
    the code with which it was refused, `source` a keyed digest of the network that the request came from.
    """

    id: str = stored("")
    number: int = stored(0)
    at: str = stored()
    organisation: str = stored()
    role: Role = stored()
    person_id: str = stored("")
    key_id: str = stored("")
    action: str = stored()
    object_name: str = stored("", name="object")
    outcome: str = stored(str(Outcome.BEGUN), always=True)
    error: str = stored("")
    before: Mapping[str, Kept] = stored(factory=dict)
    after: Mapping[str, Kept] = stored(factory=dict)
    source: str = stored("")
    request_id: str = stored("")
    expires_at: int = stored(0)

    def __post_init__(self) -> None:
        """Turn the stored name of the role into the role."""
        object.__setattr__(self, "role", Role(self.role))

    def view(self) -> Json:
        """The entry as the API shows it; empty fields are left out."""
        fields: Json = {
            "entry_id": self.id,
            "at": self.at,
            "by": actor_name(self.role, self.organisation),
            "organisation": self.organisation,
            "role": str(self.role),
            "person_id": self.person_id,
            "key_id": self.key_id,
            "action": self.action,
            "object": self.object_name,
            "outcome": self.outcome,
            "error": self.error,
            "before": dict(self.before),
            "after": dict(self.after),
            "source": self.source,
            "request_id": self.request_id,
        }
        return {name: value for name, value in fields.items() if value not in ("", {})}


def kept_fields(fields: Mapping[str, object]) -> dict[str, Kept]:
    """What an entry keeps of these fields: numbers and truth values, texts that name no person; of others `***`."""
    given = {name: value for name, value in fields.items() if value not in (None, "", [], {}, ())}
    return {name: _kept(name, value) for name, value in list(given.items())[:MOST_FIELDS]}


def _kept(name: str, value: object) -> Kept:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return mask_personal(str(value))[0][:MOST_CHARACTERS] if name in SHOWN else GIVEN
    if isinstance(value, list | tuple | set | frozenset):
        members = sorted(str(member) for member in value if isinstance(member, str))
        if name in SHOWN and members and len(members) == len(value) <= MOST_MEMBERS:
            return mask_personal(", ".join(members))[0][:MOST_CHARACTERS]
        return len(value)
    return GIVEN
