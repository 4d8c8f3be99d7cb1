"""A text that says more than one name, or hangs words on one: the names that it says.

曾用名 and 原 before a former name, a shop beside its firm, a platform behind a firm, a number of a shop, praise. The
text as it stands is always read first; these are the other readings of it.
"""

import re
import unicodedata
from collections.abc import Iterator

from chalicelib.matching import find_region, trade_words
from chalicelib.matching.character_variants import BRACKETS, plain
from chalicelib.matching.readings.hung_words import PLATFORMS, without_head, without_tail

# Patterns are compiled when they are first needed, so that loading the lookup costs nothing. What repeats in them gives
# nothing back (`++`) and, behind what begins anywhere, repeats a few times only; so no text makes them slow.
_PRAISE = (
    "官方旗舰|官方|旗舰|正品保障|正品保证|正品|正宗|品牌直销|厂家直销|品牌|自营|直营|直销|授权|认证|已认证|企业认证|实名认证|诚信通会员|诚信通|会员|"
    "保障|热卖|热销|推荐|优选|严选|精选|包邮|专柜|特惠|促销|新店|老店|老字号|老牌|原装|源头工厂|实力商家|金牌商家|金牌卖家|金牌|诚信商家|百亿补贴|好店|"
    "皇冠|五星|卖家|商家|原厂|品质保证|品质"
)
# Departments that sell on platforms; no register enters them as branches.
_DEPARTMENTS = "电商部|电子商务部|电商事业部|电商运营部|电商中心|网销部|线上部|客服中心|客服部|客服|总部|本部"
_SEASONS = "(?:618|双11|双十一|双12|双十二|年货节|国庆|春节|周年庆)?(?:大促|特卖|清仓|秒杀|年货节|专场|活动专场)"
_SHOPS = (
    "旗舰店|线上店|旗下店铺|旗下店|授权店|个人店|专营店|专卖店|"
    "企业店|工厂店|直营店|自营店|直播间|小店|网店|店铺|店舖|商城|号店|店|号"
)
_NUMERAL = "[0-9一二三四五六七八九十百零壹贰叁两]"
# How the name of a registered branch ends.
_BRANCHES = "分公司|支公司|支行|分行|办事处|营业部|营业厅|营业所|分厂|分社|分场|分校|站|库|矿|部|中心|支店|药店|药房"
# A legal form, behind which the rest of a text may be words of a platform.
_FORMS = (
    "公司|合作社|联合社|事务所|工作室|经营部|门市部|批发部|经销部|营业部|服务部|加工部|商行|商店|超市|中心|药房|工厂|厂|馆|坊|行|"
    "(?<!旗舰)(?<!专营)(?<!专卖)(?<!官方)(?<!企业)(?<!自营)(?<!直营)店"
)
_WORDS = rf"(?:{PLATFORMS}|{_PRAISE}|{_SHOPS}|{_DEPARTMENTS}|{_SEASONS})"
_SEPARATORS = r"(?:[^\w()]|_)"
_BETWEEN_NAMES = r"[\s\-_/|·•:;,，。；：、~—–+&→]+"
_NUMBERED = rf"(?:(?:第|no|n)?[.]?{_NUMERAL}+(?:号|分|家)*门?店|总店|分店|门店|[a-z]店)"
_TAIL = (
    rf"^(.*(?:{_FORMS}))(?:{_SEPARATORS}|[()])*(?:(?:(?:{PLATFORMS})[^()公]{{1,5}}$|{_NUMBERED}|{_WORDS})(?:{_SEPARATORS}|[()])*+|"
    rf"\((?:{_DEPARTMENTS})\)|\((?![^()]*(?:{_BRANCHES})\)$)[^()]{{1,20}}\)){{1,12}}+$"
)
_PRAISE_BEHIND = rf"^(.{{4,}}?)(?:{_SEPARATORS}|[()]){{0,8}}(?:{_PRAISE}|{PLATFORMS}){{1,8}}+\)?$"
_PRAISE_BEFORE = rf"^(?:[(]?(?:{_PRAISE}|{PLATFORMS})++[)]?{_SEPARATORS}*+)++(?=.{{4}})"
_PRAISE_INSIDE = (
    r"(?<=..)(?:[新老原]{2,3}(?=正宗|老牌|正品))?(?:官方旗舰|官方|旗舰|正品|正宗|老牌|原装|授权|自营|直营|"
    r"品牌(?!策划|设计|顾问|管理|运营|营销|推广|服务|咨询|传播)){1,8}+(?=..)"
)
# What stands before a place and says that a name was another's before, or is the real one.
_BEFORE_PLACE = r"^[(]?(?:原来|原名|原|新|老|大|小|真|正)[)]?[:：]?(?=..)"
_FORMERLY = (
    rf"(?:^|(?<=[(\s;,，；。、/:：\-])|(?<=公司)|(?<=厂)|(?<=社))"
    rf"(?:更名前|曾用名称|曾用名|曾用|曾名|原名称|原名|原称|旧称|旧名|前身|又名|别名|现名称|现名|现用名|现已更名为|现更名为|已更名为|更名为|变更为|变更|更名|改名为|改名|改称|改为|现为|"
    rf"formerly known as|formerly|f/k/a|原(?=..)|现(?=..))(?:为|是|叫)?{_SEPARATORS}*"
)
_TRIGGER = (
    rf"[()]|{_SEPARATORS}|^(?:[原新老大小真正]|{_PRAISE})|曾用|原名|原称|旧[称名]|更名|变更|改[名称为]|前身|[又别现]名|{PLATFORMS}|官方|旗舰|正品|正宗|品牌|老牌|"
    rf"原装|授权|自营|直营|店[铺舖]?$|(?:{_PRAISE}|{_DEPARTMENTS}|{_SEASONS})$"
)
_SEVERAL = rf"[()]|{_SEPARATORS}|曾用|原名|原称|旧[称名]|更名|变更|改[名称为]|前身|[又别现]名"
# Chains number their branches, which are registered as such; elsewhere a number is a shop's on a platform.
_CHAINS = r"连锁|大药房|药业|医药"
_NAME = rf"^[^()]*(?:\([^()]*\)[^()]*)*(?:{_FORMS}|集团|店|部|行|社|场|ltd\.?|inc\.?|llc|corp\.?|gongsi)$"
_SHOP_ALONE = rf"(?:旗舰店|专营店|专卖店|官方店|{PLATFORMS})$"
_LEAST = 4
_ROUNDS, _MOST_LEFT, _MOST_TEXTS = 3, 6, 4
_ROUND = BRACKETS | str.maketrans("“”‘’<>«»‹›", "()()()()()")
_PAIRED = r"([\"'~*#|])\1?([^\"'~*#|()]{1,30})\1{1,2}"


def names_said(raw: str) -> list[str]:
    """The names that stand side by side in a text, as a former one; none of a text that is one name."""
    if raw.isalnum() and not any(mark in raw for mark in ("名", "称", "曾用", "前身", "变更", "改为")):
        return []
    text = unicodedata.normalize("NFKC", raw.translate(BRACKETS)).strip()
    if not re.search(_SEVERAL, text):
        return []
    own = plain(raw)
    return [piece for piece in _pieces(text) if piece != text and plain(piece) != own][:3]


def other_texts(raw: str) -> list[str]:
    """The names that a text says besides the reading of it as a whole, the likeliest first; none of a plain name.

    Words may be hung on words, so that what is left is read again, and what ends up as a name from its place to its
    form is the likeliest.
    """
    text = _evened(raw)
    bare = re.sub(r"^\(\d{1,4}\)", "", text) if text[:1] == "(" else text  # a numbered line
    texts = dict.fromkeys([bare] if bare != text else [])
    left = [bare]
    for _ in range(_ROUNDS):
        made = [each for part in left for each in _read_once(part) if each != text]
        left = [each for each in dict.fromkeys(made) if each not in texts][:_MOST_LEFT]
        if not left:
            break
        texts |= dict.fromkeys(left)
    own = plain(raw)
    others = [each for each in texts if plain(each) != own]
    return sorted(others, key=lambda each: not _is_placed(each))[:_MOST_TEXTS] if len(others) > 1 else others


def _evened(raw: str) -> str:
    """The text with every pair of brackets and quotes round: “天猫” and ~天猫~ are (天猫)."""
    if raw.isalnum():
        return unicodedata.normalize("NFKC", raw)
    text = unicodedata.normalize("NFKC", raw.translate(BRACKETS)).translate(_ROUND).strip()
    return text if text.isalnum() else re.sub(_PAIRED, r"(\2)", text)


def _is_placed(text: str) -> bool:
    """A name from its place to its form, with nothing hung on it."""
    return find_region.place_length(text) > 0 and re.fullmatch(rf".*(?:{_FORMS})", text) is not None


def _read_once(text: str) -> list[str]:
    """The names that a text says, or what is left of it without words that are hung on it."""
    if not re.search(_TRIGGER, text, re.IGNORECASE):
        return [*without_tail(text), *without_head(text)]
    pieces = list(_pieces(text))
    texts = [bare for piece in pieces for bare in _bare(piece)]
    if pieces != [text]:
        texts = [piece for piece in pieces if not re.search(_SHOP_ALONE, piece)] + texts
    parts = dict.fromkeys([*pieces, text])
    return texts + [bare for part in parts for bare in (*without_tail(part), *without_head(part))]


def _pieces(text: str) -> Iterator[str]:
    """The names that stand side by side in the text; the text itself where it is one name."""
    marked = re.sub(_FORMERLY, "\n", re.sub(r"\(由([^()]{4,40}?)(?:变更|更名|改名|改制)[^()]*\)", r"(原\1)", text))
    several = "\n" in marked
    parts = [part for line in marked.split("\n") for part in _outside_and_inside(line)]
    if not several and len(parts) == 1:
        parts = [part for part in re.split(_BETWEEN_NAMES, text) if part]
        if len(parts) < 2:
            yield text
            return
        is_latin = parts[0].isascii() and not (parts[0].isdigit() and len(parts[0]) <= 3)  # 1、 numbers a line
        if is_latin or not any(re.match(_NAME, part, re.IGNORECASE) and len(part) > _LEAST for part in parts):
            yield text
            return
    else:
        parts = [piece for part in parts for piece in (re.split("[、,，;；/]", part) if several else [part])]
    parts = [part.strip(" ()/|-_,;:，；：、。") for part in parts]
    names = [name for part in parts if (name := _name_in(part, several))]
    if not several and any(_is_place(part) for part in parts if part not in names):
        names = []  # 徐州 某某有限公司 is one name
    yield from names if names and (len(parts) > 1 or several) else [text]


def _name_in(part: str, several: bool) -> str:
    """The part where it ends as a name does; beside another name also what it holds before words hung on it."""
    if len(part) > _LEAST and re.match(_NAME, part, re.IGNORECASE):
        return part
    return next(iter([*_bare(part), *without_tail(part)]), "") if several else ""


def _is_place(part: str) -> bool:
    return find_region.place_length(part) == len(part) > 0


def _outside_and_inside(line: str) -> list[str]:
    """A name and those that stand in brackets in it; brackets that hold no name stay where they are."""
    line = line + ")" * (line.count("(") - line.count(")"))
    inside = [
        match[1]
        for match in re.finditer(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)", line)
        if (match.start() == 0 and len(match[1]) >= 2) or _is_name(match[1])
    ]
    for name in inside:
        line = line.replace(f"({name})", "\n")
    return [part for part in [*line.split("\n"), *inside] if part.strip(" ()/|-_,;:，；：、。")]


def _is_name(text: str) -> bool:
    """The text ends as a firm's name does, and is not the part of a branch behind its parent's name."""
    is_part = re.search(r"^.{0,8}(?:分公司|支公司|分行|支行|分厂|分社)$", text)
    return len(text) > _LEAST and not is_part and re.match(_NAME, text, re.IGNORECASE) is not None


def _bare(text: str) -> Iterator[str]:
    """A name without the words that are hung on it, before, behind and within."""
    rest = text
    for pattern in (_TAIL, _PRAISE_BEHIND):
        if (match := re.match(pattern, rest.lower())) and len(match[1]) >= _LEAST and not _belongs(rest, match[1]):
            rest = rest[: len(match[1])]
    rest = _without_prefix(rest)
    inside = re.sub(_PRAISE_INSIDE, "", rest)
    if inside != rest and len(inside) >= _LEAST:
        yield inside
    if rest != text:
        yield rest


def _belongs(text: str, bare: str) -> bool:
    """What stands behind the bare name is a part of it: the number of a chain's branch, or a place in brackets."""
    places = re.findall(r"\(([^()]*)\)", text[len(bare) :])
    if any(not re.search(r"店$|\d号", place) and find_region.place_length(place) for place in places):
        return True
    return _of_chain(text, bare)


def _of_chain(text: str, parent: str) -> bool:
    """The text is the name of a numbered branch of a chain."""
    return bool(re.search(_CHAINS, parent)) and bool(re.search(rf"(?<!168){_NUMERAL}(?:号|分)*+店$", text))


def _without_prefix(text: str) -> str:
    """The name behind praise; behind 原, 新 or 老 where a place follows that the name did not begin with before."""
    rest = re.sub(_PRAISE_BEFORE, "", text, flags=re.IGNORECASE)
    match = re.match(_BEFORE_PLACE, rest)
    if match and not find_region.read(rest, "")[0]:
        bracketed = match[0][0] == "(" and ")" in match[0]
        if bracketed or find_region.read(rest[match.end() :], "")[0]:
            return rest[match.end() :]
    return rest


def trade_behind(body: str) -> str:
    """Brand and trade of a name whose trade stands before its brand, in their usual order; '' of any other name."""
    at = 0
    while size := next((n for n in (6, 5, 4, 3, 2) if body[at : at + n] in trade_words.WORDS), 0):
        at += size
    rest = body[at:]
    if not at or not 2 <= len(rest) <= 4 or trade_words.begins(rest) or rest[-2:] in trade_words.WORDS:
        return ""
    return rest + body[:at]
