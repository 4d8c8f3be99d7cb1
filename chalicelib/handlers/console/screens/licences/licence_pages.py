"""The pages on which licences are checked and displayed, and applicants are checked."""

from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.page import EVERYONE, Page
from chalicelib.people.duties import Duty

PLATFORM: Final = (Role.PLATFORM,)
OFFICES: Final = (Role.PLATFORM, Role.REGULATOR)
READ: Final = (Duty.READ,)
ACTING: Final = (Duty.REPORT, Duty.DECIDE)
# fmt: off
LICENCES: Final[tuple[Page, ...]] = (
    Page("GET", "/console/licences", "licences.checks:page", EVERYONE, READ),
    Page("GET", "/console/licences.csv", "licences.checks:export", EVERYONE, READ),
    Page("GET", "/console/licences/new", "licences.checks:new", PLATFORM, ACTING),
    Page("GET", "/console/licences/checks/{check_id}", "licences.checks:check", OFFICES, READ),
    Page("GET", "/console/licences/reviews", "licences.reviews:queue", EVERYONE, READ),
    Page("GET", "/console/licences/reviews/{check_id}", "licences.reviews:reading", EVERYONE, ACTING,
         "getLicenceDocument"),
    Page("POST", "/console/licences/reviews/{check_id}", "licences.reviews:read", EVERYONE, ACTING, "reviewLicence"),
    Page("GET", "/console/licences/renewals", "licences.renewals:page", OFFICES, READ),
    Page("GET", "/console/licences/renewals.csv", "licences.renewals:export", OFFICES, READ),
    Page("GET", "/console/licences/displays", "licences.displays:page", PLATFORM, READ),
    Page("GET", "/console/licences/displays.csv", "licences.displays:export", PLATFORM, READ),
    Page("GET", "/console/licences/displays/new", "licences.display_forms:new", PLATFORM, ACTING),
    Page("POST", "/console/licences/displays/draft", "licences.display_forms:draft", PLATFORM, ACTING),
    Page("POST", "/console/licences/displays", "licences.display_forms:make", PLATFORM, ACTING),
    Page("GET", "/console/licences/displays/{display_id}", "licences.displays:display", OFFICES, READ),
    Page("GET", "/console/licences/displays/{display_id}/content", "licences.display_forms:edit", PLATFORM, ACTING),
    Page("POST", "/console/licences/displays/{display_id}/content", "licences.display_forms:change", PLATFORM, ACTING),
    Page("POST", "/console/licences/displays/{display_id}/suspension", "licences.displays:suspend", PLATFORM, ACTING,
         "suspendDisplay"),
    Page("POST", "/console/licences/displays/{display_id}/resumption", "licences.displays:resume", PLATFORM, ACTING,
         "resumeDisplay"),
    Page("POST", "/console/licences/displays/{display_id}/deletion", "licences.displays:delete", PLATFORM, ACTING,
         "deleteDisplay"),
    Page("POST", "/console/licences/identity-report", "licences.displays:report", PLATFORM, ACTING,
         "createIdentityReport"),
    Page("POST", "/console/licences/checks", "licences.checks:start", PLATFORM, ACTING, "createLicenceCheck",
         takes_file=True),
    Page("GET", "/console/onboarding", "onboarding:form", OFFICES, READ),
    Page("GET", "/console/onboarding.csv", "onboarding:export", OFFICES, READ),
    Page("POST", "/console/onboarding", "onboarding:check", PLATFORM, ACTING),
    Page("POST", "/console/onboarding/start", "onboarding:start", PLATFORM, ACTING),
    Page("GET", "/console/onboarding/{receipt}", "onboarding:receipt", OFFICES, READ),
)
# fmt: on
