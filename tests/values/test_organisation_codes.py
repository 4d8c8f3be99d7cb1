import doctest
import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from chalicelib.values import organisation_codes
from chalicelib.values.organisation_codes import (
    ALPHABET,
    CATEGORIES,
    category,
    compact,
    compact_loosely,
    division,
    is_damaged,
    is_plausible_uscc,
    is_valid_org_code,
    is_valid_registration_no,
    is_valid_uscc,
    org_code_of,
    repair_uscc,
    uscc_check_character,
    validate_org_code,
    validate_registration_no,
    validate_uscc,
)
from tests.support.builders import uscc


def org_code(body: str) -> str:
    return next(body + c for c in "0123456789X" if is_valid_org_code(body + c))


def registration_no(first14: str) -> str:
    return next(first14 + c for c in "0123456789" if is_valid_registration_no(first14 + c))


letters = st.text(ALPHABET, min_size=8, max_size=8)
codes = st.builds(
    lambda kind, place, body: kind + place + org_code(body) + uscc_check_character(kind + place + org_code(body)),
    st.sampled_from(sorted(CATEGORIES)),
    st.sampled_from(["110105", "320594", "440305", "100000", "610131"]),
    letters,
)
commercial = codes.map(lambda code: "91" + code[2:17]).map(lambda first: first + uscc_check_character(first))


def test_the_module_does_what_its_docstring_says() -> None:
    assert doctest.testmod(organisation_codes).failed == 0


@given(codes)
def test_made_codes_are_valid_and_tell_their_parts(code: str) -> None:
    assert validate_uscc(code) == code
    assert is_plausible_uscc(code)
    assert (division(code), org_code_of(code)) == (code[2:8], code[8:17])
    assert category(code) == CATEGORIES[code[:2]]


@given(commercial)
def test_commercial_codes_agree_with_stdnum(code: str) -> None:
    assert oracle.is_valid(code)
    assert is_valid_uscc(code)


@given(st.text(ALPHABET, min_size=18, max_size=18).map(lambda t: "91110105" + t[8:]))
def test_random_codes_agree_with_stdnum(code: str) -> None:
    assert is_valid_uscc(code) == oracle.is_valid(code)


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET + "IOSVZ"))
def test_every_change_of_one_character_is_detected(code: str, place: int, other: str) -> None:
    changed = code[:place] + other + code[place + 1 :]
    assert is_valid_uscc(changed) == (changed == code)


@given(codes, st.integers(0, 16))
def test_every_swap_of_neighbours_is_detected(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_valid_uscc(swapped) == (swapped == code)


def _wide(code: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in code)


@given(codes, st.randoms(use_true_random=False))
def test_width_case_and_spaces_compact_to_the_same(code: str, chance: random.Random) -> None:
    changes: list[Callable[[str], str]] = [
        str.lower,
        _wide,
        lambda c: f"'{c}\t",
        lambda c: f"\u3000{c[:2]} {c[2:8]}\u00a0{c[8:]}\r\n",
        lambda c: "\ufeff" + "\u200b".join(c),
        lambda c: f'="{c}"',
        lambda c: f"{c[:8]}-{c[8:17]}-{c[17:]}",
    ]
    changed = code
    for change in chance.sample(changes, 3):
        changed = change(changed)
    assert compact(changed) == code
    assert oracle.compact(code) == code


def test_loose_compaction_takes_off_labels_and_brackets() -> None:
    for text in (
        f"统一社会信用代码：{uscc(1)}",
        f"{uscc(1)}（1-1）",
        f" 代码: {uscc(1).lower()} (副本)",
        f"USCC: {uscc(1)}",
    ):
        assert compact_loosely(text) == uscc(1)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("", "nothing"),
        ("0" * 18, "authority 0, though the check holds"),
        ("91110105MA9XM3J10", "17 characters"),
        ("B1110105MA9XM3J101", "no such authority"),
        ("9111O105MA9XM3J101", "a letter in the division"),
    ],
)
def test_codes_that_are_none(code: str, why: str) -> None:
    assert not is_valid_uscc(code), why


@pytest.mark.parametrize("first", ["A1", "N1", "N2", "N3", "Y1", "51", "12"])
def test_codes_that_others_refuse_are_valid(first: str) -> None:
    body = f"{first}110105" + org_code("MA012345")
    assert is_valid_uscc(body + uscc_check_character(body))


@pytest.mark.parametrize(
    "text",
    [
        "9.13302E+17",
        "9.13302e17",
        "9.1330200000012E+17",
        "９.１３Ｅ＋１７",
        " 9,13302E+17 ",
        "9E+17",
        '="9.13E+17"',
        "'9.13302E+17",
    ],
)
def test_scientific_notation_is_damage(text: str) -> None:
    assert is_damaged(text)


def test_eighteen_digits_that_end_in_zeros_are_damage_unless_they_are_right() -> None:
    assert is_damaged("913301000012345000")
    assert not is_damaged(uscc(1))
    assert not is_damaged("91110105MA9XM3J10")
    tries = (f"91110105{number:07d}000" for number in range(10_000))
    right = next(code for code in tries if is_valid_uscc(code) and is_valid_org_code(code[8:17]))
    assert not is_damaged(right)


@given(codes, st.data())
def test_repair_is_right_or_refuses(code: str, data: st.DataObject) -> None:
    misread = {"1": "I", "0": "O", "2": "Z", "5": "S", "U": "V", "Y": "V"}
    places = [i for i, c in enumerate(code) if c in misread]
    chosen = data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=4, unique=True)) if places else []
    damaged = "".join(misread[c] if i in chosen else c for i, c in enumerate(code))
    assert repair_uscc(damaged) in {code, "" if "V" in damaged else code}


def test_repair_never_guesses_among_legal_characters() -> None:
    code = uscc(7)
    for place in range(18):
        for other in ALPHABET:
            changed = code[:place] + other + code[place + 1 :]
            assert repair_uscc(changed) == (code if changed == code else "")
    assert repair_uscc(code.replace("0", "O")) == repair_uscc(code.replace("0", "〇")) == code
    assert repair_uscc("V" * 18) == ""
    assert repair_uscc("OOOOOOOOOOOOOOOOOO") == ""
    assert repair_uscc(code[:-1]) == ""


def test_look_alike_letters_are_read_as_latin() -> None:
    assert repair_uscc(uscc(1).replace("MA", "МА")) == uscc(1)


@given(letters, st.sampled_from("0123456789X"))
def test_organisation_codes(body: str, other: str) -> None:
    code = org_code(body)
    assert validate_org_code(f"{code[:8]}-{code[8]}".lower()) == code
    assert is_valid_org_code(body + other) == (body + other == code)


@given(st.integers(0, 10**8 - 1), st.integers(0, 14), st.sampled_from("0123456789"))
def test_registration_numbers_detect_every_wrong_digit(number: int, place: int, other: str) -> None:
    code = registration_no(f"110108{number:08d}")
    changed = code[:place] + other + code[place + 1 :]
    assert validate_registration_no(code) == code
    assert is_valid_registration_no(changed) == (changed == code)


@pytest.mark.parametrize("validate", [validate_uscc, validate_org_code, validate_registration_no])
@pytest.mark.parametrize("text", ["", "x", "91110105MA9XM3J102", "12345678-0", "110108012660421"])
def test_validate_raises_for_what_is_none(validate: Callable[[str], str], text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        validate(text)


def test_no_shape_admits_what_the_alphabet_does_not_hold() -> None:
    assert re.sub("[0-9A-Z]", "", ALPHABET) == ""
    assert not set("IOSVZ") & set(ALPHABET)
    assert len(ALPHABET) == 31
