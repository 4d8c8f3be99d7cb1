"""What the routes of reports take, as pydantic models."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints, create_model

from chalicelib.handlers.requests.fields import LongText, PlatformId, Strict, Text
from chalicelib.registry.rules.listing import ReportedContent
from chalicelib.registry.rules.subject_id import Identity
from chalicelib.values.records import declared


class _Eviction(Strict):
    """One merchant that the platform evicted. Values are read as leniently as the cells of a file."""

    uscc: Text | None = Field(None, description="统一社会信用代码 (GB 32100)")
    registration_no: Text | None = Field(None, description="15-digit registration number 注册号 (GS 15)")
    org_code: Text | None = Field(None, description="organisation code 组织机构代码 (GB 11714)")
    name: Text | None = Field(None, description="registered name 主体名称")
    phone: Text | None = Field(None, description="kept as a keyed digest only")
    legal_representative: Text | None = Field(None, description="法定代表人; kept as a keyed digest only")
    id_type: Text | None = Field(None, description="证件类型 of id_no, where it is known: a word, a code of GA/T 517")
    id_no: Text | None = Field(None, description="证件号码 of a natural person; kept as a keyed digest only")
    resident_id: Text | None = Field(None, description="the same as id_no; the older name of the field")
    bank_account: Text | None = Field(None, description="银行账号; kept as a keyed digest, identifies a natural person")
    entity_type: Text | None = Field(None, description="主体类型, such as 自然人; not kept")
    evicted_on: Text | None = Field(None, description="date of the eviction, in any usual form")
    reason_text: LongText | None = Field(None, description="the reason in words; read into codes")
    reasons: list[Text] | None = Field(None, max_length=10, description="reason codes, such as PR01")
    evidence_level: Literal["E1", "E2", "E3", "E4", "E5"] | None = None
    expires_on: Text | None = None


def _free_texts() -> dict[str, Any]:
    """The free texts of an eviction, each declared once with its record."""
    texts = {**declared(ReportedContent), **declared(Identity)}
    return {name: (Text | None, Field(None, description=how.about)) for name, how in texts.items() if how.text}


if TYPE_CHECKING:
    Eviction = _Eviction
else:
    Eviction = create_model("Eviction", __base__=_Eviction, __doc__=_Eviction.__doc__, **_free_texts())


class Report(Strict):
    """Up to 1,000 evictions in one call."""

    judged_by_row: ClassVar[tuple[str, ...]] = ("evictions",)
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
