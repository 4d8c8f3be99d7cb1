"""What the release of a held delivery would do to one entry, and what of the entry is shown."""

from typing import Final

from chalicelib.government_lists.rules.entry_changes import Entry, changes
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.list_row import ListEntry
from chalicelib.registry.rules.subject_changes import Ended
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json

ADDED, CHANGED, ENDED = "added", "changed", "ended"
SHOWN: Final = ("name", "uscc", "registration_no", "org_code", "listed_on", "document_no", "status")
# What is compared: all but the key, the moment of the issue, and remarks.
COMPARED: Final = frozenset((
    "name", "uscc", "registration_no", "org_code", "unverified_uscc", "listed_on", "reason_text", "reasons",
    "listed_by", "document_no", "removed_on", "removed_reason", "removed_by", "publish_until", "measure", "category",
    "state", "ends_on", "former_names", "renamed_on", "status", "entity_type", "registered_by", "established_on",
    "approved_on", "predecessor",
))  # fmt: skip
LONGEST: Final = 200


def kind_of(feed: Feed, before: Entry | None, entry: Entry, *, is_gone: bool, at: str) -> str:
    """Whether the entry would be added, changed or ended; '' for one that would count neither before nor after."""
    if is_gone and not isinstance(entry, ListEntry):
        return ""  # who is missing in a file of the register has not vanished from the register
    counted = before is not None and _counts(feed, before, at, is_gone=False)
    will_count = _counts(feed, entry, at, is_gone=is_gone)
    if counted:
        return CHANGED if will_count else ENDED
    return ADDED if will_count else ""


def line_of(kind: str, before: Entry | None, entry: Entry) -> Json:
    """The entry as it is shown: who it is about, of which decision, and of a changed one what differs."""
    item = entry.to_item()
    line: Json = {"kind": kind, **{name: _text(item[name]) for name in SHOWN if item.get(name)}}
    if isinstance(entry, ListEntry) and entry.reasons:
        line["reasons"] = list(entry.reasons)
    if kind == CHANGED and before is not None:
        was = before.to_item()
        fields = sorted(name for name in COMPARED if was.get(name) != item.get(name))
        line["differences"] = [
            {"field": name, "before": _text(was.get(name, "")), "after": _text(item.get(name, ""))} for name in fields
        ]
    return line


def _counts(feed: Feed, entry: Entry, at: str, *, is_gone: bool) -> bool:
    """Whether the entry stands: a list has it, and neither it nor its term is over."""
    made = changes(feed, entry, gone=is_gone, at=at)
    return bool(made) and not any(isinstance(change, Ended) for change in made)


def _text(value: object) -> str:
    """A value as text, numbers of persons masked, cut."""
    text = "；".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return mask_personal(text)[0][:LONGEST]
