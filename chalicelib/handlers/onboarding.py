"""One onboarding call: everything that is to be asked of an applicant. /v1/onboarding-checks."""

from typing import Any

from chalicelib import logs, wiring
from chalicelib.handlers.api import PLATFORM, REGULATOR, Ask, Doors
from chalicelib.handlers.lookups import configured_feeds
from chalicelib.services import asking, vetting

doors = Doors(__name__)


@doors.door("/v1/onboarding-checks", "POST", roles=(PLATFORM,))
def check(ask: Ask) -> dict[str, Any]:
    """Check one applicant: evictions, government lists, registration, name, licence, display link, successors."""
    from chalicelib.handlers.onboarding_models import OnboardingCheck

    wanted = ask.read(OnboardingCheck)
    asked = vetting.Asked(
        asking.applicant(wanted.model_dump(), wiring.digest()),
        merchant_id=(wanted.merchant_id or "").strip(),
        licence_check_id=wanted.licence_check_id or "",
        display_link=(wanted.display_link or "").strip(),
        enrol=wanted.enrol,
    )
    desk = vetting.Desk(wiring.registry(), wiring.exchange(), configured_feeds())
    answer = vetting.check(desk, ask.caller, asked, wiring.now())
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
    return vetting.receipt(wiring.exchange(), ask.caller, receipt, wiring.now())
