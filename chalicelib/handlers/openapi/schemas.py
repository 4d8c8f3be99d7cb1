"""The models of requests and answers as JSON Schema, as the description of the API publishes them."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from chalicelib.handlers import body
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from pydantic import BaseModel

REF: Final = "#/components/schemas/{model}"
Schema = Json


@cache
def answers(reference: str) -> "tuple[type[BaseModel], ...]":
    """The models that a route refers to as `module:Name`, or `module:Name|Other`, of the package of responses."""
    module, _, names = reference.partition(":")
    loaded = import_module(f"chalicelib.handlers.responses.{module}")
    return tuple(getattr(loaded, name) for name in names.split("|"))


def reference(name: str) -> Schema:
    """A reference to a schema of the document."""
    return {"$ref": REF.format(model=name)}


def answer(models_reference: str) -> Schema:
    """The schema of an answer."""
    models = [reference(model.__name__) for model in answers(models_reference)]
    return models[0] if len(models) == 1 else {"anyOf": models}


def components(bodies: Iterable[str], answer_models: "Iterable[type[BaseModel]]") -> Schema:
    """Every schema that the document refers to, by name."""
    from pydantic.json_schema import models_json_schema

    requests = [body.model(name) for name in dict.fromkeys(bodies)]
    _, taken = models_json_schema([(model, "validation") for model in requests], ref_template=REF)
    _, answered = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(answer_models)], ref_template=REF
    )
    both = taken["$defs"].keys() & answered["$defs"].keys()
    if both:
        raise LookupError(f"requests and answers share the names {sorted(both)}")
    schemas = {name: _request(schema) for name, schema in taken["$defs"].items()}
    schemas |= {name: _answer(schema) for name, schema in answered["$defs"].items()}
    return dict(sorted(schemas.items()))


def _request(schema: Schema) -> Schema:
    """A schema of a body: what may be left out is said by `required` alone, the default in words.

    Generators take a field with a `default` for one that is always there.
    """
    plain = _plain(schema)
    for field in plain.get("properties", {}).values():
        default = field.pop("default", None)
        if default not in (None, "", [], {}):
            wording = str(default).lower() if isinstance(default, bool) else default
            field["description"] = f"{field.get('description', '')} (default {wording})".strip()
    return plain


def _answer(schema: Schema) -> Schema:
    """A schema of an answer: fields may be added, so others than the described ones are allowed."""
    plain = _plain(schema)
    plain.pop("additionalProperties", None)
    for field in plain.get("properties", {}).values():
        field.pop("default", None)
    return plain


def _plain(schema: Schema) -> Schema:
    """The schema without the titles that pydantic makes of the names of fields."""
    fields = {name: _untitled(field) for name, field in schema.get("properties", {}).items()}
    return {**schema, **({"properties": fields} if fields else {})}


def _untitled(value: Any) -> Any:
    if isinstance(value, list):
        return [_untitled(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _untitled(member) for key, member in value.items() if not (key == "title" and isinstance(member, str))}
    # One of the models of notices stands for those that are not described yet, and fits every notice.
    return {"anyOf": kept.pop("oneOf"), **kept} if "oneOf" in kept else kept
