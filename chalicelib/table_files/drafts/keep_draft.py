"""Keep the file that a person has sent to look at, for a day, for that person alone.

It holds personal data in clear, as the file of a report does until the report is done. So it lies under a prefix whose
objects expire after a day (`drafts/<person>/<draft>`, with no name of a file in the key), and is erased with every
version once it is not needed.
"""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.errors import NotFound
from chalicelib.messages import ErrorCode
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.file_bucket import FileBucket

KEPT: Final = timedelta(days=1)
_ID: Final = re.compile(r"[a-z]_[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A file to look at.

    `purpose` is what it is to become (report, roster), `choices` what was chosen with it, and `sent_again` the rows of
    it that were mended and sent by themselves.
    """

    purpose: str
    file_name: str
    content: bytes
    kept_until: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    sent_again: tuple[int, ...] = ()

    def but_sent(self, rows: tuple[int, ...]) -> "Draft":
        """The draft with these rows sent again."""
        return replace(self, sent_again=rows)


def new_draft_id() -> str:
    """An id that says nothing of what it names."""
    return f"f_{secrets.token_hex(12)}"


def keep_draft(bucket: "FileBucket", person_id: str, draft_id: str, draft: Draft, now: datetime) -> Draft:
    """Keep a draft under an id, for a day from when it was kept first."""
    kept = replace(draft, kept_until=draft.kept_until or iso(now + KEPT))
    head = {
        "purpose": kept.purpose,
        "file_name": kept.file_name,
        "kept_until": kept.kept_until,
        "choices": dict(kept.choices),
        "sent_again": list(kept.sent_again),
    }
    bucket.put(_key(person_id, draft_id), json.dumps(head).encode() + b"\n" + kept.content)
    return kept


def find_draft(bucket: "FileBucket", person_id: str, draft_id: str, purpose: str, now: datetime) -> Draft | None:
    """The person's draft of that id and purpose; None where there is none, or its day has passed."""
    body = bucket.get(_key(person_id, draft_id)) if _ID.fullmatch(draft_id) else None
    if body is None:
        return None
    first, _, content = body.partition(b"\n")
    head = json.loads(first)
    draft = Draft(content=content, **{**head, "sent_again": tuple(head["sent_again"])})
    return draft if draft.purpose == purpose and draft.kept_until > iso(now) else None


def read_draft(bucket: "FileBucket", person_id: str, draft_id: str, purpose: str, now: datetime) -> Draft:
    """The same; `NotFound` where there is none."""
    draft = find_draft(bucket, person_id, draft_id, purpose, now)
    if draft is None:
        raise NotFound(ErrorCode.NOT_FOUND, draft_id=draft_id[:40])
    return draft


def has_draft(bucket: "FileBucket", person_id: str, draft_id: str) -> bool:
    """Whether there is a draft of that id, unread; its day may have passed."""
    return _ID.fullmatch(draft_id) is not None and bucket.has(_key(person_id, draft_id))


def forget_draft(bucket: "FileBucket", person_id: str, draft_id: str) -> None:
    """Erase a draft with every version of it."""
    if _ID.fullmatch(draft_id):
        bucket.erase(_key(person_id, draft_id))


def _key(person_id: str, draft_id: str) -> str:
    return f"drafts/{person_id}/{draft_id}"
