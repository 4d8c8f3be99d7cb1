"""The comparison of answers with what is printed: what it overlooks, what it finds, and how it puts print right."""

import json
from typing import Any

import pytest

from tests.documents.answers import differences, parse_printed, text_differences
from tests.documents.refresh import merged, rendered

ID = "0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("printed", "answered"),
    [
        ('{"at": "2026-11-23T21:53:06.601Z"}', {"at": "2027-01-02T03:04:05.006Z"}),
        ('{"lookup_id": "k_af938c7b375a1445381c680f", "age_seconds": 0}', {"lookup_id": f"k_{ID}", "age_seconds": 7}),
        ('{"id": "l_uscc-91330106MA2GT00116_0bf81a8d868f87bb"}', {"id": "l_uscc-91330106MA2GT00116_ffffffffffffffff"}),
        (
            '{"id": "l_permit-fff86410959a756c29c8c01fdba92dab7922ae5f_122f9a5caf38cf89"}',
            {"id": "l_permit-b65c827f696a8dc9214bbb0d58cd5aca136ced25_6d1393b0c1103f43"},
        ),
        ('{"key": "lf_7cc6012a060b_…"}', {"key": "lf_000000000000_kq-3x"}),
        ('{"a": 1, …}', {"a": 1, "b": 2}),
        ('{"a": {"…": "…"}}', {"a": {"b": 2}}),
        ("[1, …]", [1, 2, 3]),
        ('["…"]', [{"a": 1}]),
        ('{"why": {"zh": "…", "en": "…"}}', {"why": {"zh": "甲", "en": "a"}}),
        (
            '{"link": "lianfang://licence-check?session=k_42d2…&nonce=8"}',
            {"link": f"lianfang://licence-check?session=k_{ID}"},
        ),
        ('[{"a": 1}, {"a": 2}]', [{"a": 2}, {"a": 1}]),
        ('[{"a": 2}, …]', [{"a": 1}, {"a": 2}]),
    ],
)
def test_what_differs_at_each_start_and_what_is_left_out_is_no_difference(printed: str, answered: Any) -> None:
    assert list(differences(parse_printed(printed), answered)) == []


@pytest.mark.parametrize(
    ("printed", "answered"),
    [
        ('{"verdict": "clear"}', {"verdict": "review"}),
        ('{"verdict": "clear"}', {"verdict": "clear", "asked": {}}),
        ('{"verdict": "clear", "matches": []}', {"verdict": "clear"}),
        ('{"a": 1, …}', {"b": 2}),
        ("[1, …]", []),
        ("[1]", [1, 2]),
        ("[1, 2]", [1]),
        ('[{"a": 1}, {"a": 1}]', [{"a": 1}, {"a": 2}]),
        ('{"score": 0.9772}', {"score": 0.9773}),
        ('{"next": "1"}', {"next": 1}),
        ('{"done": true}', {"done": 1}),
        ('{"done": null}', {"done": ""}),
        ('{"lookup_id": "k_af938c7b375a1445381c680f"}', {"lookup_id": f"m_{ID}"}),
        ('{"id": "uscc:91330106MA2GT00116"}', {"id": "uscc:91330106MA2GT00117"}),
        ('{"at": "2026-11-23T21:53:06.601Z"}', {"at": "2026-11-23"}),
        ('{"link": "lianfang://…"}', {"link": "https://lianfang"}),
    ],
)
def test_what_says_something_else_is_found(printed: str, answered: Any) -> None:
    assert list(differences(parse_printed(printed), answered))


def test_lines_are_held_one_by_one() -> None:
    assert list(text_differences("a,2026-11-01\nb\n", "\ufeffa,2027-01-01\nb")) == []
    assert list(text_differences("a\n…\n", "a\nb\nc\n")) == []
    assert list(text_differences("a\nb\n", "a\nc\n")) == ["line 2: printed 'b', answered 'c'"]
    assert list(text_differences("a\n", "a\nb\n"))
    assert list(text_differences("204\n", "403\n"))


def test_a_refreshed_answer_keeps_what_holds_and_what_is_left_out() -> None:
    printed = parse_printed(
        '{"id": "k_af938c7b375a1445381c680f", "verdict": "clear", "gone": 1, "says": {"zh": "…"}, "more": [1, …]}'
    )
    answered = {"id": f"k_{ID}", "verdict": "review", "says": {"zh": "甲"}, "more": [1, 2], "asked": {"name": "used"}}
    assert merged(printed, answered) == {
        "id": f"k_{ID}",
        "verdict": "review",
        "says": {"zh": "…"},
        "more": [1, "…"],
        "asked": {"name": "used"},
    }


def test_a_refreshed_answer_keeps_its_ids_where_only_members_came_or_went() -> None:
    printed = parse_printed('{"id": "k_af938c7b375a1445381c680f", "verdict": "clear", "age_seconds": 3}')
    answered = {"id": f"k_{ID}", "verdict": "clear", "age_seconds": 9, "asked": {}}
    assert merged(printed, answered) == {**printed, "asked": {}}


def test_a_refreshed_list_puts_each_entry_beside_the_one_it_is_nearest_to() -> None:
    printed = [{"id": f"a_{ID}", "name": "甲"}, {"id": "b_af938c7b375a1445381c680f", "name": "乙"}]
    answered = [{"id": f"b_{ID}", "name": "乙", "new": 1}, {"id": f"a_{ID}", "name": "甲", "new": 1}]
    assert merged(printed, answered) == [{**printed[1], "new": 1}, {**printed[0], "new": 1}]


def test_a_refreshed_answer_is_no_longer_than_a_line_and_says_the_same() -> None:
    value = {
        "matches": [{"name": "杭州云栖谷示例服饰有限公司" * 3, "listings": [{"number": n} for n in range(30)]}],
        "next": "",
    }
    text = rendered(value)
    assert json.loads(text) == value
    assert max(map(len, text.splitlines())) <= 120
    assert text.splitlines()[1].startswith(" ")
