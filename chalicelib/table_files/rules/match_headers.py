"""What a column is, from what its header says: many spellings, one canonical field.

Headers are compared after NFKC, in lower case, without spaces, separators and marks of obligation; text in
brackets is first read as part of the header, then left out, then read alone. 双公示 tables number their
codes differently from edition to edition (行政相对人代码_3 is a registration number in one and an organisation code in
another), so a numbered code is decided by the text in its brackets, never by its number.

>>> field_of("＊ 统一社会信用代码（必填）："), field_of("行政相对人代码_5（居民身份证号）"), field_of("备注")
('uscc', 'id_no', '')
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.table_files.rules.header_synonyms import HEADER_SYNONYMS

# Fields that hold a day: workbooks store them as numbers.
DAY_FIELDS = frozenset(
    {"evicted_on", "listed_on", "removed_on", "decided_on", "publish_until", "expires_on", "established_on"}
    | {"revoked_on", "repaired_on", "listed_or_established_on", "left_on"}
)
# What a list says of the state of its own entry.
STATE_FIELDS = frozenset(
    {"entry_state", "is_revoked", "is_removed", "is_repaired", "is_unpublished", "is_over", "has_objection", "is_valid"}
    | {"is_listed", "is_published", "publication_state", "listing_state", "record_state"}
)
# What a platform says of how a shop stands with it.
SHOP_STATE_FIELDS = frozenset({"shop_state", "has_left", "is_hosted", "left_on"})
# The only tables of one column that make sense: a list of codes.
CODE_FIELDS = frozenset({"uscc", "uscc_or_regno", "registration_no"})
# Several columns of these are read together; of any other field the first that is filled counts.
JOINED_FIELDS = (
    frozenset({"reason_text", "measure", "penalty_kind", "penalty_name", "withdrawn_papers", "shop_state"})
    | STATE_FIELDS
)

# Fields that many tables have which are no reports and no lists: they do not help to recognise a header row.
_COMMON_FIELDS = (
    STATE_FIELDS | SHOP_STATE_FIELDS | {"source_id", "op", "updated_at", "pripid", "platform", "entity_type", "status"}
)

_BRACKETS = re.compile(r"[(\[{【〔《<]([^()\[\]{}【】〔〕《》<>]*)[)\]}】〕》>]")
_SEPARATORS = re.compile("[\\s:*_\\-—–/\\\\,.;、。·'\"“”‘’`|#?!★※＊\u200b-\u200f\u2060\ufeff()\\[\\]{}【】〔〕《》<>]+")
_OBLIGATION = re.compile(r"^(?:必填|选填|可选|必须|required|optional)+|(?:必填|选填|可选|必填项|required|optional)+$")
_NUMBERED_CODE = re.compile(r"(?:行政)?(?:相对人|处罚对象|许可对象)代码\d?")
_HANZI = re.compile("[\u3400-\u9fff]+")
# 清退日期EvictionDate says it twice; 企业ID does not mean 企业.
_BILINGUAL = re.compile(r"(?<![a-z _])[ _]*+[a-z][a-z _]{3,}+(?<!id)(?<!no)(?<!code)$", re.IGNORECASE)
# CF_ZT当前状态: the standard's abbreviation before its own words.
_ABBREVIATED = re.compile(r"((?:cf|xk)(?:_[a-z0-9]+)+)[\s_]*([\u3400-\u9fff].*)", re.IGNORECASE)
_LONGEST = 60


def squeeze(text: str) -> str:
    """A header as it is compared: NFKC, lower case, without spaces and separators."""
    return _OBLIGATION.sub("", _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).lower()))


def without_brackets(text: str) -> str:
    """A header without what stands in brackets."""
    return _BRACKETS.sub("", text)


def _index() -> tuple[dict[str, str], dict[str, int]]:
    fields: dict[str, str] = {}
    ranks: dict[str, int] = {}
    for field, words in HEADER_SYNONYMS.items():
        for rank, word in enumerate([field, *words.split("|")]):
            key = squeeze(word)
            if fields.setdefault(key, field) == field:
                ranks.setdefault(key, rank)
    return fields, ranks


_FIELDS, _RANKS = _index()


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of one table are: which place holds which field, and what the file calls it.

    `places` holds one place per field; `more` the further places of a field that several columns name; `cells` is
    the header row.
    """

    places: dict[str, int]
    more: tuple[tuple[str, int], ...]
    headers: dict[str, str]
    width: int
    cells: Sequence[str] = ()

    @property
    def named_width(self) -> int:
        """How many columns there are up to the last that has a name."""
        return max((place for place, cell in enumerate(self.cells) if cell.strip()), default=-1) + 1

    def significant_fields(self) -> int:
        """How many fields say that this is a header row."""
        return sum(field not in _COMMON_FIELDS for field in self.places)

    def unread(self) -> tuple[str, ...]:
        """The headers that are not understood, in their order."""
        read = {*self.places.values(), *(place for _field, place in self.more)}
        return tuple([cell for place, cell in enumerate(self.cells) if place not in read and 0 < len(cell) <= _LONGEST])


def field_of(header: str) -> str:
    """The canonical field that a header names, '' if it is not understood; a long text is no header."""
    return _resolve(header)[0] if len(header) <= _LONGEST else ""


def is_joined(field: str, first: str, text: str) -> bool:
    """Whether a further column of the field adds to what its first one says: of states every other word does."""
    if field not in JOINED_FIELDS:
        return False
    return text not in (first.split("；") if field in STATE_FIELDS else first)


def read_header(cells: Sequence[str]) -> Columns:
    """The columns of a table whose header row has these cells; of two for one field the surer name leads."""
    best: dict[str, tuple[int, int]] = {}
    named: list[tuple[int, str, int]] = []
    for place, cell in enumerate(cells):
        field, rank = _resolve(cell) if cell and len(cell) <= _LONGEST else ("", 0)
        if field:
            named.append((place, field, rank))
            best[field] = min(best.get(field, (rank, place)), (rank, place))
    places = {field: place for field, (_rank, place) in best.items()}
    more = tuple((field, place) for place, field, _rank in named if places[field] != place)
    return Columns(
        places=places,
        more=more,
        headers={field: cells[place].strip() for field, place in places.items()},
        width=len(cells),
        cells=cells,
    )


@lru_cache(maxsize=4096)
def _resolve(header: str) -> tuple[str, int]:
    text = unicodedata.normalize("NFKC", header).strip()
    hint = "".join(_BRACKETS.findall(text))
    bare = without_brackets(text)
    if _NUMBERED_CODE.fullmatch(squeeze(bare)):
        # Without brackets only the first is the same in every edition.
        wanted = hint or ("统一社会信用代码" if squeeze(bare).endswith("1") else "")
        column = _look_up(wanted)
        # A code of several kinds (统一社会信用代码或组织机构代码) is told by its shape.
        return column if column[0] or "信用代码" not in wanted else _look_up("uscc_or_regno")
    abbreviated = _ABBREVIATED.fullmatch(bare)
    for reading in (text, bare, hint, *(abbreviated.groups() if abbreviated else ())):
        column = _look_up(reading)
        if column[0]:
            return column
    parts = {_look_up(part) for part in re.split(r"[/|、]|\s+", bare)} - {("", 0)}
    if len({field for field, _rank in parts}) == 1:
        return min(parts)
    return _look_up("".join(_HANZI.findall(bare))) if _BILINGUAL.search(bare) else ("", 0)


def _look_up(text: str) -> tuple[str, int]:
    # 做出 is how portals misspell 作出 (做出处罚的日期).
    key = squeeze(text).replace("做出", "作出")
    for candidate in (key, re.sub(r"^(?:第?[0-9一二三四五六七八九十]{1,2}(?:列|栏|项)?)(?=\D)", "", key)):
        field = _FIELDS.get(candidate, "")
        if field:
            return field, _RANKS[candidate]
    return "", 0
