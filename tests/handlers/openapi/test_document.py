"""The description of the API says what the API does, of every operation, in full."""

import pytest
from openapi_spec_validator import validate

import app
from chalicelib.handlers.openapi.document import description
from chalicelib.handlers.openapi.operations import errors_by_status
from chalicelib.handlers.routing import DECLARED
from chalicelib.messages import ErrorCode
from tests.handlers.test_routing import PUBLIC
from tests.support.described_api import CONSOLE_ROUTES
from tests.world import World

DOCUMENT = description("0.1.0", DECLARED, "https://lianfang.example")
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def test_it_is_valid_and_its_paths_are_the_routes(world: World) -> None:
    status, described, headers = world.call("GET", "/openapi.json")
    assert (status, described["openapi"]) == (200, "3.1.0")
    assert headers["Content-Type"].startswith("application/json")
    validate(described)
    paths = {f"{method.upper()} {path}" for path, methods in described["paths"].items() for method in methods}
    routes = {f"{method} {path}" for path, methods in app.app.routes.items() for method in methods}
    # Pages of the console are for people; docs/console.md lists them.
    assert paths == routes - CONSOLE_ROUTES


def test_public_operations_are_the_ones_without_a_role(world: World) -> None:
    described = world.call("GET", "/openapi.json")[1]
    public = {
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if {"key": []} not in operation["security"]
    }
    assert public == PUBLIC


def test_a_body_that_the_description_allows_is_taken(world: World) -> None:
    schemas = world.call("GET", "/openapi.json")[1]["components"]["schemas"]
    assert schemas["Lookup"]["additionalProperties"] is False
    assert set(schemas["Lookup"]["required"]) == {"purpose"}


def test_it_says_where_and_by_whom_and_under_which_licence() -> None:
    assert DOCUMENT["servers"][0]["url"] == "https://lianfang.example"
    assert DOCUMENT["info"]["contact"]["name"]
    assert DOCUMENT["info"]["license"]["identifier"] == "Apache-2.0"
    assert DOCUMENT["components"]["securitySchemes"].keys() == {"key", "key_header", "session"}
    sessions = {name for name, element in OPERATIONS.items() if element["security"] == [{"session": []}]}
    assert sessions == {
        "GET /v1/my-record",
        "POST /v1/my-record/statement",
        "POST /v1/my-record/disputes",
        "DELETE /v1/my-record/sessions",
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_described_whole(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["operationId"]
    assert operation["tags"]
    assert operation["summary"]
    assert operation["description"].count("\n\n") == 1
    for parameter in operation.get("parameters", ()):
        assert parameter["description"]
        assert parameter["schema"].keys() & {"enum", "pattern", "minimum", "maxLength"} or parameter["in"] == "header"
    contents = [element["content"] for status, element in operation["responses"].items() if status.startswith("2")]
    for content in contents:
        schema = content.get("application/json", {}).get("schema", {"$ref": ""})
        assert "$ref" in schema or all("$ref" in entry for entry in schema["anyOf"])
    assert not contents or any("example" in entry for content in contents for entry in content.values())


def test_every_declared_error_stands_in_its_operation_with_both_sentences() -> None:
    examples = DOCUMENT["components"]["examples"]
    for route in DECLARED:
        responses = OPERATIONS[f"{route.method} {route.path}"]["responses"]
        for status, codes in errors_by_status(route).items():
            answer = responses[str(status)]
            if "$ref" in answer:
                answer = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]]
            for code in codes:
                assert f"`{code}` {code.zh} {code.en}" in answer["description"]
                if "application/json" in answer["content"] and not route.is_page:
                    assert str(code) in answer["content"]["application/json"]["examples"]
    assert {name.removeprefix("error_") for name in examples} <= {str(code) for code in ErrorCode}


def test_a_code_of_an_error_is_an_open_text_with_the_known_ones_listed() -> None:
    code = DOCUMENT["components"]["schemas"]["ErrorBody"]["properties"]["code"]
    assert (code["type"], "enum" in code) == ("string", False)
    assert code["examples"] == [str(entry) for entry in ErrorCode]


def test_answers_may_grow_and_bodies_may_not() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    bodies = {route.body.partition(":")[2] for route in DECLARED if route.body}
    assert all(schemas[name]["additionalProperties"] is False for name in bodies)
    assert "additionalProperties" not in schemas["LookupAnswer"]
    assert not [name for name, schema in schemas.items() if "default" in str(schema.get("properties", {}).keys())]


def test_next_is_a_text_in_every_page() -> None:
    result = {
        name: schema["properties"]["next"]
        for name, schema in DOCUMENT["components"]["schemas"].items()
        if "next" in schema.get("properties", {})
    }
    assert len(result) > 12
    assert {field["type"] for field in result.values()} == {"string"}
    for name in result:
        assert "next" in DOCUMENT["components"]["schemas"][name]["required"]


def test_the_former_name_of_the_kind_of_a_task_is_marked_deprecated() -> None:
    task = DOCUMENT["components"]["schemas"]["ClosureTask"]
    assert task["properties"]["task"]["deprecated"] is True
    assert {"kind", "task"} <= set(task["required"])


def test_every_kind_of_notice_is_a_webhook() -> None:
    from chalicelib.handlers.responses import notices

    def named(topic: str) -> set[str]:
        body = DOCUMENT["webhooks"][topic]["post"]["requestBody"]["content"]["application/json"]
        return {entry["$ref"].rpartition("/")[2] for entry in body["schema"]["oneOf"]}

    assert named("own") == {model.__name__ for model in notices.private_notices()}
    assert named("closures") == {"ClosureNotice", "DeliveryTestNotice"}


def test_each_operation_stands_under_a_tag_that_is_described() -> None:
    tags = {tag["name"]: tag["description"] for tag in DOCUMENT["tags"]}
    used = {tag for operation in OPERATIONS.values() for tag in operation["tags"]}
    assert used == tags.keys()
    assert all(tags.values())
