"""What the routes of government lists take, as pydantic models."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.government_lists.rules import hold_thresholds
from chalicelib.handlers.requests.fields import LongText, Strict
from chalicelib.table_files.rules.header_synonyms import HEADER_SYNONYMS


class FeedEntry(Strict):
    """One government list and its way here; the name stands in the address of the request."""

    list_type: Literal[
        "serious_violations", "beijing_serious_violations", "abnormal_operations", "penalties", "registration"
    ]
    way: Literal["file", "manifest", "dropped", "pages"] = "file"
    address: Annotated[str, StringConstraints(max_length=2_000)] = Field(
        "", description="https address of the file, the manifest or the API; none for dropped files"
    )
    delivers: Literal["all", "changes"] = Field("all", description="the whole list each time, or what changed")
    headers: dict[
        Annotated[str, StringConstraints(max_length=60)], Annotated[str, StringConstraints(max_length=40)]
    ] = Field(default_factory=dict, max_length=60, description="names of columns that only this source uses: our field")
    every_minutes: Annotated[int, Field(ge=5, le=7 * 1_440)] = 60
    stale_after_seconds: Annotated[int, Field(ge=3_600, le=90 * 86_400)] = 3 * 86_400
    shrink_percent: Annotated[int, Field(ge=0, le=100)] = hold_thresholds.SHRINK_PERCENT
    growth_times: Annotated[int, Field(ge=1, le=1_000)] = hold_thresholds.GROWTH_TIMES
    unreadable_percent: Annotated[int, Field(ge=0, le=100)] = hold_thresholds.UNREADABLE_PERCENT
    secret: Annotated[str, StringConstraints(pattern=r"^(lianfang/[a-z0-9]{2,16}/feeds/[A-Za-z0-9_-]{1,60})?$")] = (
        Field("", description="the name in Secrets Manager of the secret that signs requests")
    )
    enabled: bool = True

    @model_validator(mode="after")
    def _can_arrive(self) -> Self:
        if self.way != "dropped" and not self.address.startswith(
            ("https://", "http://127.0.0.1:", "http://localhost:")
        ):
            raise PydanticCustomError("address_missing", "this way needs an https address")
        unknown = sorted(set(self.headers.values()) - HEADER_SYNONYMS.keys())
        if unknown:
            raise PydanticCustomError("unknown_field", "no such fields: {names}", {"names": ", ".join(unknown)[:200]})
        return self


class HoldDecision(Strict):
    """Why a person releases or discards what is held."""

    why: LongText = ""
