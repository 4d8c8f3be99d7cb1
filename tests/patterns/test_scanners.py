"""Whatever reads text from outside by hand takes time that grows no faster than the text, as patterns do."""

import io
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from chalicelib.displays.rules import platform_supplied_content, shop_page_findings
from chalicelib.errors import LianfangError
from chalicelib.government_lists.rules import company_register_row, list_row
from chalicelib.licences.rules import national_licence_link
from chalicelib.matching import parse_name
from chalicelib.matching.readings import addresses, asked_names, several_names
from chalicelib.registry.rules import mask_person, reason_codes
from chalicelib.reports.rules.validate_report_row import validate_row
from chalicelib.rosters.rules.validate_roster_row import read_roster_row
from chalicelib.table_files import csv_text, find_header_row, json_rows
from chalicelib.table_files.rules import entry_state, match_headers, natural_person, suggest_headers
from chalicelib.values import (
    cell_text,
    csv_export,
    dates,
    file_names,
    identity_documents,
    masking,
    organisation_codes,
    personal_identifiers,
    text_damage,
)
from tests.patterns.growth import grows, grows_faster
from tests.support.builders import uscc
from tests.support.moments import NOW
from tests.table_files.example_files import TODAY, shown

Reader = Callable[[str], object]
ROW = {"uscc": uscc(1), "name": "绍兴若耶溪示例纺织有限公司", "evicted_on": "2021-07-01", "reason_text": "假冒注册商标"}
HEADER = "主体名称,统一社会信用代码,清退日期,清退原因\n"
SHAPES = ('{}"x', '[{{"uscc":"{}"', "[x{}", '{{"a":{}x\n', '[{{"uscc":1,"evicted_on":2}},{}')


def json_text(shape: str) -> Reader:
    return lambda text: list(json_rows.read_json(io.TextIOWrapper(io.BytesIO(shape.format(text).encode()), "utf-8")))


def lines(text: str) -> object:
    return list(csv_text.logical_rows(iter(text.splitlines(keepends=True)), ",", 4))


def table(text: str) -> object:
    found, _any = find_header_row.find_table(iter([HEADER.strip().split(","), [text, "", "", ""], [text]]))
    assert found
    return list(find_header_row.table_rows(found, "", 0))


def report_row(field: str) -> Reader:
    return lambda text: validate_row(1, {**ROW, field: text}, today=TODAY, digest=shown)


def roster_row(field: str) -> Reader:
    return lambda text: read_roster_row(1, {"shop_id": "m1", **ROW, field: text}, mode="full", digest=shown)


READERS: dict[str, Reader] = {
    "a day": dates.read_day,
    "a cell": cell_text.tidy,
    "a given field": cell_text.given,
    "a shown value": cell_text.printable,
    "a name of a person": masking.shown_name,
    "personal numbers": masking.mask_personal,
    "a name in a text": lambda text: masking.without_name("王示例" + text, "王示例"),
    "a long name in a text": lambda text: masking.without_name(text, text[:-1]),
    "a masked text": lambda text: mask_person._names_unmasked(f"王示例{text}王示例x", f"王*{text}王*", ["王*"]),
    "a phone": personal_identifiers.compact_phone,
    "an account": personal_identifiers.compact_account,
    "an account of a person": personal_identifiers.compact_personal_account,
    "a resident ID": personal_identifiers.validate_resident_id,
    "a document": lambda text: identity_documents.read_document(text, text),
    "a code": organisation_codes.compact_loosely,
    "a repaired code": lambda text: organisation_codes.repair_uscc(organisation_codes.compact(text)),
    "a damaged name": text_damage.is_damaged_name,
    "a damaged address": text_damage.is_damaged_text,
    "a header": match_headers.field_of,
    "a header row": lambda text: match_headers.read_header([text, text + "x"]),
    "a header that was meant": lambda text: suggest_headers.nearest_in_rows([[text, "清退日期"]]),
    "a row of a table": table,
    "a name": parse_name.parse,
    "names that are asked for": lambda text: asked_names.keys_of(asked_names.read_names(text)),
    "names side by side": several_names.names_said,
    "names with words hung on": several_names.other_texts,
    "an address": lambda text: addresses.read_address("杭州市西湖区文一路1号" + text),
    "reasons": reason_codes.read_reasons,
    "mistyped reasons": lambda text: reason_codes.mistyped_codes(text, is_column_of_codes=True),
    "a type of subject": natural_person.is_natural_persons_type,
    "an organisation's name": natural_person.names_an_organisation,
    "a state": lambda text: entry_state.read_state({"entry_state": text}, "penalties", "2026-11-01"),
    "reasons of a list": lambda text: list_row.read_listed_reasons("abnormal_operations", text),
    "a status": company_register_row.read_status,
    "a licence link": lambda text: national_licence_link.check_link("https://" + text, uscc(1), NOW),
    "a link of a shop": lambda text: platform_supplied_content.link("https://" + text, "link"),
    "a shop page": lambda text: shop_page_findings.read_page(text, "https://a.cn/licences/d_1", uscc(1), NOW),
    "a file name": file_names.decoded_file_name,
    "a line of CSV": lambda text: csv_export.csv_lines([[text, text]]),
    **{f"JSON {shape}": json_text(shape) for shape in SHAPES},
    **{f"{field} of a report": report_row(field) for field in (*ROW, "shop_name", "address", "document_no")},
    **{f"{field} of a roster": roster_row(field) for field in ("shop_id", "name", "uscc", "phone")},
}
UNITS = (
    *(
        " ",
        "\n",
        "1",
        "a",
        "示",
        "公司",
        "(",
        ")",
        "（",
        "有限公司(",
        "(示例公司)",
        "省",
        "市区",
        "路1号",
        "1号",
        "-",
        ",",
        "、",
        "?",
        '"',
    ),
    *(
        "'",
        "=",
        "天猫",
        "官方",
        "原厂",
        "店",
        "A1",
        "é",
        "a ",
        "*",
        "曾用名",
        "杭州市",
        "\u200b",
        "𠀀",
        "0",
        "X",
        "%41",
        "/",
        ".",
        ":",
    ),
    *(
        '"a',
        'a"b,"c\n',
        '\\"',
        "[",
        "{",
        '{"a":',
        "}",
        "[{",
        "〔2021〕",
        "罚",
        "号店",
        "<!--",
        "<a href=",
        "售假",
        "XY01",
        "王",
        "1-",
        "十",
    ),
)
NUMBERS = count()
# Long texts are cut before these readers; so long a text shows how they grow.
LENGTH = 256


def finding(read: Reader, units: tuple[str, ...]) -> str | None:
    """The unit whose long runs take the reader longer than they are long, if any."""

    def run(text: str) -> None:
        try:
            read(f"{next(NUMBERS)}{text}")  # a text that was not read before, so that no cache answers
        except (ValueError, LianfangError):
            return

    for unit in units:
        if grows_faster(run, lambda length, u=unit: u * (length // len(u)) + "\x01", LENGTH):
            return unit
    return None


@pytest.mark.parametrize("share", range(4))
def test_no_reader_takes_longer_than_its_text_is_long(share: int) -> None:
    names = sorted(READERS)[share::4]
    # Each reader takes a few of the units, in turn.
    found = {name: finding(READERS[name], UNITS[place % 12 :: 12]) for place, name in enumerate(names)}
    assert {name: unit for name, unit in found.items() if unit} == {}


@pytest.mark.long
@pytest.mark.parametrize("name", READERS)
def test_no_reader_takes_longer_for_what_people_repeat(name: str) -> None:
    assert finding(READERS[name], UNITS) is None


@pytest.mark.long
@pytest.mark.parametrize("unit", ["{\n", '{"a":[\n', "[\n{", '"a\n', "{}x\n", ",\n", "]\n"])
def test_a_file_of_broken_json_takes_time_that_grows_with_it(unit: str) -> None:
    read = json_text('[{{"uscc":1,"evicted_on":2}},{}')
    assert not grows(read, lambda length: unit * (length // len(unit)), 20_000)


@pytest.mark.long
@pytest.mark.parametrize("unit", ['a"b,"c\n', '"a\n', '"\n', '\\"\n', 'a,"b\nc",d\n'])
def test_a_file_of_quotes_takes_time_that_grows_with_it(unit: str) -> None:
    # A record is looked for in 200 lines at most, so that a text of fewer lines would seem to grow by their square.
    assert not grows(lines, lambda length: unit * (length // len(unit)), 20_000)


def test_a_reader_that_reads_again_from_each_place_is_noticed() -> None:
    def slow(text: str) -> Any:
        return [text.find(text[place:] + "x") for place in range(len(text)) for _ in text]

    assert finding(slow, ("a",))
