"""Lookups: is this applicant somebody who was evicted elsewhere? /v1/lookups, /v1/merchants."""

from typing import TYPE_CHECKING, Any

from chalicelib import errors, logs, wiring
from chalicelib.domain import identifier
from chalicelib.handlers.api import ANYONE, PLATFORM, REGULATOR, Ask, Doors
from chalicelib.services import asking, deciding, monitoring, screening

if TYPE_CHECKING:
    from chalicelib.handlers import models

doors = Doors(__name__)


@doors.door("/v1/lookups", "POST", roles=(PLATFORM, REGULATOR))
def look_up(ask: Ask) -> dict[str, Any]:
    """Look up one applicant."""
    from chalicelib.handlers.models import Lookup

    wanted = ask.read(Lookup)
    return _look_up_all(ask, wanted.purpose, [wanted])[0]


@doors.door("/v1/lookups/batch", "POST", roles=(PLATFORM, REGULATOR))
def look_up_batch(ask: Ask) -> dict[str, Any]:
    """Look up to 100 applicants, answered in the order in which they were asked."""
    from chalicelib.handlers.models import Lookups

    wanted = ask.read(Lookups)
    return {"lookups": _look_up_all(ask, wanted.purpose, wanted.applicants)}


@doors.door("/v1/lookups/{lookup_id}/decisions", "POST", roles=(PLATFORM,))
def decide(ask: Ask, lookup_id: str) -> dict[str, Any]:
    """Remember, for this platform alone, that a match is not the applicant."""
    from chalicelib.handlers.models import Decision

    wanted = ask.read(Decision)
    decided = deciding.decide(
        wiring.exchange(), ask.caller.platform_id, lookup_id, wanted.subject_id, wanted.decision, wiring.now()
    )
    logs.note("decided", lookup=lookup_id, platform=ask.caller.platform_id, decision=wanted.decision)
    return decided


@doors.door("/v1/methodology", "GET", roles=ANYONE)
def methodology(_ask: Ask) -> dict[str, Any]:
    """How matches are made and judged: every rule, relation, feature, reason and source."""
    from chalicelib.domain import methodology as method

    return method.methodology()


@doors.door("/v1/merchants/{uscc}", "GET", roles=(PLATFORM, REGULATOR))
def merchant(ask: Ask, uscc: str) -> dict[str, Any]:
    """What stands against the merchant with exactly this USCC."""
    code = identifier.compact(uscc)
    if not identifier.is_valid_uscc(code):
        raise errors.BadRequest("invalid_uscc", uscc=uscc[:40])
    found = screening.merchant(wiring.registry(), ask.caller, code, wiring.now())
    if ask.caller.role == PLATFORM:
        monitoring.remember_receiving(
            wiring.exchange(), found["subject"]["subject_id"], ask.caller.platform_id, wiring.now()
        )
    return found


def _look_up_all(
    ask: Ask, purpose: str, wanted: "list[models.Applicant] | list[models.Lookup]"
) -> list[dict[str, Any]]:
    now = wiring.now()
    feeds = configured_feeds()
    applicants = [asking.applicant(one.model_dump(), wiring.digest()) for one in wanted]
    answers = screening.look_up_many(wiring.registry(), feeds, ask.caller, applicants, now)
    for applicant, answer in zip(applicants, answers, strict=True):
        screening.remember(wiring.exchange(), ask.caller, purpose, applicant, answer, now)
        logs.note(
            "looked_up",
            lookup=answer["lookup_id"],
            platform=ask.caller.platform_id,
            purpose=purpose,
            verdict=answer["verdict"],
            matches=len(answer["matches"]),
        )
    return answers


def configured_feeds() -> list[str]:
    """The government lists that the environment names; those that operators added are in the table."""
    return [one.name for one in wiring.default_feeds()]
