"""The steps of a rotation, each from one document of keys to the next; refused where a step would come too soon.

next       a new key is distributed: every function knows it, none uses it
promote    the next key becomes current: it writes and signs; the earlier one still finds and verifies
cancel     a next key that was never promoted is taken away
drop       the earlier keys are taken away, for good
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.key_document import KeyDocument, number_of
from chalicelib.merchant_record.rules.signed_statement import GOOD_FOR
from chalicelib.storage.item_keys.lookup_keys import INQUIRY_KEPT
from chalicelib.values.timestamps import iso
from infra.aws import DeployError

# The secrets that rotate, by name within the stage, and how long an earlier key is needed after a promotion.
SECRETS: Final[Mapping[str, timedelta]] = {
    # What lookups leave behind is found again for so long.
    "digest-key": INQUIRY_KEPT,
    # A statement is good for 24 hours; whoever checks one may hold the published keys for some minutes more.
    "statement-key": GOOD_FOR + timedelta(hours=1),
}


def with_next(document: KeyDocument, new_key: Callable[[], str], now: datetime) -> KeyDocument:
    """The document with a new key that every function is to know before it is used."""
    if document.next:
        raise DeployError(f"{document.next} is distributed already: promote or cancel it")
    if len(document.in_use) > 1:
        raise DeployError(
            f"{document.in_use[-1]} is still in use: drop it first, so that two keys at most are asked for"
        )
    key_id = f"k{number_of(document.current) + 1}"
    return KeyDocument(document.current, {**document.keys, key_id: new_key()}, key_id, iso(now))


def promoted(document: KeyDocument, heard: timedelta, now: datetime) -> KeyDocument:
    """The document with the next key as the current one, so long after it was distributed at the earliest."""
    if not document.next:
        raise DeployError("no key is distributed: next")
    _wait(document, heard, now, "some functions may not know the next key yet")
    return replace(document, current=document.next, next="", moved_at=iso(now))


def cancelled(document: KeyDocument, now: datetime) -> KeyDocument:
    """The document without the next key, which nothing was written with."""
    if not document.next:
        raise DeployError("no key is distributed, so there is nothing to cancel")
    keys = {key_id: key for key_id, key in document.keys.items() if key_id != document.next}
    return replace(document, keys=keys, next="", moved_at=iso(now))


def dropped(document: KeyDocument, kept: timedelta, now: datetime) -> KeyDocument:
    """The document with its current key alone."""
    if document.next:
        raise DeployError(f"{document.next} is distributed: promote or cancel it first")
    if len(document.in_use) == 1:
        raise DeployError("there is no earlier key to drop")
    _wait(document, kept, now, "the earlier key is still needed")
    return replace(document, keys={document.current: document.keys[document.current]}, moved_at=iso(now))


def _wait(document: KeyDocument, needed: timedelta, now: datetime, why: str) -> None:
    """Refuse a step until so long after the one before."""
    due = datetime.fromisoformat(document.moved_at) + needed
    if now < due:
        raise DeployError(f"{why}: wait until {iso(due)}")
