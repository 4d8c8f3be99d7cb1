"""What policies, bounds, campaigns and guards take, as pydantic models; imported once such a request arrives."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.handlers.requests.fields import LongText, Strict
from chalicelib.registry.rules.reason_codes import REASONS, nearest_codes
from chalicelib.verdicts.rules import campaign as campaign_rules
from chalicelib.verdicts.rules import platform_policy
from chalicelib.verdicts.rules.campaign import Campaign
from chalicelib.verdicts.rules.platform_policy import MOST_ROWS, Bound

RelationClass = Literal["exact", "repaired", "name", "signals", "weak"]
Severity = Annotated[int, Field(ge=1, le=3)]
Evidence = Literal["E1", "E2", "E3", "E4", "E5"]
Choice = Literal["inform", "review", "block"]
Days = Annotated[int, Field(ge=0, le=30)]
Day = Annotated[str, StringConstraints(pattern=r"^20\d\d-\d\d-\d\d$")]
LONGEST_CAMPAIGN = 366


class PolicyRow(Strict):
    """One row: what was found, and the verdict and the clock that follow on this platform."""

    relation: RelationClass = Field(description="class of the relation, as in methodology")
    severity: Severity
    evidence: Evidence = Field("E1", description="the least evidence level that the row speaks of")
    source: Literal["any", "platform", "government"] = "any"
    corroboration: Literal["any", "conflict", "both", "platform_only", "government_only", "none"] = "any"
    verdict: Choice
    working_days: Days | None = Field(None, description="to answer a task; without it, the exchange's own clock")


class Policy(Strict):
    """A platform's whole table, read from the top; where no row fits, the exchange's own table stands."""

    rows: list[PolicyRow] = Field(max_length=MOST_ROWS)
    why: LongText = ""

    def table(self) -> tuple[platform_policy.PolicyRow, ...]:
        """The rows as the rules know them."""
        return tuple(platform_policy.PolicyRow(**row.model_dump()) for row in self.rows)


class BoundRow(Strict):
    """One row of the bounds: the mildest and the gravest verdict and the longest clock that a platform may set."""

    relation: RelationClass
    severity: Severity
    evidence: Evidence = "E1"
    mildest: Choice
    gravest: Choice
    most_days: Days


class Bounds(Strict):
    """The bounds of all platforms' policies, whole: each class, severity and evidence level needs a row."""

    rows: list[BoundRow] = Field(min_length=1, max_length=MOST_ROWS)
    why: LongText = ""

    def table(self) -> tuple[Bound, ...]:
        """The rows as the rules know them."""
        return tuple(Bound(**row.model_dump()) for row in self.rows)


class NewCampaign(Strict):
    """A campaign (专项); days are those of China, the last one included."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
    reasons: list[str] = Field(min_length=1, max_length=20, description="codes of methodology, such as DR02")
    starts_on: Day
    ends_on: Day
    working_days: Annotated[int, Field(ge=0, le=5)] | None = Field(
        None, description="to answer a task, where that is shorter than the exchange's own clock"
    )
    severity_floor: Literal[2, 3] | None = Field(None, description="listings count as at least that grave meanwhile")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        unknown = sorted(set(self.reasons) - REASONS.keys() | set(self.reasons) & set(campaign_rules.NOT_FOR_CAMPAIGNS))
        if unknown:
            nearest = nearest_codes(unknown, REASONS.keys() - set(campaign_rules.NOT_FOR_CAMPAIGNS))
            given = {"codes": ", ".join(unknown)[:200], "nearest": nearest}
            raise PydanticCustomError("not_for_campaigns", "no reasons for a campaign: {codes}", given)
        try:
            days = (date.fromisoformat(self.ends_on) - date.fromisoformat(self.starts_on)).days
        except ValueError:
            raise PydanticCustomError("unreal_days", "starts_on and ends_on must be days that exist") from None
        if not 0 <= days < LONGEST_CAMPAIGN:
            raise PydanticCustomError("wrong_days", "a campaign ends after it starts, and within a year")
        return self

    def campaign(self) -> Campaign:
        """The campaign as the rules know it."""
        reasons = tuple(dict.fromkeys(self.reasons))
        return Campaign(
            campaign_id=campaign_rules.campaign_id(self.name, reasons, self.starts_on, self.ends_on),
            name=self.name,
            reasons=reasons,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            working_days=self.working_days,
            severity_floor=self.severity_floor or 0,
        )


class Explanation(Strict):
    """Why a campaign is ended before its time, or a guard lifted."""

    why: LongText = ""
