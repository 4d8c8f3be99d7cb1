"""DynamoDB as AWS behaves while a table is made: it shows as `CREATING`, and its items cannot be read or written.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html: "You can perform read and write
operations only on an ACTIVE table." A stack waits for its tables, so they are active when the stack is complete.
"""

from collections.abc import Callable
from typing import Any

from moto.dynamodb.exceptions import ResourceNotFoundException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table

from chalicelib.values.records import Json
from infra.emulation.behaviour import Behaviour, Replacement

Method = Callable[..., Any]


def table_replacements(behaviour: Behaviour) -> list[Replacement]:  # noqa: C901
    """The patches of DynamoDB."""

    def begin(original: Method) -> Method:
        def create(backend: Any, *args: Any, **more: Any) -> Any:
            table = original(backend, *args, **more)
            behaviour.changing.start(("table", table.table_arn), behaviour.busy_answers)
            return table

        return create

    def finish(original: Method) -> Method:
        def create_from_cloudformation_json(*args: Any, **more: Any) -> Any:
            table = original(*args, **more)
            behaviour.changing.stop(("table", table.table_arn))
            return table

        return create_from_cloudformation_json

    def describe(original: Method) -> Method:
        def describe_table(table: Any, base_key: str = "TableDescription") -> Json:
            answer: Json = original(table, base_key)
            if behaviour.changing.unfinished(("table", table.table_arn)):
                answer[base_key]["TableStatus"] = "CREATING"
            return answer

        return describe_table

    def only_when_active(original: Method) -> Method:
        def on_items(backend: Any, table_name: str, *args: Any, **more: Any) -> Any:
            table = backend.tables.get(table_name)
            if table is not None and behaviour.changing.running(("table", table.table_arn)):
                raise ResourceNotFoundException
            return original(backend, table_name, *args, **more)

        return on_items

    return [
        Replacement(DynamoDBBackend, "create_table", begin),
        Replacement(DynamoDBBackend, "restore_table_to_point_in_time", begin),
        Replacement(Table, "create_from_cloudformation_json", lambda original: staticmethod(finish(original))),
        Replacement(Table, "describe", describe),
        *(Replacement(DynamoDBBackend, name, only_when_active) for name in ("get_item", "put_item", "update_item")),
    ]
