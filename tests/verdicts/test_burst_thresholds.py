"""Each row of the guard, on either side of its threshold, and what takes a guard off."""

from typing import Any

import pytest

from chalicelib.registry.rules.subject import Registration, Subject
from chalicelib.registry.rules.subject_changes import GuardLifted, Listed
from chalicelib.registry.rules.subject_id import Identity
from chalicelib.verdicts.rules import reporter_trust
from chalicelib.verdicts.rules.burst_thresholds import BURST_LEAST, BURST_TIMES, burst_keys, count_keys, is_burst
from chalicelib.verdicts.rules.guards import NO_ALARMS, Alarms, guard_of
from chalicelib.verdicts.rules.reporter_trust import TrustCounters
from tests.support.builders import listed, subject, uscc

TODAY = "2026-03-01"
REGION = f"region:{uscc(1)[2:6]}"
BURST = Alarms(bursts=frozenset({f"alpha:2026-01-05:{REGION}"}))
LOW = Alarms(low=frozenset({"alpha"}))
LARGE = {
    "established_on": "2001-05-01",
    "entity_type": "股份有限公司（上市）",
    "status": "operating",
    "name": "苏州霁昱商贸",
}


def named(found: Subject, alarms: Alarms = NO_ALARMS, source: str = "platform:alpha") -> str:
    listing = next(listing for listing in found.listings.values() if listing.source == source)
    held = guard_of(listing, found, alarms, TODAY)
    return held.name if held else ""


def large(*changes: Listed, **changed: Any) -> Subject:
    return subject(*changes).replace(registration=Registration(**{**LARGE, **changed}))


def test_a_lone_report_on_a_firm_that_nobody_knows_is_not_guarded() -> None:
    assert named(subject(listed())) == ""


def test_what_was_filed_in_a_burst_is_guarded_and_what_was_filed_before_is_not() -> None:
    assert named(subject(listed(filed_on="2026-01-05")), BURST) == "burst"
    assert named(subject(listed(filed_on="2026-01-04")), BURST) == ""
    assert named(subject(listed()), BURST) == "", "filed before days were noted"
    assert named(subject(listed(platform="beta", filed_on="2026-01-05")), BURST, "platform:beta") == ""
    elsewhere = {"uscc": uscc(2, division="330106"), "name": "苏州霁昱商贸有限公司"}
    assert named(subject(listed(filed_on="2026-01-05", identity=elsewhere)), BURST) == ""
    trade = Alarms(bursts=frozenset({"alpha:2026-01-05:trade:商贸"}))
    assert named(subject(listed(filed_on="2026-01-05", identity=elsewhere)), trade) == "burst"


def test_what_a_reporter_of_low_trust_says_alone_is_guarded() -> None:
    assert named(subject(listed(evidence_level="E3")), LOW) == "low_trust"


@pytest.mark.parametrize(
    ("changed", "held"),
    [
        ({}, "large_company"),
        ({"entity_type": "有限责任公司(国有独资)"}, "large_company"),
        ({"entity_type": "有限责任公司", "name": "霁昱集团有限公司"}, "large_company"),
        ({"entity_type": "有限责任公司(自然人独资)"}, ""),
        ({"entity_type": "个体工商户"}, ""),
        ({"established_on": "2016-12-31"}, "large_company"),
        ({"established_on": "2017-01-01"}, ""),
        ({"established_on": ""}, ""),
        ({"status": "licence_revoked"}, ""),
        ({"status": ""}, "large_company"),
    ],
)
def test_little_evidence_against_a_large_company_of_long_standing(changed: dict[str, Any], held: str) -> None:
    assert named(large(**changed)) == held


@pytest.mark.parametrize(("level", "held"), [("E1", True), ("E2", True), ("E3", False), ("E4", False), ("E5", False)])
def test_evidence_takes_the_guard_of_a_large_company_off(level: str, held: bool) -> None:
    assert bool(named(large(listed(evidence_level=level)))) is held


@pytest.mark.parametrize(
    ("other", "borne_out"),
    [
        ({"source": "platform:beta"}, True),
        ({"source": "government:penalties", "evidence_level": "E4"}, True),
        ({"source": "government:abnormal", "severity": 1, "reasons": ["GX01"]}, False),
        ({"source": "platform:beta", "severity": 1}, False),
        ({"source": "platform:beta", "expires_on": TODAY}, False),
        ({"source": "platform:beta", "disputed": "d_1"}, False),
        ({"source": "platform:alpha", "listed_on": "2026-01-03"}, False),
    ],
)
def test_another_source_takes_the_guard_off_and_the_same_one_does_not(other: dict[str, Any], borne_out: bool) -> None:
    result = large(listed(), listed(**other))
    assert (named(result) == "") is borne_out


def test_what_a_regulator_files_or_has_let_go_is_not_guarded() -> None:
    assert named(large(listed(filed_by="regulator:bureau"))) == ""
    result = large()
    (ident,) = result.listings
    lifted = GuardLifted(result.subject_id, ident, "large_company", TODAY, "regulator:bureau", "核实").apply(result)
    assert lifted is not None
    assert named(lifted) == ""
    assert lifted.listings[ident].history[-1].to_item() == {
        "revision": 2,
        "kind": "guard_lifted",
        "at": TODAY,
        "by": "regulator:bureau",
        "before": {"guard": "large_company"},
        "why": "核实",
    }
    assert GuardLifted(result.subject_id, ident, "large_company", TODAY, "regulator:bureau").apply(lifted) is None
    assert GuardLifted(result.subject_id, "l_x", "burst", TODAY, "regulator:bureau").apply(lifted) is None


def test_opened_again_a_listing_is_guarded_again() -> None:
    from chalicelib.registry.rules.subject_changes import Ended

    result = large()
    (ident,) = result.listings
    actor = result.subject_id
    for change in (
        GuardLifted(actor, ident, "large_company", "2026-01-06T00:00:00.000Z", "regulator:bureau"),
        Ended(actor, ident, "withdrawn", "2026-01-07T00:00:00.000Z", "platform:alpha"),
        listed(at="2026-01-08T00:00:00.000Z", filed_on="2026-01-08"),
    ):
        result = change.apply(result) or result
    assert named(result) == "large_company"
    assert result.listings[ident].filed_on == "2026-01-08"


@pytest.mark.parametrize(
    ("filed", "in_all", "before", "burst"),
    [
        (BURST_LEAST, BURST_LEAST, [], True),
        (BURST_LEAST - 1, BURST_LEAST - 1, [], False),
        (BURST_LEAST, 2 * BURST_LEAST, [], True),
        (BURST_LEAST, 2 * BURST_LEAST + 1, [], False),
        (BURST_LEAST, BURST_LEAST, [5, BURST_LEAST // BURST_TIMES], True),
        (BURST_LEAST, BURST_LEAST, [BURST_LEAST // BURST_TIMES + 1], False),
    ],
)
def test_a_burst_is_many_half_of_the_day_and_more_than_ever(
    filed: int, in_all: int, before: list[int], burst: bool
) -> None:
    assert is_burst(filed, in_all, before) is burst


def keys_of(identity: Identity) -> set[str]:
    return burst_keys(identity, [identity.name])


def test_trades_and_regions_are_counted_as_far_as_they_could_matter() -> None:
    assert keys_of(Identity(uscc=uscc(1), name="苏州霁昱商贸有限公司")) == {REGION, "trade:商贸"}
    assert keys_of(Identity(registration_no="330106000000001")) == {"region:3301"}
    assert keys_of(Identity(name="霁昱")) == set()
    many = [Identity(uscc=uscc(number)) for number in range(20)]
    assert count_keys([*many, Identity(uscc=uscc(99, division="330106"))]) == {REGION: 20}, "one in 21 hides no burst"
    assert count_keys([*many[:19], Identity(uscc=uscc(99, division="330106"))])["region:3301"] == 1


@pytest.mark.parametrize(
    ("counters", "level"),
    [
        ({}, "fair"),
        ({"voided": 2, "reported": 2}, "fair"),
        ({"voided": 3, "reported": 3}, "low"),
        ({"voided": 3, "upheld": 3, "reported": 3_000}, "low"),
        ({"voided": 3, "upheld": 3, "reported": 3_001}, "watched"),
        ({"voided": 3, "upheld": 2, "amended": 2, "reported": 10}, "watched"),
        ({"voided": 3, "upheld": 12, "reported": 10}, "watched"),
        ({"voided": 3, "upheld": 13, "reported": 10}, "fair"),
        ({"voided": 3}, "low"),
        ({"voided": 3, "conceded": 3, "reported": 6}, "low"),
        ({"voided": 3, "conceded": 4, "reported": 7}, "watched"),
        ({"conceded": 9, "reported": 9}, "fair"),
    ],
)
def test_each_level_of_trust(counters: dict[str, int], level: str) -> None:
    assert reporter_trust.level(TrustCounters(**counters)).name == level
