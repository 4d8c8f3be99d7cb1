"""What dynalite lacks of DynamoDB, made good at the client: a stream, and the item that failed a condition."""

from typing import Any, Final

STREAM_WRITES: Final = ("PutItem", "UpdateItem", "DeleteItem")
CHANGED_MEANWHILE: Final = "ConditionalCheckFailedException"


class ClientEvents:
    """Listens to the calls of one client. `records` are those of the stream of one table, oldest first.

    A second client reads the items, so that tests that count the calls of the first one count their own.
    """

    def __init__(self, client: Any, reader: Any, table: str, key: str) -> None:
        self._events, self._reader = client.meta.events, reader
        self._table, self._key = table, key
        self._images: dict[str, dict[str, Any]] = {}
        self.records: list[dict[str, Any]] = []
        self._events.register("before-parameter-build.dynamodb", self._before, unique_id="dynalite asked")
        self._events.register("after-call.dynamodb", self._after, unique_id="dynalite answered")

    def close(self) -> None:
        """Listen no more."""
        self._events.unregister("before-parameter-build.dynamodb", unique_id="dynalite asked")
        self._events.unregister("after-call.dynamodb", unique_id="dynalite answered")

    def _before(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["dynalite_request"] = params

    def _after(self, model: Any, parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        request = context["dynalite_request"]
        error = parsed.get("Error", {}).get("Code")
        if error == CHANGED_MEANWHILE and request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
            item = self._read(request)
            parsed.update({"Item": item} if item else {})
        if error is None and model.name in STREAM_WRITES and request["TableName"] == self._table:
            self._record(request)

    def _read(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """The item that a write is about, as it is now."""
        table = request["TableName"]
        (schema,) = self._reader.describe_table(TableName=table)["Table"]["KeySchema"]
        name = schema["AttributeName"]
        key = {name: request.get("Item", request.get("Key"))[name]}
        item: dict[str, Any] | None = self._reader.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return item

    def _record(self, request: dict[str, Any]) -> None:
        """Record a write as the stream does: with both images, and not at all where nothing changed."""
        key = request.get("Item", request.get("Key"))[self._key]
        before, after = self._images.pop(key["S"], None), self._read(request)
        if after is not None:
            self._images[key["S"]] = after
        if before == after:
            return
        images = {"OldImage": before, "NewImage": after}
        number = str(len(self.records) + 1)
        self.records.append(
            {
                "eventID": number,
                "eventName": "INSERT" if before is None else "REMOVE" if after is None else "MODIFY",
                "eventSource": "aws:dynamodb",
                "dynamodb": {
                    "SequenceNumber": number,
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                    "Keys": {self._key: key},
                    **{name: image for name, image in images.items() if image is not None},
                },
            }
        )
