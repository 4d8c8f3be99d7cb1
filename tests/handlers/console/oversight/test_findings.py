"""Findings at the console: what waits, the rule by which keys are slowed, and letting a key go."""

from chalicelib import wiring
from chalicelib.handlers.console.texts.probing_texts import SIGNALS, percent
from chalicelib.people.duties import Duty
from chalicelib.probing import slow_keys
from chalicelib.probing.rules.lookup_figures import LookupFigures
from chalicelib.probing.rules.slowing_rule import SlowingRule
from chalicelib.probing.rules.suspicion import ABSENT, FEW_HITS, IN_SEQUENCE, MANY_HITS, ODD_CODES, PERSONAL
from chalicelib.storage.item_keys import probing_keys
from chalicelib.values.timestamps import china_date, iso
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.world import World

RULE = {"slows": "yes", "merchants_per_minute": "5", "merchants_per_day": "50", "days": "3"}


def officer(world: World, *duties: Duty) -> tuple[Visitor, str]:
    visitor, session = signed_in(world, add_person(world, "bureau", *duties, role="regulator"))
    return visitor, session.csrf_key


def noticed(world: World) -> None:
    """A finding of today about alpha, whose key is slowed."""
    world.admit("alpha")
    now = wiring.now()
    until = slow_keys.slow(wiring.exchange(), ["key-1"], SlowingRule(slows=True), now)
    signal = {"signal": IN_SEQUENCE, "window": "day", "share_percent": 90, "others_percent": 2}
    finding = {"at": iso(now), "signals": [signal], "key_ids": ["key-1"], "slowed_until": until}
    figures = LookupFigures(lookups=40, codes=40, in_sequence=36, checked_at=iso(now), finding=finding)
    wiring.exchange().put(
        {"id": probing_keys.figures(china_date(now), "alpha"), **figures.to_item(), "expires_at": 4_000_000_000}
    )


def test_every_signal_has_its_words() -> None:
    assert set(SIGNALS) == {IN_SEQUENCE, ODD_CODES, PERSONAL, FEW_HITS, MANY_HITS, ABSENT}
    assert (percent(1, 3), percent(0, 0)) == ("33%", "—")


def test_a_finding_is_shown_with_its_signals_and_its_key_is_let_go(world: World) -> None:
    noticed(world)
    visitor, key = officer(world, Duty.READ, Duty.DECIDE)
    text = visitor.get("/console/findings")[1]
    for words in ("连续代码占比", "当日", ">90%<", ">2%<"):
        assert words in text
    assert "findings/slowed-keys/key-1" in text
    assert (
        'href="../console/findings"><span class="l">疑似试探查询的平台</span><span class="v late">1<'
        in (visitor.get("/console/today")[1])
    )
    assert 'findings?only=findings"><b>1</b> 疑似试探查询的平台' in visitor.get("/console/today")[1]
    assert visitor.get("/console/findings.csv")[1].count("\n") == 2
    assert visitor.post("/console/findings/slowed-keys/key-1", {"key": "wrong"})[0] == 403
    assert visitor.post("/console/findings/slowed-keys/key-1", {"key": key})[0] == 303
    assert visitor.post("/console/findings/slowed-keys/key-1", {"key": key})[0] == 404


def test_the_rule_is_set_and_what_does_not_fit_is_said_beside_it(world: World) -> None:
    visitor, key = officer(world, Duty.READ, Duty.DECIDE)
    status, text = visitor.post("/console/findings/rule", {**RULE, "key": key, "days": "<b>"})
    assert (status, 'id="w-days"' in text, 'value="&lt;b&gt;"' in text) == (400, True, True)
    assert visitor.post("/console/findings/rule", {**RULE, "key": key})[0] == 303
    rule = slow_keys.read_rule(wiring.exchange())
    assert (rule.slows, rule.merchants_per_minute, rule.days, rule.set_by) == (True, 5, 3, "bureau")
    entries = world.call("GET", "/v1/audit?action=setSlowingRule", world.admit("court", "regulator"))[1]["entries"]
    assert [entry["outcome"] for entry in entries] == ["done"]


def test_who_may_not_decide_sees_the_rule_alone_and_platforms_nothing(world: World) -> None:
    visitor, key = officer(world, Duty.READ)
    text = visitor.get("/console/findings")[1]
    assert "不限速" in text
    assert "findings/rule" not in text
    assert visitor.post("/console/findings/rule", {**RULE, "key": key})[0] == 403
    platform, _ = signed_in(world, add_person(world, "alpha", *Duty))
    assert platform.get("/console/findings")[0] == 403
