"""The legal basis of a reason in words: the title of each law or rule, and its articles.

>>> in_words("产品质量法39,50; 令44 7")
'《产品质量法》第39、50条；《市场监督管理严重违法失信名单管理办法》第7条'
>>> in_words("价格法14(3)"), in_words("2021-09 以前")
('《价格法》第14条第（3）项', '2021-09 以前')
"""

import re
from typing import Final

_LISTS: Final = "《市场监督管理严重违法失信名单管理办法》"
# What the table of reasons writes short; other names are titles already.
_TITLES: Final = {
    "令44": _LISTS,
    "市场监管总局令第44号": _LISTS,
    "令37": "《网络交易监督管理办法》",
    "登记管理条例": "《市场主体登记管理条例》",
    "企业信息公示暂行条例": "《企业信息公示暂行条例》",
    "条例": "《企业信息公示暂行条例》",
    "暂行办法": "《企业经营异常名录管理暂行办法》",
}
_PART: Final = re.compile(
    r"(?P<law>令[0-9]++|市场监管总局令第44号|[^0-9()]{2,40})\s?(?P<articles>[0-9][0-9,\-]*)?(?:\((?P<more>[0-9]+)\))?"
)


def in_words(basis: str) -> str:
    """The basis as people cite it; what is no law and article stays as it is."""
    return "；".join(_part(part.strip()) for part in basis.split(";"))


def _part(text: str) -> str:
    match = _PART.fullmatch(text)
    if not match or text == "-":
        return text
    law, articles, more = match["law"].strip(), match["articles"], match["more"]
    title = _TITLES.get(law) or f"《{law}》"
    if not articles:
        return title
    cited = f"{title}第{articles.replace(',', '、').replace('-', '至')}条"
    if not more:
        return cited
    # Four digits are the year of a version of the law.
    return f"{cited}（{more}年修正）" if len(more) == 4 else f"{cited}第（{more}）项"
