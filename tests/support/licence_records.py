"""Verified licences as the exchange keeps them, of invented merchants."""

from typing import Any

from chalicelib.displays.rules.display import Display
from chalicelib.licences.rules.licence import VerifiedLicence
from tests.support.builders import uscc

COMPANY = uscc(7, "330106")
TRADER = uscc(8, "330106", "92")


def licence(**fields: Any) -> dict[str, Any]:
    """A verified licence, good until 2027-05-20 unless the fields say otherwise."""
    code = fields.get("uscc", COMPANY)
    return {
        "id": f"licence#{code}",
        "uscc": code,
        "name": "杭州霁川示例食品有限公司",
        "entity_type": "有限责任公司（自然人投资或控股）",
        "legal_representative": "沈予安",
        "address": "浙江省杭州市西湖区示例路 18 号 3 幢 502 室",
        "registered_capital": "500 万元人民币",
        "scope": "一般项目：食品销售（仅销售预包装食品）；互联网销售（除销售需要许可的商品）；日用百货销售；"
        "技术服务、技术开发、技术咨询。许可项目：食品经营（依法须经批准的项目，经相关部门批准后方可开展经营活动）。",
        "authority": "杭州市西湖区市场监督管理局",
        "established_on": "2021-04-16",
        "status": "operating",
        "holder_role": "法定代表人",
        "name_confirmed": True,
        "verified_by": "local",
        "verified_at": "2026-11-20T02:00:00.000Z",
        "receipt_id": "r_1",
        "check_id": "c_1",
        "due_on": "2027-05-20",
        "state": "verified",
        "status_at": "",
        "state_at": "",
        "verified_for": {"alpha": "2026-11-20T02:00:00.000Z"},
        "version": 1,
        **fields,
    }


def verified_licence(**fields: Any) -> VerifiedLicence:
    """The record of such a licence."""
    return VerifiedLicence.from_item(licence(**fields))


def trader_licence(**fields: Any) -> dict[str, Any]:
    """The licence of a sole trader."""
    return licence(
        **{
            "uscc": TRADER,
            "name": "杭州市西湖区予安示例食品店（个体工商户）",
            "entity_type": "个体工商户（个人经营）",
            "registered_capital": "",
            **fields,
        }
    )


def display_record(**fields: Any) -> Display:
    """The record of such a display."""
    return Display.from_item(display(**fields))


def display(**fields: Any) -> dict[str, Any]:
    """A display as the exchange keeps it."""
    return {
        "id": "display#d_0123456789abcdef0123",
        "display_id": "d_0123456789abcdef0123",
        "platform_id": "alpha",
        "platform_name": "青鸾示例商城",
        "uscc": COMPANY,
        "declaration": "",
        "shop_name": "霁川零食铺",
        "permits": [],
        "shop_links": [],
        "rules_url": "",
        "over_limit": False,
        "state": "shown",
        "url": "https://licences.example.cn/licences/d_0123456789abcdef0123",
        "version": 1,
        "made_at": "2026-11-20T02:00:00.000Z",
        "changed_at": "2026-11-20T02:00:00.000Z",
        **fields,
    }
