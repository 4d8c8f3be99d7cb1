"""Every free text that an eviction declares goes the whole way: reported, kept, served to whom it may be, corrected."""

from typing import Any

import pytest

from chalicelib.registry.rules.listing import PRIVATE_FIELDS, ReportedContent
from chalicelib.table_files.rules.header_synonyms import HEADER_SYNONYMS
from chalicelib.values.records import fields_that_are
from tests.support.builders import uscc
from tests.world import World

TEXTS = fields_that_are(ReportedContent, "text")


def eviction(**more: str) -> dict[str, str]:
    return {
        "uscc": uscc(1, "320594"),
        "name": "苏州樾野商贸有限公司",
        "evicted_on": "2025-10-08",
        "reason_text": "销售假冒注册商标的商品",
        "evidence_level": "E2",
        **more,
    }


def listing(world: World, key: str) -> dict[str, Any]:
    (only,) = world.call("GET", f"/v1/merchants/{uscc(1, '320594')}", key)[1]["listings"]
    return dict(only)


def test_there_are_texts_to_try() -> None:
    assert {"document_no", "measure", "shop_id"} <= set(TEXTS)


@pytest.mark.parametrize("field", TEXTS)
def test_a_declared_text_is_read_kept_served_and_corrected(world: World, field: str) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    assert HEADER_SYNONYMS[field], "a file names it by words of its own"
    for text in ("https://shop.example/first", "https://shop.example/second"):
        status, _, _ = world.call("POST", "/v1/reports", alpha, {"evictions": [eviction(**{field: text})]})
        assert status == 202
        world.settle()
        assert listing(world, alpha)[field] == text
        assert (field in listing(world, beta)) == (field not in PRIVATE_FIELDS)
    history = world.call("GET", f"/v1/listings/{listing(world, alpha)['listing_id']}/history", alpha)[1]["history"]
    amended = history[-1]
    assert (amended["kind"], amended["before"][field], amended["after"][field]) == (
        "amended",
        "https://shop.example/first",
        "https://shop.example/second",
    )
