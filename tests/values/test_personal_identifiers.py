import doctest
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric as oracle

from chalicelib.values import personal_identifiers
from chalicelib.values.masking import mask_personal, shown_name
from chalicelib.values.personal_identifiers import (
    compact_person,
    compact_phone,
    identifying_phones,
    is_old_resident_id,
    is_resident_id,
    is_valid_phone,
    is_valid_resident_id,
    validate_resident_id,
)
from tests.support.builders import uscc


def resident_id(place: str, born: date, sequence: int) -> str:
    first = f"{place}{born:%Y%m%d}{sequence:03d}"
    return next(first + c for c in "0123456789X" if is_valid_resident_id(first + c))


people = st.builds(
    resident_id,
    st.sampled_from(["110105", "320102", "440305", "650102"]),
    st.dates(date(1920, 1, 1), date(2020, 1, 1)),
    st.integers(0, 999),
)
ONE = resident_id("110105", date(1949, 12, 31), 2)


def test_the_module_does_what_its_docstring_says() -> None:
    assert doctest.testmod(personal_identifiers).failed == 0


@given(people, st.integers(0, 17), st.sampled_from("0123456789"))
def test_resident_ids_agree_with_stdnum_and_detect_every_wrong_digit(code: str, place: int, other: str) -> None:
    assert oracle.calc_check_digit(code) == code[-1]
    changed = code[:place] + other + code[place + 1 :]
    assert not is_valid_resident_id(changed) or changed == code


@given(people, st.sampled_from(["店主{}", "身份证：{}。", "{}", "ID{}张某", "（{}）", "编号,{},备注", "a{}b"]))
def test_a_resident_id_anywhere_in_a_text_is_masked(code: str, around: str) -> None:
    for written in (code, code.lower(), f"{code[:6]} {code[6:14]} {code[14:]}", "".join(map(_wide, code))):
        masked, kinds = mask_personal(around.format(written))
        assert kinds == ("resident_id",)
        assert code[4:] not in masked
        assert masked == around.format(code[:4] + "*" * 14)


def _wide(character: str) -> str:
    return chr(ord(character) + 0xFEE0)


@pytest.mark.parametrize(
    ("text", "masked", "kinds"),
    [
        ("13900000000", "139****0000", ("phone",)),
        ("电话+86 139-0000-0000转1", "电话+86 139****0000转1", ("phone",)),
        ("联系010-66666666", "联系010****6666", ("phone",)),
        ("(0755)88888888", "075****8888", ("phone",)),
        (f"{ONE}和13900000000", "1101**************和139****0000", ("resident_id", "phone")),
        ("身份证110105491231003", "身份证1101***********", ("resident_id",)),
        # A mistyped check still tells who it is.
        (ONE[:-1] + ("1" if ONE[-1] != "1" else "2"), "1101**************", ("resident_id",)),
        ("卡号6222 0000 0000 0000 000".replace("0 000", "5 004"), None, None),
        ("卡号4111 1111 1111 1111", "卡号4111************", ("bank_account",)),
    ],
)
def test_what_is_masked(text: str, masked: str | None, kinds: tuple[str, ...] | None) -> None:
    if masked is None:
        assert mask_personal(text)[0] in {text, "卡号6222***************"}
    else:
        assert mask_personal(text) == (masked, kinds)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, "phone") for text in (
            "139\u200b12345678", "139.1234.5678", "139·1234·5678", "139_1234_5678", "139  1234  5678",
            "139—1234—5678", "1391234\u20605678", "1\ufe0f3912345678", "1391234 5678", "一三九一二三四五六七八",
            "幺三九-一二三四-五六七八", "١٣٩١٢٣٤٥٦٧٨", "𝟏𝟑𝟗𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖", "139／1234／5678", "0571.88888888",
            "+86.139.1234.5678",
        )),
        *((text, "resident_id") for text in (
            "11010519491231002\u200bX", "11010519491231002\u00adX", "110105.19491231.002X", "110105 1949 12 31 002 X",
            "110105491231002", "一一〇一〇五一九四九一二三一〇〇二X", "１１０１０５１９４９１２３１００２Ｘ",
        )),
        ("4111.1111.1111.1111", "bank_account"),
        # Between every digit, and between groups of any size.
        *((text, "phone") for text in (
            "1 3 9 1 2 3 4 5 6 7 8", "1-3-9-1-2-3-4-5-6-7-8", "1.3.9.1.2.3.4.5.6.7.8",
            "1　3　9　1　2　3　4　5　6　7　8",
            "1 - 3 - 9 - 1 - 2 - 3 - 4 - 5 - 6 - 7 - 8", "１ ３ ９ １ ２ ３ ４ ５ ６ ７ ８",
            "139 12 34 56 78", "1391 2345 678",
            "13912 345678", "1 391 234 5678", "139 1 2 3 4 5 6 7 8",
            "86 1 3 9 1 2 3 4 5 6 7 8", "一 三 九 一 二 三 四 五 六 七 八",
            "幺 三 九 幺 二 三 四 五 六 七 八", "0 1 0 6 2 3 4 5 6 7 8", "010 6234 5678", "0571-8888-8888",
            "1\t3\t9\t1\t2\t3\t4\t5\t6\t7\t8",
        )),
        *((text, "resident_id") for text in (
            "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", "1101 0519 4912 3100 2X",
            "110 105 194 912 310 02X", "11-01-05-1949-1231-00-2x",
            "1.1.0.1.0.5.1.9.4.9.1.2.3.1.0.0.2.X",
            "1　1　0　1　0　5　1　9　4　9　1　2　3　1　0　0　2　Ｘ", "1 1 0 1 0 5 4 9 1 2 3 1 0 0 3",
            "110105 491231 003",
        )),
        *((text, "bank_account") for text in (
            "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "41111 11111 11111 1",
            "4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1", "4111 11 1111 1111 11",
        )),
    ],
)  # fmt: skip
def test_a_number_is_masked_however_it_is_written(text: str, kind: str) -> None:
    # A hanzi digit just before a number in hanzi belongs to the number.
    for around in ("{}", "电话{}。", "a {} b", *(["之一{}"] if text[0] not in "一幺" else [])):
        masked, kinds = mask_personal(around.format(text))
        assert kinds == (kind,), around
        assert "***" in masked
        assert text not in masked
        assert mask_personal(masked) == (masked, ()), "what is masked stays so"


@pytest.mark.parametrize(
    "text",
    [
        # Amounts, days, years, numbers of documents, of goods and of standards, and numbers in a row.
        "13 500 000 000 元",
        "13.800.012.360",
        "销量13 1234 56789件",
        "13.123456789",
        "东经121.47370123",
        "13 9123 45678 人次",
        "1988-12-31 123",
        "15.06.2026 123",
        "15-2021-00123",
        "2021 0701 2022 0801",
        "1 2 3 4 5 6 7 8 9 10 11",
        "400-123-4567",
        "13 15 17 19 21 23",
        "2026-11-27 13:05:06",
        "第 1-3-5 条",
        "GB 4706.1-2005 第 2.1.3.5 款",
        "1 3 9 1 2 3 4 5 6 7",
        "110 108 012 660 422",
        "9 1 1 1 0 1 0 5 M A 9 X M 3 J 1 0 1",
        "一 三 五 七 九，二 四 六 八",
        "1 3 9 1 2 3 4 5 6 7 8 9 0",
        "三 月 一 日 至 五 月 三 十 日",
        "3 2 1 0 1 2 3 4 5 6 7 8 9 0 1 2",
        "订单 2021 0701 1234 5678 9012",
        "",
        "一三五七九，二四六八",
        "二〇二六年一月一日",
        "192.168.100.200",
        "2026.11.01-2026.12.31",
        "销售三无产品",
        "2021年7月1日处罚",
        "京市监处罚〔2021〕12345号",
        "110108012660422",
        "订单20210701123456789012",
        "91110105MA9XM3J101",
        "价格1234567元",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert mask_personal(text) == (text, ())


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话1 3 9 1 2 3 4 5 6 7 8 2021年7月", "电话139****5678 2021年7月"),
        ("1 3 9 1 2 3 4 5 6 7 8 1 3 8 0 0 0 0 1 2 3 6", "139****5678 138****1236"),
        ("1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X 1 3 9 1 2 3 4 5 6 7 8", "1101************** 139****5678"),
        ("+86 1 3 9 1 2 3 4 5 6 7 8", "139****5678"),
        ("电话13 912 345 678", "电话139****5678"),
    ],
)
def test_of_what_stands_beside_a_number_nothing_is_lost(text: str, masked: str) -> None:
    assert mask_personal(text)[0] == masked


@given(people, st.sampled_from([" ", "-", ".", "·", "　", "  ", "_", "/", " - "]), st.data())
def test_a_resident_id_is_masked_wherever_it_is_parted(code: str, gap: str, data: st.DataObject) -> None:
    parted = "".join(digit + (gap if data.draw(st.booleans()) else "") for digit in code[:-1]) + code[-1]
    assert mask_personal(f"店主 {parted}，售假") == (f"店主 {code[:4]}{'*' * 14}，售假", ("resident_id",))


@given(st.integers(10**8, 10**9 - 1), st.sampled_from([" ", "-", ".", "　"]))
def test_a_phone_is_masked_with_anything_between_every_digit(number: int, gap: str) -> None:
    phone = f"13{number}"
    assert mask_personal(f"联系 {gap.join(phone)}") == (f"联系 {phone[:3]}****{phone[-4:]}", ("phone",))


@given(st.integers(0, 999_999))
def test_credit_codes_are_never_masked(number: int) -> None:
    text = f"主体{uscc(number)}违规"
    assert mask_personal(text) == (text, ())


def test_old_resident_ids_and_registration_numbers_are_told_apart() -> None:
    assert is_old_resident_id("110105491231003")
    assert not is_old_resident_id("110108012660422")
    assert not is_old_resident_id("110105491331002")
    assert is_resident_id(ONE)
    assert validate_resident_id(f" {ONE.lower()} ") == ONE
    with pytest.raises(ValueError, match="not a resident"):
        validate_resident_id("110105194912310021234")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13900000007", "13900000007"),
        ("+86 139 0000 0007", "13900000007"),
        ("0086-13900000007", "13900000007"),
        ("１３９０００００００７", "13900000007"),
        ("010-66666667", "01066666667"),
        ("400-000-0100", "4000000100"),
        ("12345", ""),
        ("无", ""),
        ("", ""),
    ],
)
def test_phones(text: str, phone: str) -> None:
    assert compact_phone(text) == phone
    assert is_valid_phone(text) == bool(phone)


@pytest.mark.parametrize(
    "text",
    [
        "13800000000",
        "+86 139 0000 0000",
        "188-8888-8888",
        "13800138000",
        "010-12345678",
        "0571-88888888",
        "12345678",
        "联系人 13000000000",
        "400-888-8888",
    ],
)
def test_what_fills_in_a_form_is_nobodys_phone(text: str) -> None:
    assert identifying_phones(text) == ()


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("13900000007/0571-87654321", ("13900000007", "057187654321")),
        ("13900000007 13900000015", ("13900000007", "13900000015")),
        ("13800000000、13900000007", ("13900000007",)),  # what fills in a form does not hide the number behind it
        ("手机13900000007 座机0571-87654321转801", ("13900000007", "057187654321")),
        ("13900000007，+86 139-0000-0007", ("13900000007",)),
        ("1390000000713900000015", ()),
        ("13900000007;13900000015;13900000023;13900000031", ("13900000007", "13900000015", "13900000023")),
        ("无", ()),
    ],
)
def test_a_field_of_contacts_holds_several_numbers(text: str, phones: tuple[str, ...]) -> None:
    assert identifying_phones(text) == phones


_NOBODY = "法人 负责人 法定代表人 王先生 欧阳女士 李老板 店主 张* 张某 王某某 某某 小王 张总 TEST xxx 同上 董事长"


@pytest.mark.parametrize("text", [*_NOBODY.split(), " 负责人"])
def test_what_names_nobody_is_no_representative(text: str) -> None:
    assert compact_person(text) == ""


@pytest.mark.parametrize("text", ["王老吉", "张经", "法仁", "师傅", "钱主", "阿卜杜拉·买买提"])
def test_names_near_such_words_are_names(text: str) -> None:
    assert compact_person(text) == text


def test_a_name_is_shown_by_its_first_character() -> None:
    assert (shown_name("张三丰"), shown_name("")) == ("张*", "")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("010-62345678-801", "01062345678"),
        ("010-62345678-8", "01062345678"),
        ("010-62345678转801", "01062345678"),
        ("（010）6234 5678 分机 3", "01062345678"),
        ("+86-571-87654321", "057187654321"),
        ("+86 (0)571 8765 4321", "057187654321"),
        ("0086 138 0000 1236", "13800001236"),
        ("张经理13800001236", "13800001236"),
        ("13800001237(微信同号)", "13800001237"),
        ("4001234567转2", "4001234567"),
        ("400-123-4567", "4001234567"),
        ("13800001236/13900001236", "13800001236"),
        ("电话：０１０－６２３４５６７８", "01062345678"),
        ("138****1236", ""),
        ("913800001236", ""),
        ("无", ""),
        ("x" * 300 + "13800001236", ""),
    ],
)
def test_the_number_is_read_out_of_what_is_written_around_it(written: str, number: str) -> None:
    assert compact_phone(written) == number


def test_a_text_around_a_number_is_no_phone_number_itself() -> None:
    assert is_valid_phone("13800001236")
    assert not is_valid_phone("张经理13800001236")
