"""What place an address names, however it is written: its city, road and number, building, and unit.

An address is compared by its parts. District and street office are left out, for writers leave them out; what is no
narrower than a road is no address to share. GB/T 23705-2009 (addresses in digital cities) has the order of the parts.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.matching import find_region
from chalicelib.matching.character_variants import plain

_DIRECT = ("11", "12", "31", "50")  # municipalities directly under the central government
_HANZI = "零一二三四五六七八九"
_NUMERAL = "[零〇一二三四五六七八九十百两]"
# Patterns are compiled when they are first needed.
# A number is read from its first digit only, and gives none back (`++`), so that no text makes these slow.
# A numeral in hanzi counts as a number before one of these; in 文一路 it is a part of the name.
_COUNTED = rf"(?<!{_NUMERAL})({_NUMERAL}++)(?=号|#|栋|幢|座|单元|层|楼|室|房|弄|组|队|区|期|f\b)"
_MARKED = (
    r"((?<![\da-z])[a-z]?\d++|(?<!\d)\d++|(?<![a-z])[a-z]|(?<=[号路街])[甲乙丙丁])(?:号楼|#楼|栋|幢|座楼|座|b(?!\w))"
)
_FLOOR = r"(?<!\d)(\d++)(?:层|楼|f(?![a-z]))"
_ROOM_WORDS = r"(?<=\d)(?:号室|号房间|号房|房间|室|房|号(?=$|-))"
_OFFICE = r"^[^路街道号\d-]{1,7}?(?:街道办事处|街道办|街道|(?:镇|乡)(?!街道|镇)|社区|办事处)(?=.{4})"
_ROAD = r"(?:路|街|道|巷|弄|胡同|里|坊|线|组|村|队|大厦|广场|中心|园|城|大楼|商厦|小区|公寓|花园|苑|市场|湾|庄)"
_NUMBER = r"(?<=[^\d-])(\d+(?:-\d+)*)号"
_CITY = r"^(?:[^省路街号\d]{2,8}?(?:省|自治区))?([^路街道号\d]{2,6}?(?:市|州|盟|地区))"
_DISTRICT = r"^[^路街道号\d镇乡村]{1,6}?(?:新区|开发区|高新区|区|县|市|旗)(?=.{4})"
# Words that name no building: 办公楼一楼 is anywhere.
_GENERAL = r"办公楼|办公室|综合楼|主楼|厂房|宿舍|门面房|门面|门市|商铺|车间|仓库|自编|临街|楼|室|第|号|层"


@dataclass(frozen=True, slots=True)
class Address:
    """An address by its parts; `place` is road, number and whatever else is named, '' where nothing narrow is."""

    city: str
    place: str
    building: str = ""
    unit: str = ""

    @property
    def whole(self) -> str:
        """The address with its unit; '' of what is no address to share."""
        return f"{self.without_unit}|{self.unit}" if self.unit and self.place else self.without_unit

    @property
    def without_unit(self) -> str:
        """The address as somebody writes it who leaves the unit out."""
        return "|".join(part for part in (self.city, self.place, self.building) if part) if self.place else ""

    def same(self, other: "Address") -> bool:
        """One place: the same building, and the same unit unless one of the two leaves it out."""
        units = not self.unit or not other.unit or self.unit == other.unit
        return bool(self.place) and units and self.without_unit == other.without_unit


@lru_cache(maxsize=5_000)
def read_address(text: str, division: str = "") -> Address:
    """The parts of an address; `division` is that of the subject's registrar, which tells two cities' districts apart.

    Without a city, and where several cities have a district of the name, nothing is told of where it is: no place.
    """
    written = _even(text)
    at, divisions, codes = find_region.read(written, "")
    rest = written[at:]
    city = _city(codes, division)
    if not divisions and (match := re.match(_CITY, written)):
        city, rest = match[1], written[match.end() :]
    if divisions or city:
        rest = re.sub(_DISTRICT, "", rest, count=1)
    bare = re.sub(_OFFICE, "", re.sub(_OFFICE, "", rest, count=1), count=1)
    rest = bare if re.search(r"路|街|道|巷|弄|胡同|大厦|广场|园", bare) else rest
    place, building, unit = _parts(rest)
    return Address(city, place, building, unit) if city and place else Address("", "")


def _even(text: str) -> str:
    """The text in one width, case and script, without notes and marks; # and hyphens stay, numerals are digits."""
    text = unicodedata.normalize("NFKC", text).replace("—", "-").replace("–", "-")
    text = re.sub(rf"(?<=\d|{_NUMERAL})之(?=\d|{_NUMERAL})", "-", text)  # 3之2, and not 祖冲之路
    text = "".join(mark if mark in "-#" else plain(mark) for mark in re.split(r"([-#])", text))
    text = re.sub(
        r"\(([^()]*)\)",
        lambda note: note[1] if re.search(r"\d(?:栋|幢|座|号|层|室|楼)|^\d[\d-]*$", note[1]) else "",
        text,
    )
    text = text.replace("(", "").replace(")", "")
    text = re.sub(_COUNTED, lambda numeral: str(_value(numeral[1])), text)
    return re.sub(r"第(?=\d)", "", text).replace("大道", "路").removesuffix("内")


def _value(numeral: str) -> int | str:
    """The number that a numeral in hanzi says, by places (四七八) or by tens (四十八)."""
    numeral = numeral.replace("〇", "零").replace("两", "二")
    if "十" not in numeral and "百" not in numeral:
        return "".join(str(_HANZI.index(char)) for char in numeral)
    hundreds, _, rest = numeral.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = 100 * _digit(hundreds, 1) if "百" in numeral else 0
    return value + (10 * _digit(tens.strip("零"), 1) if ten else 0) + _digit(ones.strip("零"), 0)


def _digit(char: str, empty: int) -> int:
    return _HANZI.index(char[-1]) if char and char[-1] in _HANZI else empty


def _city(codes: tuple[str, ...], division: str) -> str:
    """The one city in which the divisions lie: by themselves, or by the registrar where they leave it open."""
    cities = {_of_city(code) for code in codes if len(code) >= 4 or code in _DIRECT}
    if len(cities) > 1 and len({code[:2] for code in cities}) == 1 and all(len(code) == 6 for code in cities):
        return min(cities, key=lambda code: (code[2:4] > "20", code))  # one county, under another prefecture before
    if len(cities) == 1:
        return cities.pop()
    registrar = _of_city(division) if division.isdigit() else ""
    if not codes or registrar in cities or (not cities and any(division.startswith(code) for code in codes)):
        return registrar
    return ""


def _of_city(code: str) -> str:
    """A city without its districts, or a county by itself: GB/T 2260 numbers districts of cities from 01 to 20."""
    if len(code) == 6 and (code[4:] > "20" or (code[2:4] > "20" and code[:2] not in _DIRECT)):
        return code
    return code[:2] if code[:2] in _DIRECT else code[:4]


def _parts(text: str) -> tuple[str, str, str]:
    """Place, building and unit of what follows the divisions; no place where nothing narrow is named."""
    text = re.sub(_MARKED, r"-\1=-", text.replace("#楼", "号楼"))
    text = re.sub(_FLOOR, r"-\1^-", text.replace("#", "号"))
    text = re.sub(r"(?<!\d)(\d++)单元", r"-\1-", text)
    head, end, tail = re.sub(_NUMBER, r"\1;", text, count=1).partition(";")
    tail = re.sub(r"(?<!\d)(\d++)号(?=\d)", r"-\1=-", tail)  # 198号8号101: the second is the building's
    text = re.sub(_ROOM_WORDS, "-", head + end + tail)
    head, _, tail = text.partition(";") if ";" in text else _at_first_number(text)
    named = re.sub(r"[\d^=a-z-]+", "", tail)
    numbers = re.findall(r"[\da-z甲乙丙丁]+[\^=]?", re.sub(r"[^\da-z^=甲乙丙丁-]+", "-", tail))
    if not re.search(r"\d", text) or not _is_narrow(head, named):
        return "", "", ""
    building = next((n for n in numbers if n.endswith("=")), "")
    if not building and len(numbers) > 1 and not numbers[0].endswith("^"):
        building = numbers[0]
    rest = [n for n in numbers if n != building] if building else numbers
    rest = [n for n, room in zip(rest, [*rest[1:], ""], strict=False) if not _is_floor_of(n, room)]
    return head.strip("-") + (f"/{named}" if named else ""), building.strip("="), "-".join(rest)


def _is_floor_of(floor: str, room: str) -> bool:
    """The floor is said by the number of the room behind it too: 12层1203."""
    return floor.endswith("^") and len(room) >= 3 and room.startswith(floor[:-1])


def _at_first_number(text: str) -> tuple[str, str, str]:
    """The text before its first number, and from there: a named building with its floor and room."""
    match = re.search(r"(?<![a-z])[a-z]?\d", text)
    at = match.start() if match else len(text)
    return text[:at], "", text[at:]


def _is_narrow(head: str, named: str) -> bool:
    """A road with a number, or a building or village with a name of its own."""
    words = re.sub(_GENERAL, "", re.sub(r"[\d=^a-z-]", "", head + named))
    return len(words) >= 2 and re.search(_ROAD, head + named) is not None
