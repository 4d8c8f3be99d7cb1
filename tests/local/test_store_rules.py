"""The store of the tests refuses the requests that DynamoDB refuses, in the words that are recorded of it.

`make dynalite` asks dynalite the same, which was written against DynamoDB's answers; it is older than some of them.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.storage.dynamodb_values import to_item
from local.aws.store_requests import request_fault
from tests.conftest import ENVIRONMENT
from tests.world import World

pytestmark = pytest.mark.invented_items
TABLE, OTHER = ENVIRONMENT["EXCHANGE_TABLE"], ENVIRONMENT["KEYS_TABLE"]
KEY = {"id": {"S": "k"}}
INVALID = "One or more parameter values were invalid: "
EMPTY_KEY = "The AttributeValue for a key attribute cannot contain an empty string value. Key: id"
LONG_KEY = f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes"
DIGITS = "Attempting to store more than 38 significant digits in a Number"
OVERFLOW = "Number overflow. Attempting to store a number with magnitude larger than supported range"
UNDERFLOW = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
NOT_NUMERIC = "The parameter cannot be converted to a numeric value: abc"
NO_STRINGS, NO_NUMBERS = (f"{INVALID}An {kind} set  may not be empty" for kind in ("string", "number"))
OVERLAP = "Two document paths overlap with each other; must remove or rewrite one of these paths;"
CONFLICT = "Two document paths conflict with each other; must remove or rewrite one of these paths;"
DUPLICATES = "Provided list of item keys contains duplicates"
YOUNGER = pytest.mark.dynalite_differs("it has not this rule")
V1 = {":v": {"N": "1"}}
LONG = " OR ".join(["attribute_exists(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)"] * 80)
MANY = " OR ".join(["a = b"] * 151)


def put(**attributes: Any) -> dict[str, Any]:
    return {"Item": {**KEY, **attributes}}


def updated(expression: str, **more: Any) -> dict[str, Any]:
    return {"Key": KEY, "UpdateExpression": expression, **more}


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(levels):
        value = {"M": {"m": value}}
    return value


VALUES = [
    (put(n={"N": "1" * 39}), DIGITS),
    (put(n={"N": "0." + "1" * 39}), DIGITS),
    (put(n={"NS": ["1", "1" * 39]}), DIGITS),
    (put(n={"L": [{"M": {"n": {"N": "1" * 39}}}]}), DIGITS),
    (put(n={"N": "1E126"}), OVERFLOW),
    (put(n={"N": "-1E-131"}), UNDERFLOW),
    (put(n={"N": "abc"}), NOT_NUMERIC),
    (put(s={"SS": []}), NO_STRINGS),
    (put(s={"NS": []}), NO_NUMBERS),
    (put(s={"L": [{"SS": []}]}), NO_STRINGS),
    (put(s={"M": {"s": {"NS": []}}}), NO_NUMBERS),
    (put(s={"SS": ["a", "a"]}), f"{INVALID}Input collection [a, a] contains duplicates."),
    pytest.param(put(m=nested(33)), "Nesting Levels have exceeded supported limits", marks=YOUNGER),
    ({"Item": {"id": {"S": ""}}}, EMPTY_KEY),
    ({"Item": {"id": {"S": "k" * 2_049}}}, LONG_KEY),
    pytest.param(
        {"Item": {"id": {"S": "联" * 683}}},
        LONG_KEY,
        marks=pytest.mark.dynalite_differs("it counts UTF-16 units; DynamoDB counts the bytes of UTF-8"),
    ),
    ({"Item": KEY, "ExpressionAttributeNames": {"#n": "n"}}, "can only be specified when using expressions"),
    ({"Item": KEY, "ExpressionAttributeValues": V1}, "can only be specified when using expressions"),
    ({"Item": KEY, "ConditionExpression": "n = :v", "ExpressionAttributeValues": {**V1, ":w": {"N": "1"}}},
     "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}"),
]  # fmt: skip
UPDATES = [
    (updated("SET #n = :v", ExpressionAttributeNames={"#n": "n", "#m": "m"}, ExpressionAttributeValues=V1),
     "Value provided in ExpressionAttributeNames unused in expressions: keys: {#m}"),
    (updated("SET n = :v", ExpressionAttributeValues={**V1, ":w": {"N": "2"}}),
     "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}"),
    (updated("SET n = :v", ExpressionAttributeNames={}, ExpressionAttributeValues=V1),
     "ExpressionAttributeNames must not be empty"),
    (updated("REMOVE n", ExpressionAttributeValues={}), "ExpressionAttributeValues must not be empty"),
    (updated("SET n = :v", ExpressionAttributeNames={"n": "n"}, ExpressionAttributeValues=V1),
     'ExpressionAttributeNames contains invalid key: Syntax error; key: "n"'),
    (updated("SET n = :v", ExpressionAttributeNames={"#in:S1": "n"}, ExpressionAttributeValues=V1),
     'ExpressionAttributeNames contains invalid key: Syntax error; key: "#in:S1"'),
    (updated("SET #n = :v", ExpressionAttributeValues=V1),
     "Invalid UpdateExpression: An expression attribute name used in the document path is not defined; "
     "attribute name: #n"),
    (updated("SET n = :w"),
     "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :w"),
    (updated("SET name = :v", ExpressionAttributeValues=V1),
     "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: name"),
    (updated("SET a.Status = :v", ExpressionAttributeValues=V1),
     "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: Status"),
    (updated("REMOVE n", ConditionExpression="attribute_exists(year)"),
     "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: year"),
    (updated("REMOVE n", ConditionExpression="n < :v OR #n = n", ExpressionAttributeNames={"#n": "n"},
             ExpressionAttributeValues=V1),
     "Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator or "
     "function; operator: =, first operand: [n]"),
    (updated("SET a = :v, a = :v", ExpressionAttributeValues=V1), f"{OVERLAP} path one: [a], path two: [a]"),
    (updated("SET a.b = :v REMOVE a", ExpressionAttributeValues=V1), f"{OVERLAP} path one: [a, b], path two: [a]"),
    (updated("ADD #a :v REMOVE a[0]", ExpressionAttributeNames={"#a": "a"}, ExpressionAttributeValues=V1),
     f"{OVERLAP} path one: [a], path two: [a, [0]]"),
    (updated("SET a.b = :v REMOVE a[0]", ExpressionAttributeValues=V1), CONFLICT),
    (updated("SET a = :v SET b = :v", ExpressionAttributeValues=V1), 'The "SET" section can only be used'),
    (updated("ADD s :v", ExpressionAttributeValues={":v": {"SS": []}}), f"invalid value: {NO_STRINGS} for key :v"),
    (updated("SET n = :v", ExpressionAttributeValues={":v": {"N": "1" * 39}}), f"invalid value: {DIGITS} for key :v"),
    (updated("SET id = :v", ExpressionAttributeValues=V1),
     f"{INVALID}Cannot update attribute id. This attribute is part of the key"),
    (updated("SET"), "Invalid UpdateExpression: Syntax error;"),
    (updated(""), "Invalid UpdateExpression: The expression can not be empty;"),
    ({"Key": {"id": {"S": ""}}, "UpdateExpression": "REMOVE n"}, EMPTY_KEY),
    ({"Key": {"id": {"S": "k" * 2_049}}, "UpdateExpression": "REMOVE n"}, LONG_KEY),
    ({"Key": {"key": {"S": "k"}}, "UpdateExpression": "REMOVE n"}, "provided key element does not match the schema"),
    pytest.param(
        updated("REMOVE n", ConditionExpression=LONG),
        f"Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; "
        f"expression size: {len(LONG)}",
        marks=YOUNGER,
    ),
    pytest.param(
        updated("REMOVE n", ConditionExpression=MANY),
        "Invalid ConditionExpression: The expression contains too many operators; operator count: 301",
        marks=YOUNGER,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "message"), VALUES)
def test_values_and_keys_are_held_to_the_rules(world: World, request_: dict[str, Any], message: str) -> None:
    assert message in refusal(world, "put_item", TableName=TABLE, **request_)


@pytest.mark.parametrize(("request_", "message"), UPDATES)
def test_expressions_are_held_to_the_rules(world: World, request_: dict[str, Any], message: str) -> None:
    world.dynamodb.put_item(TableName=TABLE, Item=to_item({"id": "k", "n": 1, "a": {"b": 1}}))
    assert message in refusal(world, "update_item", TableName=TABLE, **request_)


def keys(count: int, prefix: str = "k") -> list[dict[str, Any]]:
    return [{"id": {"S": f"{prefix}{number}"}} for number in range(count)]


def puts(*items: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"PutRequest": {"Item": item}} for item in items]


READS = [
    ("get_item", {"Key": {"id": {"S": ""}}}, EMPTY_KEY),
    ("get_item", {"Key": {"id": {"S": "k" * 2_049}}}, LONG_KEY),
    ("get_item", {"Key": KEY, "ProjectionExpression": "#a", "ExpressionAttributeNames": {"#a": "a", "#b": "b"}},
     "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}"),
    ("get_item", {"Key": KEY, "ProjectionExpression": "a, size"},
     "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: size"),
    ("delete_item", {"Key": {"id": {"S": ""}}}, EMPTY_KEY),
    ("delete_item", {"Key": KEY, "ConditionExpression": "attribute_exists(#a)"},
     "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; "
     "attribute name: #a"),
    ("scan", {"FilterExpression": "owner = :v", "ExpressionAttributeValues": V1},
     "Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: owner"),
]  # fmt: skip
BATCHES = [
    ("batch_get_item", {TABLE: {"Keys": keys(101)}}, "Member must have length less than or equal to 100"),
    ("batch_get_item", {TABLE: {"Keys": keys(60)}, OTHER: {"Keys": [{"key": {"S": f"{n}"}} for n in range(41)]}},
     "Too many items requested for the BatchGetItem call"),
    ("batch_get_item", {TABLE: {"Keys": [*keys(2), *keys(1)]}}, DUPLICATES),
    ("batch_get_item", {TABLE: {"Keys": [{"id": {"S": ""}}]}}, EMPTY_KEY),
    ("batch_get_item", {TABLE: {"Keys": [{"id": {"S": "k" * 2_049}}]}}, LONG_KEY),
    ("batch_write_item", {TABLE: puts(*keys(26))}, "Member must have length less than or equal to 25"),
    ("batch_write_item", {TABLE: puts({**KEY, "n": {"N": "1"}}, {**KEY, "n": {"N": "2"}})}, DUPLICATES),
    ("batch_write_item", {TABLE: [*puts(KEY), {"DeleteRequest": {"Key": KEY}}]}, DUPLICATES),
    ("batch_write_item", {TABLE: puts({**KEY, "s": {"SS": []}})}, NO_STRINGS),
    ("batch_write_item", {TABLE: puts({"id": {"S": ""}})}, EMPTY_KEY),
    ("batch_write_item", {TABLE: puts({**KEY, "text": {"S": "x" * 409_600}})},
     "Item size has exceeded the maximum allowed size"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "request_", "message"), READS)
def test_reads_and_deletions_are_held_to_the_rules(
    world: World, call: str, request_: dict[str, Any], message: str
) -> None:
    assert message in refusal(world, call, TableName=TABLE, **request_)


@pytest.mark.parametrize(("call", "tables", "message"), BATCHES)
def test_batches_are_held_to_the_rules(world: World, call: str, tables: dict[str, Any], message: str) -> None:
    assert message in refusal(world, call, RequestItems=tables)
    assert world.held(TABLE) == [], "nothing of a batch that is refused is written"


def test_a_batch_of_more_than_16_mb_is_refused_before_its_items_are_read() -> None:
    text = {"S": "x" * (16 * 1024 * 1024 // 25)}
    request = {"RequestItems": {TABLE: puts(*({**key, "text": text} for key in keys(25)))}}
    assert (
        request_fault("BatchWriteItem", request, lambda _: "id")
        == "Request size exceeded the maximum of 16777216 bytes"
    )


@pytest.mark.dynalite_differs("it has no transactions, which the exchange does not use")
@pytest.mark.parametrize(
    ("items", "message"),
    [
        (keys(101), "Member must have length less than or equal to 100"),
        ([KEY, KEY], "Transaction request cannot include multiple operations on one item"),
        ([{**KEY, "s": {"SS": []}}], NO_STRINGS),
        ([{**key, "text": {"S": "x" * 390_000}} for key in keys(11)], "4194304 bytes"),
    ],
)
def test_transactions_are_held_to_the_rules(world: World, items: list[dict[str, Any]], message: str) -> None:
    actions = [{"Put": {"TableName": TABLE, "Item": item}} for item in items]
    assert message in refusal(world, "transact_write_items", TransactItems=actions)


def test_what_is_at_its_limit_is_taken(world: World) -> None:
    store = world.dynamodb
    key = {"id": {"S": "k" * 2_048}}
    store.put_item(
        TableName=TABLE, Item={**key, "m": nested(32), "n": {"N": "-" + "1" * 38 + "E80"}, "empty": {"S": ""}}
    )
    store.update_item(TableName=TABLE, Key=key, UpdateExpression=" " * 4_088 + "REMOVE n")
    store.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET m.#b = if_not_exists(name_of, :v), #c = :v REMOVE m.lists, m.ab, m.a",
        ConditionExpression=" OR ".join(["attribute_exists(id)"] * 150),
        ExpressionAttributeNames={"#b": "status", "#c": "b"},
        ExpressionAttributeValues=V1,
    )
    store.batch_write_item(RequestItems={TABLE: puts(*keys(25))})
    answer = store.batch_get_item(RequestItems={TABLE: {"Keys": [*keys(25), *keys(75, "none")]}})
    assert len(answer["Responses"][TABLE]) == 25


def refusal(world: World, call: str, **request: Any) -> str:
    """The words of a refusal."""
    with pytest.raises(ClientError) as error:
        getattr(world.dynamodb, call)(**request)
    assert error.value.response["Error"]["Code"] == "ValidationException"
    return str(error.value.response["Error"]["Message"])


def test_writes_of_many_threads_to_one_item_take_effect_one_after_the_other(world: World) -> None:
    """Each adds a field that the next has to read over, and counts itself."""

    def add(number: int) -> None:
        world.dynamodb.update_item(
            TableName=TABLE,
            Key=KEY,
            UpdateExpression=f"SET field_{number} = :one ADD times :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(80)))
    item = world.dynamodb.get_item(TableName=TABLE, Key=KEY)["Item"]
    assert (item["times"], len(item)) == ({"N": "80"}, 82)


def test_values_of_every_kind_come_back_as_they_were_written(world: World) -> None:
    leaves: dict[str, Any] = {
        "text": {"S": "示例"},
        "nothing_in_it": {"S": ""},
        "number": {"N": "1.5"},
        "bytes": {"B": b"\x00\xff"},
        "yes": {"BOOL": True},
        "none": {"NULL": True},
        "texts": {"SS": ["a", "b"]},
        "numbers": {"NS": ["1", "2"]},
        "all_bytes": {"BS": [b"\x01", b"\xfe"]},
        "no_members": {"L": []},
        "no_fields": {"M": {}},
    }
    item = {**KEY, **leaves, "list": {"L": list(leaves.values())}, "map": {"M": {**leaves, "deeper": {"M": leaves}}}}
    store = world.dynamodb
    store.put_item(TableName=TABLE, Item=item)
    assert store.get_item(TableName=TABLE, Key=KEY)["Item"] == item
    assert store.batch_get_item(RequestItems={TABLE: {"Keys": [KEY]}})["Responses"] == {TABLE: [item]}
    changed = store.update_item(
        TableName=TABLE,
        Key=KEY,
        UpdateExpression="SET seen = :v",
        ExpressionAttributeValues={":v": {"B": b"\xff"}},
        ReturnValues="ALL_NEW",
    )
    assert changed["Attributes"] == item | {"seen": {"B": b"\xff"}}
