"""Corroboration at the console: counts that open their cases, and who may see them."""

import re

from chalicelib.people.duties import Duty
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


def test_with_nothing_compared_it_says_what_comes_here(world: World) -> None:
    visitor, _ = signed_in(world, add_person(world, "bureau", Duty.READ, role="regulator"))
    assert "没有这样的商户" in visitor.get("/console/corroboration")[1]
