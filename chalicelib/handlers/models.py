"""What the API takes, as pydantic models; openapi.json is made from them, so they are its documentation too.

Imported only once a request with a body arrives: pydantic would double the cold start of every other function.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.domain.header_words import WORDS

Text = Annotated[str, StringConstraints(max_length=400)]
LongText = Annotated[str, StringConstraints(max_length=4_000)]
PlatformId = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9-]{1,39})?$")]
IDENTIFYING = (
    "uscc",
    "registration_no",
    "name",
    "shop_name",
    "address",
    "phone",
    "legal_representative",
    "resident_id",
    "bank_account",
    "shop_url",
)


class Strict(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


class Eviction(Strict):
    """One merchant that the platform evicted. Values are read as leniently as the cells of a file."""

    uscc: Text | None = Field(None, description="统一社会信用代码 (GB 32100)")
    registration_no: Text | None = Field(None, description="15-digit registration number 注册号 (GS 15)")
    org_code: Text | None = Field(None, description="organisation code 组织机构代码 (GB 11714)")
    name: Text | None = Field(None, description="registered name 主体名称")
    former_name: Text | None = Field(None, description="曾用名")
    shop_name: Text | None = Field(None, description="店铺名称")
    shop_id: Text | None = Field(None, description="the platform's own merchant or shop id")
    shop_url: Text | None = Field(None, description="店铺链接")
    address: Text | None = Field(None, description="住所 or 经营场所")
    phone: Text | None = Field(None, description="kept as a keyed digest only")
    legal_representative: Text | None = Field(None, description="法定代表人; kept as a keyed digest only")
    resident_id: Text | None = Field(None, description="居民身份证号; kept as a keyed digest only")
    evicted_on: Text | None = Field(None, description="date of the eviction, in any usual form")
    reason_text: LongText | None = Field(None, description="the reason in words; read into codes")
    reasons: list[Text] | None = Field(None, max_length=10, description="reason codes, such as PR01")
    measure: Text | None = Field(None, description="处理措施")
    evidence_level: Literal["E1", "E2", "E3", "E4", "E5"] | None = None
    document_no: Text | None = Field(None, description="行政处罚决定书文号")
    notice_url: Text | None = Field(None, description="where the platform published the measure (电子商务法 36)")
    expires_on: Text | None = None


class Report(Strict):
    """Up to 1,000 evictions in one call."""

    evictions: list[Eviction] = Field(min_length=1, max_length=1_000)
    on_behalf_of: PlatformId = Field("", description="a regulator files for this platform")
    enforcement: bool = Field(False, description="a regulator tells of its own enforcement")


class Upload(Strict):
    """A file that will be posted straight to the bucket."""

    file_name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    on_behalf_of: PlatformId = Field("", description="a regulator files for this platform")
    enforcement: bool = Field(False, description="a regulator tells of its own enforcement")


class Applicant(Strict):
    """Whoever wants to open a shop, as much as the platform knows; at least one field."""

    uscc: Text | None = None
    registration_no: Text | None = None
    name: Text | None = None
    shop_name: Text | None = None
    address: Text | None = None
    phone: Text | None = None
    legal_representative: Text | None = None
    resident_id: Text | None = None
    bank_account: Text | None = None
    shop_url: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any((getattr(self, field) or "").strip() for field in IDENTIFYING):
            raise PydanticCustomError(
                "nothing_to_look_up",
                "at least one of " + ", ".join(IDENTIFYING),
                {"reason": "nothing_to_look_up"},
            )
        return self


Purpose = Literal["onboarding", "recheck", "investigation"]


class Lookup(Applicant):
    """One lookup; the purpose is kept with it (个人信息保护法 6: bound to a purpose)."""

    purpose: Purpose


class Lookups(Strict):
    """Up to 100 lookups in one call, all for one purpose."""

    purpose: Purpose
    applicants: list[Applicant] = Field(min_length=1, max_length=100)


class Withdrawal(Strict):
    """Why the reporter takes its listing back."""

    reason: LongText = ""


class Decision(Strict):
    """What a person of the platform decided about one match of a lookup."""

    subject_id: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    decision: Literal["not_same", "undecided"]


class LicenceLink(Strict):
    """A display link (亮照链接), and the merchant whose it should be."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
    uscc: Text | None = None


class NewPlatform(Strict):
    """Somebody to be admitted to the exchange."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    role: Literal["platform", "regulator", "operator"] = "platform"
    aws_account: Annotated[str, StringConstraints(pattern=r"^\d{12}$")] | None = Field(
        None, description="the AWS account that may subscribe to closures and to the platform's own topic"
    )


class NewKey(Strict):
    """A further key; with `replaces`, the other one ends after `grace_seconds`."""

    replaces: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")] | None = None
    grace_seconds: Annotated[int, Field(ge=0, le=30 * 86_400)] = 0


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
    shrink_percent: Annotated[int, Field(ge=0, le=100)] = 10
    growth_times: Annotated[int, Field(ge=1, le=1_000)] = 3
    unreadable_percent: Annotated[int, Field(ge=0, le=100)] = 5
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
        unknown = sorted(set(self.headers.values()) - WORDS.keys())
        if unknown:
            raise PydanticCustomError("unknown_field", "no such fields: " + ", ".join(unknown))
        return self


class HoldDecision(Strict):
    """Why a person releases or discards what is held."""

    why: LongText = ""
