"""How often one address or phone, written in another way, stays one signal, and how often two become one.

    python -m benchmarks.signals

Divisions are those of GB/T 2260; roads, numbers and phones are invented.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from benchmarks.matching import division_of
from chalicelib.matching import find_region
from chalicelib.matching.readings.addresses import read_address
from chalicelib.values.personal_identifiers import identifying_phones

_ROADS = re.findall("..", "文一人民中山解放建设学院滨江梧桐云麓长安迎宾青年三元五四和平团结兴业复兴")
_KINDS = ("路", "大道", "西路", "东路", "街", "南街", "北路")
_OFFICES = ("", "", "云麓街道", "禾屿镇", "青竹乡")
_HANZI = "零一二三四五六七八九"
_SAME_BUILDING = {"栋": "幢", "幢": "号楼"}
_NOWHERE = ("办公楼一楼", "一楼门面", "自编1号", "3栋801室", "村委会", "无", "人民路", "仓库")
_NO_PHONES = ("13800000000", "12345678", "无", "法人", "00000000", "13811111111", "11111111111", "123456789", "-")


def _divisions() -> tuple[dict[str, str], list[str]]:
    """The longest name of each division, and the codes of those that are a district, county or city in a city."""
    names: dict[str, str] = {}
    for name in find_region.every():
        division = find_region.division(name)
        for code in division.codes if division else ():
            if len(name) > len(names.get(code, "")):
                names[code] = name
    return names, [code for code, name in names.items() if len(code) == 6 and name[-1] in "区县市"]


def _number_in_hanzi(number: int) -> str:
    ones = _HANZI[number % 10] if number % 10 else ""
    tens = ("" if number < 20 else _HANZI[number // 10]) + "十" if number >= 10 else ""
    return tens + (ones if number >= 10 else _HANZI[number])


def addresses(count: int, seed: int) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """(credit code's head, what the address is, the address): in the shapes that registers have."""
    rng = random.Random(seed)
    names, districts = _divisions()
    for _ in range(count):
        code = rng.choice(districts)
        road, number = rng.choice(_ROADS) + rng.choice(_KINDS), rng.randint(1, 999)
        building, unit, room = rng.randint(1, 30), rng.randint(1, 6), rng.randint(101, 909)
        shape = rng.randrange(5)
        end = (
            "",
            f"{building}栋{room}室",
            f"{building}幢{unit}单元{room}室",
            f"{building}层{room}室",
            f"{building}号楼{room}",
        )[shape]
        own = ("", f"{building}", f"{building}", f"{building}层", f"{building}")[shape]
        of_unit = ("", f"{room}", f"{unit}-{room}", f"{room}", f"{room}")[shape]
        head = names.get(code[:2], "") + names.get(code[:4], "") + names[code]
        text = f"{head}{rng.choice(_OFFICES)}{road}{number}号{end}"
        yield f"91{code}X000000001"[:18], (code[:4], road, str(number), own, of_unit), text


CHANGES: dict[str, Callable[[str], str]] = {
    "province left out": lambda a: re.sub(r"^(.{2,3}省|.{2,8}?自治区)", "", a),
    "province and city left out": lambda a: re.sub(r"^(.{2,3}省|.{2,8}?自治区)?.{2,7}?市(?=.{1,6}[区县市])", "", a),
    "district left out": lambda a: re.sub(r"(?<=市)[^市县路街号]{1,4}区", "", a, count=1),
    "street office left out": lambda a: re.sub(r"云麓街道|禾屿镇|青竹乡", "", a),
    "full width": lambda a: re.sub(r"\d", lambda m: chr(ord(m[0]) + 0xFEE0), a),
    "spaces": lambda a: re.sub(r"(\d+)", r" \1 ", a),
    "号 as #": lambda a: a.replace("号", "#"),
    "building and room with hyphens": lambda a: re.sub(
        r"(\d+)(?:栋|幢|号楼)(?:(\d)单元)?(\d+)室?$", lambda m: "-".join(part for part in m.groups() if part), a
    ),
    "栋 as 幢, 幢 as 号楼": lambda a: re.sub("[栋幢]", lambda m: _SAME_BUILDING[m[0]], a),
    "室 left out": lambda a: re.sub(r"室$", "", a),
    "室 as 号房": lambda a: re.sub(r"室$", "号房", a),
    "building in hanzi": lambda a: re.sub(r"(\d+)(?=[栋幢层])", lambda m: _number_in_hanzi(int(m[1])), a),
    "层 as F": lambda a: re.sub(r"(\d+)层", r"\1F", a),
    "第 before the building": lambda a: re.sub(r"(\d+)(?=[栋幢层])", r"第\1", a),
    "a note in brackets": lambda a: a + "（仅限办公使用）",
    "a comma": lambda a: a.replace("号", "号，", 1),
}
PHONES: dict[str, Callable[[str], str]] = {
    "+86, 0086, 86-": lambda p: "+86 " + p,
    "spaces, full width": lambda p: " ".join(chr(ord(c) + 0xFEE0) for c in p),
    "hyphens": lambda p: f"{p[:3]}-{p[3:7]}-{p[7:]}",
    "in brackets": lambda p: f"({p[:3]}){p[3:]}",
    "another beside it": lambda p: f"{p}/0755-26001234",
    "behind another": lambda p: f"13922220007、{p}",
    "beside one that fills in a form": lambda p: f"13800000000,{p}",
    "a name beside it": lambda p: f"王某 {p}",
}
FIXED: dict[str, Callable[[str], str]] = {
    "+86": lambda p: "+86-" + p[1:],
    "an extension": lambda p: p + "-801",
    "转 an extension": lambda p: p + "转801",
    "area code in brackets": lambda p: p.replace("0769-", "(0769)"),
    "without a hyphen": lambda p: p.replace("-", ""),
}


def print_addresses() -> None:
    """The share of each way of writing that stays one address, and how many addresses share a form with another."""
    rows = list(addresses(6_000, seed=5))
    for title, change in CHANGES.items():
        pairs = [(code, a, change(a)) for code, _, a in rows if change(a) != a][:2_000]
        same = sum(read_address(a, division_of(code)).same(read_address(b, division_of(code))) for code, a, b in pairs)
        print(f"{title:34} {same / len(pairs):.3f} of {len(pairs)}")
    held: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    made = {what: (code, a) for code, what, a in addresses(40_000, seed=6)}
    for what, (code, a) in made.items():
        held[read_address(a, division_of(code)).whole].add(what)
    shared = [places for form, places in held.items() if form and len(places) > 1]
    print(f"{'two addresses under one form':34} {len(shared)} of {len(made)}")
    signals = [text for text in _NOWHERE if read_address(text, "440300").whole]
    print(f"{'no place, and yet a signal':34} {len(signals)} of {len(_NOWHERE)}")


def print_phones() -> None:
    """The share of each way of writing under which the same number is filed and asked for."""
    rng = random.Random(7)
    mobile = [f"1{rng.choice('358')}{rng.randrange(10**8, 10**9)}" for _ in range(500)]
    fixed = [f"0769-{rng.randrange(22_000_000, 89_999_999)}" for _ in range(500)]
    for title, numbers, ways in (("mobile", mobile, PHONES), ("fixed", fixed, FIXED)):
        for way, change in ways.items():
            same = sum(not set(identifying_phones(p)).isdisjoint(identifying_phones(change(p))) for p in numbers)
            print(f"{title + ', ' + way:46} {same / len(numbers):.3f}")
    print(
        f"{'no phone, and yet a signal':46} {sum(bool(identifying_phones(p)) for p in _NO_PHONES)} of {len(_NO_PHONES)}"
    )


if __name__ == "__main__":
    print_addresses()
    print_phones()
