"""Answers about electronic licences (电子营业执照): checks, documents, what is due; and displays of them (亮照)."""

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from chalicelib.handlers.responses.shared import (
    NEXT_ALWAYS,
    NEXT_UNTIL_END,
    Answer,
    Coded,
    Count,
    Day,
    Empty,
    Moment,
    PostForm,
    RegisterStatus,
    Sentence,
    Url,
    Uscc,
    absent,
)

CHECK_ID = r"^k_[0-9a-f]{32}$"
HolderRole = TypeAliasType("HolderRole", Literal["法定代表人", "证照管理员", "办事人"])
CheckState = TypeAliasType("CheckState", Literal["pending", "verified", "failed", "expired", "unknown"])
CheckMethod = TypeAliasType("CheckMethod", Literal["local", "manual", "national"])
ShownState = TypeAliasType("ShownState", Literal["verified", "lapsed", "revoked", "suspended", "declared", "deleted"])
Declaration = Literal["farm_produce", "handicraft", "labour_service", "small_amounts"]


class LicenceRecord(Answer):
    """A licence as it was last verified, and how it stands now. Persons are masked or left out."""

    uscc: Uscc
    name: str
    entity_type: str = absent("市场主体类型")
    legal_representative: str = absent("of an enterprise alone")
    address: str = absent("住所")
    registered_capital: str = absent("注册资本")
    scope: str = absent("经营范围")
    authority: str = absent("登记机关")
    established_on: str = absent("成立日期")
    status: RegisterStatus = absent("登记状态")
    holder_role: HolderRole = absent("who showed it")
    name_confirmed: bool = absent("whether the register bears the name out")
    verified_by: CheckMethod
    verified_at: Moment
    receipt_id: str
    due_on: Day = Field(description="when it must be verified again")
    state: Literal["verified", "lapsed", "revoked"]


class LicenceCheckOutcome(Answer):
    """A check as the wallet that answered may see it."""

    check_id: str = Field(pattern=CHECK_ID)
    state: CheckState
    reason: Coded = absent("why it failed, or the verifier does not answer")


class LicenceCheckStatus(LicenceCheckOutcome):
    """How a licence check stands; of a verified one, the licence as it stands now."""

    uscc: Uscc
    purpose: Literal["onboarding", "recheck", "my_record"]
    method: CheckMethod
    created_at: Moment
    expires_at: Moment = Field(description="until when it can be answered")
    reviews: Count = absent("of a check by people: how many of the two reviews are in", le=2)
    decided_at: Moment = absent()
    receipt_id: str = absent()
    remarks: list[Coded] = absent("once it is decided")
    holder_role: HolderRole = absent("who showed the licence")
    licence: LicenceRecord = absent("once it is verified")


class QrCode(Answer):
    """What to show to the holder of the licence."""

    text: str
    svg: str = Field(description="the text as a QR code (ISO/IEC 18004), an SVG element")


class LicenceChallenge(LicenceCheckStatus):
    """An open check: what to put before the holder."""

    session: str
    nonce: str
    deep_link: str = Field(description='opens the wallet on a telephone; "" where no wallet is asked')
    qr: QrCode = absent("where there is something to scan")
    upload: PostForm = absent("where people read an uploaded licence")


class LicenceDocument(Answer):
    """A link to the licence that was uploaded."""

    check_id: str = Field(pattern=CHECK_ID)
    url: Url = Field(description="a browser saves it as a file")
    shown_url: Url = Field(description="a browser shows it as what it is")
    content_type: Literal["application/pdf", "image/jpeg", "image/png"]
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    good_for_seconds: int


class LinkCheck(Answer):
    """Whether a display link (亮照链接) has the right form, and what the national system says of it."""

    link_wellformed: bool
    link_confirmed: bool
    confirmation: str = Field(description="off, not_asked, confirmed, or why it was not confirmed")
    uscc: str = Field(description='the code in the link; "" for none')
    made_at: Moment | Empty
    problems: list[Coded]


class DueLicence(LicenceRecord):
    """A licence that is due, and the caller's displays of it."""

    displays: list[str]


class DueLicences(Answer):
    """The licences that are due or lapsed, by day."""

    licences: list[DueLicence]
    next: str = Field(description=NEXT_UNTIL_END)


class ShownPermit(Answer):
    """A permit that is shown beside the licence."""

    name: str
    number: str
    authority: str = absent("发证机关")
    valid_until: str = absent("YYYY-MM-DD or 长期")
    url: Url = absent()


class ShownLink(Answer):
    """A shop of the merchant."""

    name: str
    url: Url


class PageLook(Answer):
    """One page of a shop, seen by one kind of device."""

    url: Url
    device: str
    found: str
    problem: str


class ShopWatch(Answer):
    """What was seen on the shop's pages when they were last looked at."""

    looked_at: Moment
    finding: Literal["displayed", "national_link", "missing", "outdated", "unreachable", "not_allowed"]
    since: Day
    pages: list[PageLook]


class Display(Answer):
    """A display as its platform sees it, with the line of HTML for its pages."""

    display_id: str = Field(pattern=r"^d_[0-9a-f]{20}$")
    platform_id: str
    uscc: Uscc = absent("none for a seller who needs no registration")
    declaration: Declaration = absent("why no registration is needed (电子商务法 10)")
    shop_id: str = absent("the platform's own id of the shop")
    shop_name: str = absent()
    permits: list[ShownPermit] = absent()
    shop_links: list[ShownLink] = absent()
    rules_url: Url = absent("亮规则")
    over_limit: bool = absent("over 100,000 CNY a year (Order 37 article 8)")
    state: Literal["shown", "suspended", "deleted"]
    why: str = absent("why it is suspended or deleted")
    url: Url = Field(description="the public page")
    embed: str = absent("the line of HTML for the shop's pages")
    mark_url: Url = absent()
    qr_url: Url = absent()
    watch: ShopWatch = absent("once the shop's pages were looked at")
    made_at: Moment
    changed_at: Moment
    version: int = Field(ge=1)


class DisplayView(Display):
    """A display with the state that the public sees."""

    shown: ShownState


class DisplayPage(Answer):
    """The platform's displays in the order of their making, deleted ones too."""

    displays: list[Display]
    next: str = Field(description=NEXT_ALWAYS)


class PublicDisplay(Answer):
    """What the page of a licence says, for machines; the name of a sole trader's holder is masked."""

    display_id: str
    url: Url
    state: ShownState
    says: Sentence
    kind: str = Field(description="enterprise, sole_trader, cooperative or exempt")
    platform: str = absent()
    shop_name: str = absent()
    declaration: Sentence = absent()
    verified_at: Moment = absent()
    due_on: Day = absent()
    permits: list[ShownPermit] = absent()
    shop_links: list[ShownLink] = absent()
    rules_url: Url = absent()
    changed_at: Moment
    licence: dict[str, str] = Field(description="the fields that the law wants shown of this kind of merchant")


class IdentityReportStatus(Answer):
    """How a half-yearly report of identity data stands."""

    platform_id: str
    period: str = Field(pattern=r"^20\d\d-0[17]$")
    state: Literal["building", "done"]
    rows: Count
    asked_at: Moment
    done_at: Moment = absent()
    url: Url = absent("a link to the file, once it is done")
