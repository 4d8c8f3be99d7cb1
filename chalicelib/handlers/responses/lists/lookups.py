"""Answers of the history of lookups."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.responses.shared import NEXT_UNTIL_END, Answer, Count, Moment, Relation, Verdict, absent


class LookupLine(Answer):
    """A lookup: who asked for whom, why, and the verdict."""

    lookup_id: str
    platform_id: str = Field(description="the platform or regulator that asked")
    looked_up_at: Moment
    purpose: Literal["onboarding", "recheck", "investigation"]
    person_id: str = absent("the person that asked in the console")
    key_id: str = absent("the key that it was asked with")
    asked: dict[str, str] = Field(
        description="each field that was given: codes and names of organisations as given, other names as others may "
        "see them, `***` for what is not kept"
    )
    verdict: Verdict
    matches: Count


class LookupPage(Answer):
    """Lookups, the newest first."""

    lookups: list[LookupLine]
    next: str = Field(description=f"{NEXT_UNTIL_END}; a page may be short before that")


class AnsweredMatch(Answer):
    """A subject that was answered."""

    subject_id: str
    relation: Relation
    verdict: Verdict = absent("on its listings then")


class LookupMade(LookupLine):
    """A lookup with what was answered."""

    policy_version: Count = Field(description="of the platform's own policy that judged; 0: none")
    unsearched: list[str] = Field(description="the sources that were stale or missing")
    answered: list[AnsweredMatch]
