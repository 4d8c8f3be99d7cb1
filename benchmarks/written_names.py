"""How the names of invented firms come back as people write them, besides the disguises of `invented_names`."""

import random
from collections.abc import Callable

from benchmarks.invented_names import COMMON_TRADES, Firm
from chalicelib.matching.character_variants import syllables

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
    "number": lambda _, f: f.name.translate(str.maketrans("一二三四五", "1②叁4⑤")),
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
