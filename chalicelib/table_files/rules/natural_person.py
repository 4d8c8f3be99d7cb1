"""Whether a row is about a natural person: what identifies it decides, and what it says of its subject's type.

A name decides nothing where any number or type is given: 李会芳 and 赵立行 are persons, and a person may trade as
示例商贸有限公司. Only of a row that identifies its subject by a name alone is the name read, and then it must end as
the name of an organisation does (企业名称登记管理规定, article 6), for a person's full name is told to nobody else.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from chalicelib.matching import parse_name
from chalicelib.table_files.rules.row_identifiers import RowIdentity
from chalicelib.values.cell_text import given, is_placeholder, tidy
from chalicelib.values.identity_documents import DOCUMENT_KINDS, OTHER_DOCUMENT, document_type

# Columns that hold the number of a person's document, each with the type that its header says.
DOCUMENT_FIELDS: Final = {
    "id_no": "",
    "passport_no": "护照",
    "hk_macau_permit_no": "港澳居民来往内地通行证",
    "taiwan_permit_no": "台湾居民来往大陆通行证",
    "foreign_permit_no": "外国人永久居留身份证",
}
_PERSON: Final = re.compile(r"自然人|个人|公民|natural.?person|individual|^person")
# 有限责任公司(自然人独资), 个人独资企业, 非自然人, 个体工商户, individual business are no natural persons.
_NO_PERSON: Final = re.compile(
    r"独资|投资|控股|出资|合伙|公司|企业|集团|非自然人|非个人|^法人|^个体|business|compan|enterprise|proprietor"
)
_COMPANY_WORD: Final = re.compile(
    r"ltd|limited|inc|llc|corp|corporation|co|company|gmbh|ag|sarl|srl|bv|plc|pte|pty|kk|spa|group|holdings|store|shop"
    r"|trading"
)
# Endings of one character that given names have as well; with the others three characters are enough.
_SURE_ENDINGS: Final = frozenset("店厂馆铺坊吧摊档站局处")
_SHORTEST_WITH_SURE_ENDING: Final = 3
_SHORTEST: Final = 5
_OTHER_ENDINGS: Final = re.compile(
    r"(?:学校|大学|[中小]学|酒家|饭庄|餐厅|食堂|小吃|快餐|烧烤|火锅|政府|委员会|大厦|商城|网咖|基地|便利|门诊|堂|斋)$"
)


@lru_cache(maxsize=1024)
def is_natural_persons_type(text: str) -> bool:
    """A column of types (行政相对人类别, 主体类型) says that the subject is a natural person."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
    return _PERSON.search(plain) is not None and _NO_PERSON.search(plain) is None


def says_person(cells: Mapping[str, str]) -> bool:
    """The row says that it is about a person: by the subject's type, by the type of document, or by a number in a
    column of personal documents, whether it can be read or not."""
    if cells.get("entity_type") and is_natural_persons_type(cells["entity_type"]):
        return True
    if cells.get("id_type") and document_type(cells["id_type"]) in (*DOCUMENT_KINDS, OTHER_DOCUMENT):
        return True
    return any(cells.get(field) and filled(cells, field) for field in DOCUMENT_FIELDS)


def asks_for_document(cells: Mapping[str, str]) -> bool:
    """The table has a column of personal documents, though it may be empty in this row."""
    return any(field in cells for field in DOCUMENT_FIELDS)


def is_about_person(cells: Mapping[str, str], identity: RowIdentity) -> bool:
    """The row of a report is about a natural person, whose name nobody else may see.

    A code of a register makes it one about an organisation, or a sole trader (92). Without one, a person's number or
    type, a column that asks for such numbers, or a name that does not end as an organisation's does, is a person's.
    """
    if identity.has_code:
        return False
    name = given(cells.get("name", ""))
    if identity.says_person or (name and asks_for_document(cells)):
        return True
    return not names_an_organisation(name) if name else filled(cells, "bank_account")


def document_cell(cells: Mapping[str, str]) -> tuple[str, str]:
    """The column that should identify a person, and its text: the first that is filled, else the first there is."""
    fields = [field for field in (*DOCUMENT_FIELDS, "uscc_or_regno") if field in cells]
    field = next((field for field in fields if filled(cells, field)), fields[0] if fields else "name")
    return field, cells.get(field, "")


def filled(cells: Mapping[str, str], field: str) -> bool:
    """The cell of that field says something, be it only that a number was masked whole."""
    text = cells.get(field, "").strip()
    return "*" in text or (bool(text) and not is_placeholder(text))


def names_an_organisation(text: str) -> bool:
    """A name ends as the names of organisations do: with a legal form, or a word for a place of business."""
    plain = unicodedata.normalize("NFKC", tidy(text))
    if plain.isascii():
        words = re.findall(r"[a-z]+", plain.lower())
        return len(words) > 1 and _COMPANY_WORD.fullmatch(words[-1]) is not None
    name = parse_name.parse(plain)
    if name.kind in ("company", "branch", "shop") or len(name.form) > 1:
        return True
    if name.form:
        shortest = _SHORTEST_WITH_SURE_ENDING if name.form in _SURE_ENDINGS else _SHORTEST
        return len(name.key) >= shortest
    long_enough = len(name.body) >= _SHORTEST
    return long_enough and (name.kind == "sole_trader" or _OTHER_ENDINGS.search(name.key) is not None)


def is_masked_number_of_person(text: str) -> bool:
    """A masked number may be a person's: nothing shows that it is the code of an organisation (9133…, letters)."""
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not re.search(r"[*X×✕#]{3,}", plain) or len(plain) < 8:
        return False
    return re.match(r"9[123]\d", plain) is None and not re.search(r"[A-WYZ]", plain[1:])
