"""What never changes the comparison key, and what always holds of the keys of a name."""

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.invented_names import KINDS, disguise, firms
from chalicelib.matching.name_scoring import asked_keys, compare, listed_keys
from chalicelib.matching.parse_name import comparison_key, parse
from chalicelib.matching.tables.simplified_and_readings import SIMPLIFIED, TRADITIONAL

FIRMS = firms(300, seed=7)
TO_TRADITIONAL = str.maketrans(SIMPLIFIED, TRADITIONAL)
WIDE = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})
BRACKETS = ["()", "（）", "[]", "【】", "〔〕", "﹙﹚", "《》", "「」", "〖〗", "{}"]

firm = st.sampled_from(FIRMS)
latin = st.text("abcdefghijklmnopqrstuvwxyz0123456789", max_size=4)


@given(firm, latin)
def test_width_and_case_do_not_change_the_key(one: object, tail: str) -> None:
    name = f"{one.name}{tail}"  # type: ignore[attr-defined]
    assert comparison_key(name.translate(WIDE).upper()) == comparison_key(name)


@given(firm)
def test_script_does_not_change_the_key(one: object) -> None:
    # One character in traditional script is enough, and none may be put back wrong.
    for char in one.name:  # type: ignore[attr-defined]
        assert comparison_key(char.translate(TO_TRADITIONAL)) == comparison_key(char)


@given(firm, st.sampled_from(BRACKETS), st.sampled_from(BRACKETS))
def test_the_kind_of_bracket_does_not_change_the_key(one: object, some: str, others: str) -> None:
    keys = {
        comparison_key(f"{one.brand}{pair[0]}{one.place}{pair[1]}{one.trade}{one.form}")  # type: ignore[attr-defined]
        for pair in (some, others)
    }
    assert len(keys) == 1


@given(firm, st.integers(0, 20), st.sampled_from(" \u3000\u200b\u200d\ufeff·★-_.,"))
def test_ornaments_do_not_change_the_key(one: object, at: int, ornament: str) -> None:
    name = one.name  # type: ignore[attr-defined]
    assert comparison_key(name[:at] + ornament + name[at:]) == comparison_key(name)


@given(st.text(max_size=30), st.booleans())
def test_any_text_has_parts_keys_and_itself_for_a_match(text: str, shop: bool) -> None:
    name = parse(text, "", shop)
    asked, listed = asked_keys(name), listed_keys(name)
    assert len(asked) <= 30
    assert len(set(asked)) == len(asked)
    assert all(len(key) == len(key.split("#")[0]) + 19 for key in asked + listed)
    assert set(asked) & set(listed)
    assert 0.0 <= compare(name, name).score <= 1.0


@given(firm, st.sampled_from(KINDS), st.randoms(use_true_random=False))
def test_a_disguised_name_asks_for_a_list_that_the_firm_is_in(one: object, kind: str, rng: object) -> None:
    disguised = disguise(kind, one, rng)  # type: ignore[arg-type]
    if not disguised or kind == "franchise":
        return
    listed = parse(one.name, one.code[2:8])  # type: ignore[attr-defined]
    assert set(asked_keys(parse(disguised))) & set(listed_keys(listed)), (disguised, listed.raw)
