"""The half-yearly report of identity data: which columns, which rows, as CSV.

网络交易监督管理办法 article 25: every January and July a platform reports to the provincial market regulator, of
registered operators name, credit code, place of business, contact, shop and address; of unregistered ones also the
number of the identity document and the kind of exemption, with those over the yearly limit marked. The exchange holds
neither contacts nor document numbers, so these two columns leave empty, for the platform to fill.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from chalicelib.displays.rules import display_states, displayed_fields
from chalicelib.values.timestamps import CHINA

# (field, what the column is called), in the order of the file.
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


def period(now: datetime) -> str:
    """The half-year whose report is due now or next was: 2027-01 from January on, 2027-07 from July on."""
    at = now.astimezone(CHINA)
    return f"{at.year}-{1 if at.month < 7 else 7:02d}"


def is_month_of_report(now: datetime) -> bool:
    """Whether it is January or July in China."""
    return now.astimezone(CHINA).month in MONTHS


def row(display: Mapping[str, Any], licence: Mapping[str, Any], today: str) -> dict[str, str]:
    """What the report says of one display."""
    links = display.get("shop_links", [])
    return {
        "registered": "未登记" if display["declaration"] else "已登记",
        "name": str(licence.get("name", "")),
        "uscc": display["uscc"],
        "address": str(licence.get("address", "")),
        "shop_name": display.get("shop_name", "") or "；".join(link["name"] for link in links),
        "shop_url": " ".join(link["url"] for link in links),
        "declaration": displayed_fields.DECLARATIONS[display["declaration"]][0] if display["declaration"] else "",
        "over_limit": "是" if display.get("over_limit") else "",
        "verified_at": str(licence.get("rechecked_at") or licence.get("verified_at", ""))[:10],
        "state": displayed_fields.STATES[display_states.state(display, licence, {}, today)][0][0],
        "shop_id": display.get("shop_id", ""),
    }


def header() -> str:
    """The first line, after the mark without which Chinese Excel reads GBK."""
    return "\ufeff" + lines([dict(COLUMNS)])


def lines(rows: Iterable[Mapping[str, str]]) -> str:
    """The rows as lines of CSV in which no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    for one in rows:
        writer.writerow([neutral(one.get(field, "")) for field, _ in COLUMNS])
    return out.getvalue()


def neutral(cell: str) -> str:
    """The cell so that no spreadsheet runs it: what begins like a formula gets an apostrophe before it."""
    return (
        f"'{cell}" if cell.lstrip(" ")[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠") else cell
    )
