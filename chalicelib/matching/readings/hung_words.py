"""A whole registered name with anything in front of it or behind it that no register would have entered so.

A register enters behind a name the branch alone, by a word of its own for one. So whatever else stands there, of
platforms, praise, contacts, dates, is no part of the name, whichever words it is of.

>>> list(without_tail("深圳市云麓泉电子有限公司一件代发")), list(without_tail("深圳市云麓泉电子有限公司南山分公司"))
(['深圳市云麓泉电子有限公司'], [])
>>> list(without_head("店铺主体深圳市云麓泉电子有限公司"))
['深圳市云麓泉电子有限公司']
"""

import re
from collections.abc import Iterator

from chalicelib.matching import find_region, legal_forms, trade_words

PLATFORMS = (
    "天猫国际|天猫超市|天猫|淘宝|京东|拼多多|抖音|快手|小红书|苏宁易购|苏宁|唯品会|微信|微店|阿里巴巴|1688|亚马逊|闲鱼|得物|美团|"
    "饿了么|速卖通|虾皮|有赞|视频号|百度|抖店|快手小店|网易严选|考拉海购|当当|国美|蘑菇街|微盟|慧聪网|义采宝|朴朴|叮咚|盒马|京喜|淘特|"
    "淘工厂|西瓜视频|b站|哔哩哔哩|知乎|大众点评|微信小程序|tmall|taobao|jd|pdd|tiktok|douyin|temu|shein|amazon|aliexpress|alibaba|shopee|"
    "lazada|ebay|wish"
)
_FIRM = (
    r"^(.{4,}?(?:有限责任公司|有限公司|股份公司|集团公司|合作社联合社|合作社|合作联社|总公司|公司|"
    r"商行|经营部|经销部|批发部|门市部|服务部|工作室))(?!联合社)"
)
# How what a register enters behind a parent's name ends: a branch, or a place of business.
_BRANCH = (
    r"(?:公司|[分支]行|办事处|联合社|联社|工会|委员会|"
    r"[店厂部站所行场库矿队处社馆院校园坊段局组城楼厅屋点栈铺吧房阁轩台港堂苑庄村区室])$|"
    r"(?:中心|超市|酒店|宾馆|药房|门市|连锁|经销处|项目部|储运|车间|网点|分校|服务区|电站|服务点)$"
)
# Ends like those, of what no register enters.
_NO_BRANCH = (
    rf"{PLATFORMS}|旗舰店|专营店|专卖店|官方|店铺|仓库$|(?:运营|市场|财务|行政|人事|电商|客服|售后|推广|直播|品控|仓储|采购|策划)部$|"
    r"(?:运营|客服|售后|直播|电商|发货|仓储)中心$|关联公司$|^等|^[^\w(]*[@#|/&+=→>_~～]|"
    r"[路街道巷弄村]\d{1,5}号(?:\w{0,20}[室层楼座栋幢房厦元])?$"  # an address
)
# A branch that no shop on a platform is called.
_OFFICE = r"公司|[分支]行|办事处|联合社|联社|营业部|经营部|分厂|分校|项目部|门市部|药房|药店|厂|站|库|矿"
# Whose name it is in a contract or an invoice: no place need follow.
_PARTY = (
    r"^(?:甲|乙|丙|买|卖|委托|受托|发货|收货|供货|采购|开票|收款|付款|投标|中标|生产|制造|经销|代理|进口|出口|出品|承包|发包|出租|承租|供应)"
    r"(?:方|商|者|人|单位|企业|厂家|厂商)(?:名称)?(?:\([^()]{1,6}\))?[:：为是]?\s*(?=.{6})"
)
# What numbers or names a field and is no part of the name in it.
_HEAD = (
    r"^(?:\(?\d{1,4}\)?[.、:]*|[a-z][.、):]+|关于|对|中国|全国|国际|"
    r"(?:被?清退|企业|公司|店铺|商家|商户|单位|卖家|供应商|客户|经营){0,3}(?:名称|全称|主体|商家|商户|单位|对象|企业|公司)[:为是]?)(?=..)"
)
_LONGEST_HEAD, _TOO_LONG, _LEAST = 24, 4, 6


def without_tail(text: str) -> Iterator[str]:
    """The name that the text begins with, where what follows it is no branch's."""
    match = re.match(_FIRM, text)
    if not match:
        return
    name, tail = match[1], text[match.end() :]
    bare = re.sub(r"[^\w]+", "", tail)
    if not bare or bare in legal_forms.IN_BRACKETS:
        return
    is_placed, is_place = (find_region.place_length(part) for part in (name, bare))
    if is_place and not is_placed:
        return  # 某某有限公司（成都）: the place is the name's own
    if is_place < len(bare) and re.search(_BRANCH, bare) and not _is_hung(tail):
        return
    yield name


def _is_hung(tail: str) -> bool:
    """What ends as a branch does is none: a platform's word is in it, or several things that no office of a firm is."""
    if re.search(_NO_BRANCH, tail.rstrip(")"), re.IGNORECASE):
        return True
    several = len([part for part in re.split(r"[^\w]+", tail) if part]) > 1
    return several and not re.search(_OFFICE, tail)


def without_head(text: str) -> Iterator[str]:
    """The name behind a label, praise or whatever else is none, where a place follows and none was read before."""
    if find_region.read(text, "")[0] or not legal_forms.ending(text):
        return
    if party := re.match(_PARTY, text):
        yield text[party.end() :]
        return
    match = re.match(_HEAD, text, re.IGNORECASE)
    rest = text[match.end() :] if match else ""
    divisions = find_region.read(rest, "")[1]
    if not divisions:
        rest = _from_place(text)
        divisions = find_region.read(rest, "")[1]
    if divisions and not divisions[0].doubtful:
        yield rest


def _from_place(text: str) -> str:
    """The name from its place on, where what stands before is apart from it or too long for a brand; '' if neither.

    >>> _from_place("诚信经营-深圳市云麓泉电子有限公司"), _from_place("禾屿深圳云麓泉电子有限公司")
    ('深圳市云麓泉电子有限公司', '')
    """
    for at in range(1, min(_LONGEST_HEAD, len(text) - _LEAST)):
        is_apart = not text[at - 1].isalnum()
        if text.find("公司", 0, at) >= 0:
            return ""  # what follows is a part of that company
        if text[at - 1] == "(" or not (is_apart or at >= _TOO_LONG):
            continue
        rest = text[at + find_region.read(text[at:], "")[0] :]
        if len(rest) + at < len(text) and rest[0] != ")" and trade_words.brand_length(_body(rest)) >= 2:
            return text[at:]
    return ""


def _body(text: str) -> str:
    form = legal_forms.ending(text)
    return text[: len(text) - len(form)]
