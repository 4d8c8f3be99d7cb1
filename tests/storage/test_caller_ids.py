import pytest

from chalicelib.errors import BadRequest
from chalicelib.storage.caller_ids import MOST_ID_BYTES, caller_id
from chalicelib.storage.item_keys import notice_keys
from chalicelib.storage.item_kinds import ITEM_KINDS

MOST_KEY_BYTES = 2_048


@pytest.mark.parametrize("value", ["", "k_1", "a" * 1_024, "店" * 341 + "a"])
def test_an_id_of_up_to_1024_bytes_passes_as_it_is(value: str) -> None:
    assert caller_id(value, "lookup_id") == value


@pytest.mark.parametrize(("value", "size"), [("a" * 1_025, 1_025), ("店" * 342, 1_026), ("a" * 5_000, 5_000)])
def test_a_longer_one_is_refused_with_its_field(value: str, size: int) -> None:
    with pytest.raises(BadRequest) as refused:
        caller_id(value, "lookup_id")
    assert (refused.value.status, refused.value.code) == (400, "invalid_request")
    assert refused.value.details == {"field": "lookup_id", "bytes": size, "most": 1_024}


def test_text_that_is_no_unicode_is_refused_because_no_key_can_hold_it() -> None:
    with pytest.raises(BadRequest) as refused:
        caller_id("k_\ud800", "lookup_id")
    assert refused.value.details == {"field": "lookup_id", "expected": "Unicode text"}


def test_a_lower_limit_can_be_given() -> None:
    assert caller_id("abc", "name", 3) == "abc"
    with pytest.raises(BadRequest):
        caller_id("abcd", "name", 3)


def test_the_longest_id_fits_into_every_key_beside_an_id_of_ours() -> None:
    ours = "p" * 200
    fixed = [len(kind.template.encode()) for kind in ITEM_KINDS]
    assert max(fixed) + MOST_ID_BYTES + 3 * len(ours) <= MOST_KEY_BYTES
    assert len(notice_keys.subscription(ours, "a" * MOST_ID_BYTES)) <= MOST_KEY_BYTES
