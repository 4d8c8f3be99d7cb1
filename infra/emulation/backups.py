"""Point-in-time recovery as DynamoDB has it: the items of a moment, in a table that lacks what AWS leaves out.

moto copies the table as it is now. Here each write is kept with its time, and a restored table gets what was written up
to the moment. It has its source's keys, billing and encryption, and neither stream, time to live, backups, tags nor
protection (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html).
"""

import copy
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from moto.dynamodb.exceptions import DynamodbException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from chalicelib.values.records import Json
from infra.emulation.behaviour import Replacement

Method = Callable[..., Any]
ERRORS: Final = "com.amazonaws.dynamodb.v20120810#"


class NotRestorable(DynamodbException):
    """A refusal of DynamoDB by its code and text."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(ERRORS + code, message)


class Backups:
    """What each table held when: all writes, with their times (seconds since 1970)."""

    def __init__(self) -> None:
        self._writes: dict[str, list[tuple[float, DynamoType, Any]]] = {}

    def replacements(self) -> list[Replacement]:
        """The patches of DynamoDB."""
        writes = ("put_item", "update_item", "delete_item")
        return [
            *(Replacement(DynamoDBBackend, name, self.after_write) for name in writes),
            Replacement(DynamoDBBackend, "describe_continuous_backups", self.describe),
            Replacement(DynamoHandler, "restore_table_to_point_in_time", self.check_request),
            Replacement(DynamoDBBackend, "restore_table_to_point_in_time", self.restore),
            Replacement(
                Table, "create_from_cloudformation_json", lambda original: staticmethod(as_in_template(original))
            ),
        ]

    def after_write(self, original: Method) -> Method:
        """Keep what the write has left of the item."""

        def write(backend: Any, table_name: str, *args: Any, **more: Any) -> Any:
            result = original(backend, table_name, *args, **more)
            table = backend.get_table(table_name)
            key = DynamoType((more.get("key") or more.get("item_attrs") or args[0])[table.hash_key_attr])
            self._keep(table, key, copy.deepcopy(table.items.get(key)))
            return result

        return write

    def describe(self, original: Method) -> Method:
        """A table can be put back to any moment since its backups began; AWS names a latest some minutes ago."""

        def describe_continuous_backups(backend: Any, table_name: str) -> Json:
            answer: Json = copy.deepcopy(original(backend, table_name))
            recovery = answer["PointInTimeRecoveryDescription"]
            if recovery["PointInTimeRecoveryStatus"] == "ENABLED":
                recovery["LatestRestorableDateTime"] = time.time()
            return answer

        return describe_continuous_backups

    def check_request(self, original: Method) -> Method:
        """Refuse what AWS refuses: no backups, or a moment outside of them."""

        def restore_table_to_point_in_time(handler: Any) -> Any:
            backend, body = handler.dynamodb_backend, handler.body
            asked = body.get("RestoreDateTime") or datetime.now(UTC)
            answer = backend.describe_continuous_backups(body["SourceTableName"])
            recovery = answer["PointInTimeRecoveryDescription"]
            if recovery["PointInTimeRecoveryStatus"] != "ENABLED":
                text = "Point in time recovery is not enabled for table"
                raise NotRestorable("PointInTimeRecoveryUnavailableException", text)
            moment = (asked if asked.tzinfo else asked.replace(tzinfo=UTC)).timestamp()
            if not int(recovery["EarliestRestorableDateTime"]) <= moment <= recovery["LatestRestorableDateTime"]:
                raise NotRestorable("InvalidRestoreTimeException", "An invalid restore time was specified.")
            backend.restored_to = moment
            backend.restored_billing = body.get("BillingModeOverride")
            return original(handler)

        return restore_table_to_point_in_time

    def restore(self, original: Method) -> Method:
        """The items of the moment, and the encryption and billing of the source."""

        def restore_table_to_point_in_time(backend: Any, target_table_name: str, source_table_name: str) -> Any:
            table = original(backend, target_table_name, source_table_name)
            source = backend.get_table(source_table_name)
            moment = getattr(backend, "restored_to", time.time())
            table.sse_specification = source.sse_specification
            table.billing_mode = getattr(backend, "restored_billing", None) or source.billing_mode
            table.items.clear()
            for name, item in self._of_moment(source.table_arn, moment).items():
                table.items[name] = copy.deepcopy(item)
                self._keep(table, name, item)
            table.restore_date_time = datetime.fromtimestamp(moment, UTC)
            return table

        return restore_table_to_point_in_time

    def _keep(self, table: Any, key: DynamoType, item: Any) -> None:
        self._writes.setdefault(table.table_arn, []).append((time.time(), key, item))

    def _of_moment(self, arn: str, moment: float) -> dict[DynamoType, Any]:
        # Whole seconds, to the end of the second.
        items: dict[DynamoType, Any] = {}
        for at, name, item in self._writes.get(arn, []):
            if at < int(moment) + 1:
                items[name] = item
        return {name: item for name, item in items.items() if item is not None}


def as_in_template(original: Method) -> Method:
    """moto's CloudFormation leaves out backups and time to live."""

    def create_from_cloudformation_json(name: str, definition: Json, *args: Any, **more: Any) -> Any:
        table = original(name, definition, *args, **more)
        properties = definition["Properties"]
        if properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
            table.continuous_backups["PointInTimeRecoveryDescription"] = {
                "PointInTimeRecoveryStatus": "ENABLED",
                "EarliestRestorableDateTime": time.time(),
            }
        expiry = properties.get("TimeToLiveSpecification", {})
        if expiry.get("Enabled"):
            table.ttl = {"TimeToLiveStatus": "ENABLED", "AttributeName": expiry["AttributeName"]}
        return table

    return create_from_cloudformation_json
