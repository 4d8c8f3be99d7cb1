"""Legal forms: how a business name ends, and which endings are one form."""

# A line: the class, then its endings. Companies by 公司法, cooperatives, firms of one person, places of business.
_FORMS = """
limited 有限责任公司 有限公司 一人有限公司 一人有限责任公司 有公司 有限责任 有限 coltd ltd limited inc llc corp
joint_stock 股份有限公司 股份公司 股份有限责任公司 股公司 股份
group 集团有限责任公司 集团有限公司 集团股份有限公司 集团公司 企业集团 集团
company 公司 总公司 分公司 子公司 支公司
cooperative 农民专业合作社 专业合作社 农民合作社 股份合作社 经济合作社 合作社 农民专业 农民
cooperative 合作社联合社 专业合作联社 合作联社 联合社 联社
partnership 合伙企业 事务所
one_person 个人独资企业 工作室 个体工商户
works 厂 总厂 分厂
shop 经营部 门市部 批发部 经销部 营业部 销售部 服务部 经营店 店 商店 分店 商行 行 部 馆 超市 商场 中心
shop 坊 屋 室 门市 铺 庄 城 吧 房 阁 轩 楼 园 档 摊
farm 场 家庭农场 农场
office 社 旅行社 站 所 院 队 处 会 局 支行 分行 办事处
"""
CLASSES: dict[str, str] = {
    ending: line.split()[0] for line in _FORMS.strip().splitlines() for ending in line.split()[1:]
}
# What stands in brackets in or behind a name and is a note on its form, no part of the name: 某某中心（有限合伙）.
IN_BRACKETS = frozenset(("个体工商户", "有限合伙", "普通合伙", "特殊普通合伙", "集团", "中国"))
PLACES_OF_BUSINESS = frozenset(("shop", "works", "farm", "office", "one_person"))
COMPANIES = frozenset(("limited", "joint_stock", "group", "company", "cooperative", "partnership"))
SOLE = frozenset(CLASSES.values()) - COMPANIES  # what most sole traders are called by
JOINT_STOCK = frozenset([e for e, name in CLASSES.items() if name == "joint_stock"]) | {"集团股份有限公司"}
_SIZES = {last: sorted({len(e) for e in CLASSES if e[-1] == last}, reverse=True) for last in {e[-1] for e in CLASSES}}


def ending(text: str) -> str:
    """The longest known form that ends the text, or nothing; something must stand before it."""
    for size in _SIZES.get(text[-1:], ()):
        if len(text) > size and text[-size:] in CLASSES:
            return text[-size:]
    return ""
