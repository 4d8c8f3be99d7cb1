"""What the routes of platforms and API keys take, as pydantic models."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.accounts.quotas import DEFAULTS
from chalicelib.handlers.requests.fields import Strict


class NewPlatform(Strict):
    """Somebody to be admitted to the exchange."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    role: Literal["platform", "regulator", "operator"] = "platform"
    aws_account: Annotated[str, StringConstraints(pattern=r"^\d{12}$")] | None = Field(
        None, description="the AWS account that may subscribe to closures and to the platform's own topic"
    )


class NewAwsAccount(Strict):
    """The AWS account of a participant from now on."""

    aws_account: Annotated[str, StringConstraints(pattern=r"^(\d{12})?$")] = Field(
        description='twelve digits; "" for none', examples=["210987654321"]
    )


class NewKey(Strict):
    """A further key; with `replaces`, the other one ends after `grace_seconds`."""

    replaces: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")] | None = None
    grace_seconds: Annotated[int, Field(ge=0, le=30 * 86_400)] = 0


class NewPurposes(Strict):
    """The purposes that a platform is granted beside its own; those that are not named are taken back."""

    purposes: list[Literal["investigation"]] = Field(max_length=1)


class NewSlowingRule(Strict):
    """What a finding of probing does beside its notice."""

    slows: bool = Field(strict=True, description="whether the keys that probed are slowed")
    merchants_per_minute: int = Field(10, ge=1, le=1_000_000)
    merchants_per_day: int = Field(500, ge=1, le=100_000_000)
    days: int = Field(7, ge=1, le=90, description="for how many days")


class NewLimits(Strict):
    """How much a platform, or one of its keys, may ask; what is not given is as for everybody."""

    requests_per_minute: int = Field(DEFAULTS.requests_per_minute, ge=1, le=1_000_000)
    requests_per_day: int = Field(DEFAULTS.requests_per_day, ge=1, le=100_000_000)
    merchants_per_minute: int = Field(
        DEFAULTS.merchants_per_minute, ge=1, le=1_000_000, description="each applicant of a batch counts"
    )
    merchants_per_day: int = Field(DEFAULTS.merchants_per_day, ge=1, le=100_000_000)
    files_per_hour: int = Field(DEFAULTS.files_per_hour, ge=1, le=100_000, description="each form to post one counts")
    rows_per_hour: int = Field(
        DEFAULTS.rows_per_hour, ge=1, le=100_000_000, description="a file waits while they are used up"
    )
    key_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")] | None = Field(
        None, description="of this key alone; without it, of all keys of the platform together"
    )
