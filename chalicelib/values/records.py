"""Records: what flows through the exchange, as frozen dataclasses that know their stored form.

Each field is declared once, here by `stored(...)`: its default, how it is stored, and who may see and correct it. A
field at its default is left out of the item. What a later version stored beside is kept in `unknown` and written back,
so that an older version that still runs never drops it.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field
from functools import cache as _cache
from typing import Any, Self, TypeVar

from chalicelib.values.record_layout import build, copy_with, getter

# JSON as it is passed through or answered: its values are checked at the edge, by the models of the API.
Json = dict[str, Any]


F = TypeVar("F", bound=Callable[..., Any])


def cache(function: F) -> F:
    """`functools.cache` that keeps the types of the function, whose argument is a class."""
    return _cache(function)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Stored:
    """How a field is stored, and what it is: declared with the field, read by what shows, corrects or digests it."""

    name: str = ""
    record: "type[Record] | None" = None
    many: str = ""
    read: Callable[[Any], Any] | None = None
    always: bool = False
    empty: Any = None
    identity: bool = False
    public: bool = False
    private: bool = False
    internal: bool = False
    correctable: bool = False
    amendable: bool = False
    filing: bool = False
    digest: bool = False
    text: bool = False
    signal: bool = False
    prefix: str = ""
    about: str = ""


def stored(default: Any = MISSING, *, factory: Any = MISSING, **kinds: Any) -> Any:
    """A field of a record.

    `name` is the name of the stored attribute where it is not the field's own. `record` is the class of what is nested
    in it; `many` is "list" or "map" where there are several of them, or "values" for a list of plain values, which is a
    tuple in memory. `read` makes the value from its stored form, as which it is stored again. `always` stores it at its
    default too; `empty` is how a nested record that is None is stored. The other keywords say what kind of field it is;
    `fields_that_are` finds the fields of a kind:

    - `identity`: says who is meant; `prefix` is what the id of a subject begins with where this field names it
    - `signal`: shared by two subjects, it may make one the successor of the other
    - `public`: every platform may see it; `private`: its reporter and regulators; `internal`: served by other routes
    - `correctable`: a newer report may correct it; `amendable`: a regulator may, deciding a dispute
    - `filing`: is about the filing, and begins anew with the next
    - `digest`: holds a keyed digest, never the value
    - `text`: free text of a reporter, in which numbers of persons are masked; `about` is what it says, for the API
    """
    metadata = {"stored": Stored(**kinds)}
    if factory is not MISSING:
        return field(default_factory=factory, metadata=metadata)
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class _Column:
    field: str
    read: Callable[[Any], Any] | None
    write: Callable[[Any], Any] | None
    default: Any
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record, read from its stored form by `from_item` and written to it by `to_item`."""

    unknown: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """The record that an item stands for."""
        reading = _reading(cls)
        values = dict(item)
        unknown = {name: values.pop(name) for name in values.keys() - reading.names}
        for name, read in reading.readers:
            if name in values:
                values[name] = read(values[name])
        for name, field_name in reading.renamed:
            if name in values:
                values[field_name] = values.pop(name)
        values["unknown"] = unknown
        return build(cls, values)

    def to_item(self) -> dict[str, Any]:
        """The item that stands for the record; fields at their defaults are left out."""
        item = dict(self.unknown)
        writing = _writing(type(self))
        for (name, default, optional, write), value in zip(writing.columns, writing.values(self), strict=True):
            if not (optional and (value is default or value == default)):
                item[name] = write(value) if write else value
        return item

    def changes_since(self, before: Self) -> dict[str, Any]:
        """The stored form of the fields in which the record differs from `before`, those now at their default too."""
        changes: dict[str, Any] = {}
        for name, column in _columns(type(self)).items():
            value = getattr(self, column.field)
            if value != getattr(before, column.field):
                changes[name] = column.write(value) if column.write else value
        return changes

    def stored_fields(self, *names: str) -> dict[str, Any]:
        """The stored form of these attributes, at their defaults too."""
        columns = _columns(type(self))
        values = {name: getattr(self, columns[name].field) for name in names}
        return {name: write(value) if (write := columns[name].write) else value for name, value in values.items()}

    def replace(self, **changes: Any) -> Self:
        """The record with other values in some fields."""
        return copy_with(self, changes)


def declared(kind: type[Record]) -> dict[str, Stored]:
    """How each field of a record is stored and what it is, by its name, in the order of their declaration."""
    fields = dataclasses.fields(kind)
    return {field.name: field.metadata.get("stored", Stored()) for field in fields if field.name != "unknown"}


def fields_that_are(kind: type[Record], trait: str) -> tuple[str, ...]:
    """The names of the fields declared as `trait`, such as public or correctable."""
    return tuple(name for name, how in declared(kind).items() if getattr(how, trait))


@cache
def _columns(kind: type[Record]) -> dict[str, _Column]:
    return dict(_column(field) for field in dataclasses.fields(kind) if field.name != "unknown")


@dataclass(frozen=True, slots=True)
class _Writing:
    """The values of the stored fields; of each its stored name, default, whether it is optional, how it is written."""

    values: Callable[[Any], tuple[Any, ...]]
    columns: tuple[tuple[str, Any, bool, Callable[[Any], Any] | None], ...]


@cache
def _writing(kind: type[Record]) -> _Writing:
    columns = _columns(kind)
    return _Writing(
        getter(column.field for column in columns.values()),
        tuple((name, column.default, column.optional, column.write) for name, column in columns.items()),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """The stored names of a record's fields; those that are converted, and those that the field is not named by."""

    names: frozenset[str]
    readers: tuple[tuple[str, Callable[[Any], Any]], ...]
    renamed: tuple[tuple[str, str], ...]


@cache
def _reading(kind: type[Record]) -> _Reading:
    columns = _columns(kind).items()
    readers = tuple((name, column.read) for name, column in columns if column.read)
    renamed = tuple((name, column.field) for name, column in columns if name != column.field)
    return _Reading(frozenset(name for name, _ in columns), readers, renamed)


def _column(declared: "dataclasses.Field[Any]") -> tuple[str, _Column]:
    how = declared.metadata.get("stored", Stored())
    read, write = _conversions(how)
    has_default = declared.default is not MISSING or declared.default_factory is not MISSING
    default = declared.default_factory() if declared.default_factory is not MISSING else declared.default
    return how.name or declared.name, _Column(declared.name, read, write, default, has_default and not how.always)


def _conversions(how: Stored) -> tuple[Callable[[Any], Any] | None, Callable[[Any], Any] | None]:
    nested = how.record
    if how.read is not None:
        return how.read, None
    if nested is None:
        return (tuple, list) if how.many == "values" else (None, None)
    if how.many == "list":
        return lambda items: tuple(map(nested.from_item, items)), lambda records: [
            record.to_item() for record in records
        ]
    if how.many == "map":
        return (
            lambda items: {key: nested.from_item(item) for key, item in items.items()},
            lambda records: {key: record.to_item() for key, record in records.items()},
        )
    if how.empty is not None:
        return (
            lambda item: nested.from_item(item) if item else None,
            lambda record: how.empty if record is None else record.to_item(),
        )
    return nested.from_item, nested.to_item
