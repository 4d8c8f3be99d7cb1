"""A licence (营业执照) as its holder shows it, and as it is kept: its public facts and its current state.

Never a resident ID or a phone: every text is masked before it is kept. The legal representative is public by law for
enterprises; of a sole trader (个体工商户) the law shows the operator (网络交易监督管理办法 12); of others none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.values.records import Json, Record, fields_that_are, stored

VERIFIED, LAPSED, REVOKED = "verified", "lapsed", "revoked"


@dataclass(frozen=True, slots=True)
class Licence:
    """What a licence says (市场主体登记管理条例实施细则 23), as texts; `status` in the register's words."""

    uscc: str
    name: str
    entity_type: str = ""
    legal_representative: str = ""
    address: str = ""
    registered_capital: str = ""
    scope: str = ""
    authority: str = ""
    established_on: str = ""
    status: str = ""
    holder_role: str = ""
    annotated_revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceFacts(Record):
    """What is kept of a licence that was shown.

    `status` is a key of `company_register_row.STATUSES`, such as operating; `holder_role` says who showed the licence:
    法定代表人, 证照管理员, 办事人.
    """

    name: str = stored("", always=True, public=True)
    entity_type: str = stored("", always=True, public=True)
    legal_representative: str = stored("", always=True, public=True)
    address: str = stored("", always=True, public=True)
    registered_capital: str = stored("", always=True, public=True)
    scope: str = stored("", always=True, public=True)
    authority: str = stored("", always=True, public=True)
    established_on: str = stored("", always=True, public=True)
    status: str = stored("", always=True, public=True)
    holder_role: str = stored("", always=True, public=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedLicence(LicenceFacts):
    """The current state of a merchant's licence: of a verified check, and of what the register has said since.

    name_confirmed  whether the register has the name too
    verified_by     local, manual, national; verified_at (ISO, UTC)
    due_on          the day (China) on which it must be verified again
    state           verified, lapsed (due_on has passed), revoked (the register says that it is over)
    status_at       when the register last said so, '' where it never did; state_at, when it last changed `state`
    verified_for    {platform_id: when}: the platforms that verified it
    rechecked_at    when the register last bore it out on its due day; rechecked_by: register
    version         raised by each write; each write is on condition that nobody else wrote meanwhile
    """

    uscc: str = stored(public=True)
    due_on: str = stored(public=True)
    state: str = stored(public=True)
    name_confirmed: bool = stored(False, always=True, public=True)
    verified_by: str = stored("", always=True, public=True)
    verified_at: str = stored("", always=True, public=True)
    receipt_id: str = stored("", always=True, public=True)
    check_id: str = stored("", always=True)
    status_at: str = stored("", always=True)
    state_at: str = stored("", always=True)
    verified_for: Mapping[str, str] = stored(factory=dict, always=True)
    rechecked_at: str = stored("")
    rechecked_by: str = stored("")
    version: int = stored(0, always=True)


def shown_to(platform_id: str, item: Mapping[str, object] | None) -> VerifiedLicence | None:
    """The stored licence if its holder showed it to this platform.

    Consent is given to the platform that asks (个人信息保护法 23), and anybody may know the code of a merchant.
    """
    licence = VerifiedLicence.from_item(item) if item else None
    return licence if licence and platform_id in licence.verified_for else None


def view(licence: VerifiedLicence) -> Json:
    """The licence as a platform may see it, empty fields left out; not which other platforms verified it."""
    public = fields_that_are(VerifiedLicence, "public")
    return {field: value for field in public if (value := getattr(licence, field)) != ""}
