"""What the routes of reports take, as pydantic models."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.handlers.requests.fields import LongText, PlatformId, Strict, Text


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


class Withdrawal(Strict):
    """Why the reporter takes its listing back."""

    reason: LongText = ""
