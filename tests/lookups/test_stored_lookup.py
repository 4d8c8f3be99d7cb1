"""A lookup is stored in its smallest form, and those of earlier versions are read as before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.lookups.rules.stored_lookup import StoredLookup, packed, unpacked
from chalicelib.storage.dynamodb_values import from_item, to_item
from chalicelib.values.timestamps import iso
from chalicelib.verdicts.recent_lookups import KEPT_OF_A_DAY, is_kept

KEPT = timedelta(days=360)
AT = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
# What is left out of the item where there is nothing.
BESIDE = {
    "by": "p_1",
    "given": {"name": "杭州樾野商贸有限公司", "phone": ""},
    "verdicts": {"uscc:1": "block"},
    "stale": ("serious_violations",),
    "policy": 3,
}
asked_ids = st.sampled_from(["", "uscc:91330106MA2GT00116", "name:3c789fd6b3e51340dda47969", "reg:浙|工|1"])
relations = st.dictionaries(st.sampled_from(["uscc:1", "name:2"]), st.sampled_from(["same_name", "same_uscc"]))


@given(asked_ids, st.sampled_from(["clear", "review", "block", "unknown"]), relations, st.sampled_from([{}, BESIDE]))
def test_what_was_packed_comes_back(asked_id: str, verdict: str, found: dict[str, str], beside: dict[str, Any]) -> None:
    lookup = StoredLookup(
        lookup_id="k_1",
        platform_id="beta",
        purpose="onboarding",
        at=iso(AT),
        asked_id=asked_id,
        verdict=verdict,
        relations=found,
        expires_at=int((AT + KEPT).timestamp()),
        **beside,
    )
    assert unpacked(from_item(to_item(packed(lookup))), "k_1", KEPT) == lookup


def test_a_lookup_of_an_earlier_version_is_read() -> None:
    item = {"id": "lookup#k_1", "lookup_id": "k_1", "platform_id": "beta", "purpose": "recheck", "at": iso(AT)}
    item |= {"asked_id": "uscc:1", "verdict": "review"}
    read = unpacked({**item, "relations": {"uscc:2": "same_name"}, "expires_at": 1}, "k_1", KEPT)
    assert (read.platform_id, read.asked_id, read.relations) == ("beta", "uscc:1", {"uscc:2": "same_name"})


@pytest.mark.parametrize(
    ("found", "drawn", "kept"), [(1, 999, True), (400, 399, True), (401, 399, True), (401, 400, False)]
)
def test_of_a_day_that_finds_much_a_sample_is_kept(found: int, drawn: int, kept: bool) -> None:
    assert is_kept(found, lambda below: min(drawn, below - 1)) is kept
    assert KEPT_OF_A_DAY == 400
