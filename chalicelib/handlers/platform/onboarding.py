"""One onboarding call: everything that is to be asked of an applicant. /v1/onboarding-checks."""

from typing import Any

from chalicelib import logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors
from chalicelib.lookups import parse_applicant
from chalicelib.onboarding import onboarding_check

doors = Doors(__name__)


@doors.door("/v1/onboarding-checks", "POST", roles=(PLATFORM,))
def check(ask: Ask) -> dict[str, Any]:
    """Check one applicant: evictions, government lists, registration, name, licence, display link, successors."""
    from chalicelib.handlers.requests.onboarding import OnboardingCheck

    wanted = ask.read(OnboardingCheck)
    asked = onboarding_check.Asked(
        parse_applicant.applicant(wanted.model_dump(), wiring.digest()),
        merchant_id=(wanted.merchant_id or "").strip(),
        licence_check_id=wanted.licence_check_id or "",
        display_link=(wanted.display_link or "").strip(),
        enrol=wanted.enrol,
    )
    context = onboarding_check.Context(wiring.registry(), wiring.exchange(), dependencies.configured_feeds())
    answer = onboarding_check.check(context, ask.caller, asked, wiring.now())
    logs.note(
        "vetted",
        receipt=answer["receipt"],
        platform=ask.caller.platform_id,
        verdict=answer["verdict"],
        matches=len(answer["matches"]),
        enrolled=answer["enrolled"],
    )
    return answer


@doors.door("/v1/onboarding-checks/{receipt}", "GET", roles=(PLATFORM, REGULATOR))
def receipt(ask: Ask, receipt: str) -> dict[str, Any]:
    """What was said then, for the platform that asked and for regulators."""
    return onboarding_check.receipt(wiring.exchange(), ask.caller, receipt, wiring.now())
