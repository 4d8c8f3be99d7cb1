"""A table as a form whose rows are added, moved and removed also without script: what was typed, and what is wrong."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chalicelib import errors
from chalicelib.handlers.console.screens.policies.rule_texts import allowed_in_words
from chalicelib.handlers.console.visit import Visit
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json
from chalicelib.verdicts.rules.platform_policy import MOST_ROWS

if TYPE_CHECKING:
    from pydantic import BaseModel

# A row as it was typed: the text of each field.
Typed = Mapping[str, str]
NUMBERS: Final = ("severity", "working_days", "most_days")
LONGEST_WHY: Final = 4_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A table as it is typed: its rows, why it is put, the version that it was begun from, and what is wrong by row."""

    rows: Sequence[Typed]
    version: int
    why: str = ""
    wrong: Mapping[int, Sequence[str]] = field(default_factory=dict)


def begun_from(visit: Visit) -> int:
    """The version that a draft was begun from."""
    text = visit.field("version", 10)
    return int(text) if text.isascii() and text.isdigit() else 0


def read_rows(visit: Visit, names: Sequence[str]) -> list[Typed]:
    """The rows of the form that was sent; each field comes once for each row."""
    lists = [visit.fields(name)[: MOST_ROWS + 1] for name in names]
    if len({len(values) for values in lists}) > 1:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field=names[0])
    return [dict(zip(names, values, strict=True)) for values in zip(*lists, strict=True)]


def edited(visit: Visit, rows: Sequence[Typed], new: Typed) -> list[Typed]:
    """The rows after the button that was pressed: one added at the end, one removed, or one moved up."""
    after = list(rows)
    removed, raised = visit.field("remove"), visit.field("up")
    if visit.field("do") == "add" and len(after) < MOST_ROWS:
        after.append(new)
    if (place := _place(removed, len(after))) is not None:
        del after[place]
    if (place := _place(raised, len(after))) is not None and place:
        after.insert(place - 1, after.pop(place))
    return after


def checked(reference: str, rows: Sequence[Typed], why: str) -> "BaseModel":
    """The rows as the model of a request; `BadRequest` names each field that does not fit."""
    from chalicelib.handlers import body

    fields = [{name: _value(name, text) for name, text in row.items() if text} for row in rows]
    return body.read(reference, json.dumps({"rows": fields, "why": why}))


def wrong_rows(visit: Visit, error: errors.BadRequest) -> dict[int, list[str]]:
    """What is wrong, by the number of the row from 1; 0 is the whole table."""
    wrong: dict[int, list[str]] = {}
    for problem in error.details.get("problems", ()):
        row, more = _row_of(problem), allowed_in_words(visit, problem.get("allowed", ""))
        wrong.setdefault(row, []).append(problem["message"][visit.language] + more)
    return wrong or {0: [visit.says(error.code)]}


def _row_of(problem: Json) -> int:
    parts = str(problem.get("field", "")).split(".")
    counted = int(parts[1]) + 1 if len(parts) > 1 and parts[1].isdigit() else 0
    return int(problem.get("row", counted))


def _place(text: str, count: int) -> int | None:
    return int(text) - 1 if text.isascii() and text.isdigit() and 0 < int(text[:4]) <= count else None


def _value(name: str, text: str) -> str | int:
    return int(text) if name in NUMBERS and text.isascii() and text.isdigit() and len(text) < 6 else text
