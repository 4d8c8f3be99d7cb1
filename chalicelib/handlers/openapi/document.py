"""The API in OpenAPI 3.1: each door with what it takes, made from the models that check the requests."""

from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib.handlers.openapi.operations import DOORS
from chalicelib.handlers.openapi.parameters import HEADERS, KINDS, PUBLIC, QUERIES
from chalicelib.messages import TEXTS

REF: Final = "#/components/schemas/{model}"


def description(version: str) -> dict[str, Any]:
    """The whole description as plain data."""
    bodies = [model for *_, model, _ in DOORS if model]
    _, schemas = models_json_schema([(model, "validation") for model in bodies], ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for method, path, summary, model, status in DOORS:
        paths.setdefault(path, {})[method] = _operation(path, summary, model, status)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lianfang 联防",
            "version": version,
            "description": "Evicted in one place, closed everywhere 一处清退、处处关店",
        },
        "paths": paths,
        "components": {
            "schemas": {**schemas["$defs"], "Error": _error_schema()},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "lf_<id>_<secret>"}},
        },
    }


def _operation(path: str, summary: str, model: type[BaseModel] | None, status: str) -> dict[str, Any]:
    kind = KINDS.get(path, "application/json")
    shape = {"type": "string" if path in KINDS else "object"}
    operation: dict[str, Any] = {
        "summary": summary,
        "parameters": _parameters(path),
        "responses": {
            status: {"description": "done", "content": {kind: {"schema": shape}}},
            "default": {
                "description": "an error",
                "content": {"application/json": {"schema": {"$ref": REF.format(model="Error")}}},
            },
        },
        "security": [] if path in PUBLIC else [{"key": []}],
    }
    if model:
        schema = {"$ref": REF.format(model=model.__name__)}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if path in ("/v1/reports/files", "/v1/rosters/files", "/v1/tasks/outcomes/files"):
        schema = {"type": "string", "format": "binary"}
        operation["requestBody"] = {
            "required": True,
            "content": {"application/octet-stream": {"schema": schema}, "text/csv": {"schema": schema}},
        }
    return operation


def _parameters(path: str) -> list[dict[str, Any]]:
    text = {"type": "string"}
    parts = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [
        *({"name": name, "in": "path", "required": True, "schema": text} for name in parts),
        *({"name": name, "in": "query", "required": False, "schema": text} for name in QUERIES.get(path, ())),
        *(
            {"name": name, "in": "header", "required": name == "X-File-Name", "schema": text}
            for name in HEADERS.get(path, ())
        ),
    ]


def _error_schema() -> dict[str, Any]:
    sentence = {"type": "object", "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}}
    error = {
        "type": "object",
        "required": ["code", "message", "details"],
        "properties": {
            "code": {"type": "string", "enum": sorted(TEXTS)},
            "message": sentence,
            "details": {"type": "object"},
        },
    }
    return {"type": "object", "required": ["error"], "properties": {"error": error}}
