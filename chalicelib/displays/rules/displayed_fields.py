"""The texts of a display page: the fields that the law wants of each kind of merchant, and each state, in zh and en.

网络交易监督管理办法 (Order 37, 2021) article 12 names the fields of enterprises, sole traders and cooperatives and the
four sentences of sellers who need no registration (电子商务法 article 10); what a licence says
is in article 23 of 市场主体登记管理条例实施细则.
"""

from typing import Final

from chalicelib.displays.rules.display import SUSPENDED as SUSPENDED
from chalicelib.licences.rules.licence import LAPSED as LAPSED
from chalicelib.licences.rules.licence import REVOKED as REVOKED
from chalicelib.licences.rules.licence import VERIFIED as VERIFIED

ENTERPRISE, SOLE_TRADER, COOPERATIVE, EXEMPT = "enterprise", "sole_trader", "cooperative", "exempt"

# (field of the licence, what it is called in zh, in en), in the order of the licence.
FIELDS: Final = {
    ENTERPRISE: (
        ("uscc", "统一社会信用代码", "Unified social credit code"),
        ("name", "名称", "Name"),
        ("entity_type", "类型", "Type"),
        ("legal_representative", "法定代表人（负责人）", "Legal representative"),
        ("address", "住所", "Address"),
        ("registered_capital", "注册资本（出资额）", "Registered capital"),
        ("scope", "经营范围", "Business scope"),
        ("authority", "登记机关", "Registration authority"),
        ("established_on", "成立日期", "Established on"),
        ("status", "登记状态", "Registration status"),
    ),
    SOLE_TRADER: (
        ("uscc", "统一社会信用代码", "Unified social credit code"),
        ("name", "名称", "Name"),
        ("entity_type", "类型（组成形式）", "Type and form"),
        ("legal_representative", "经营者", "Operator"),
        ("address", "经营场所", "Place of business"),
        ("scope", "经营范围", "Business scope"),
        ("authority", "登记机关", "Registration authority"),
        ("established_on", "注册日期", "Registered on"),
        ("status", "登记状态", "Registration status"),
    ),
    COOPERATIVE: (
        ("uscc", "统一社会信用代码", "Unified social credit code"),
        ("name", "名称", "Name"),
        ("entity_type", "类型", "Type"),
        ("legal_representative", "法定代表人", "Legal representative"),
        ("address", "住所", "Address"),
        ("registered_capital", "成员出资总额", "Members' contributions"),
        ("scope", "业务范围", "Business scope"),
        ("authority", "登记机关", "Registration authority"),
        ("established_on", "成立日期", "Established on"),
        ("status", "登记状态", "Registration status"),
    ),
    EXEMPT: (),
}
# The category of a USCC (GB 32100, places 1 and 2) that is not an enterprise's.
KIND_OF_CATEGORY: Final = {"92": SOLE_TRADER, "93": COOPERATIVE}
KINDS: Final = {
    ENTERPRISE: ("企业", "Enterprise"),
    SOLE_TRADER: ("个体工商户", "Sole trader"),
    COOPERATIVE: ("农民专业合作社", "Farmers' cooperative"),
    EXEMPT: ("未登记的自然人经营者", "Seller who needs no registration"),
}
# The four sentences of article 12; no other text may be shown in their place.
DECLARATIONS: Final = {
    "farm_produce": (
        "个人销售自产农副产品，依法不需要办理市场主体登记",
        "A person who sells farm produce of their own; by law no registration is needed",
    ),
    "handicraft": (
        "个人销售家庭手工业产品，依法不需要办理市场主体登记",
        "A person who sells household handicrafts; by law no registration is needed",
    ),
    "labour_service": (
        "个人利用自己的技能从事依法无须取得许可的便民劳务活动，依法不需要办理市场主体登记",
        "A person who offers everyday services that need no permit; by law no registration is needed",
    ),
    "small_amounts": (
        "个人从事零星小额交易活动，依法不需要办理市场主体登记",
        "A person who trades now and then in small amounts; by law no registration is needed",
    ),
}
DECLARED: Final = "declared"
# What a page and a mark say of each state: short, and in a sentence; zh, en.
STATES: Final = {
    VERIFIED: (
        ("营业执照已核验", "Licence verified"),
        (
            "以下信息取自经核验的电子营业执照。",
            "What follows comes from a verified electronic business licence.",
        ),
    ),
    LAPSED: (
        ("待重新核验", "Verification out of date"),
        (
            "上次核验已过期或登记信息已有变更，尚未重新核验，请谨慎参考。",
            "The last verification has run out, or the registration has changed since; take care.",
        ),
    ),
    REVOKED: (
        ("执照已失效", "Licence no longer valid"),
        (
            "该经营者的营业执照已被吊销、注销或撤销，不得继续经营。",
            "This licence was revoked, cancelled or annulled; its holder may not trade.",
        ),
    ),
    SUSPENDED: (
        ("亮照已暂停", "Display suspended"),
        (
            "平台已暂停该经营者的亮照展示，恢复前不显示执照信息。",
            "The platform has suspended this display; nothing is shown until it resumes.",
        ),
    ),
    DECLARED: (
        ("依法免予登记", "Exempt from registration"),
        (
            "该经营者是未登记的自然人，以下为其自我声明。",
            "This seller is a person without registration; the declaration below is their own.",
        ),
    ),
}
STATUSES: Final = {
    "operating": ("在营（开业）", "Operating"),
    "suspended": ("停业、歇业或清算", "Suspended or winding up"),
    "moved_out": ("迁出", "Moved to another register"),
    "licence_revoked": ("吊销", "Licence revoked"),
    "deregistered": ("注销", "Deregistered"),
    "registration_annulled": ("撤销登记", "Registration annulled"),
}
# How a licence was verified.
VERIFIED_BY: Final = {
    "national": ("国家电子营业执照系统", "the national electronic licence system"),
    "local": ("持照人电子签名与发证机构证书", "the holder's signature and the issuer's certificate"),
    "manual": ("执照影像与双人复核", "an image of the licence, reviewed by two people"),
    "register": ("市场主体登记信息比对", "comparison with the register"),
}
