"""The answer to a lookup as a caller may see it, in the form of the API."""

from chalicelib.accounts.api_keys import Caller
from chalicelib.lookups.rules.lookup_answer import Answer, Judgement, Match, RegisteredStatus
from chalicelib.matching import explain_match
from chalicelib.matching.name_scoring import Reason
from chalicelib.messages import FindingCode, message
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import subject as subjects
from chalicelib.values.records import Json
from chalicelib.verdicts.rules import corroboration


def answer_view(answer: Answer, caller: Caller) -> Json:
    """The answer as the caller may see it."""
    registration = {"registration": _registration_view(answer.registration)} if answer.registration else {}
    return {
        "lookup_id": answer.lookup_id,
        "verdict": answer.verdict,
        "asked": dict(answer.asked),
        "findings": [coded(code) for code in answer.findings],
        "matches": [match_view(match, caller) for match in answer.matches],
        **registration,
        "told_apart": list(answer.not_same),
        "sources": [source.view() for source in answer.sources],
        "looked_up_at": answer.looked_up_at,
    }


def coded(code: FindingCode) -> Json:
    """A finding with its sentence."""
    return {"code": str(code), "message": message(code)}


def match_view(match: Match, caller: Caller) -> Json:
    """One match as the caller may see it."""
    return {
        "subject": subjects.view(match.subject),
        "relation": match.relation,
        "score": round(match.hit.score, 4),
        **judgement_view(match.judgement, caller),
        "reasons": [_reason_view(reason) for reason in match.hit.reasons],
    }


def merchant_view(judgement: Judgement, caller: Caller) -> Json:
    """A merchant that was named by its code, as the caller may see it."""
    return {"subject": subjects.view(judgement.subject), **judgement_view(judgement, caller)}


def judgement_view(judgement: Judgement, caller: Caller) -> Json:
    """The verdict, the corroboration and the listings as the caller may see them."""
    return {
        "verdict": judgement.verdict,
        "corroboration": corroboration.view(judgement.assessment),
        "listings": [
            listings.view(each.listing, caller.role, caller.platform_id) | each.decision.view(each.listing)
            for each in judgement.listings
        ],
    }


def _registration_view(registration: RegisteredStatus) -> Json:
    row = registration.row
    why = {"zh": row.zh, "en": row.en}
    return {"status": row.name, "verdict": row.verdict, "why": why, "said_at": registration.at}


def _reason_view(reason: Reason) -> Json:
    return {
        "field": reason.field,
        "relation": reason.relation,
        "query": reason.query,
        "candidate": reason.candidate,
        "score": round(reason.score, 4),
        "says": explain_match.sentence(reason),
    }
