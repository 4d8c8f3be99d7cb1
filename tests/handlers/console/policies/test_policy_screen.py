"""A platform's policy as a form: rows without script, a dry run before it counts, bounds beside it."""

import re

import pytest

from chalicelib import wiring
from chalicelib.handlers.console.screens.policies.rule_texts import CORROBORATION, RELATIONS, bounds_of
from chalicelib.people.duties import Duty
from chalicelib.verdicts import save_platform_policy
from chalicelib.verdicts.rules import corroboration
from chalicelib.verdicts.rules.platform_policy import BOUNDS, CLASSES, PolicyRow
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.world import World

CODE = uscc(7, "330106")
LISTED = {
    "uscc": CODE, "name": "杭州霁川示例食品有限公司", "evicted_on": "2026-03-01", "reason_text": "假冒注册商标",
    "evidence_level": "E4",
}  # fmt: skip
MILD = {
    "relation": "exact", "severity": "3", "evidence": "E2", "source": "any", "corroboration": "any",
    "verdict": "review", "working_days": "",
}  # fmt: skip


@pytest.fixture
def officer(world: World) -> tuple[Visitor, str]:
    visitor, session = signed_in(world, add_person(world, "alpha", *Duty))
    return visitor, session.csrf_key


def sent(officer: tuple[Visitor, str], path: str, **fields: str) -> tuple[int, str]:
    visitor, key = officer
    return visitor.post(f"/console/rules{path}", {"key": key, "version": "0", **fields})


def in_force(platform_id: str = "alpha") -> tuple[PolicyRow, ...]:
    return save_platform_policy.get_policy(wiring.exchange(), platform_id).rows


def test_rows_are_added_moved_and_removed_without_script_and_nothing_is_saved(officer: tuple[Visitor, str]) -> None:
    status, text = sent(officer, "/draft", do="add")
    assert (status, text.count('name="relation"')) == (200, 1)
    status, text = sent(officer, "/draft", do="add", **MILD)
    assert text.count('name="relation"') == 2
    assert "监管允许的判定：从“需人工核对”到“不得入驻”；答复不超过 1 个工作日" in text
    status, text = sent(officer, "/draft", remove="1", **MILD)
    assert 'name="relation"' not in text
    assert "还没有规则" in text
    assert in_force() == ()


def test_a_table_is_tried_on_recent_lookups_before_it_can_be_saved(world: World, officer: tuple[Visitor, str]) -> None:
    world.call("POST", "/v1/reports", world.admit("beta"), {"evictions": [LISTED]})
    world.settle()
    visitor, key = officer
    visitor.post("/console/search", {"key": key, "q": CODE})
    world.settle()
    status, text = sent(officer, "/draft", do="try", **MILD)
    assert status == 200
    assert "试算结果" in text
    assert re.search(r"<b>1</b>\s*项会改变，共比较 1 项", text)
    assert re.search(r"不得入驻</span> → <span[^>]*>需人工核对</span> <b>1</b>", text)
    assert LISTED["name"] in text
    assert in_force() == ()
    status, text = sent(officer, "/draft", do="csv", **MILD)
    assert visitor.headers["Content-Disposition"] == 'attachment; filename="dry-run.csv"'
    assert f"{CODE},block,review" in text
    assert sent(officer, "", why="改为人工核对", **MILD)[0] == 303
    assert [row.verdict for row in in_force()] == ["review"]
    status, text = visitor.get("/console/rules?saved=1")
    assert "已保存并生效" in text
    assert "改为人工核对" in text


def test_a_row_outside_the_bounds_is_refused_beside_itself_in_words(officer: tuple[Visitor, str]) -> None:
    for path, fields in (("/draft", {"do": "try"}), ("", {})):
        status, text = sent(officer, path, **{**MILD, "verdict": "inform", "working_days": "9"}, **fields)
        assert status == 400
        assert "允许：需人工核对 至 不得入驻" in text
        assert 'class="refused"' in text
        assert 'value="9"' in text
    status, text = sent(officer, "/draft", do="try", **{**MILD, "working_days": "很快"})
    assert (status, "应为整数" in text) == (400, True)
    assert in_force() == ()


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(world: World, officer: tuple[Visitor, str]) -> None:
    assert sent(officer, "", **MILD)[0] == 303
    status, text = sent(officer, "", **{**MILD, "working_days": "0"})
    assert status == 409
    assert "已有同事保存了第 1 版" in text
    assert [row.working_days for row in in_force()] == [None]
    assert sent(officer, "", **{**MILD, "working_days": "0", "version": "1"})[0] == 303
    assert [row.working_days for row in in_force()] == [0]
    assert world


def test_a_reader_may_try_but_not_save(world: World) -> None:
    visitor, session = signed_in(world, add_person(world, "alpha", Duty.READ))
    status, text = visitor.post("/console/rules/draft", {"key": session.csrf_key, "do": "try", **MILD})
    assert (status, "保存需要“决定”职责" in text) == (200, True)
    assert visitor.post("/console/rules", {"key": session.csrf_key, "version": "0", **MILD})[0] == 403


def test_fields_of_unequal_number_are_refused(officer: tuple[Visitor, str]) -> None:
    status, _text = sent(officer, "/draft", relation="exact")
    assert status == 400


def test_what_was_typed_stays_text(officer: tuple[Visitor, str]) -> None:
    _status, text = sent(officer, "/draft", do="try", why='"><script>alert(1)</script>', **MILD)
    assert "<script>alert" not in text


def test_bounds_name_the_platforms_whose_policies_they_cut_back(world: World, officer: tuple[Visitor, str]) -> None:
    sent(officer, "", **{**MILD, "verdict": "block"})
    visitor, session = signed_in(world, add_person(world, "bureau", *Duty, role="regulator"))
    _status, text = visitor.get("/console/rules")
    names = ("relation", "severity", "evidence", "mildest", "gravest", "most_days")
    rows = [[str(getattr(bound, name)) for name in names] for bound in BOUNDS]
    rows[0][names.index("gravest")] = "review"
    fields = [("key", session.csrf_key), ("version", "0"), ("do", "try")]
    fields += [(name, value) for row in rows for name, value in zip(names, row, strict=True)]
    status, text = visitor.post("/console/rules/bounds/draft", fields)
    assert status == 200
    assert re.search(r"1\s*家平台的规则超出新界限", text)
    assert "alpha：第 1 行" in text
    assert visitor.post("/console/rules/bounds", fields)[0] == 303
    assert save_platform_policy.get_bounds(wiring.exchange()).rows[0].gravest == "review"
    status, text = visitor.post("/console/rules/bounds/draft", [*fields[:3], *fields[3 : 3 + len(names)]])
    assert (status, "没有保存" in text) == (400, True)


def test_every_class_and_state_of_the_rules_has_its_words() -> None:
    assert set(RELATIONS) == set(CLASSES)
    assert set(CORROBORATION) == {"any", *corroboration.STATES}


def test_the_bounds_of_a_row_are_those_of_all_cases_that_it_speaks_of() -> None:
    narrow = bounds_of(BOUNDS, "exact", "3", "E1")
    assert narrow is not None
    assert (narrow.mildest, narrow.gravest) == ("review", "review")
    wide = bounds_of(BOUNDS, "exact", "3", "E4")
    assert wide is not None
    assert (wide.mildest, wide.gravest) == ("review", "block")
    assert bounds_of(BOUNDS, "other", "3", "E1") is None
