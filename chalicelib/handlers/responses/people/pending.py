"""Answers about decisions that wait for a second person."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.responses.shared import Answer, Moment, absent
from chalicelib.values.records import Json

Mode = Literal["off", "people", "all"]


class PendingDecision(Answer):
    """An act that waits, or waited, for a second person of its organisation."""

    decision_id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,39}\.\d+$")
    organisation: str
    person_id: str = absent("the person who asked; absent where a key did")
    key_id: str = absent("the key that asked; absent where a person did")
    operation: str = Field(description="what is to be done, as this description names it")
    duty: Literal["decide", "administer"] = Field(description="what the second person needs")
    path: dict[str, str] = Field(description="what it is done to")
    body: Json = Field(description="what was asked for; numbers of persons are masked")
    asked_at: Moment
    ends_at: Moment = Field(description="until when it may be decided")
    state: Literal["pending", "taken", "done", "failed", "refused", "expired"]
    decided_by: str = absent("who decided: the organisation and its person")
    decided_at: Moment = absent()
    why: str = absent("why it was refused")
    error: str = absent("the code with which it could not be done")


class HeldForSecond(Answer):
    """The act waits for a second person; nothing is done until one approves it."""

    pending_decision: PendingDecision


class PendingDecisions(Answer):
    """Decisions of the own organisation, newest first."""

    decisions: list[PendingDecision]
    next: str = Field(description="`after` of the next page; empty at the end")


class Approved(Answer):
    """What was approved and is done."""

    decision: PendingDecision
    answer: Json = Field(description="what the operation answers, such as the new key, shown here alone")


class SecondPersonMode(Answer):
    """For whom acts wait for a second person."""

    mode: Mode
    organisations: dict[str, Mode]
    set_at: Moment = absent("absent as long as no regulator has set it")
    set_by: str = absent()
