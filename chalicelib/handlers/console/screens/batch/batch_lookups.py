"""Looking up a batch: a hundred at a time, counted and kept as every lookup is, until the time is over."""

import json
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from chalicelib import errors, wiring
from chalicelib.accounts import purposes
from chalicelib.accounts.quotas import MERCHANTS
from chalicelib.handlers.console.screens.batch.applicants import Asked
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.platform import lookups
from chalicelib.lookups.rules.shown_applicant import MASKED, NAMES, asked_fields, kept_fields
from chalicelib.table_files.rules.natural_person import names_an_organisation
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.lookups.rules.applicant import Applicant

AT_ONCE: Final = 100
# No further hundred is begun later; the function may take 29 seconds.
LAST_BEGIN_SECONDS: Final = 18.0
NOT_ASKED: Final = "not_asked"
UNFIT: Final = "unfit"


def look_up(visit: Visit, purpose: str, asked: Sequence[Asked], clock: Callable[[], float] = time.monotonic) -> bytes:
    """Look all of them up; the rows of the answers, as they are kept: of what was asked only what is kept of a lookup.

    Each hundred counts against the quotas before it is looked up. What the time or a quota leaves is `not_asked`; a
    quota that leaves nothing raises `TooMany`.
    """
    purposes.require(wiring.exchange(), visit.caller, purpose)
    ends, rows = clock() + LAST_BEGIN_SECONDS, list[Json]()
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        try:
            is_over = start > 0 and clock() >= ends
            if not is_over:
                visit.request.allowance.take({MERCHANTS: len(some)})
        except errors.TooMany:
            if not rows:
                raise
            is_over = True
        if is_over:
            rows += [_row(each, NOT_ASKED) for each in asked[start:]]
            break
        rows += _hundred(visit, purpose, some)
    return json.dumps({"purpose": purpose, "rows": rows}, ensure_ascii=False).encode()


def _hundred(visit: Visit, purpose: str, asked: Sequence[Asked]) -> list[Json]:
    parsed = [_parsed(each) for each in asked]
    fit = [each for each in parsed if not isinstance(each, errors.LianfangError)]
    answers = iter(lookups.look_up_all(visit.caller, purpose, fit))
    return [
        _row(each, UNFIT) | {"error": str(applicant.code)}
        if isinstance(applicant, errors.LianfangError)
        else _answered(each, applicant, next(answers))
        for each, applicant in zip(asked, parsed, strict=True)
    ]


def _parsed(asked: Asked) -> "Applicant | errors.LianfangError":
    from chalicelib.lookups.parse_applicant import parse_applicant

    try:
        return parse_applicant(dict(asked.fields), wiring.digest())
    except errors.BadRequest as error:
        return error


def _row(asked: Asked, verdict: str) -> Json:
    """A row without an answer: whom it is about, where that is an organisation, numbers of persons masked."""
    shown = {
        name: mask_personal(asked.fields[name])[0] if names_an_organisation(asked.fields[name]) else MASKED
        for name in NAMES
        if name in asked.fields
    }
    return {"number": asked.number, "verdict": verdict, "asked": shown}


def _answered(asked: Asked, applicant: "Applicant", answer: Json) -> Json:
    matches = [
        {
            "name": match["subject"].get("name", ""),
            "uscc": match["subject"].get("uscc", ""),
            "verdict": match["verdict"],
            "relation": match["relation"],
            "reasons": sorted({reason for listing in match["listings"] for reason in listing["reasons"]}),
            "why": match["listings"][0]["why"] if match["listings"] else {},
        }
        for match in answer["matches"][:1]
    ]
    return {
        "number": asked.number,
        "verdict": answer["verdict"],
        "asked": asked_fields(applicant.asked_id, kept_fields(applicant)),
        "lookup_id": answer["lookup_id"],
        "found": len(answer["matches"]),
        "match": matches[0] if matches else {},
        "finding": answer["findings"][0]["message"] if answer["findings"] else {},
    }
