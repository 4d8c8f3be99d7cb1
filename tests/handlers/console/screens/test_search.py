"""The search as a reviewer uses it: verdicts in words, reasons with both values, nothing personal in addresses."""

import re
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.handlers.console.texts.listing_texts import VERDICTS
from chalicelib.lookups import kept_lookups
from chalicelib.people.duties import Duty
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.world import World

CODE = uscc(7, "330106")
LISTED = {
    "uscc": CODE,
    "name": "杭州霁川示例食品有限公司",
    "evicted_on": "2026-03-01",
    "reason_text": "假冒注册商标",
    "evidence_level": "E4",
}


@pytest.fixture
def reviewer(world: World) -> tuple[Visitor, str]:
    world.call("POST", "/v1/reports", world.admit("beta"), {"evictions": [LISTED]})
    world.settle()
    visitor, session = signed_in(world, add_person(world, "alpha", Duty.READ, Duty.REPORT))
    return visitor, session.csrf_key


def searched(reviewer: tuple[Visitor, str], **fields: str) -> tuple[int, str]:
    visitor, key = reviewer
    return visitor.post("/console/search", {"key": key, **fields})


def test_a_listed_code_is_refused_with_its_reason_source_and_evidence(reviewer: tuple[Visitor, str]) -> None:
    status, text = searched(reviewer, q=CODE)
    assert status == 200
    for words in (
        "不得入驻",
        "商标侵权/假冒注册商标",
        "beta",
        "3月1日",
        "行政处罚",
        "统一社会信用代码完全一致",
    ):
        assert words in text
    assert f"{CODE[:8]} {CODE[8:]}" in text
    assert "不是同一主体" not in text


def test_a_name_alone_wants_a_person_and_can_be_told_apart_for_good(
    world: World, reviewer: tuple[Visitor, str]
) -> None:
    visitor, key = reviewer
    status, text = searched(reviewer, q="霁川示例食品有限公司")
    assert "需人工核对" in text
    action = re.search(r'action="([^"]+/decision)"', text)
    assert action is not None
    subject = re.search(r'name="subject_id" value="([^"]+)"', text)
    assert subject is not None
    lookup_id = action[1].split("/")[-2]
    fields = {"key": key, "subject_id": subject[1], "decision": "not_same"}
    status, text = visitor.post(f"/console/lookups/{lookup_id}/decision", fields)
    assert (status, "已记住" in text) == (200, True)
    assert "未发现记录" in searched(reviewer, q="霁川示例食品有限公司")[1]


def test_what_does_not_fit_is_said_beside_its_field_and_kept(reviewer: tuple[Visitor, str]) -> None:
    status, text = searched(reviewer, uscc="9133", name="霁川")
    assert status == 400
    assert 'aria-invalid="true"' in text
    assert 'value="9133"' in text
    status, text = searched(reviewer, q="")
    assert (status, "至少提供一个查询字段" in text) == (400, True)
    status, text = searched(reviewer, q="霁川示例", purpose="investigation")
    assert (status, "未获准以此目的查询" in text) == (403, True)


def test_what_was_typed_stays_text(reviewer: tuple[Visitor, str]) -> None:
    status, text = searched(reviewer, q='<script>alert("1")</script>')
    assert status == 200
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_a_search_is_a_lookup_of_its_platform_that_names_its_purpose(
    world: World, reviewer: tuple[Visitor, str]
) -> None:
    _status, text = searched(reviewer, q=CODE, purpose="recheck")
    lookup_id = re.search(r"k_[0-9a-f]{24}", text)
    assert lookup_id is not None
    kept = kept_lookups.read(wiring.exchange(), lookup_id[0])
    assert kept is not None
    assert (kept.platform_id, kept.purpose, kept.verdict) == ("alpha", "recheck", "block")


def test_every_verdict_of_the_exchange_has_its_words() -> None:
    from chalicelib.verdicts.rules.verdict_by_severity import VERDICTS as ALL

    assert set(VERDICTS) == set(ALL)
    sheet = Path("chalicelib/handlers/console/assets/console.css").read_text("utf-8")
    assert all(f".verdict.{verdict.tone}" in sheet for verdict in VERDICTS.values())
