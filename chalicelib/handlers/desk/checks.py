"""The lists of licence checks and of onboarding checks, the newest first."""

from typing import Final

from chalicelib import wiring
from chalicelib.accounts.permissions import one_platform
from chalicelib.handlers.desk.days import BY_DAY, VERDICTS, span_of
from chalicelib.handlers.parameters import OF_PLATFORM, Parameter, limit
from chalicelib.handlers.routing import ANYONE, PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

routes = Routes(__name__, "licences")
CHECK_STATES: Final = ("pending", "verified", "failed", "expired", "unknown")
LICENCE_CHECKS: Final = (
    OF_PLATFORM,
    Parameter("state", "只列出该状态", "only those in that state", choices=CHECK_STATES),
    Parameter("review", "等待本方复核的人工核验", "checks that wait for a review of yours", choices=("waiting",)),
    *BY_DAY,
    limit(20, 100),
)
ONBOARDING_CHECKS: Final = (
    OF_PLATFORM,
    Parameter("verdict", "只列出该结论", "only those with that verdict", choices=VERDICTS),
    *BY_DAY,
    limit(20, 100),
)
DEFAULT_DAYS: Final = 31


@routes.route(
    "/v1/licence-checks",
    "GET",
    "listLicenceChecks",
    roles=ANYONE,
    query=LICENCE_CHECKS,
    returns="lists.checks:LicenceCheckPage",
)
def licence_checks(request: Request) -> Json:
    """A platform's checks by day and state; for regulators and operators those of all that people read."""
    from chalicelib.licences import list_licence_checks as listing

    caller, now = request.caller, wiring.now()
    has_state = listing.has_state(request.text("state"), now)
    waits = listing.waits_for(caller, now) if request.text("review") else has_state
    page = listing.list_licence_checks(
        wiring.exchange(),
        listing.owner_of(caller, request.text("platform")),
        lambda check: has_state(check) and waits(check),
        span_of(request, DEFAULT_DAYS),
        request.number("limit"),
    )
    return {"checks": [listing.summary(check, now) for check in page.checks], "next": page.next}


@routes.route(
    "/v1/onboarding-checks",
    "GET",
    "listOnboardingChecks",
    roles=(PLATFORM, REGULATOR),
    query=ONBOARDING_CHECKS,
    returns="lists.checks:OnboardingCheckPage",
    errors=(ErrorCode.PLATFORM_NEEDED,),
    tags=("onboarding",),
)
def onboarding_checks(request: Request) -> Json:
    """A platform's onboarding checks by day and verdict; a regulator names the platform."""
    from chalicelib.onboarding.list_onboarding_checks import list_onboarding_checks

    owner = one_platform(request.caller, request.text("platform"))
    span = span_of(request, DEFAULT_DAYS)
    page = list_onboarding_checks(wiring.exchange(), owner, request.text("verdict"), span, request.number("limit"))
    return {"checks": [check.view() for check in page.checks], "next": page.next}
