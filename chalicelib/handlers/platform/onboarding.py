"""One onboarding call: everything that is to be asked of an applicant. /v1/onboarding-checks."""

from typing import Any

from chalicelib import logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors
from chalicelib.lookups.parse_applicant import parse_applicant
from chalicelib.onboarding import onboarding_check

doors = Doors(__name__)


@doors.door("/v1/onboarding-checks", "POST", roles=(PLATFORM,))
def check(ask: Ask) -> dict[str, Any]:
    """Check one applicant: evictions, government lists, registration, name, licence, display link, successors."""
    from chalicelib.handlers.requests.onboarding import OnboardingCheck

    wanted = ask.read(OnboardingCheck)
    request = onboarding_check.CheckRequest(
        parse_applicant(wanted.model_dump(), wiring.digest()),
        merchant_id=(wanted.merchant_id or "").strip(),
        licence_check_id=wanted.licence_check_id or "",
        display_link=(wanted.display_link or "").strip(),
        enrol=wanted.enrol,
    )
    context = onboarding_check.Context(wiring.registry(), wiring.exchange(), dependencies.configured_feeds())
    checked = onboarding_check.check_applicant(context, ask.caller, request, wiring.now())
    logs.note(
        "vetted",
        receipt=checked.receipt,
        platform=ask.caller.platform_id,
        verdict=checked.verdict,
        matches=len(checked.matches),
        enrolled=request.enrol,
    )
    return checked.view(ask.caller)


@doors.door("/v1/onboarding-checks/{receipt}", "GET", roles=(PLATFORM, REGULATOR))
def receipt(ask: Ask, receipt: str) -> dict[str, Any]:
    """The answer that was given then, for the platform that asked and for regulators."""
    return onboarding_check.read_receipt(wiring.exchange(), ask.caller, receipt, wiring.now())
