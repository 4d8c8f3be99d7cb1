"""The half-yearly report of identity data: which columns, which rows, as CSV.

网络交易监督管理办法 article 25: every January and July a platform reports to the provincial market regulator, of
registered operators name, credit code, place of business, contact, shop and address; of unregistered ones also the
number of the identity document and the kind of exemption, with those over the yearly limit marked. The exchange holds
neither contacts nor document numbers, so these two columns leave empty, for the platform to fill.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.displays.rules import display_states, displayed_fields
from chalicelib.displays.rules.display import Display
from chalicelib.displays.rules.display_states import DisplayParts
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.registry.rules.subject import Registration
from chalicelib.values.csv_export import BYTE_ORDER_MARK, csv_lines
from chalicelib.values.records import Record, stored
from chalicelib.values.timestamps import CHINA

# (field, header of the column), in the order of the file.
COLUMNS: Final = (
    ("registered", "登记情况"),
    ("name", "名称（姓名）"),
    ("uscc", "统一社会信用代码"),
    ("document_no", "身份证件号码"),
    ("address", "实际经营地址"),
    ("contact", "联系方式"),
    ("shop_name", "网店名称"),
    ("shop_url", "网址链接"),
    ("declaration", "自我声明情形"),
    ("over_limit", "是否超过年交易额10万元"),
    ("verified_at", "最近核验时间"),
    ("state", "亮照状态"),
    ("shop_id", "平台店铺编号"),
)
MONTHS: Final = (1, 7)
BUILDING, DONE = "building", "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityReport(Record):
    """How far a platform's report of a half-year is.

    `after` is the number of the last display that is in one of the `parts`; `run` names the attempt (ISO), so that a
    report that is made again keeps apart from the one before; `file` is the key of the whole in the bucket.
    """

    platform_id: str = stored()
    period: str = stored()
    state: str = stored(BUILDING, always=True)
    after: int = stored(0, always=True)
    parts: int = stored(0, always=True)
    rows: int = stored(0, always=True)
    run: str = stored()
    asked_at: str = stored()
    file: str = stored("")
    done_at: str = stored("")


def period(now: datetime) -> str:
    """The half-year whose report is due now or next was: 2027-01 from January on, 2027-07 from July on."""
    at = now.astimezone(CHINA)
    return f"{at.year}-{1 if at.month < 7 else 7:02d}"


def is_month_of_report(now: datetime) -> bool:
    """Whether it is January or July in China."""
    return now.astimezone(CHINA).month in MONTHS


def row(display: Display, licence: VerifiedLicence | None, today: str) -> dict[str, str]:
    """What the report says of one display."""
    declaration, verified_at = display.declaration, (licence.rechecked_at or licence.verified_at) if licence else ""
    state = display_states.state(DisplayParts(display, licence, Registration(), today))
    return {
        "registered": "未登记" if declaration else "已登记",
        "name": licence.name if licence else "",
        "uscc": display.uscc,
        "address": licence.address if licence else "",
        "shop_name": display.shop_name or "；".join(link.name for link in display.shop_links),
        "shop_url": " ".join(link.url for link in display.shop_links),
        "declaration": displayed_fields.DECLARATIONS[declaration][0] if declaration else "",
        "over_limit": "是" if display.over_limit else "",
        "verified_at": verified_at[:10],
        "state": displayed_fields.STATES[state][0][0],
        "shop_id": display.shop_id,
    }


def header() -> str:
    """The first line, after the byte order mark."""
    return BYTE_ORDER_MARK + lines([dict(COLUMNS)])


def lines(rows: Iterable[Mapping[str, str]]) -> str:
    """The rows as lines of CSV."""
    return csv_lines([row.get(field, "") for field, _ in COLUMNS] for row in rows)
