"""Answers about people."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.responses.shared import Answer, Moment, Role, absent

Duty = Literal["read", "report", "decide", "administer", "audit"]


class Person(Answer):
    """A person of an organisation."""

    person_id: str = Field(pattern=r"^p_[0-9a-f]{16}$")
    name: str
    organisation: str = Field(description="the id of its platform, regulator or operator")
    role: Role
    duties: list[Duty]
    state: Literal["active", "revoked"]
    email: str = absent("masked; absent where the person has none")
    created_at: Moment
    created_by: str = absent("who added the person")
    last_seen_at: Moment = absent("the last sign-in")
    revoked_at: Moment = absent("since when the person may not sign in")


class People(Answer):
    """The people of an organisation, in the order in which they were added."""

    people: list[Person]


class SessionsEnded(Answer):
    """That every session of a person is over."""

    person_id: str
    ended_at: Moment
