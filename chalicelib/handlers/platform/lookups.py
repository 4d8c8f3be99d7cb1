"""Lookups: is this applicant somebody who was evicted elsewhere? /v1/lookups, /v1/merchants."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib import errors, logs, wiring
from chalicelib.accounts import purposes
from chalicelib.accounts.api_keys import Caller
from chalicelib.handlers import body as bodies
from chalicelib.handlers import dependencies
from chalicelib.handlers.routing import ANYONE, PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests import lookups
    from chalicelib.handlers.requests.lookups import Lookup, Lookups, MatchDecision
    from chalicelib.lookups.rules.applicant import Applicant
    from chalicelib.lookups.rules.lookup_answer import Answer

routes = Routes(__name__, "lookups")


@routes.route(
    "/v1/lookups",
    "POST",
    "createLookup",
    roles=(PLATFORM, REGULATOR),
    body="lookups:Lookup",
    returns="lookups:LookupAnswer",
    merchants=lambda _: 1,
    errors=(
        ErrorCode.NOTHING_TO_LOOK_UP,
        ErrorCode.INVALID_USCC,
        ErrorCode.DAMAGED_USCC,
        ErrorCode.INVALID_REGISTRATION_NO,
        ErrorCode.INVALID_RESIDENT_ID,
        ErrorCode.SECOND_FIELD_NEEDED,
        ErrorCode.PURPOSE_NOT_GRANTED,
    ),
    audited=False,
)
def look_up(request: Request, body: "Lookup") -> Json:
    """Look up one applicant."""
    purposes.require(wiring.exchange(), request.caller, body.purpose)
    return look_up_all(request.caller, body.purpose, [_parsed(body)])[0]


@routes.route(
    "/v1/lookups/batch",
    "POST",
    "createLookups",
    roles=(PLATFORM, REGULATOR),
    body="lookups:Lookups",
    returns="lookups:LookupAnswers",
    merchants=lambda body: len(body.applicants),
    errors=(ErrorCode.PURPOSE_NOT_GRANTED,),
    audited=False,
)
def look_up_batch(request: Request, body: "Lookups") -> Json:
    """Look up to 100 applicants, answered in the order in which they were asked, each by itself."""
    purposes.require(wiring.exchange(), request.caller, body.purpose)
    parsed = [_parsed_or_error(applicant) for applicant in body.applicants]
    fit = [each for each in parsed if not isinstance(each, errors.LianfangError)]
    answers = iter(look_up_all(request.caller, body.purpose, fit))
    return {"lookups": [each.body() if isinstance(each, errors.LianfangError) else next(answers) for each in parsed]}


@routes.route(
    "/v1/lookups/{lookup_id}/decisions",
    "POST",
    "decideOnMatch",
    roles=(PLATFORM,),
    body="lookups:MatchDecision",
    returns="lookups:DecisionAnswer",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.NOT_DECIDABLE),
)
def decide(request: Request, body: "MatchDecision", lookup_id: str) -> Json:
    """Remember, for this platform alone, that a match is not the applicant."""
    from chalicelib.lookups import not_same_decisions

    decided = not_same_decisions.decide_match(
        wiring.exchange(), request.caller.platform_id, lookup_id, body.subject_id, body.decision, wiring.now()
    )
    logs.note("decided", lookup=lookup_id, platform=request.caller.platform_id, decision=body.decision)
    return decided.view()


@routes.route("/v1/methodology", "GET", "getMethodology", roles=ANYONE, returns="methodology:Methodology")
def methodology(_request: Request) -> Json:
    """How matches are made and judged: every rule, relation, feature, reason and source."""
    from chalicelib.methodology import describe_methodology

    return describe_methodology()


@routes.route(
    "/v1/merchants/{uscc}",
    "GET",
    "getMerchant",
    roles=(PLATFORM, REGULATOR),
    returns="lookups:MerchantAnswer",
    merchants=lambda: 1,
    errors=(ErrorCode.INVALID_USCC, ErrorCode.NOT_FOUND),
)
def merchant(request: Request, uscc: str) -> Json:
    """The listings of the merchant with exactly this USCC."""
    return merchant_of(request.caller, uscc)


def merchant_of(caller: Caller, uscc: str) -> Json:
    """What stands of the merchant with exactly this USCC; that a platform asked is counted, and kept as a disclosure.

    `BadRequest` for what has not the shape of a USCC, `NotFound` where nothing stands.
    """
    from chalicelib.lookups import look_up_applicant, show_answer
    from chalicelib.monitoring import lookup_index
    from chalicelib.values import organisation_codes

    code = organisation_codes.compact(uscc)
    if not organisation_codes.has_uscc_shape(code):
        raise errors.BadRequest(ErrorCode.INVALID_USCC, uscc=uscc[:40])
    try:
        judgement = look_up_applicant.judge_merchant(dependencies.lookups(), caller, code, wiring.now())
    except errors.NotFound:
        _count_code(caller, code, hit=False)
        raise
    _count_code(caller, code, hit=True)
    if caller.role == PLATFORM:
        lookup_index.record_disclosure(
            wiring.exchange(), judgement.subject.subject_id, caller.platform_id, wiring.now()
        )
    return show_answer.merchant_view(judgement, caller)


def _parsed(applicant: "lookups.Applicant") -> "Applicant":
    from chalicelib.lookups.parse_applicant import parse_applicant

    return parse_applicant(applicant.model_dump(), wiring.digest())


def _parsed_or_error(applicant: "lookups.Applicant") -> "Applicant | errors.LianfangError":
    """The applicant of a batch, or the error that answers it alone."""
    from chalicelib.handlers.requests.lookups import UnfitApplicant

    if isinstance(applicant, UnfitApplicant):
        return bodies.refusal(applicant.problems)
    try:
        return _parsed(applicant)
    except errors.BadRequest as error:
        return error


def look_up_all(caller: Caller, purpose: str, applicants: "list[Applicant]") -> list[Json]:
    """The answers to lookups of a caller, each counted and kept for its platform."""
    from chalicelib.lookups import look_up_applicant, show_answer
    from chalicelib.monitoring import lookup_history, move_subjects

    if not applicants:
        return []  # none of a batch fits: nothing was asked, and nothing counts
    now = wiring.now()
    answers = look_up_applicant.look_up_many(dependencies.lookups(), caller, applicants, now)
    made, found_today = _count(caller, purpose, applicants, answers, now)
    answers = _numbered(caller, answers, made, now)
    asker = lookup_history.Asker(caller, purpose, found_today)
    lookup_history.remember(wiring.exchange(), asker, list(zip(applicants, answers, strict=True)), now)
    if wiring.key_state().moves_before:
        for applicant, answer in zip(applicants, answers, strict=True):
            found = [match.subject for match in answer.matches]
            move_subjects.move_subjects(wiring.exchange(), wiring.registry(), applicant, found, now)
    # No line of the log for each: what it would say is kept with the lookup, for longer.
    return [show_answer.answer_view(answer, caller) for answer in answers]


def _numbered(caller: Caller, answers: "list[Answer]", made: int, now: datetime) -> "list[Answer]":
    """The answers under the ids of their numbers in the caller's day, by which they are listed; `made` is the last."""
    from dataclasses import replace

    from chalicelib.storage.item_keys.lookup_keys import lookup_id_of
    from chalicelib.values.timestamps import china_date

    first, day = made - len(answers) + 1, china_date(now)
    epoch = wiring.exchange().epoch
    ids = (lookup_id_of(caller.platform_id, day, number, epoch) for number in range(first, made + 1))
    return [replace(answer, lookup_id=lookup_id) for answer, lookup_id in zip(answers, ids, strict=True)]


def _count(
    caller: Caller, purpose: str, applicants: "Sequence[Applicant]", answers: "Sequence[Answer]", now: datetime
) -> tuple[int, int]:
    """Count what the caller took, and what a platform's lookups look like; what was granted by name is no probing.

    How many lookups it made today by now, and how many of them found something, those that were granted left out.
    """
    from chalicelib.closure_tasks import count_daily_figures
    from chalicelib.probing import sample_lookups
    from chalicelib.probing.rules.asked import asked_of, counts

    if caller.role != PLATFORM:
        counted = count_daily_figures.count_usage(wiring.exchange(), caller.platform_id, {"lookups": len(answers)}, now)
        return int(counted["lookups"]), 0
    taken = {"lookups": len(answers), "matches": sum(len(answer.matches) for answer in answers)}
    verdicts = Counter("unsure" if answer.verdict == "unknown" else answer.verdict for answer in answers)
    granted = purpose in purposes.TO_BE_GRANTED
    asked = [
        asked_of(applicant, hit=bool(answer.matches)) for applicant, answer in zip(applicants, answers, strict=True)
    ]
    looks_like = {"granted": len(answers)} if granted else counts(asked)
    counted = count_daily_figures.count_usage(
        wiring.exchange(), caller.platform_id, {**taken, **verdicts, **looks_like}, now
    )
    if not granted:
        request = int(counted["requests"])
        sample_lookups.keep_sample(wiring.exchange(), wiring.background(), caller, asked, request, now)
    return int(counted["lookups"]), int(counted.get("hits", 0))


def _count_code(caller: Caller, code: str, *, hit: bool) -> None:
    """Count a merchant that a platform asked for by its code alone, beside the request."""
    from chalicelib.probing import sample_lookups
    from chalicelib.probing.rules.asked import asked_by_code

    exchange, now = wiring.exchange(), wiring.now()
    if caller.role == PLATFORM:
        wiring.background()(lambda: sample_lookups.count_beside(exchange, caller, asked_by_code(code, hit), now))
