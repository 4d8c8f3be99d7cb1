"""How the names of invented firms come back as people write them, besides the disguises of `invented_names`."""

import random
from collections.abc import Callable
from functools import cache

from benchmarks.invented_names import BRANDS, COMMON_TRADES, SYLLABLES, Firm, disguise
from chalicelib.matching.character_variants import BITS, syllables
from chalicelib.matching.edits.near_characters import sounds_near
from chalicelib.matching.tables.near_look_characters import COMPONENTS, NEAR_LOOKS
from chalicelib.matching.tables.simplified_and_readings import SIMPLIFIED, TRADITIONAL

_ENGLISH = {
    "商贸": "Trading", "贸易": "Trading", "科技": "Technology", "电子科技": "Electronic Technology", "食品": "Food",
    "物流": "Logistics", "服饰": "Apparel", "家具": "Furniture", "化工": "Chemical", "广告": "Advertising",
    "建筑工程": "Construction Engineering", "机械设备": "Machinery Equipment", "网络科技": "Network Technology",
}  # fmt: skip
_HUNG = (
    "{}-天猫",
    "{}抖音店",
    "{}（官方认证）",
    "{}2店",
    "{}（总店）",
    "原{}",
    "正宗{}",
    "【{b}】{}",
    "{b}旗舰店（{}）",
    "{}/{b}",
)
_DAMAGED = (  # how a program writes a text that it does not understand
    lambda text: text.encode("unicode_escape").decode(),
    lambda text: text.encode("gbk", "ignore").decode("latin-1"),
    lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    lambda text: "".join(f"&#x{ord(char):x};" for char in text),
    lambda text: text[:4] + "<br>" + text[4:],
)
_FORMERLY = ("{1}（曾用名：{0}）", "{1}，原{0}", "{1}（原名：{0}）", "{0}（现{1}）")


def _read(text: str) -> str:
    return "".join(syllables(text))


def _letters(firm: Firm) -> str:
    return _read(firm.name)


def _one_lost(rng: random.Random, firm: Firm) -> str:
    text = _letters(firm)
    at = rng.randrange(2, len(text) - 14) if len(text) > 24 else 0
    return (text[:at] + text[at + 1 :]).upper() if at else ""


def _words(_: random.Random, firm: Firm) -> str:
    place = firm.place.removesuffix("市") if len(firm.place) > 2 else firm.place
    return " ".join(_read(part).capitalize() for part in (place, firm.brand, firm.trade, firm.form) if part)


def _english(_: random.Random, firm: Firm) -> str:
    trade = _ENGLISH.get(firm.trade, "") if firm.form.endswith("公司") else ""
    place = firm.place.removesuffix("市") if len(firm.place) > 2 else firm.place
    head = " ".join(_read(part).capitalize() for part in (place, firm.brand) if part)
    return f"{head} {trade} Co., Ltd." if trade and place else ""


def _cut(_: random.Random, firm: Firm) -> str:
    text = " ".join(syllables(firm.name)).upper()
    return text[:45].strip() if len(text) > 48 else ""


@cache
def _nearly_drawn() -> dict[str, str]:
    near = {line[0]: line[1:] for line in NEAR_LOOKS.splitlines()}
    for char, others in list(near.items()):
        for other in others:
            near[other] = near.get(other, "") + char
    return {char: "".join(other for other in others if other in BITS) for char, others in near.items()}


@cache
def _made_of() -> dict[str, str]:
    return {line[0]: line[1:3] for line in COMPONENTS.splitlines()}


def _with_brand(firm: Firm, brand: str) -> str:
    """The firm's name with another brand; empty without one."""
    return Firm(firm.code, firm.place, brand, firm.trade, firm.form).name if brand and firm.place else ""


def _one_changed(rng: random.Random, firm: Firm, others: Callable[[str], str | list[str]]) -> str:
    """The name with one character of the brand, which has others of that kind, put for one of them."""
    at = rng.randrange(len(firm.brand))
    choices = others(firm.brand[at])
    return _with_brand(firm, firm.brand[:at] + rng.choice(choices) + firm.brand[at + 1 :]) if choices else ""


def _near_sound(rng: random.Random, firm: Firm) -> str:
    common = [char for char in SYLLABLES if char in BITS]
    return _one_changed(rng, firm, lambda char: [other for other in common if sounds_near(char, other)])


def _all_by_sound(rng: random.Random, firm: Firm) -> str:
    brand = ""
    for char in firm.brand:
        others = [c for c, syllable in SYLLABLES.items() if syllable == SYLLABLES.get(char) and c in BITS and c != char]
        if not others:
            return ""
        brand += rng.choice(others)
    return _with_brand(firm, brand)


def _alike_in_sound(rng: random.Random, text: str) -> str:
    """Each character of the text as another that sounds alike, where there is one."""
    others = ([c for c, s in SYLLABLES.items() if s == SYLLABLES.get(char) and c in BITS] for char in text)
    return "".join(rng.choice(alike) if alike else char for char, alike in zip(text, others, strict=True))


def _doubled(rng: random.Random, firm: Firm) -> str:
    parts = [firm.place, firm.brand, firm.trade, firm.form]
    at = rng.choice([n for n, part in enumerate(parts) if len(part) > 1])
    return "".join(part * (1 + (n == at)) for n, part in enumerate(parts))


def _letters_beside(rng: random.Random, firm: Firm) -> str:
    """The name with the reading of its brand, or the initials of that, beside it."""
    if not firm.place or not set(firm.brand) <= SYLLABLES.keys():
        return ""
    read = _read(firm.brand)
    beside = rng.choice((f"（{read}）", read.upper(), "".join(s[0] for s in syllables(firm.brand)).upper()))
    ruby = "".join(f"{char}（{_read(char)}）" for char in firm.brand)
    return _with_brand(firm, rng.choice((firm.brand + beside, ruby)))


def _addressed(rng: random.Random, firm: Firm) -> str:
    address = f"{firm.place}梧桐路{rng.randrange(1, 300)}号{rng.randrange(1, 9)}栋{rng.randrange(101, 999)}室"
    return rng.choice(("{a}{n}", "{n}{a}", "{n}（{a}）")).format(a=address, n=firm.name) if firm.place else ""


def _masked(rng: random.Random, firm: Firm) -> str:
    at = rng.randrange(len(firm.brand))
    return (
        _with_brand(firm, firm.brand[:at] + rng.choice("某*□X") + firm.brand[at + 1 :]) if len(firm.brand) > 2 else ""
    )


def _trade_by_sound(rng: random.Random, firm: Firm) -> str:
    trade = _alike_in_sound(rng, firm.trade)
    return Firm(firm.code, firm.place, firm.brand, trade, firm.form).name if firm.trade in COMMON_TRADES else ""


def _form_by_sound(rng: random.Random, firm: Firm) -> str:
    form = _alike_in_sound(rng, firm.form)
    return Firm(firm.code, firm.place, firm.brand, firm.trade, form).name if firm.form == "有限公司" else ""


def _split(rng: random.Random, firm: Firm) -> str:
    at = rng.randrange(len(firm.brand))
    parts = _made_of().get(firm.brand[at], "")
    return _with_brand(firm, firm.brand[:at] + parts + firm.brand[at + 1 :]) if parts else ""


def _is_stock(firm: Firm) -> bool:
    return firm.form == "股份有限公司" and len(firm.brand) <= 3


def _short_with_trade(_: random.Random, firm: Firm) -> str:
    return firm.brand + firm.trade[0] + firm.trade[2:3] if _is_stock(firm) else ""


def _taiwan(_: random.Random, firm: Firm) -> str:
    if not _is_stock(firm):
        return ""
    name = firm.place + firm.brand + firm.trade + "(股)公司"
    return name.translate(str.maketrans(SIMPLIFIED[::-1], TRADITIONAL[::-1]))


def _tones(_: random.Random, firm: Firm) -> str:
    marked = str.maketrans(dict(zip("aeiou", "āéǐòū", strict=True)))
    return _with_brand(firm, _read(firm.brand).translate(marked))


def _two(rng: random.Random, firm: Firm) -> str:
    """A brand that was changed, in a name that something is hung on, or whose trade was left out."""
    changed = disguise(rng.choice([kind for kind in BRANDS if kind != "pinyin"]), firm, rng)
    if not changed or not firm.place:
        return ""
    if rng.random() < 0.5:
        return rng.choice(_HUNG).format(changed, b=firm.brand)
    return changed.removesuffix(firm.form)


def _works(_: random.Random, firm: Firm) -> str:
    return firm.place + firm.brand + firm.trade + "加工厂" if firm.form == "厂" and firm.place else ""


WRITTEN: dict[str, Callable[[random.Random, Firm], str]] = {
    "trade_left_out": lambda _, f: f.place + f.brand + f.form if f.place else "",
    "trade_added": lambda rng, f: f.place + f.brand + rng.choice(COMMON_TRADES) + f.trade + f.form if f.place else "",
    "words_hung_on": lambda rng, f: rng.choice(_HUNG).format(f.name, b=f.brand) if f.place else "",
    "former_name": lambda rng, f: rng.choice(_FORMERLY).format(f.name, "洛阳市禾屿川食品有限公司"),
    "place_inside": lambda _, f: f.brand + f.place + f.trade + f.form if f.place else "",
    "pinyin_words": _words,
    "pinyin_joined": lambda _, f: _letters(f),
    "pinyin_no_place": lambda _, f: _read(f.brand + f.trade + f.form),
    "pinyin_cut": _cut,
    "pinyin_letter_lost": _one_lost,
    "english": _english,
    "initials": lambda _, f: f.place + "".join(s[0] for s in syllables(f.brand)) + f.trade + f.form if f.place else "",
    "strokes_between": lambda rng, f: f.place + rng.choice("丶丨灬").join(f.brand) + f.trade + f.form,
    "near_sound": _near_sound,
    "all_by_sound": _all_by_sound,
    "split_character": _split,
    "poor_scan": lambda rng, f: _one_changed(rng, f, lambda char: _nearly_drawn().get(char, "")),
    "short_name": lambda _, f: f.brand if _is_stock(f) else "",
    "short_with_trade": _short_with_trade,
    "taiwan_form": _taiwan,
    "tone_marks": _tones,
    "not_seen": lambda _, f: f.place + "\u3164".join(f.brand) + f.trade + f.form if f.place else "",
    "trade_halved": lambda _, f: f.place + f.brand + f.trade[:2] + f.form if f.place and len(f.trade) > 3 else "",
    "trade_first": lambda _, f: f"{f.trade}{f.brand}{f.form}（{f.place}）" if f.place and len(f.brand) > 1 else "",
    "form_of_works": _works,
    "brand_and_trade": lambda _, f: f.brand + f.trade if f.form.endswith("公司") else "",
    "two_written": _two,
    "number": lambda _, f: f.name.translate(str.maketrans("一二三四五", "1②叁4⑤")),
    "damaged_by_program": lambda rng, f: rng.choice(_DAMAGED)(f.name),
    "written_twice": _doubled,
    "letters_beside": _letters_beside,
    "beside_address": _addressed,
    "masked": _masked,
    "trade_by_sound": _trade_by_sound,
    "form_by_sound": _form_by_sound,
    "from_right_to_left": lambda _, f: f.name[::-1],
    "party": lambda rng, f: rng.choice(("委托方{}", "甲方：{}", "供货商{}", "收款单位：{}")).format(f.name),
    "brand_of_shop": lambda _, f: f"{f.place}{f.brand}旗舰店" if f.place else "",
}


def queries(listed: list[Firm], each: int, seed: int) -> list[tuple[str, str, str]]:
    """(kind, name, expected code): so many of each kind."""
    rng = random.Random(seed)
    rows = []
    for kind, write in WRITTEN.items():
        made = 0
        for firm in rng.sample(listed, len(listed)):
            text = write(rng, firm)
            if text and text != firm.name:
                rows.append((kind, text, firm.code))
                made += 1
            if made == each:
                break
    return rows
