"""What a Chinese business name is made of: region, brand (字号), trade, legal form.

The parts and their order are those of 企业名称登记管理规定 (2020) Art. 6; a branch carries its parent's whole name
(Art. 13). The comparison key is derived, used inside the matcher and never stored or shown: the registered name
is kept as it came.
"""

import re
from dataclasses import dataclass, replace

from chalicelib.matching import find_region, legal_forms, trade_words
from chalicelib.matching.character_variants import plain

_BRACKETED = re.compile(r"\(([^()]*)\)")
_PRAISE = (
    r"官方旗舰|官方正品|官方认证|官方授权|官方直营|官方自营|官方店|官方|正品保证|正品|认证|已认证|自营|直营|热卖|热销|"
    r"推荐|优选|严选|精选|新店|特惠|促销|包邮|品牌直销|厂家直销|企业认证|实名认证|诚信商家|金牌商家"
)
_DECORATION = re.compile(f"(?:{_PRAISE})+")
_DECORATED = re.compile(rf"^(?:官方正品|官方认证|官方授权|官方)|\((?:{_PRAISE})+\)")
_SHOP = re.compile(
    r"^(.+?)(?:(?:京东|天猫|淘宝|拼多多|抖音|快手|苏宁|微信|小红书)?(?:官方|自营|直营|品牌|授权|海外|专业|企业)*)"
    r"(旗舰店|旗舰|专营店|专卖店|企业店|工厂店|直营店|自营店|专柜|直销店|官方店|小店|网店)(?:官方)?$"
)
# A township, with or without a village, or a zone; four characters must follow, so that a brand is left.
_TOWN = re.compile(
    r"((?:[^镇乡村区公司]{2,3}(?:(?<![城古小重名])镇|(?<![城家水故老梦同他侨茶酒原])乡)(?:[^镇乡村公司]{1,3}村(?!镇))?)|"
    r"(?:[^镇乡村区公司]{0,2}?(?:经济技术开发区|高新技术产业开发区|高新技术开发区|经济开发区|开发区|保税区|保税港区|高新区|工业园区|新区)))"
    r"(?=.{4})(?!企业|镇|供销|信用|农村|卫生|政府|中心|联|综合)"
)
_BRANCH_TAIL = re.compile(r"(?:公司|店|厂|部|行|所|站|处|社|场|队|中心|院|馆|库|矿|段|局|分会|连锁|药房|超市)$")
_NOTES = frozenset(("个体工商户", "有限合伙", "普通合伙", "特殊普通合伙", "集团", "中国"))
_PARENTS = ("公司", "合作社", "合作联社", "供销社")


@dataclass(frozen=True, slots=True)
class Name:
    """A business name and its parts; parts that the name does not have are empty."""

    raw: str
    key: str  # equal for two spellings of one registered name; never stored or shown
    region: str  # code of the division it begins with, 2, 4 or 6 digits
    brand: str
    trade: str
    form: str
    kind: str  # company, sole_trader, branch, shop, other
    body: str = ""  # brand and trade; of a branch, those of its parent
    codes: tuple[str, ...] = ()  # every code the region's name ever stood for
    places: tuple[str, ...] = ()  # the stems of the divisions, the widest first
    place: str = ""  # the last division as it is written
    division: str = ""  # of the registrar, by the subject's own code
    unread: str = ""  # the short place name at the head that may be part of the brand
    town: str = ""  # the township, village or zone behind the divisions
    branch: str = ""  # what a branch adds to its parent's name


def comparison_key(raw: str) -> str:
    """Two spellings of one registered name have one key: width, case, script and punctuation do not count."""
    return _undecorated(plain(raw)).replace("(", "").replace(")", "")


def _undecorated(text: str) -> str:
    if "(" not in text and not text.startswith("官方"):
        return text
    rest = _DECORATED.sub("", text)
    return rest if len(rest) >= 2 else text


def parse(raw: str, division: str = "", shop: bool = False) -> Name:
    """Take a name apart; `division` is positions 3 to 8 of the subject's code where it is known.

    `shop`: the text is the name of a shop, so that 旗舰店, 专营店 and 专卖店 end it by the platforms' grammar.
    """
    text = _undecorated(plain(raw))
    key = text
    note = ""
    if "(" in text or ")" in text:
        key = text.replace("(", "").replace(")", "")
        text, note = _without_brackets(text)
    found = _SHOP.match(text) if shop or text[-1:] in "店舰柜" else None
    if found and (shop or "公司" not in found[1][:-2]):  # 某某有限公司第四十专卖店 is a registered branch
        return _shop(raw, key, found[1], found[2])
    if shop:
        return _shop(raw, key, text, "")
    at, divisions, codes = find_region.read(text, division)
    rest, branch, town = text[at:], "", ""
    if at and ("镇" in rest or "乡" in rest or "区" in rest) and (found := _TOWN.match(rest)):
        town, rest = found[1], rest[found.end() :]
    if cut := _parent_length(rest):
        rest, branch = rest[:cut], rest[cut:]
    ending = legal_forms.ending(rest)
    body = rest[: len(rest) - len(ending)] if ending else rest
    if not codes and (last := _at_the_end(body)):
        divisions, codes = (last,), last.codes
        body = body[: -len(last.stem)]
    length = trade_words.brand_length(body)
    doubtful = len(divisions) == 1 and divisions[0].doubtful and division[:4] not in [c[:4] for c in codes]
    kind = "branch" if branch else "sole_trader" if note == "个体工商户" else _kind(ending)
    ending = note + ending if note == "集团" else ending
    return Name(
        raw, key, codes[0] if codes else "", body[:length], body[length:], ending, kind, body, codes,
        tuple([d.stem for d in divisions]), divisions[-1].name if divisions else "", division,
        text[:at] if doubtful else "", town, branch,
    )  # fmt: skip


def _without_brackets(text: str) -> tuple[str, str]:
    """The text without brackets, a region that stood in one first; and a note on the form."""
    place, note = "", ""

    def unwrap(found: re.Match[str]) -> str:
        nonlocal place, note
        inside = found[1]
        if not place and found.start() > 0 and find_region.read(inside + "某某", "")[0]:
            place = inside
            return ""
        if inside in _NOTES:
            note = inside
            return ""
        return "" if _DECORATION.fullmatch(inside) else inside

    rest = _BRACKETED.sub(unwrap, text)
    text = place + rest
    return text.replace("(", "").replace(")", ""), note


def _parent_length(rest: str) -> int:
    """How long the parent's name is in the name of a branch; 0 if it is none."""
    if rest.find("公司", 2) == len(rest) - 2:
        return 0
    for parent in _PARENTS:
        at = rest.find(parent, 2)
        if at > 0 and (end := at + len(parent)) < len(rest):
            tail = rest[end:]
            known = legal_forms.CLASSES.get(parent + tail)
            if len(tail) >= 2 and not known and (parent == "公司" or _BRANCH_TAIL.search(tail)):
                return end
    return 0


def _at_the_end(body: str) -> find_region.Division | None:
    """A city or province between trade and form, where some firms put it without brackets."""
    for size in (3, 2):
        known = find_region.division(body[-size:]) if len(body) >= size + 4 else None
        if known and not known.doubtful and known.stem == body[-size:] and len(known.codes[0]) <= 4:
            return known
    return None


def _kind(ending: str) -> str:
    known = legal_forms.CLASSES.get(ending, "")
    if known in ("limited", "joint_stock", "group", "company", "cooperative", "partnership"):
        return "company"
    return "sole_trader" if known else "other"


def _shop(raw: str, key: str, text: str, ending: str) -> Name:
    """The name of a shop: what stands before its kind, without a legal form."""
    at, divisions, codes = find_region.read(text, "")
    body = text[at:]
    inner = legal_forms.ending(body)
    if inner and legal_forms.CLASSES[inner] not in legal_forms.PLACES_OF_BUSINESS and len(body) - len(inner) >= 2:
        body = body[: len(body) - len(inner)]
    length = trade_words.brand_length(body)
    unread = text[:at] if len(divisions) == 1 and divisions[0].doubtful else ""
    if length == 0 and at:
        length = trade_words.brand_length(unread + body) if unread else 0
        body, divisions, codes, unread = text[:at] + body, (), (), ""
        length = length or len(body)
    return Name(
        raw, key, codes[0] if codes else "", body[:length], body[length:], ending, "shop", body, codes,
        tuple([d.stem for d in divisions]), divisions[-1].name if divisions else "", unread=unread,
    )  # fmt: skip


def unplaced(name: Name) -> Name:
    """The other reading of a name with an `unread` head: the short place is the beginning of the brand."""
    body = name.unread + name.body
    length = trade_words.brand_length(body) if name.kind == "shop" else len(name.unread + name.brand)
    return replace(
        name, region="", brand=body[:length], trade=body[length:], body=body, codes=(), places=(), place="", unread=""
    )


def branded(name: Name) -> Name:
    """The other reading of a name of places and a trade: its last place is the brand.

    企业名称登记管理规定, article 8, allows a place as 字号 where the word has another meaning.
    """
    places = name.places[:-1]
    codes = tuple(dict.fromkeys(code[:2] for code in name.codes)) if places else ()
    return replace(
        name,
        region=codes[0] if codes else "",
        brand=name.places[-1],
        body=name.places[-1] + name.body,
        codes=codes,
        places=places,
        place=places[-1] if places else "",
    )
