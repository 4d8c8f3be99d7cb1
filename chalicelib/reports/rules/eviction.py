"""An eviction in normal form, the rejection of a row that could not become one, and both as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.registry.rules.listing import ReportedContent
from chalicelib.registry.rules.subject_id import IDENTITY_FIELDS, Identity
from chalicelib.values.records import Json, stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Eviction(ReportedContent):
    """One eviction of one merchant as a platform reported it, normalised; '' is what is not known.

    Days are YYYY-MM-DD, texts have resident IDs, phones and bank cards masked. `reasons` are codes of
    `reason_codes.py`, `warnings` codes of `messages.py`.
    """

    identity: Identity = stored(Identity(), record=Identity)
    evicted_on: str = stored("")
    reasons: tuple[str, ...] = stored((), many="values")
    warnings: tuple[str, ...] = stored((), many="values")


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not taken: its number, the column as the file calls it, the code, the value (masked).

    `nearest` are the codes of reasons that were perhaps meant, for each that is not in the table.
    """

    row: int
    column: str
    code: str
    value: str
    nearest: Mapping[str, list[str]] = field(default_factory=dict)


def eviction_as_dict(eviction: Eviction) -> Json:
    """The eviction as plain JSON-able data without levels, fields that are not known left out."""
    return {**eviction.identity.to_item(), **eviction.replace(identity=Identity()).to_item()}


def eviction_from_dict(plain: Mapping[str, object]) -> Eviction:
    """The eviction that `eviction_as_dict` wrote; other keys are ignored."""
    identity = Identity.from_item({field: plain[field] for field in IDENTITY_FIELDS if field in plain})
    own = {field: value for field, value in plain.items() if field in Eviction.__dataclass_fields__}
    return Eviction.from_item(own).replace(identity=identity)


def rejection_as_dict(rejection: Rejection) -> Json:
    """The rejection as plain JSON-able data."""
    return {
        "row": rejection.row,
        "column": rejection.column,
        "code": rejection.code,
        "value": rejection.value,
        **({"nearest": dict(rejection.nearest)} if rejection.nearest else {}),
    }
