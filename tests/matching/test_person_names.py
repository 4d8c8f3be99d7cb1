"""One representative, written in several ways, is one signal."""

import doctest

import pytest

from chalicelib.lookups.parse_applicant import parse_applicant
from chalicelib.matching.matching_signals import compare_signals, signal_keys
from chalicelib.matching.readings import person_names
from chalicelib.matching.readings.person_names import person_key


def _digest(field: str, value: str) -> str:
    return f"{field}:{value}"


def test_the_module_does_what_its_docstring_says() -> None:
    assert doctest.testmod(person_names).attempted > 0
    assert doctest.testmod(person_names).failed == 0


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("張麗華", "张丽华"),
        ("欧阳　示例", "欧阳示例"),
        ("古丽娜尔.阿不力孜", "古丽娜尔·阿不力孜"),
        ("古丽娜尔阿不力孜", "古丽娜尔•阿不力孜"),
        ("古丽娜尔-阿不力孜", "古丽娜尔‧阿不力孜"),
        ("John  Smith", "JOHN SMITH"),
        ("王示（个人）", "王示"),
    ],
)
def test_script_dots_spaces_and_brackets_make_no_other_person(written: str, same: str) -> None:
    assert person_key(written) == person_key(same) != ""


@pytest.mark.parametrize(("one", "other"), [("张丽华", "张丽花"), ("王一", "王一一"), ("JOHN SMITH", "JOHN SMYTH")])
def test_other_names_stay_other_persons(one: str, other: str) -> None:
    assert person_key(one) != person_key(other)


def test_an_applicant_is_asked_for_in_the_form_that_was_stored_before_too() -> None:
    asked = parse_applicant({"name": "某某示例商贸有限公司", "legal_representative": "買買提·艾力"}, _digest).signals
    earlier = {"legal_representative": "legal_representative:買買提·艾力"}
    now = {"legal_representative": f"legal_representative:{person_key('买买提艾力')}"}
    for listed in (earlier, now):
        assert set(signal_keys(listed)) <= set(signal_keys(asked))
        (reason,) = compare_signals(asked, listed)
        assert reason.field == "legal_representative"
    assert compare_signals(asked, {"legal_representative": "legal_representative:买买提"}) == ()
