"""The API in OpenAPI 3.1: each door with what it takes, made from the models that check the requests."""

from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib.errors import TEXTS
from chalicelib.handlers import models

REF: Final = "#/components/schemas/{model}"
# method, path, what it does, the body it takes, the status of success
DOORS: Final = (
    ("get", "/health", "Whether the exchange is up", None, "200"),
    ("get", "/openapi.json", "This description", None, "200"),
    (
        "post",
        "/v1/platforms",
        "Admit a platform, regulator or operator (operator)",
        models.NewPlatform,
        "201",
    ),
    ("get", "/v1/platforms", "Who was admitted (operator, regulator)", None, "200"),
    ("get", "/v1/platforms/me", "Who this key belongs to", None, "200"),
    ("post", "/v1/platforms/{platform_id}/keys", "Issue or rotate a key (operator)", models.NewKey, "201"),
    ("delete", "/v1/platforms/{platform_id}/keys/{key_id}", "Revoke a key (operator)", None, "200"),
    ("post", "/v1/reports", "Report up to 1,000 evictions (platform)", models.Report, "202"),
    ("post", "/v1/reports/files", "Report a file of up to 5 MB (platform)", None, "202"),
    ("post", "/v1/reports/uploads", "A form to post up to 200 MB with (platform)", models.Upload, "202"),
    ("get", "/v1/reports/{report_id}", "How a report stands", None, "200"),
    ("get", "/v1/reports/{report_id}/rejections", "Rows rejected, and why", None, "200"),
    ("get", "/v1/reports/{report_id}/warnings", "Rows accepted with a remark", None, "200"),
    ("post", "/v1/lookups", "Look up one applicant", models.Lookup, "200"),
    ("post", "/v1/lookups/batch", "Look up to 100 applicants", models.Lookups, "200"),
    ("post", "/v1/lookups/{lookup_id}/decisions", "Tell a match apart (platform)", models.Decision, "200"),
    ("get", "/v1/methodology", "How matches are made and judged", None, "200"),
    ("get", "/v1/merchants/{uscc}", "What stands against exactly this merchant", None, "200"),
    (
        "post",
        "/v1/listings/{listing_id}/withdrawal",
        "Take one's listing back (platform)",
        models.Withdrawal,
        "200",
    ),
    ("get", "/v1/listings", "What ends within so many days", None, "200"),
    ("get", "/v1/corroboration", "Where platforms and government agree, and where not", None, "200"),
    ("get", "/v1/changes", "Every change after a cursor", None, "200"),
    ("get", "/v1/tasks", "What this platform is asked to check or undo (platform)", None, "200"),
    ("post", "/v1/tasks/{task_id}/outcome", "What was done about a task (platform)", models.Outcome, "200"),
    ("get", "/v1/feeds", "How each government list stands", None, "200"),
    ("get", "/v1/feeds/{name}", "One government list, its way here and how it stands", None, "200"),
    ("put", "/v1/feeds/{name}", "Add or change a government list (operator)", models.FeedEntry, "200"),
    ("delete", "/v1/feeds/{name}", "Pull a list no more (operator)", None, "200"),
    (
        "post",
        "/v1/feeds/{name}/holds/{hold_id}/release",
        "Apply what was held (operator, regulator)",
        models.HoldDecision,
        "200",
    ),
    (
        "post",
        "/v1/feeds/{name}/holds/{hold_id}/discard",
        "Throw away what was held (operator, regulator)",
        models.HoldDecision,
        "200",
    ),
    ("post", "/v1/licence-links/check", "Whether a display link is well formed", models.LicenceLink, "200"),
)
PUBLIC: Final = ("/health", "/openapi.json")
QUERIES: Final = {
    "/v1/reports/{report_id}/rejections": ("after", "limit", "format"),
    "/v1/reports/{report_id}/warnings": ("after", "limit"),
    "/v1/changes": ("after", "limit"),
    "/v1/listings": ("expiring_within", "after", "limit"),
    "/v1/corroboration": ("state", "platform", "after", "limit"),
    "/v1/tasks": ("after", "limit"),
}
HEADERS: Final = {
    "/v1/reports": ("Idempotency-Key",),
    "/v1/reports/files": ("X-File-Name", "Idempotency-Key"),
    "/v1/reports/uploads": ("Idempotency-Key",),
}


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
    operation: dict[str, Any] = {
        "summary": summary,
        "parameters": _parameters(path),
        "responses": {
            status: {"description": "done", "content": {"application/json": {"schema": {"type": "object"}}}},
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
    if path == "/v1/reports/files":
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
