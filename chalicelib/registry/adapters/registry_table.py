"""The registry: the `subjects` table, which is the truth, and the `keys` table, which is derived from it.

A subject is one item and a save is one conditional write of it: nothing can be half done. A key is one posting list,
`<kind>#<value>` -> the subjects that carry it, each with the names that scoring needs. A stale posting costs a read
and never a wrong answer, because only the subject decides.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import ClientError, ParamValidationError

from chalicelib import logs
from chalicelib.errors import NotSaved, Unavailable, UnreadableRecord
from chalicelib.matching.blocking_keys import POSTING_CAP
from chalicelib.messages import ErrorCode, FindingCode
from chalicelib.registry.adapters.registry_pages import Page, PostingList, postings, with_room
from chalicelib.registry.rules.subject import Subject, read_subject
from chalicelib.registry.rules.subject_changes import Change
from chalicelib.registry.rules.subject_size import trimmed
from chalicelib.storage.batch_get import batch_get
from chalicelib.storage.dynamodb_values import from_item, to_item
from chalicelib.storage.store_refusals import CHANGED_MEANWHILE, finding_of
from chalicelib.values.records import Json

SAVE_TRIES: Final = 12


class RegistryTable:
    """Subjects and their posting lists; a low-level DynamoDB client is handed in."""

    def __init__(
        self,
        client: Any,
        subjects: str,
        keys: str,
        exchange: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._subjects = subjects
        self._keys = keys
        self._exchange = exchange
        self._sleep = sleep

    def subject(self, subject_id: str) -> Subject | None:
        """The subject as it is now, strongly consistent; None when nothing was ever reported of it."""
        answer = self._client.get_item(
            TableName=self._subjects, Key=to_item({"subject_id": subject_id}), ConsistentRead=True
        )
        return read_subject(from_item(answer["Item"])) if "Item" in answer else None

    def subjects(self, subject_ids: Iterable[str]) -> dict[str, Subject]:
        """Those of the subjects that exist and can be read, strongly consistent, by id."""
        asked = [{"subject_id": subject_id} for subject_id in dict.fromkeys(subject_ids)]
        if not asked:
            return {}
        items = batch_get(self._client, {self._subjects: (asked, True)}, self._sleep)[self._subjects]
        return {subject.subject_id: subject for subject in self._readable(items)}

    def candidates(
        self, subject_ids: Sequence[str], keys: Sequence[str], exchange_ids: Sequence[str], fresh: bool = False
    ) -> Page:
        """Everything a lookup needs, in one BatchGetItem: subjects (strongly consistent), posting lists, and items
        of the exchange table such as the state of the feeds (strongly consistent if `fresh`). Up to 100 in all are
        one call."""
        asked = {
            self._subjects: ([{"subject_id": subject_id} for subject_id in subject_ids], True),
            self._keys: ([{"key": key} for key in keys], False),
            self._exchange: ([{"id": item_id} for item_id in exchange_ids], fresh),
        }
        items = batch_get(self._client, {table: keys for table, keys in asked.items() if keys[0]}, self._sleep)
        return Page(
            {item["subject_id"]: read_subject(item) for item in items.get(self._subjects, ())},
            {item["key"]: postings(item) for item in items.get(self._keys, ())},
            items.get(self._exchange, []),
        )

    def save(self, change: Change, subject: Subject | None = None, just_read: bool = False) -> Subject | None:
        """The one save: read, apply, write on condition that nobody else wrote. Returns the subject as saved, or None
        when the change adds nothing new. `just_read` spares the first read: `subject` is what the caller just read.

        Raises `NotSaved` for a change that no repetition would save, `UnreadableRecord` for a subject of another form.
        """
        for attempt in range(SAVE_TRIES):
            before = subject if just_read and attempt == 0 else self.subject(change.subject_id)
            after = change.apply(before)
            if after is None:
                return None
            saved = self._put_or_trim(before, after)
            if saved is not None:
                return saved
            self._sleep(min(0.01 * 2**attempt, 0.5))
        raise Unavailable(ErrorCode.STORE_UNAVAILABLE, subject_id=change.subject_id)

    def add_postings(self, subject_id: str, version: int, postings: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        """Add the subject with its names to each posting list; a list that is full becomes common and holds nobody."""
        for key, names in postings.items():
            self._add_posting(key, subject_id, {"v": version, **with_room(names)})

    def remove_postings(self, subject_id: str, version: int, keys: Iterable[str]) -> None:
        """Remove the subject from each posting list, unless a newer version of it was added there meanwhile."""
        for key in keys:
            self._update(
                key,
                "REMOVE #s ADD n :less",
                "#s.v < :v",
                {"#s": subject_id},
                {":v": version, ":less": -1},
            )

    def all_subjects(self, start: str = "", limit: int = 100) -> tuple[list[Subject], str]:
        """One page of all subjects in no order, and where the next page starts ('' after the last)."""
        more: dict[str, Any] = {"ExclusiveStartKey": to_item({"subject_id": start})} if start else {}
        answer = self._client.scan(TableName=self._subjects, Limit=limit, ConsistentRead=True, **more)
        subjects = list(self._readable(from_item(item) for item in answer["Items"]))
        return subjects, _start_of_next(answer, "subject_id")

    def all_posting_lists(self, start: str = "", limit: int = 100) -> tuple[list[PostingList], str]:
        """One page of posting lists in no order, and where the next page starts ('' after the last); for the rebuild
        job."""
        more: dict[str, Any] = {"ExclusiveStartKey": to_item({"key": start})} if start else {}
        answer = self._client.scan(TableName=self._keys, Limit=limit, **more)
        items = [from_item(item) for item in answer["Items"]]
        page = [PostingList(item["key"], "common" in item, postings(item)) for item in items]
        return page, _start_of_next(answer, "key")

    def delete_posting_list(self, key: str) -> None:
        """Delete a posting list whole; for the rebuild job."""
        self._client.delete_item(TableName=self._keys, Key=to_item({"key": key}))

    def _readable(self, items: Iterable[Json]) -> Iterator[Subject]:
        """The subjects that can be read; of the others it is measured that there are some."""
        for item in items:
            try:
                yield read_subject(item)
            except UnreadableRecord as error:
                logs.warn("record_unreadable", record=error.record_id)
                logs.measure({"RecordsSetAside": 1})

    def _put_or_trim(self, before: Subject | None, after: Subject) -> Subject | None:
        """The subject as saved, trimmed where the store finds it too large; None when somebody else wrote meanwhile."""
        finding = self._put(after, before)
        if finding == FindingCode.ITEM_TOO_LARGE:
            after = trimmed(before, after)
            finding = self._put(after, before)
        if finding in ("", CHANGED_MEANWHILE):
            return None if finding else after
        raise NotSaved(FindingCode(finding), subject_id=after.subject_id)

    def _put(self, subject: Subject, before: Subject | None) -> str:
        """Write the subject unless somebody else wrote meanwhile; '' when written, else what the store refuses."""
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(subject_id)"}
        if before and before.version:
            condition = {
                "ConditionExpression": "#v = :v",
                "ExpressionAttributeNames": {"#v": "version"},
                "ExpressionAttributeValues": to_item({":v": before.version}),
            }
        try:
            self._client.put_item(TableName=self._subjects, Item=to_item(subject.to_item()), **condition)
        except (ClientError, ParamValidationError) as error:
            if not (refused := finding_of(error)):
                raise
            return refused
        return ""

    def _add_posting(self, key: str, subject_id: str, posting: Mapping[str, Any]) -> None:
        """One write when the subject is new to the key, which is nearly always."""
        names = {"#s": subject_id}
        version = {":p": posting, ":v": posting["v"]}
        for _ in range(SAVE_TRIES):
            held = self._update(
                key,
                "SET #s = :p ADD n :one",
                "attribute_not_exists(#s) AND attribute_not_exists(common) AND (attribute_not_exists(n) OR n < :cap)",
                names,
                {":p": posting, ":one": 1, ":cap": POSTING_CAP},
            )
            if held is None or held.get("common") or held.get(subject_id, posting)["v"] > posting["v"]:
                return
            if subject_id in held:
                held = self._update(key, "SET #s = :p", "#s.v <= :v", names, version)
            elif self._make_common(key):
                return
            if held is None:
                return
        raise Unavailable(ErrorCode.STORE_UNAVAILABLE, key=key)

    def _make_common(self, key: str) -> bool:
        """Empty a posting list that is full, for good; whether it still was full."""
        try:
            self._client.put_item(
                TableName=self._keys,
                Item=to_item({"key": key, "common": True}),
                ConditionExpression="n >= :cap",
                ExpressionAttributeValues=to_item({":cap": POSTING_CAP}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def _update(
        self,
        key: str,
        change: str,
        condition: str,
        names: Mapping[str, str],
        values: Mapping[str, Any],
    ) -> Json | None:
        """Change the posting list of `key`; None when done, else the item that failed the condition ({}: no item)."""
        try:
            self._client.update_item(
                TableName=self._keys,
                Key=to_item({"key": key}),
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeValues=to_item(values),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **({"ExpressionAttributeNames": dict(names)} if names else {}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return from_item(error.response.get("Item", {}))
        return None


def _start_of_next(answer: Json, key: str) -> str:
    """Where the page after a scanned one starts, '' after the last."""
    last = answer.get("LastEvaluatedKey")
    return str(from_item(last)[key]) if last else ""
