"""Digests name their keys, and values meet as long as their digests share a key."""

import hashlib
import hmac
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.key_document import KeyDocument, read_key_document
from chalicelib.values.keyed_digest import (
    are_same,
    current_form,
    digest_keys,
    forms_of,
    have_same_values,
    is_form,
    key_of,
    keyed_digest,
    values_of,
    with_forms,
    without_keys,
)

FIRST, SECOND, THIRD = ("a" * 64, "b" * 64, "c" * 64)
NUMBER = "11010519491231002X"


def secret(current: str, keys: dict[str, str], following: str = "") -> str:
    return KeyDocument(current, keys, following, "2026-11-27T00:00:00+00:00").text()


def test_a_plain_secret_is_the_first_key_and_digests_as_before_keys_had_ids() -> None:
    expected = hmac.new(FIRST.encode(), f"resident_id|{NUMBER}".encode(), hashlib.sha256).hexdigest()[:40]
    assert digest_keys(FIRST).digest("resident_id", NUMBER) == expected
    assert keyed_digest(FIRST.encode())("resident_id", NUMBER) == expected
    assert digest_keys(secret("k1", {"k1": FIRST})).digest("resident_id", NUMBER) == expected
    assert key_of(expected) == "k1"
    assert not digest_keys(FIRST).state.is_rotated


def test_a_next_key_digests_nothing_yet_but_is_known_to_come() -> None:
    keys = digest_keys(secret("k1", {"k1": FIRST, "k2": SECOND}, "k2"))
    assert keys.digest("phone", "1") == digest_keys(FIRST).digest("phone", "1")
    assert (keys.state.is_rotated, keys.state.moves_before) == (True, "")


def test_with_two_keys_in_use_a_digest_has_a_form_under_each_the_current_first() -> None:
    keys = digest_keys(secret("k2", {"k1": FIRST, "k2": SECOND}))
    digest = keys.digest("phone", "13800000000")
    assert [key_of(form) for form in forms_of(digest)] == ["k2", "k1"]
    assert all(is_form(form) for form in forms_of(digest))
    assert current_form(digest).startswith("k2")
    assert digest_keys(secret("k2", {"k2": SECOND})).digest("phone", "13800000000") == current_form(digest)
    assert digest_keys(secret("k2", {"k2": SECOND})).state.is_rotated, "names may be older"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        '{"current": "k2", "next": "", "moved_at": "", "keys": {"k1": "a"}}',
        '{"current": "k1", "next": "k2", "moved_at": "", "keys": {"k1": "a"}}',
        '{"current": "k1", "next": "k1", "moved_at": "", "keys": {"k1": "a"}}',
        '{"current": "one", "next": "", "moved_at": "", "keys": {"one": "a"}}',
        '{"current": "", "next": "", "moved_at": "", "keys": {}}',
        '{"current": "k1", "keys": {"k1": "a"}}',
        '{"current": "k1", "next": "", "moved_at": "", "keys": []}',
        "short",
        "",
    ],
)
def test_what_is_no_document_of_keys_is_never_taken_for_a_key(text: str) -> None:
    with pytest.raises(ValueError, match=r"key|secret|Expecting"):
        digest_keys(text)


def test_a_document_reads_back_and_does_not_print_its_keys() -> None:
    document = KeyDocument("k2", {"k1": FIRST, "k2": SECOND}, "", "2026-11-27T00:00:00+00:00")
    assert read_key_document(document.text()) == document
    assert json.loads(document.text())["keys"]["k2"] == SECOND
    assert FIRST not in repr(document)
    assert KeyDocument("k10", {"k9": FIRST, "k10": SECOND, "k2": THIRD}).in_use == ("k10", "k9", "k2")


def under(*key_ids: str) -> str:
    """The digest of one value under these keys, the current one first."""
    every = {"k1": FIRST, "k2": SECOND, "k3": THIRD}
    held = {key_id: every[key_id] for key_id in key_ids}
    return digest_keys(secret(key_ids[0], held)).digest("resident_id", NUMBER)


def test_forms_are_joined_and_dropped_by_their_keys() -> None:
    assert with_forms(under("k1"), under("k2", "k1")) == under("k2", "k1")
    assert with_forms(under("k2", "k1"), under("k1")) == under("k2", "k1")
    assert with_forms(under("k2", "k1"), under("k3", "k2")) == "|".join((under("k3"), under("k2"), under("k1")))
    assert without_keys(under("k2", "k1"), {"k1"}) == under("k2")
    assert without_keys(under("k1"), {"k1"}) == under("k1"), "without a form nothing would be known of the value"
    assert not are_same("", "")
    assert not are_same(under("k1"), "")


def phones(*numbers: str, keys: tuple[str, ...]) -> str:
    """The digests of several values under the same keys."""
    held = {key_id: {"k1": FIRST, "k2": SECOND, "k3": THIRD}[key_id] for key_id in keys}
    return "|".join(digest_keys(secret(keys[0], held)).digest("phone", number) for number in numbers)


def test_of_several_values_each_moves_by_itself_and_none_is_added_or_lost() -> None:
    held, again = phones("1", "2", keys=("k1",)), phones("2", "3", keys=("k2", "k1"))
    moved = with_forms(held, again)
    assert [[key_of(form) for form in value] for value in values_of(moved)] == [["k1"], ["k2", "k1"]]
    assert moved == "|".join((phones("1", keys=("k1",)), phones("2", keys=("k2", "k1"))))
    assert without_keys(moved, {"k1"}) == "|".join((phones("1", keys=("k1",)), phones("2", keys=("k2",))))
    assert have_same_values(held, moved)
    assert have_same_values("", "")
    assert not have_same_values(held, again)
    assert not have_same_values(held, "")
    assert not have_same_values(held, phones("2", "1", keys=("k1",)))
    assert with_forms("", again) == ""
    assert with_forms(held, "") == held
    for count in (1, 2, 3):
        numbers = [str(number) for number in range(count)]
        assert len(values_of(phones(*numbers, keys=("k3", "k2", "k1")))) == count


@given(st.lists(st.sampled_from([("k1",), ("k2", "k1"), ("k2",), ("k3", "k2"), ("k3",)]), min_size=2, max_size=6))
def test_values_of_neighbouring_times_meet_and_others_never(times: list[tuple[str, ...]]) -> None:
    for earlier, later in pairwise(times):
        same = digest_keys(secret(earlier[0], {key_id: FIRST + key_id for key_id in earlier}))
        other = digest_keys(secret(later[0], {key_id: FIRST + key_id for key_id in later}))
        meets = bool(set(earlier) & set(later))
        assert are_same(same.digest("phone", "1"), other.digest("phone", "1")) is meets
        assert not are_same(same.digest("phone", "1"), other.digest("phone", "2"))
        assert not are_same(same.digest("phone", "1"), other.digest("bank_account", "1"))
