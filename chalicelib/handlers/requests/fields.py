"""What the API takes, as pydantic models; openapi.json is made from them, so they are its documentation too.

Imported only once a request with a body arrives: pydantic would double the cold start of every other function.
"""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from chalicelib.values.cell_text import is_placeholder
from chalicelib.values.text_damage import is_damaged_sentence

Text = Annotated[str, StringConstraints(max_length=400)]
LongText = Annotated[str, StringConstraints(max_length=4_000)]
# The id of a person of an organisation; "" for nobody.
PersonId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{0,64}$")]
PlatformId = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9-]{1,39})?$")]


def says_nothing(text: str) -> bool:
    """Whether a text is a placeholder, such as 无 or N/A, and was not destroyed, which is an error of its own."""
    return is_placeholder(text) and not is_damaged_sentence(text)


def _says_something(text: str) -> str:
    if says_nothing(text):
        raise PydanticCustomError("says_nothing", "words that say something")
    return text


# A text that is needed, so that a placeholder will not do; after the constraints of its length.
NOT_A_PLACEHOLDER = AfterValidator(_says_something)


class Strict(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", defer_build=True)
    # Fields of rows that are judged one by one: a destroyed text in one refuses no other.
    judged_by_row: ClassVar[tuple[str, ...]] = ()
