"""What the API takes, as pydantic models; openapi.json is made from them, so they are its documentation too.

Imported only once a request with a body arrives: pydantic would double the cold start of every other function.
"""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(max_length=400)]
LongText = Annotated[str, StringConstraints(max_length=4_000)]
PlatformId = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9-]{1,39})?$")]


class Strict(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", defer_build=True)
    # Fields of rows that are judged one by one: a destroyed text in one refuses no other.
    judged_by_row: ClassVar[tuple[str, ...]] = ()
