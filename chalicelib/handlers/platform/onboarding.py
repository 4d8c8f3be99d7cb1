"""One onboarding call: everything that is to be asked of an applicant. /v1/onboarding-checks."""

from typing import TYPE_CHECKING

from chalicelib import logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.accounts.api_keys import Caller
    from chalicelib.handlers.requests.onboarding import OnboardingCheck
    from chalicelib.lookups.rules.applicant import Applicant

routes = Routes(__name__, "onboarding")


@routes.route(
    "/v1/onboarding-checks",
    "POST",
    "createOnboardingCheck",
    roles=(PLATFORM,),
    body="onboarding:OnboardingCheck",
    returns="lookups:OnboardingAnswer",
    merchants=lambda _: 1,
    errors=(
        ErrorCode.NOTHING_TO_LOOK_UP,
        ErrorCode.INVALID_USCC,
        ErrorCode.DAMAGED_USCC,
        ErrorCode.INVALID_REGISTRATION_NO,
        ErrorCode.INVALID_RESIDENT_ID,
        ErrorCode.SECOND_FIELD_NEEDED,
        ErrorCode.NOT_FOUND,
        ErrorCode.TOO_MANY_ENROLLED,
    ),
    audited=False,
)
def check(request: Request, body: "OnboardingCheck") -> Json:
    """Check one applicant: evictions, government lists, registration, name, licence, display link, successors."""
    from chalicelib.lookups.parse_applicant import parse_applicant
    from chalicelib.onboarding import onboarding_check

    wanted = onboarding_check.CheckRequest(
        parse_applicant(body.model_dump(), wiring.digest()),
        merchant_id=(body.merchant_id or "").strip(),
        licence_check_id=body.licence_check_id or "",
        display_link=(body.display_link or "").strip(),
        enrol=body.enrol,
    )
    context = onboarding_check.Context(wiring.registry(), wiring.exchange(), dependencies.configured_feeds())
    checked = onboarding_check.check_applicant(context, request.caller, wanted, wiring.now())
    _count(request.caller, wanted.applicant, hit=bool(checked.matches))
    logs.note(
        "vetted",
        receipt=checked.receipt,
        platform=request.caller.platform_id,
        verdict=checked.verdict,
        matches=len(checked.matches),
        enrolled=body.enrol,
    )
    return checked.view(request.caller)


def _count(caller: "Caller", applicant: "Applicant", *, hit: bool) -> None:
    """Count the check among the platform's lookups, beside the request."""
    from chalicelib.probing import sample_lookups
    from chalicelib.probing.rules.asked import asked_of

    exchange, now = wiring.exchange(), wiring.now()
    wiring.background()(
        lambda: sample_lookups.count_beside(exchange, caller, asked_of(applicant, hit, check=True), now)
    )


@routes.route(
    "/v1/onboarding-checks/{receipt}",
    "GET",
    "getOnboardingReceipt",
    roles=(PLATFORM, REGULATOR),
    returns="lookups:OnboardingReceipt",
    errors=(ErrorCode.NOT_FOUND,),
)
def receipt(request: Request, receipt: str) -> Json:
    """The answer that was given then, for the platform that asked and for regulators."""
    from chalicelib.onboarding import onboarding_check

    return onboarding_check.read_receipt(wiring.exchange(), request.caller, receipt, wiring.now())
