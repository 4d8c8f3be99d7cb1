"""The world of the tests with dynalite in the place of moto's DynamoDB; files, queues and topics stay moto's."""

from typing import Any

from chalicelib.storage.dynamodb_values import from_item
from tests.conftest import ENVIRONMENT
from tests.dynalite.client_events import ClientEvents
from tests.storage.stored_items import Stored
from tests.world import KEYS, World

# Its tables are there, and gone, at once or a moment later.
WAIT = {"Delay": 0.05, "MaxAttempts": 100}


class DynaliteWorld(World):
    """A world whose tables are dynalite's, made anew; `reader` is a client of its own for what tests do not count."""

    def __init__(self, clients: dict[str, Any], reader: Any) -> None:
        self._reader = reader
        super().__init__(clients)

    def close(self, declared: bool = True) -> None:
        self._client_events.close()
        super().close(declared)

    def _make_tables(self) -> None:
        for table in self._reader.list_tables()["TableNames"]:
            self._reader.delete_table(TableName=table)
            self._reader.get_waiter("table_not_exists").wait(TableName=table, WaiterConfig=WAIT)
        for table, key in KEYS.items():
            self._reader.create_table(
                TableName=ENVIRONMENT[table],
                KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
            self._reader.get_waiter("table_exists").wait(TableName=ENVIRONMENT[table], WaiterConfig=WAIT)
        self._client_events = ClientEvents(self.dynamodb, self._reader, ENVIRONMENT["SUBJECTS_TABLE"], "subject_id")

    def stream_records(self) -> list[dict[str, Any]]:
        return list(self._client_events.records)

    def held(self, table: str) -> list[Stored]:
        pages = self._reader.get_paginator("scan").paginate(TableName=table)
        return [from_item(item) for page in pages for item in page["Items"]]
