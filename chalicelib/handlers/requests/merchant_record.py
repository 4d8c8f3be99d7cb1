"""What the routes of a merchant's own record take, as pydantic models."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.handlers.requests.fields import NOT_A_PLACEHOLDER, Strict, Text


class RecordCheck(Strict):
    """Whose record is to be seen."""

    uscc: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class PersonRecordRequest(Strict):
    """By what a natural person is identified; the caller has checked that it is that person who asks."""

    name: Text | None = Field(None, description="the name of the person; a number alone is not looked up")
    id_type: Text | None = Field(None, description="证件类型 of id_no, where it is known")
    id_no: Text | None = Field(None, description="证件号码: resident ID, travel permit, passport")
    bank_account: Text | None = Field(None, description="the bank account to which the person is paid")


class RecordClaim(Strict):
    """The claim of the browser that started the check."""

    claim: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class RecordDispute(Strict):
    """Why the merchant says that a listing is wrong."""

    listing_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    statement: Annotated[str, StringConstraints(min_length=1, max_length=4_000), NOT_A_PLACEHOLDER]
    contact: Annotated[str, StringConstraints(max_length=100)] = Field(
        "", description="kept as a keyed digest and shown masked"
    )


class StatementCheck(Strict):
    """A statement of standing, as a merchant handed it over."""

    statement: Annotated[str, StringConstraints(min_length=1, max_length=16_384)]
