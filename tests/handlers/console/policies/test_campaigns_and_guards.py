"""Campaigns and guards as a regulator sees them: shown before they act, their figures, and who may decide."""

import re

import pytest

from chalicelib import wiring
from chalicelib.people.duties import Duty
from chalicelib.verdicts import detect_bursts, manage_campaigns
from chalicelib.verdicts.bursts_in_force import put_in_force, standing_bursts
from chalicelib.verdicts.detect_bursts import FilingDay
from chalicelib.verdicts.rules.burst_thresholds import Burst
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.world import World

CAMPAIGN = {
    "name": "网络售假<专项>", "starts_on": "2026-01-01", "ends_on": "2026-12-30", "reasons": "IP01",
    "severity_floor": "3", "working_days": "1",
}  # fmt: skip
BURST = Burst(
    guard_id="g_0123456789abcdef", platform_id="alpha", day="2026-11-20", key="trade:酒业", filed=120, in_all=130,
    busiest_before=50, at="2026-11-20T02:00:00.000Z",
)  # fmt: skip


@pytest.fixture
def officer(world: World) -> tuple[Visitor, str]:
    visitor, session = signed_in(world, add_person(world, "bureau", *Duty, role="regulator"))
    return visitor, session.csrf_key


def sent(officer: tuple[Visitor, str], path: str, **fields: str) -> tuple[int, str]:
    visitor, key = officer
    return visitor.post(f"/console/rules/{path}", {"key": key, **fields})


def test_a_campaign_is_shown_before_it_is_opened_and_can_be_ended(officer: tuple[Visitor, str]) -> None:
    status, text = sent(officer, "campaigns/draft", **CAMPAIGN)
    assert status == 200
    assert "有关记录至少按三级（可阻断）判定" in text
    assert "网络售假&lt;专项&gt;" in text
    assert manage_campaigns.list_campaigns(wiring.exchange()) == []
    assert sent(officer, "campaigns/draft", do="back", **CAMPAIGN)[1].count(" checked") == 1
    assert sent(officer, "campaigns", **CAMPAIGN)[0] == 303
    visitor = officer[0]
    where = visitor.headers["Location"].partition("?")[0].rpartition("/")[2]
    status, text = visitor.get(f"/console/rules/campaigns/{where}?opened=1")
    assert "下发任务" in text
    assert "下发的任务办理到哪一步？" in text
    assert sent(officer, f"campaigns/{where}/end", why="已完成")[0] == 303
    assert manage_campaigns.list_campaigns(wiring.exchange())[0].why == "已完成"
    _status, text = visitor.get("/console/rules/campaigns?state=ended")
    assert "已结束" in text
    assert "没有专项" in visitor.get("/console/rules/campaigns?state=running")[1]
    status, text = visitor.get("/console/rules/campaigns.csv")
    assert (status, "网络售假<专项>" in text) == (200, True)


def test_the_parts_of_the_screen_lead_to_each_other(officer: tuple[Visitor, str]) -> None:
    tabs = re.findall(r'href="[./]*(console/rules[^"]*)"', officer[0].get("/console/rules/guards")[1])
    assert {"console/rules", "console/rules/campaigns", "console/rules/guards"} <= set(tabs)
    assert [officer[0].get(f"/{path}")[0] for path in tabs] == [200] * len(tabs)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ends_on": "2025-01-01"}, "专项须在开始之后一年内结束"),
        ({"reasons": "GX10"}, "不能用于专项的原因代码"),
        ({"reasons": ""}, "不能用于专项的原因代码"),
        ({"starts_on": "明天"}, "格式不符"),
        ({"name": ""}, "至少 1 个字符"),
        ({"working_days": "9"}, "不得大于 5"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_stays(
    officer: tuple[Visitor, str], change: dict[str, str], words: str
) -> None:
    for path in ("campaigns/draft", "campaigns"):
        status, text = sent(officer, path, **{**CAMPAIGN, **change})
        assert (status, words in text) == (400, True), text
        assert 'value="2026-01-01"' in text or "starts_on" in change
    assert manage_campaigns.list_campaigns(wiring.exchange()) == []


def test_a_platform_sees_campaigns_without_figures_and_only_its_own_bursts(world: World) -> None:
    put_in_force(wiring.exchange(), BURST, wiring.now())
    own = signed_in(world, add_person(world, "alpha", *Duty))[0]
    other = signed_in(world, add_person(world, "beta", *Duty))[0]
    assert "行业“酒业”" in own.get("/console/rules/guards")[1]
    assert "行业“酒业”" not in other.get("/console/rules/guards")[1]
    assert other.get(f"/console/rules/guards/{BURST.guard_id}")[0] == 404
    status, text = own.get(f"/console/rules/guards/{BURST.guard_id}")
    assert (status, "/lift" in text) == (200, False)


def test_a_burst_is_plotted_against_its_days_and_says_what_lifting_does(
    world: World, officer: tuple[Visitor, str]
) -> None:
    put_in_force(wiring.exchange(), BURST, wiring.now())
    day = FilingDay("alpha", "2026-11-20")
    wiring.exchange().count_once(day.item_id, {"in_all": 130, BURST.key: 120}, "r.1", 4_000_000_000)
    days = detect_bursts.filed_around(wiring.exchange(), BURST)
    assert (len(days), days[0].day, days[-1].filed, days[-1].in_all) == (29, "2026-10-23", 120, 130)
    visitor = officer[0]
    status, text = visitor.get(f"/console/rules/guards/{BURST.guard_id}")
    assert status == 200
    assert "认定线 150" in text
    assert "不再因集中报送转为人工核对" in text
    assert "没有按小时统计" in text
    assert sent(officer, f"guards/{BURST.guard_id}/lift", why="已电话核实")[0] == 303
    assert visitor.headers["Location"].endswith("rules/guards?lifted=1")
    assert standing_bursts(wiring.exchange()) == []
    assert "g_0123456789abcdef" not in visitor.get("/console/rules/guards.csv")[1]
    _status, audit, _headers = world.call("GET", "/v1/audit", world.admit("board", "regulator"))
    assert "liftBurst" in [entry["action"] for entry in audit["entries"]]


def test_where_acts_take_a_second_person_a_lift_waits(world: World, officer: tuple[Visitor, str]) -> None:
    put_in_force(wiring.exchange(), BURST, wiring.now())
    add_person(world, "bureau", *Duty, role="regulator")
    assert sent(officer, f"guards/{BURST.guard_id}/lift", why="已电话核实")[0] == 303
    assert "/decisions/" in officer[0].headers["Location"]
    assert len(standing_bursts(wiring.exchange())) == 1


def test_a_burst_is_plotted_by_the_hour_beside_the_most_of_a_day_before(officer: tuple[Visitor, str]) -> None:
    put_in_force(wiring.exchange(), BURST, wiring.now())
    filed = {
        "2026-11-20": {"in_all": 130, BURST.key: 120, "hour:03": 110, "hour:14": 20},
        "2026-11-18": {"in_all": 9, "hour:14": 9},
        "2026-11-17": {"in_all": 12, "hour:14": 7, "hour:15": 5},
        "2026-11-16": {"in_all": 40},
    }
    for day, counts in filed.items():
        wiring.exchange().count_once(FilingDay("alpha", day).item_id, counts, "r.1", 4_000_000_000)
    text = officer[0].get(f"/console/rules/guards/{BURST.guard_id}")[1]
    assert "没有按小时统计" not in text
    rows = dict(re.findall(r'<th scope="row">(\d+:00)</th>((?:<td class="r">\d+</td>)+)', text))
    assert [re.findall(r"\d+", rows[hour]) for hour in ("3:00", "14:00", "15:00")] == [
        ["110", "0"],
        ["20", "9"],
        ["0", "5"],
    ]
    assert len(rows) == 24
    assert "此前有 1 天只有按日统计" in text
