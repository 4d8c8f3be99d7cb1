"""The pages on which licences are checked and displayed, and applicants are checked."""

from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.administration_pages import Row
from chalicelib.people.duties import Duty

PLATFORM: Final = (Role.PLATFORM,)
OFFICES: Final = (Role.PLATFORM, Role.REGULATOR)
ALL: Final = (Role.PLATFORM, Role.REGULATOR, Role.OPERATOR)
READ: Final = (Duty.READ,)
ACTING: Final = (Duty.REPORT, Duty.DECIDE)
# fmt: off
LICENCES: Final[tuple[Row, ...]] = (
    ("GET", "/console/licences", "licences.checks:page", ALL, READ, ""),
    ("GET", "/console/licences.csv", "licences.checks:export", ALL, READ, ""),
    ("GET", "/console/licences/new", "licences.checks:new", PLATFORM, ACTING, ""),
    ("GET", "/console/licences/checks/{check_id}", "licences.checks:check", OFFICES, READ, ""),
    ("GET", "/console/licences/reviews", "licences.reviews:queue", ALL, READ, ""),
    ("GET", "/console/licences/reviews/{check_id}", "licences.reviews:reading", ALL, ACTING, "getLicenceDocument"),
    ("POST", "/console/licences/reviews/{check_id}", "licences.reviews:read", ALL, ACTING, "reviewLicence"),
    ("GET", "/console/licences/renewals", "licences.renewals:page", OFFICES, READ, ""),
    ("GET", "/console/licences/renewals.csv", "licences.renewals:export", OFFICES, READ, ""),
    ("GET", "/console/licences/displays", "licences.displays:page", PLATFORM, READ, ""),
    ("GET", "/console/licences/displays.csv", "licences.displays:export", PLATFORM, READ, ""),
    ("GET", "/console/licences/displays/{display_id}", "licences.displays:display", OFFICES, READ, ""),
    ("POST", "/console/licences/displays/{display_id}/suspension", "licences.displays:suspend",
     PLATFORM, ACTING, "suspendDisplay"),
    ("POST", "/console/licences/displays/{display_id}/resumption", "licences.displays:resume",
     PLATFORM, ACTING, "resumeDisplay"),
    ("POST", "/console/licences/displays/{display_id}/deletion", "licences.displays:delete",
     PLATFORM, ACTING, "deleteDisplay"),
    ("POST", "/console/licences/identity-report", "licences.displays:report", PLATFORM, ACTING, "createIdentityReport"),
    ("GET", "/console/onboarding", "onboarding:form", OFFICES, READ, ""),
    ("GET", "/console/onboarding.csv", "onboarding:export", OFFICES, READ, ""),
    ("POST", "/console/onboarding", "onboarding:check", PLATFORM, ACTING, ""),
    ("GET", "/console/onboarding/{receipt}", "onboarding:receipt", OFFICES, READ, ""),
)
# fmt: on
