"""Answers of the lists of licence checks and onboarding checks."""

from pydantic import Field

from chalicelib.handlers.responses.licences import LicenceCheckStatus
from chalicelib.handlers.responses.shared import NEXT_UNTIL_END, Answer, Count, Moment, Uscc, Verdict, absent


class ListedLicenceCheck(LicenceCheckStatus):
    """A licence check and who began it; the licence of a verified one is read by its id."""

    platform_id: str


class LicenceCheckPage(Answer):
    """Licence checks, the newest first."""

    checks: list[ListedLicenceCheck]
    next: str = Field(description=f"{NEXT_UNTIL_END}; a page may be short before that")


class ListedOnboardingCheck(Answer):
    """An onboarding check; its parts are read by its receipt."""

    receipt: str
    platform_id: str
    checked_at: Moment
    verdict: Verdict
    matches: Count
    merchant_id: str = absent("the platform's own id of the merchant")
    uscc: Uscc = absent()
    unverified_uscc: Uscc = absent("a credit code whose check character fails")
    not_checked: list[str] = absent("parts that nothing was given for")
    enrolled: bool = absent("whether it was put on the roster")


class OnboardingCheckPage(Answer):
    """Onboarding checks, the newest first."""

    checks: list[ListedOnboardingCheck]
    next: str = Field(description=f"{NEXT_UNTIL_END}; a page may be short before that")
