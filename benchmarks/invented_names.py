"""Invented firms and the ways in which their names come back: the benchmark's own register and queries.

Nothing here is taken from a register: brands are drawn character by character, trades and places by hand-set
weights. The same seed gives the same names for ever.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from chalicelib.matching import find_region
from chalicelib.matching.character_variants import BITS
from chalicelib.matching.tables.lookalike_characters import LOOKALIKES
from chalicelib.matching.tables.simplified_and_readings import READINGS, SIMPLIFIED, TRADITIONAL
from chalicelib.matching.tables.trade_words import TRADES

# The first readings of a dictionary, which the matcher corrects: the names of a seed stay the same when it learns.
SYLLABLES = {char: line.split(" ")[0] for line in READINGS.splitlines() for char in line.partition(" ")[2]}
_COMMON = """
    商贸 贸易 科技 实业 建筑工程 房地产开发 物业管理 广告 物流 机械 电子科技 种植
    养殖 建材 电子商务 装饰工程 服饰 经贸 工贸 投资 运输 建设工程 食品 信息技术
    网络科技 汽车销售服务 机电设备 农业开发 文化传媒 机械设备 电子 物资 种养殖 农机
    医药 餐饮管理 服装 家具 化工 电器 五金 装饰 建筑劳务 置业 房地产 物业服务 咨询
    酒店管理 教育咨询 人力资源 环保科技 园林绿化
    """
COMMON_TRADES = tuple(_COMMON.split())
FORMS = {
    "company": ("有限公司", "有限责任公司", "股份有限公司"),
    "cooperative": ("专业合作社", "农民专业合作社"),
    "works": ("厂", "经营部", "商行", "店"),
}


@dataclass(frozen=True, slots=True)
class Firm:
    """An invented firm: its code and the parts its name is made of."""

    code: str
    place: str
    brand: str
    trade: str
    form: str

    @property
    def name(self) -> str:
        """The name as registered."""
        return self.place + self.brand + self.trade + self.form


@cache
def _places() -> tuple[list[tuple[str, str]], dict[str, str]]:
    """(name, code) of every division with its full name; code -> full name."""
    full: dict[str, str] = {}
    for name in sorted(find_region.every()):
        division = find_region.division(name)
        if (
            division
            and not division.doubtful
            and len(division.codes) == 1
            and name[-1] in "省市县区旗州"
            and 3 <= len(name) <= 5
        ):
            full.setdefault(division.codes[0], name)
    return [(name, code) for code, name in full.items()], full


@cache
def _brand_chars() -> tuple[list[str], list[float]]:
    chars = [c for c in BITS if "一" <= c <= "龥"]
    return chars, [2.0 ** -BITS[c] for c in chars]


@cache
def _near() -> dict[str, str]:
    return {line[0]: line[1:] for line in LOOKALIKES.splitlines()}


@cache
def _alike_in_sound() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for char, syllable in SYLLABLES.items():
        if char in BITS:
            groups.setdefault(syllable, []).append(char)
    return groups


def firms(count: int, seed: int) -> list[Firm]:
    """So many firms with distinct names."""
    rng = random.Random(seed)
    places, full = _places()
    weights = [{2: 30.0, 4: 6.0, 6: 0.6}[len(code)] for _, code in places]
    chars, shares = _brand_chars()
    trades = [t for t in TRADES.split() if 2 <= len(t) <= 4]
    made: dict[str, Firm] = {}
    while len(made) < count:
        place, code = rng.choices(places, weights)[0]
        if len(code) == 6 and code[:4] in full and rng.random() < 0.3:
            place = full[code[:4]] + place
        if rng.random() < 0.4 and len(code) < 6 and place[-1] in "省市" and len(place) > 2:
            place = place[:-1]
        brand = "".join(rng.choices(chars, shares, k=rng.choices((2, 3, 4), (60, 33, 7))[0]))
        trade = rng.choice(COMMON_TRADES) if rng.random() < 0.55 else rng.choice(trades)
        if rng.random() < 0.2:
            trade += rng.choice(("发展", "服务", "设备", "工程", "销售", "制造", "开发"))
        kind = rng.choices(("company", "cooperative", "works"), (85, 8, 7))[0]
        division = (code + "0000")[:6] if len(code) < 6 else code
        if rng.random() < 0.05:
            place = ""
        number = rng.randrange(10**9)
        firm = Firm(f"91{division}X{number:09d}", place, brand, trade, rng.choice(FORMS[kind]))
        made.setdefault(firm.name, firm)
    return list(made.values())


def _at(rng: random.Random, text: str) -> int:
    return rng.randrange(len(text))


def _same_sound(rng: random.Random, f: Firm) -> str:
    at = _at(rng, f.brand)
    others = [c for c in _alike_in_sound().get(SYLLABLES.get(f.brand[at], ""), []) if c != f.brand[at]]
    return f.brand[:at] + rng.choice(others) + f.brand[at + 1 :] if others else ""


def _same_look(rng: random.Random, f: Firm) -> str:
    at = _at(rng, f.brand)
    others = _near().get(f.brand[at], "")[:6]
    return f.brand[:at] + rng.choice(others) + f.brand[at + 1 :] if others else ""


def _added(rng: random.Random, f: Firm) -> str:
    at = rng.randrange(1, len(f.brand) + 1)
    return f.brand[:at] + rng.choice("鑫盛达美佳新源金华丰优大") + f.brand[at:]


def _dropped(rng: random.Random, f: Firm) -> str:
    at = _at(rng, f.brand)
    return f.brand[:at] + f.brand[at + 1 :] if len(f.brand) > 2 else ""


def _swapped(rng: random.Random, f: Firm) -> str:
    at = rng.randrange(len(f.brand) - 1)
    new = f.brand[:at] + f.brand[at + 1] + f.brand[at] + f.brand[at + 2 :]
    return new if new != f.brand else ""


def _spelt(_: random.Random, f: Firm) -> str:
    return "".join(SYLLABLES.get(c, c) for c in f.brand)


def _place_dropped(_: random.Random, f: Firm) -> Firm | None:
    return Firm(f.code, "", f.brand, f.trade, f.form) if f.place else None


def _place_other(rng: random.Random, f: Firm) -> Firm | None:
    """市 put or left out, or the province put before."""
    province = _places()[1].get(f.code[:2], "")
    if province and not f.place.startswith(province[:2]) and rng.random() < 0.5:
        return Firm(f.code, province + f.place, f.brand, f.trade, f.form)
    if f.place.endswith(("市", "县")) and len(f.place) > 2:
        return Firm(f.code, f.place[:-1], f.brand, f.trade, f.form)
    return None


def _form_changed(_: random.Random, f: Firm) -> Firm | None:
    new = {
        "有限公司": "有限责任公司",
        "有限责任公司": "有限公司",
        "专业合作社": "农民专业合作社",
        "农民专业合作社": "专业合作社",
    }.get(f.form)
    return Firm(f.code, f.place, f.brand, f.trade, new) if new else None


def _form_dropped(_: random.Random, f: Firm) -> Firm | None:
    return Firm(f.code, f.place, f.brand, f.trade, "")


BRANDS: dict[str, Callable[[random.Random, Firm], str]] = {
    "homophone": _same_sound,
    "lookalike": _same_look,
    "added": _added,
    "dropped": _dropped,
    "swapped": _swapped,
    "pinyin": _spelt,
}
PARTS: dict[str, Callable[[random.Random, Firm], Firm | None]] = {
    "place_dropped": _place_dropped,
    "place_other": _place_other,
    "form_changed": _form_changed,
    "form_dropped": _form_dropped,
}
_DECORATIONS = ("【官方】{}", "★{}★", "“{}”", "{}（官方）", "{}®", "[正品]{}", "✨{}")
_BRACKETS = ("{}（{}）{}", "{}({}){}", "{}【{}】{}")
TEXTS: dict[str, Callable[[random.Random, Firm], str]] = {
    "traditional": lambda _, f: f.name.translate(str.maketrans(SIMPLIFIED[::-1], TRADITIONAL[::-1])),
    "width": lambda rng, f: f.place + rng.choice((" ", "\u3000", "·", "\u200b")) + f.brand + f.trade + f.form,
    "decorated": lambda rng, f: rng.choice(_DECORATIONS).format(f.name),
    "brackets": lambda rng, f: rng.choice(_BRACKETS).format(f.brand, f.place, f.trade + f.form) if f.place else "",
}
SHOPS: dict[str, Callable[[random.Random, Firm], str]] = {
    "flagship": lambda rng, f: f.brand + rng.choice((f.trade, "", f.trade)) + rng.choice(("旗舰店", "官方旗舰店")),
    "franchise": lambda rng, f: rng.choice(("雅芙", "卡妮丝", "奥贝", "LUMI")) + f.brand + "专卖店",
    "exclusive": lambda _, f: f.brand + f.trade + "专营店",
}


def disguise(kind: str, firm: Firm, rng: random.Random) -> str:
    """The firm's name in a disguise; empty where that kind cannot be made of it."""
    if kind in BRANDS:
        brand = BRANDS[kind](rng, firm)
        return Firm(firm.code, firm.place, brand, firm.trade, firm.form).name if brand else ""
    if kind in PARTS:
        changed = PARTS[kind](rng, firm)
        return changed.name if changed else ""
    return {**TEXTS, **SHOPS}[kind](rng, firm)


def doubly(firm: Firm, rng: random.Random) -> str:
    """Two disguises at once: a change of the brand under a change of another part, of the text or of the brand."""
    first = rng.choice(list(BRANDS))
    brand = BRANDS[first](rng, firm)
    if len(brand) < 2:
        return ""
    changed = Firm(firm.code, firm.place, brand, firm.trade, firm.form)
    other = rng.choice([*PARTS, *TEXTS, *(k for k in BRANDS if k not in ("pinyin", first))])
    if first == "pinyin" and other in BRANDS:
        return ""
    return disguise(other, changed, rng)


KINDS = (*TEXTS, *PARTS, *BRANDS, *SHOPS)


def queries(listed: list[Firm], others: list[Firm], each: int, seed: int) -> list[tuple[str, str, str]]:
    """(kind, name, expected code): so many of each kind, of two at once, and every name of firms not listed."""
    rng = random.Random(seed)
    rows = []
    for kind in (*KINDS, "two_at_once"):
        made = 0
        while made < each:
            firm = rng.choice(listed)
            text = doubly(firm, rng) if kind == "two_at_once" else disguise(kind, firm, rng)
            if text and text != firm.name:
                rows.append((kind, text, firm.code))
                made += 1
    taken = {f.name for f in listed}
    rows += [("clean", f.name, "") for f in others if f.name not in taken]
    brands = [f.brand for f in listed]
    for f in others[: len(others) // 3]:
        same = Firm(f.code, f.place, rng.choice(brands), f.trade, f.form)
        if same.name not in taken:
            rows.append(("clean_same_brand", same.name, ""))
    return rows
