"""What the routes of people take, as pydantic models."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.handlers.requests.fields import Strict

Duties = Annotated[
    list[Literal["read", "report", "decide", "administer", "audit"]],
    Field(min_length=1, max_length=5, description="what the person may do; those that are not named it may not"),
]


class NewPerson(Strict):
    """A person to be added to an organisation."""

    organisation: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")] = Field(
        description="the id of the platform, regulator or operator that the person works for"
    )
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    duties: Duties
    email: Annotated[str, StringConstraints(pattern=r"^([^@\s]{1,64}@[^@\s]{1,190})?$")] = Field(
        "", description="the address by which the identity provider knows the person; kept masked and digested"
    )


class NewDuties(Strict):
    """The duties of a person from now on."""

    duties: Duties
