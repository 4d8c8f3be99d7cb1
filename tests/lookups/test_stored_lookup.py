"""A lookup is stored in its smallest form, and those of earlier versions are read as before."""

import json
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.lookups.rules import stored_lookup
from chalicelib.lookups.rules.stored_lookup import StoredLookup, inflated, packed, unpacked
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
ASKED_IDS = ("", "uscc:91330106MA2GT00116", "name:3c789fd6b3e51340dda47969", "reg:浙|工|1", f"person:{'0f' * 32}")
VERDICTS = ("clear", "review", "block", "unknown")
MOMENTS = ("2026-11-26T16:00:00.000Z", "2026-11-27T00:00:00.000Z", "2026-11-27T15:59:59.000Z")
relations = st.dictionaries(st.sampled_from(["uscc:1", "name:2"]), st.sampled_from(["same_name", "same_uscc"]))


def made(**given: Any) -> StoredLookup:
    at = datetime.fromisoformat(given.get("at", iso(AT)))
    fields = {"lookup_id": "k_1", "platform_id": "beta", "purpose": "onboarding", "asked_id": ASKED_IDS[1]}
    fields |= {"at": iso(at), "verdict": "clear", "relations": {}, "expires_at": int((at + KEPT).timestamp())}
    return StoredLookup(**(fields | given))


def read(body: bytes) -> StoredLookup:
    return unpacked(from_item(to_item({"body": body, "platform_id": "beta"})), "k_1", "2026-11-27", KEPT)


@given(
    st.sampled_from(ASKED_IDS),
    st.sampled_from(VERDICTS),
    relations,
    st.sampled_from([{}, BESIDE, {"policy": 3}, {"by": "090e4849cffa"}, {"verdicts": {"uscc:1": "block"}}]),
    st.sampled_from(MOMENTS),
)
def test_what_was_packed_comes_back(
    asked_id: str, verdict: str, found: dict[str, str], beside: dict[str, Any], at: str
) -> None:
    beside = {**beside, "verdicts": {k: v for k, v in beside.get("verdicts", {}).items() if k in found}}
    lookup = made(asked_id=asked_id, verdict=verdict, relations=found, at=at, **beside)
    assert read(packed(lookup)) == lookup


def test_a_usual_lookup_takes_less_than_a_hundred_bytes() -> None:
    beside = {"by": "090e4849cffa", "given": {"name": "杭州云栖谷示例服饰有限公司", "phone": ""}}
    assert len(packed(made(**beside))) < 100
    beside |= {"relations": {ASKED_IDS[1]: "same_uscc"}, "verdicts": {ASKED_IDS[1]: "block"}, "verdict": "block"}
    assert len(packed(made(**beside))) < 100


# Recorded once and never again: what is stored stays readable.
RECORDED = {
    "clear": (
        "018b3635373330c026639c6c6e6199966296649c6a6a686c6290929268626e69668964b981a541aa89858965725a5aa212c2"
        "ddcfe6ae7dba7ddeb315fb5eb6f711f06c2c00"
    ),
    "review": (
        "018b3635373330c026639c6c6e6199966296649c6a6a686c6290929268626e6966a984e40e034b8354130b13cbe4b4b44425"
        "84c39fcd5dfb74fbbc672bf6bd6cef23ec5bb0eb8c94ac7044994e34d057c0345a024c724ab1b100"
    ),
}


@pytest.mark.parametrize("verdict", RECORDED)
def test_a_lookup_that_was_deflated_with_the_first_dictionary_is_read(verdict: str) -> None:
    beside: dict[str, Any] = {"by": "090e4849cffa", "given": {"name": "杭州樾野商贸有限公司", "phone": ""}}
    if verdict == "review":
        beside |= {"relations": {"uscc:2": "same_name"}, "verdicts": {"uscc:2": "review"}, "stale": ("penalties",)}
    assert read(bytes.fromhex(RECORDED[verdict])) == made(asked_id=ASKED_IDS[2], verdict=verdict, **beside)


def test_what_a_later_version_adds_at_the_end_is_passed_over() -> None:
    body = packed(made(policy=3))
    parts = [*inflated(body), "more"]
    assert len(inflated(packed(made()))) == len(parts) - 1, "what was left out at the end is there again"
    deflating = zlib.compressobj(9, zlib.DEFLATED, -12, zdict=stored_lookup._DICTIONARIES[1])
    later = body[:1] + deflating.compress(json.dumps(parts).encode()) + deflating.flush()
    assert read(later) == made(policy=3)


def test_lookups_of_earlier_versions_are_read() -> None:
    beside = {"by": "p_1", "given": {"phone": ""}, "relations": {"uscc:2": "same_name"}}
    text = {"asked": "beta|onboarding|reg:浙|工|1|review", "expires_at": int((AT + KEPT).timestamp()), **beside}
    assert unpacked(text, "k_1", "", KEPT) == made(asked_id="reg:浙|工|1", verdict="review", **beside)
    item = {"id": "lookup#k_1", "lookup_id": "k_1", "platform_id": "beta", "purpose": "recheck", "at": iso(AT)}
    item |= {"asked_id": "uscc:1", "verdict": "review"}
    first = unpacked({**item, "relations": {"uscc:2": "same_name"}, "expires_at": 1}, "k_1", "", KEPT)
    assert (first.platform_id, first.asked_id, first.relations) == ("beta", "uscc:1", {"uscc:2": "same_name"})


@pytest.mark.parametrize(
    ("found", "drawn", "kept"), [(1, 999, True), (400, 399, True), (401, 399, True), (401, 400, False)]
)
def test_of_a_day_that_finds_much_a_sample_is_kept(found: int, drawn: int, kept: bool) -> None:
    assert is_kept(found, lambda below: min(drawn, below - 1)) is kept
    assert KEPT_OF_A_DAY == 400
