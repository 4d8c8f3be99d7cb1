"""What is wrong with a body is said in Chinese and English, whatever it is."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import app
from chalicelib import errors
from chalicelib.handlers import body
from chalicelib.handlers.openapi.schemas import REF
from chalicelib.handlers.routing import DECLARED
from tests.world import World

assert app.app.routes
BODIES = sorted({route.body for route in DECLARED if route.body})
ODD: tuple[Any, ...] = (
    None, True, "", "x", "x" * 40_000, "2026-02-30", -1, 0, 4, 10**30, 1.5, float("inf"), [], [1], ["x"] * 2_000, {},
    {"x": {}}, [{}], [[]],
)  # fmt: skip


def kinds_of(model: type[BaseModel]) -> set[str]:
    """Every type of error that odd values in any place of the model bring."""
    result: set[str] = set()
    whole = valid(model)
    for value in ODD:
        tried = [value, *({**whole, name: value} for name in (*model.model_fields, "unknown"))]
        for name, field in whole.items():
            if isinstance(field, list) and field and isinstance(field[0], dict):
                tried += [{**whole, name: [{**field[0], inner: value}]} for inner in (*field[0], "unknown")]
            if isinstance(field, dict):
                tried += [{**whole, name: {**field, inner: value}} for inner in (*field, "unknown")]
        for entry in tried:
            try:
                model.model_validate(entry)
            except ValidationError as error:
                result |= {problem["type"] for problem in error.errors()}
    return result


def valid(model: type[BaseModel]) -> dict[str, Any]:
    """A body with something in each field of its lists and objects."""
    schema = model.model_json_schema(ref_template=REF)
    return {name: _something(field, schema.get("$defs", {})) for name, field in schema["properties"].items()}


def _something(field: dict[str, Any], models: dict[str, Any]) -> Any:
    field = field.get("anyOf", [field])[0]
    if "$ref" in field:
        inner = models[field["$ref"].rpartition("/")[2]]
        return {name: _something(element, models) for name, element in inner["properties"].items()}
    if field.get("type") == "array":
        return [_something(field["items"], models)]
    return field.get("enum", [{"integer": 1, "boolean": True, "object": {}}.get(field.get("type", ""), "x")])[0]


@pytest.mark.parametrize("reference", BODIES)
def test_every_type_of_error_has_its_chinese(reference: str) -> None:
    kinds = kinds_of(body.model(reference))
    assert kinds
    assert kinds <= body.CHINESE.keys(), kinds - body.CHINESE.keys()


def test_each_line_says_the_same_in_both_languages(world: World) -> None:
    key = world.admit("alpha")
    status, answer, _ = world.call("POST", "/v1/lookups", key, {"uscc": "x" * 401, "purpose": "for fun", "afer": 1})
    assert (status, answer["error"]["code"]) == (400, "unknown_field")
    lines = {line["field"]: line for line in answer["error"]["details"]["problems"]}
    assert lines["uscc"]["message"] == {"zh": "最多 400 个字符", "en": "String should have at most 400 characters"}
    assert lines["purpose"]["message"]["zh"] == "应为以下之一：'onboarding', 'recheck' 或 'investigation'"
    assert lines["afer"]["message"]["zh"] == "未知字段"
    assert all(line["problem"] == line["message"]["en"] for line in lines.values())


@pytest.mark.parametrize(
    ("sent", "place"), [(b'{"a": 1,}', "第 1 行第 9 列"), (b"", "第 1 行第 0 列"), (b"\xff", "第 1 行第 1 列")]
)
def test_broken_json_is_said_where_it_breaks(sent: bytes, place: str) -> None:
    with pytest.raises(errors.BadRequest) as refused:
        body.read("lookups:Lookup", sent)
    assert refused.value.code == "malformed_json"
    assert refused.value.details["message"]["zh"] == f"JSON 有误：{place}"


def test_a_body_that_is_too_long_is_not_read() -> None:
    with pytest.raises(errors.TooLarge):
        body.read("licence_checks:WalletPresentation", b"x" * 40_000, longest=32_768)
