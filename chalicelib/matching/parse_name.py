"""What a Chinese business name is made of: region, brand (字号), trade, legal form.

The parts and their order are those of 企业名称登记管理规定 (2020) Art. 6; a branch carries its parent's whole name
(Art. 13). The comparison key serves the matcher alone: it is never stored or shown.
"""

import re
from dataclasses import dataclass, replace

from chalicelib.matching import find_region, legal_forms, trade_words
from chalicelib.matching.character_variants import numerals, plain

_BRACKETED = r"\(([^()]*)\)"
_PRAISE = (
    r"官方旗舰|官方正品|官方认证|官方授权|官方直营|官方自营|官方店|官方|正品保证|正品|认证|已认证|自营|直营|热卖|热销|"
    r"推荐|优选|严选|精选|新店|特惠|促销|包邮|品牌直销|厂家直销|企业认证|实名认证|诚信商家|金牌商家"
)
_DECORATION = f"(?:{_PRAISE})+"
_DECORATED = rf"^(?:官方正品|官方认证|官方授权|官方)|\((?:{_PRAISE})+\)"
_SHOP = (  # an unbounded run of words would be read again from each place
    r"^(.+?)(?:(?:京东|天猫|淘宝|拼多多|抖音|快手|苏宁|微信|小红书)?(?:官方|自营|直营|品牌|授权|海外|专业|企业){0,8})"
    r"(旗舰店|旗舰|专营店|专卖店|企业店|工厂店|直营店|自营店|专柜|直销店|官方店|小店|网店)(?:官方)?$"
)
# A township, with or without a village, or a zone; four characters must follow, so that a brand is left.
_TOWN = (
    r"((?:[^镇乡村区公司]{2,3}(?:(?<![城古小重名])镇|(?<![城家水故老梦同他侨茶酒原])乡)(?:[^镇乡村公司]{1,3}村(?!镇))?)|"
    r"(?:[^镇乡村区公司]{0,2}?(?:经济技术开发区|高新技术产业开发区|高新技术开发区|经济开发区|开发区|保税区|保税港区|高新区|工业园区|新区)))"
    r"(?=.{4})(?!企业|镇|供销|信用|农村|卫生|政府|中心|联|综合)"
)
_BRANCH_TAIL = r"(?:公司|店|厂|部|行|所|站|处|社|场|队|中心|院|馆|库|矿|段|局|分会|连锁|药房|超市)$"
_KINDS = {form: "sole_trader" if c in legal_forms.SOLE else "company" for form, c in legal_forms.CLASSES.items()}
_PARENTS = ("公司", "合作社", "合作联社", "供销社")


@dataclass(frozen=True, slots=True)
class Name:
    """A business name and its parts; parts that the name does not have are empty."""

    raw: str
    key: str  # equal for two spellings of one registered name; never stored or shown
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
    spelling: str = ""  # of a name in Latin letters: pinyin or english
    trades: tuple[tuple[str, ...], ...] = ()  # for each English term of its trade, what it may be in Chinese
    cut: bool = False  # the text ends before its legal form does
    by_sound: bool = False  # its trade was written in other characters of the same sounds

    @property
    def region(self) -> str:
        """Code of the division it begins with: 2, 4 or 6 digits, '' without a division."""
        return self.codes[0] if self.codes else ""


def comparison_key(raw: str) -> str:
    """Two spellings of one registered name have one key: width, case, script and punctuation do not count."""
    return _undecorated(plain(raw)).replace("(", "").replace(")", "")


def _undecorated(text: str) -> str:
    """The text without what a platform hangs on a name, 官方 or (已认证), unless too little is left."""
    if "(" not in text and not text.startswith("官方"):
        return text
    rest = re.sub(_DECORATED, "", text)
    return rest if len(rest) >= 2 else text


def parse(raw: str, division: str = "", shop: bool = False) -> Name:
    """Take a name apart; `division` is positions 3 to 8 of the subject's code; `shop`: it is the name of a shop."""
    text = _undecorated(plain(raw))
    key, note = text, ""
    if "(" in text or ")" in text:
        key = text.replace("(", "").replace(")", "")
        text, note = _without_brackets(text)
    if (shop or text[-1:] in "店舰柜") and (parts := _shop_parts(text, shop)):
        return _shop(raw, key, *parts)
    return _registered(raw, key, text, note, division)


def _without_brackets(text: str) -> tuple[str, str]:
    """The text without brackets, a region that stood in one first; and a note on the form."""
    place, note = "", ""

    def unwrap(bracket: re.Match[str]) -> str:
        nonlocal place, note
        inside = bracket[1]
        if not place and bracket.start() > 0 and _is_place(inside):
            place = inside
            return ""
        if inside == "集团" and text[bracket.end() :] not in legal_forms.CLASSES:
            return inside  # 某某(集团)煤矿有限公司 is a firm of the group
        if inside in legal_forms.IN_BRACKETS:
            note = inside
            return ""
        if inside in ("股", "有") and bracket.end() == len(text):
            return inside + "公司"
        return "" if re.fullmatch(_DECORATION, inside) else inside

    rest = re.sub(_BRACKETED, unwrap, text)
    return (place + rest).replace("(", "").replace(")", ""), note


def _is_place(inside: str) -> bool:
    """What stands in brackets begins with a place, and is no branch of there: （宁波）, and not （宁波分公司）."""
    return bool(find_region.place_length(inside)) and not inside.endswith("公司")


def _registered(raw: str, key: str, text: str, note: str, division: str) -> Name:
    """The parts of a registered name, in their order: region, town, brand, trade, form, and what a branch adds."""
    at, divisions, codes = find_region.read(text, division)
    town, rest = _town(text[at:]) if at else ("", text)
    parent, branch = (rest[:cut], rest[cut:]) if (cut := _parent_length(rest)) else (rest, "")
    form = legal_forms.ending(parent)
    body = parent[: len(parent) - len(form)]
    if not codes and (last := _at_the_end(body)):
        divisions, codes = (last,), last.codes
        body = body[: -len(last.stem)]
    length = trade_words.brand_length(body)
    body = numerals(body)
    return Name(
        raw=raw,
        key=key,
        brand=body[:length],
        trade=body[length:],
        form=note + form if note == "集团" else form,
        kind="branch" if branch else _kind(form, note),
        body=body,
        codes=codes,
        places=tuple([d.stem for d in divisions]),
        place=divisions[-1].name if divisions else "",
        division=division,
        unread=text[:at] if _may_be_brand(divisions, codes, division) else "",
        town=town,
        branch=branch,
    )


def _town(rest: str) -> tuple[str, str]:
    """The township, village or zone at the head of what follows the divisions, and the rest."""
    if ("镇" in rest or "乡" in rest or "区" in rest) and (match := re.match(_TOWN, rest)):
        return match[1], rest[match.end() :]
    return "", rest


def _parent_length(rest: str) -> int:
    """How long the parent's name is in the name of a branch; 0 if it is none."""
    if rest.find("公司", 2) == len(rest) - 2:
        return 0
    for parent in _PARENTS:
        at = rest.find(parent, 2)
        if at > 0 and (end := at + len(parent)) < len(rest) and _is_branch(parent, rest[end:]):
            return end
    return 0


def _is_branch(parent: str, tail: str) -> bool:
    """What follows the end of a parent's name is a branch's own: no form of two words, as 合作社联合社 is."""
    is_own = len(tail) >= 2 and parent + tail not in legal_forms.CLASSES
    return is_own and (parent == "公司" or re.search(_BRANCH_TAIL, tail) is not None)


def _at_the_end(body: str) -> find_region.Division | None:
    """A city or province between trade and form, where some firms put it without brackets."""
    for size in (3, 2):
        last = find_region.division(body[-size:]) if len(body) >= size + 4 else None
        if last and not last.doubtful and last.stem == body[-size:] and len(last.codes[0]) <= 4:
            return last
    return None


def _may_be_brand(divisions: tuple[find_region.Division, ...], codes: tuple[str, ...], division: str) -> bool:
    """The region is a single short form that is a brand elsewhere, and the registrar does not lie there."""
    return len(divisions) == 1 and divisions[0].doubtful and division[:4] not in [c[:4] for c in codes]


def _kind(form: str, note: str) -> str:
    """Which kind of subject a legal form, or the note beside it, makes of a name that is no branch's."""
    return "sole_trader" if note == "个体工商户" else _KINDS.get(form, "other")


def _shop_parts(text: str, shop: bool) -> tuple[str, str] | None:
    """What stands before a shop's kind, and the kind; None of a name that is no shop's."""
    match = re.match(_SHOP, text)
    # 某某有限公司第四十专卖店 is a registered branch.
    if match and (shop or "公司" not in match[1][:-2]):
        return match[1], match[2]
    return (text, "") if shop else None


def _shop(raw: str, key: str, text: str, ending: str) -> Name:
    """The parts of a shop's name: what stands before its kind, without a legal form."""
    at, divisions, codes = find_region.read(text, "")
    head, body = text[:at], _without_form(text[at:])
    doubtful = _may_be_brand(divisions, codes, "")
    length = trade_words.brand_length(body)
    if length == 0 and at:  # places and a trade alone: the places are the brand
        body, divisions, codes = head + body, (), ()
        length = (trade_words.brand_length(body) if doubtful else 0) or len(body)
        doubtful = False
    return Name(
        raw=raw,
        key=key,
        brand=body[:length],
        trade=body[length:],
        form=ending,
        kind="shop",
        body=body,
        codes=codes,
        places=tuple([d.stem for d in divisions]),
        place=divisions[-1].name if divisions else "",
        unread=head if doubtful else "",
    )


def _without_form(body: str) -> str:
    """A firm's brand and trade in the name of its shop; 店 and 厂 are part of them there."""
    form = legal_forms.ending(body)
    if form and legal_forms.CLASSES[form] not in legal_forms.PLACES_OF_BUSINESS and len(body) - len(form) >= 2:
        return body[: len(body) - len(form)]
    return body


def unplaced(name: Name) -> Name:
    """The other reading of a name with an `unread` head: the short place is the beginning of the brand."""
    body = name.unread + name.body
    length = trade_words.brand_length(body) if name.kind == "shop" else len(name.unread + name.brand)
    return replace(name, brand=body[:length], trade=body[length:], body=body, codes=(), places=(), place="", unread="")


def branded(name: Name) -> Name:
    """The other reading of a name of places and a trade: its last place is the brand (企业名称登记管理规定, Art. 8)."""
    places = name.places[:-1]
    codes = tuple(dict.fromkeys(code[:2] for code in name.codes)) if places else ()
    return replace(
        name,
        brand=name.places[-1],
        body=name.places[-1] + name.body,
        codes=codes,
        places=places,
        place=places[-1] if places else "",
    )
