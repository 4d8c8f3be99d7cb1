"""What a Chinese business name is made of: region, brand (字号), trade, legal form.

The parts and their order are those of 企业名称登记管理规定 (2020) Art. 6. The comparison key is
derived, used inside the matcher and never stored or shown: the registered name is kept as it came.
"""

import re
import unicodedata
from dataclasses import dataclass

_FORMS = (
    "有限责任公司",
    "股份有限公司",
    "有限公司",
    "农民专业合作社",
    "专业合作社",
    "合作社",
    "公司",
    "经营部",
    "商行",
    "厂",
    "店",
    "部",
)
_SHOP = re.compile("(官方)?(旗舰店|专营店|专卖店)$")
_BRANCH = re.compile("^(.{4,}公司)(.{0,12}(?:分公司|分店|分厂|营业部|支行))$")


@dataclass(frozen=True, slots=True)
class Name:
    """A business name and its parts; parts that the name does not have are empty."""

    raw: str
    key: str
    region: str
    brand: str
    trade: str
    form: str
    kind: str


def comparison_key(raw: str) -> str:
    """Two spellings of one registered name have one key: width, case and punctuation do not count."""
    text = unicodedata.normalize("NFKC", raw).casefold()
    return "".join(c for c in text if c.isalnum())


def parse(raw: str, division: str = "", shop: bool = False) -> Name:
    """Take a name apart; `division` is positions 3 to 8 of the subject's code where it is known."""
    key = comparison_key(raw)
    found = _SHOP.search(key)
    if shop or found:
        return Name(raw, key, "", key[: found.start()] if found else key, "", "", "shop")
    if _BRANCH.match(key):
        return Name(raw, key, "", key, "", "", "branch")
    form = next((f for f in _FORMS if key.endswith(f)), "")
    kind = "company" if form.endswith(("公司", "合作社")) else "sole_trader" if form else "other"
    return Name(raw, key, division[:2], key[: len(key) - len(form)], "", form, kind)
