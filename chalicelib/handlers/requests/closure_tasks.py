"""What the routes of closure tasks take, as pydantic models."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.handlers.requests.fields import NOT_A_PLACEHOLDER, LongText, PersonId, Strict, Text, says_nothing


class TaskOutcome(Strict):
    """What a platform did about a task: how far it is (`seen`, `checked`), or its answer."""

    outcome: Literal["seen", "checked", "closed", "reopened", "not_present", "kept"]
    reason: LongText = ""

    @model_validator(mode="after")
    def _kept_for_a_reason(self) -> Self:
        if self.outcome == "kept" and says_nothing(self.reason):
            raise PydanticCustomError("reason_missing", "what is kept as it is needs a reason")
        return self


class OutcomeRow(Strict):
    """One answer of many; an error in it is reported for its row and stops no other."""

    task_id: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    outcome: Text
    reason: LongText = ""


class TaskOutcomes(Strict):
    """Up to 1,000 answers in one call."""

    judged_by_row: ClassVar[tuple[str, ...]] = ("outcomes",)
    outcomes: list[OutcomeRow] = Field(min_length=1, max_length=1_000)


class TaskAssignment(Strict):
    """The person of the platform who is to see to a task; "" takes it back."""

    assignee: PersonId


class TaskAssignments(TaskAssignment):
    """Up to 100 tasks for one person."""

    task_ids: list[Annotated[str, StringConstraints(min_length=1, max_length=40)]] = Field(min_length=1, max_length=100)


class NewTaskNote(Strict):
    """A note on a task, for the people of its platform and for regulators."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=1_000), NOT_A_PLACEHOLDER]
