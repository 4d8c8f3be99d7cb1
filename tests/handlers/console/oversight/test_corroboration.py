"""Corroboration at the console: counts that open their cases, and who may see them."""

import re

from chalicelib import wiring
from chalicelib.people.duties import Duty
from chalicelib.verdicts.corroboration_counts.count_changes import count_corroborations
from tests.disputes.dispute_calls import evict
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.world import World


def test_counts_open_cases_and_the_file_has_the_same(world: World) -> None:
    evict(world, world.admit("alpha"), name="杭州<b>示例</b>商贸有限公司")
    visitor, _ = signed_in(world, add_person(world, "bureau", Duty.READ, role="regulator"))
    text = visitor.get("/console/corroboration")[1]
    assert re.search(r'state=platform_only"[^>]*><span class="l">仅平台</span><span class="v">1<', text)
    assert f"merchants/{uscc(1)}" in text
    assert "<b>示例" not in text
    assert f"merchants/{uscc(1)}" in visitor.get("/console/corroboration?state=platform_only")[1]
    assert "没有这样的商户" in visitor.get("/console/corroboration?state=conflict")[1]
    assert uscc(1) in visitor.get("/console/corroboration.csv?state=platform_only&after=1")[1]
    assert visitor.get("/console/corroboration?after=999999")[0] == 200
    platform, _ = signed_in(world, add_person(world, "alpha", *Duty))
    assert platform.get("/console/corroboration")[0] == 403


def test_the_matrix_opens_the_cases_of_a_platform_or_a_province(world: World) -> None:
    evict(world, world.admit("alpha"))
    evict(world, world.admit("beta"), uscc=uscc(2, "440106"), name="广州示例贸易有限公司")
    visitor, _ = signed_in(world, add_person(world, "bureau", Duty.READ, role="regulator"))
    assert "还没有统计" in visitor.get("/console/corroboration")[1]
    count_corroborations(wiring.exchange(), wiring.corroboration_log(), wiring.now(), lambda: True)
    text = visitor.get("/console/corroboration")[1]
    link = "corroboration?state=platform_only&amp;platform=beta&amp;by=platform"
    assert f'href="../console/{link}#cases" aria-label="beta，仅平台：1"' in text
    text = visitor.get(f"/console/{link}".replace("&amp;", "&"))[1]
    assert (f"merchants/{uscc(2, '440106')}" in text, f"merchants/{uscc(1)}" in text) == (True, False)
    assert "统计共 1 个；最近 2 次变化中有 1 个" in text
    text = visitor.get(f"/console/{link}&after=1".replace("&amp;", "&"))[1]
    assert "统计共 1 个；这 1 次变化中有 0 个" in text
    text = visitor.get("/console/corroboration?by=province&province=44")[1]
    assert re.search(r'<th scope="row">广东</th>.*?仅平台', text)
    assert (f"merchants/{uscc(2, '440106')}" in text, f"merchants/{uscc(1)}" in text) == (True, False)
    assert "44,广东,0,1,0,0" in visitor.get("/console/corroboration/matrix.csv?by=province")[1]
    assert "beta,beta,0,1,0" in visitor.get("/console/corroboration/matrix.csv")[1]
    assert visitor.get("/console/corroboration?by=x&platform=nobody&province=..")[0] == 200


def test_with_nothing_compared_it_says_what_comes_here(world: World) -> None:
    visitor, _ = signed_in(world, add_person(world, "bureau", Duty.READ, role="regulator"))
    assert "没有这样的商户" in visitor.get("/console/corroboration")[1]
