"""Shapes that several answers have in common: sentences, subjects, listings, sources, upload forms, errors."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model
from typing_extensions import TypeAliasType

from chalicelib.registry.rules.listing import ReportedContent
from chalicelib.values.records import declared


class Answer(BaseModel):
    """Base of all answers. A field that a test finds and no model declares is drift, and refused."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


def absent(description: str = "", **bounds: Any) -> Any:
    """A field that an answer may lack; it is never null, and its default is left out of the description."""
    return Field(None, description=description or None, **bounds)


Moment = Annotated[
    str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", json_schema_extra={"format": "date-time"})
]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$", json_schema_extra={"format": "date"})]
Empty = Literal[""]
Uscc = Annotated[str, Field(pattern=r"^[0-9A-Z]{18}$", description="统一社会信用代码 (GB 32100)")]
Count = Annotated[int, Field(ge=0)]
Rate = Annotated[float, Field(ge=0)]
Url = Annotated[str, Field(pattern=r"^https?://", json_schema_extra={"format": "uri"})]
Role = TypeAliasType("Role", Literal["platform", "regulator", "operator"])
Verdict = TypeAliasType("Verdict", Literal["clear", "inform", "unknown", "review", "block"])
ListingVerdict = TypeAliasType("ListingVerdict", Literal["inform", "review", "block"])
Severity = TypeAliasType("Severity", Literal[1, 2, 3])
EvidenceLevel = TypeAliasType("EvidenceLevel", Literal["E1", "E2", "E3", "E4", "E5"])
ListingState = TypeAliasType("ListingState", Literal["active", "withdrawn", "removed", "expired", "voided"])
RelationClass = TypeAliasType("RelationClass", Literal["exact", "repaired", "name", "signals", "weak"])
Relation = TypeAliasType(
    "Relation",
    Literal[
        "same_uscc", "same_registration_no", "same_org_code", "same_resident_id", "same_permit", "same_bank_account",
        "repaired_uscc", "same_name", "same_words", "likely_same", "carries_on", "successor_of", "weak", "branch_of",
        "unverified_uscc", "shares_signal",
    ],
)  # fmt: skip
RegisterStatus = TypeAliasType(
    "RegisterStatus",
    Literal[
        "operating",
        "moved_out",
        "suspended",
        "deregistered",
        "licence_revoked",
        "registration_annulled",
        "status_unread",
    ],
)
# Where a list that goes on for ever is read on from.
NEXT_ALWAYS = "`after` of the next page; at the end of what there is, the place to come back to later"
# Where a list that has an end is read on from.
NEXT_UNTIL_END = 'send it as `after` to read on; "" when there is no more'


class Sentence(Answer):
    """One sentence in Chinese and in English."""

    zh: str = Field(description="in Chinese")
    en: str = Field(description="in English")


class Coded(Answer):
    """A stable code with its sentence."""

    code: str = Field(description="stable for ever; new codes may be added")
    message: Sentence


class ErrorBody(Answer):
    """What went wrong."""

    code: str = Field(
        description="stable for ever; new codes may be added, so treat one that you do not know by status"
    )
    message: Sentence
    details: dict[str, Any] = Field(description="what the code is about, such as `field`, `expected` or `problems`")


class Error(Answer):
    """Every error of this API, with whatever status, has this form."""

    error: ErrorBody


class Problem(Answer):
    """What is wrong with one field of a request."""

    field: str = Field(description="where in the body, parts joined by dots")
    problem: str = Field(description="in English")
    message: Sentence
    nearest: dict[str, list[str]] = absent("for each value that is not known, those that were perhaps meant")


class Subject(Answer):
    """A merchant as the exchange knows it: identifiers that are public by law, and its names."""

    subject_id: str = absent("stable id: the kind of its strongest identifier and the identifier", max_length=200)
    uscc: Uscc = absent("统一社会信用代码 (GB 32100)")
    registration_no: str = absent("注册号 (GS 15)")
    org_code: str = absent("组织机构代码 (GB 11714)")
    unverified_uscc: Uscc = absent("a credit code whose check character fails (issued before 2016, or mistyped)")
    name: str = absent("主体名称")
    other_names: list[str] = absent("further names under which it was listed")


class CampaignLabel(Answer):
    """A campaign (专项) that overlays a listing."""

    campaign_id: str
    name: str


class GuardMark(Answer):
    """The guard against poisoned reports that holds a listing: review at most."""

    name: Literal["burst", "low_trust", "large_company"]
    says: Sentence


class ListingMark(Answer):
    """That there is, or was, a listing."""

    listing_id: str = Field(max_length=400)
    source: str = Field(
        pattern=r"^(platform|government):[a-z0-9:_-]+$", description="who says it: platform:<id> or government:<list>"
    )
    state: ListingState
    severity: Severity = Field(description="1 informs, 2 alerts, 3 is grave")
    revision: int = Field(ge=1, description="counts what happened to the listing")


def reported_content(answer: type[Answer], trait: str, reader: str = "") -> dict[str, Any]:
    """The fields of an eviction declared as `trait`, such as public, which the answer does not type itself.

    Each is declared once, with its record; `reader` says in its description who may see it.
    """
    types = get_type_hints(ReportedContent)
    own = {name: how for name, how in declared(ReportedContent).items() if getattr(how, trait)}
    return {
        name: (types[name], absent("; ".join(filter(None, (how.about, reader)))))
        for name, how in own.items()
        if name not in answer.model_fields
    }


class _ListingContent(ListingMark):
    """What a listing says beside its mark, as far as the caller may see it."""

    filed_by: str = absent("the regulator that filed it for the platform: regulator:<id>")
    expires_on: Day = absent("the day on which it ends; 9999-12-31 is no end")
    ended_because: str = absent("why it ended: repaired, revoked, term_over, publication_over, deregistered, decided …")
    disputed: bool = absent("whether a dispute over it is open: review at most meanwhile")
    source_state: Literal["objection", "other_state", "unknown_state"] = absent(
        "what its government list marks on it (异议, 其他, or a state that is not understood): review at most meanwhile"
    )
    kind_unknown: bool = absent("whether no column of its list says what the penalty imposed: the shortest term counts")
    evidence_level: EvidenceLevel = absent("how well it is proved; absent where the entry is withheld")
    report_id: str = absent("the report that it came with; for its reporter and regulators")
    row: int = absent("the row of that report; for its reporter and regulators", ge=1)
    reported_at: Moment = absent("when it was reported last; for its reporter and regulators")
    after_void: str = absent(
        "the voided listing of the same reporter that it may repeat; for its reporter and regulators"
    )


if TYPE_CHECKING:
    ListingContent = _ListingContent
else:
    ListingContent = create_model(
        "ListingContent",
        __base__=_ListingContent,
        __doc__=_ListingContent.__doc__,
        **reported_content(_ListingContent, "public"),
        **reported_content(_ListingContent, "private", "for its reporter and regulators"),
    )


class Listing(ListingContent):
    """One eviction by a platform, or one entry of a government list, against a subject."""

    listed_on: Day = Field(description="清退日期 or 列入日期")
    reasons: list[str] = Field(description="codes of /v1/methodology, such as PR01")
    evidence_level: EvidenceLevel


class DecidedBy(Answer):
    """Which step of the order of judgement decided (`order_of_judgement` of /v1/methodology)."""

    step: Literal["table", "corroboration", "campaign", "dispute", "guard", "policy"]
    row: str | int = absent("what of the step fitted: a name, or the number of a policy's row")
    version: int = absent("of the policy", ge=1)


class JudgedListing(Listing):
    """A listing with the verdict that follows from it for this caller."""

    verdict: ListingVerdict
    why: Sentence
    decided_by: DecidedBy
    effective_severity: Severity = absent("the severity that counted, where a campaign raised it")
    campaigns: list[CampaignLabel] = absent("running campaigns that overlay it")
    guard: GuardMark = absent("what holds it at review")


class ListingOrMark(ListingContent):
    """A listing; of a government entry that has ended, only that there was one (信用修复管理办法 3)."""

    listed_on: Day = absent("清退日期 or 列入日期")
    reasons: list[str] = absent("codes of /v1/methodology; absent where the entry is withheld")


class Source(Answer):
    """One source of an answer and how fresh it was."""

    name: str = Field(description="platform_evictions, licence, or the name of a government list")
    version: str = Field(description='`live` for what is read as it stands; "" while nothing ever arrived')
    age_seconds: Count | None = Field(description="null while nothing ever arrived")
    status: Literal["ok", "stale", "missing"] = Field(
        description="anything but ok lets the verdict be `unknown` at least"
    )


class PostForm(Answer):
    """A form to post one file straight to the bucket with: multipart/form-data, all `fields`, then `file`."""

    url: Url
    fields: dict[str, str]


class UploadForm(PostForm):
    """Such a form, with its limits."""

    most_bytes: int = Field(ge=1)
    expires_at: Moment
