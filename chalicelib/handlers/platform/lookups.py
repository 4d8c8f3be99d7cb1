"""Lookups: is this applicant somebody who was evicted elsewhere? /v1/lookups, /v1/merchants."""

from typing import TYPE_CHECKING, Any

from chalicelib import errors, logs, wiring
from chalicelib.closure_tasks import count_daily_figures
from chalicelib.handlers import dependencies
from chalicelib.handlers.routing import ANYONE, PLATFORM, REGULATOR, Ask, Doors
from chalicelib.lookups import look_up_applicant, not_same_decisions, show_answer
from chalicelib.lookups.parse_applicant import parse_applicant
from chalicelib.monitoring import inquiry_index, lookup_history
from chalicelib.values import organisation_codes

if TYPE_CHECKING:
    from chalicelib.handlers.requests import lookups

doors = Doors(__name__)


@doors.door("/v1/lookups", "POST", roles=(PLATFORM, REGULATOR))
def look_up(ask: Ask) -> dict[str, Any]:
    """Look up one applicant."""
    from chalicelib.handlers.requests.lookups import Lookup

    wanted = ask.read(Lookup)
    return _look_up_all(ask, wanted.purpose, [wanted])[0]


@doors.door("/v1/lookups/batch", "POST", roles=(PLATFORM, REGULATOR))
def look_up_batch(ask: Ask) -> dict[str, Any]:
    """Look up to 100 applicants, answered in the order in which they were asked."""
    from chalicelib.handlers.requests.lookups import Lookups

    wanted = ask.read(Lookups)
    return {"lookups": _look_up_all(ask, wanted.purpose, wanted.applicants)}


@doors.door("/v1/lookups/{lookup_id}/decisions", "POST", roles=(PLATFORM,))
def decide(ask: Ask, lookup_id: str) -> dict[str, Any]:
    """Remember, for this platform alone, that a match is not the applicant."""
    from chalicelib.handlers.requests.lookups import Decision

    wanted = ask.read(Decision)
    decided = not_same_decisions.decide_match(
        wiring.exchange(), ask.caller.platform_id, lookup_id, wanted.subject_id, wanted.decision, wiring.now()
    )
    logs.note("decided", lookup=lookup_id, platform=ask.caller.platform_id, decision=wanted.decision)
    return decided.view()


@doors.door("/v1/methodology", "GET", roles=ANYONE)
def methodology(_ask: Ask) -> dict[str, Any]:
    """How matches are made and judged: every rule, relation, feature, reason and source."""
    from chalicelib.methodology import describe_methodology

    return describe_methodology()


@doors.door("/v1/merchants/{uscc}", "GET", roles=(PLATFORM, REGULATOR))
def merchant(ask: Ask, uscc: str) -> dict[str, Any]:
    """What stands against the merchant with exactly this USCC."""
    code = organisation_codes.compact(uscc)
    if not organisation_codes.is_valid_uscc(code):
        raise errors.BadRequest("invalid_uscc", uscc=uscc[:40])
    judgement = look_up_applicant.judge_merchant(dependencies.lookups(), ask.caller, code, wiring.now())
    if ask.caller.role == PLATFORM:
        inquiry_index.record_disclosure(
            wiring.exchange(), judgement.subject.subject_id, ask.caller.platform_id, wiring.now()
        )
    return show_answer.merchant_view(judgement, ask.caller)


def _look_up_all(
    ask: Ask, purpose: str, wanted: "list[lookups.Applicant] | list[lookups.Lookup]"
) -> list[dict[str, Any]]:
    now = wiring.now()
    applicants = [parse_applicant(applicant.model_dump(), wiring.digest()) for applicant in wanted]
    answers = look_up_applicant.look_up_many(dependencies.lookups(), ask.caller, applicants, now)
    if ask.caller.role == PLATFORM:
        matches = sum(len(answer.matches) for answer in answers)
        count_daily_figures.count_usage(wiring.exchange(), ask.caller.platform_id, len(answers), matches, now)
    for applicant, answer in zip(applicants, answers, strict=True):
        lookup_history.remember(wiring.exchange(), ask.caller, purpose, applicant, answer, now)
        logs.note(
            "looked_up",
            lookup=answer.lookup_id,
            platform=ask.caller.platform_id,
            purpose=purpose,
            verdict=answer.verdict,
            matches=len(answer.matches),
        )
    return [show_answer.answer_view(answer, ask.caller) for answer in answers]
