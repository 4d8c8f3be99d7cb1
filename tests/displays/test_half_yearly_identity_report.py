"""The half-yearly report of identity data: complete, in parts that survive any kill, safe in a spreadsheet."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.displays import half_yearly_identity_report, manage_displays
from chalicelib.handlers import dependencies
from tests.interruptions.interruption import Killed, killed_after
from tests.support.builders import uscc
from tests.support.licence_records import licence
from tests.support.moments import NOW
from tests.world import World

ALPHA = Caller("alpha", Role.PLATFORM, "k")
JANUARY = NOW.replace(year=2027, month=1, day=2)


def shown(world: World, many: int) -> None:
    world.admit("alpha")
    for number in range(many):
        wiring.exchange().put(licence(uscc=uscc(number), name=f"杭州示例{number}有限公司"))
        wanted = {"uscc": uscc(number), "shop_name": f"+cmd|'/c calc'!A{number}" if number == 1 else f"店{number}"}
        manage_displays.make(dependencies.displays(), wiring.digest(), ALPHA, wanted, "https://l.example.cn", NOW)
    exempt = {"declaration": "small_amounts", "shop_name": "山野小铺", "over_limit": True}
    manage_displays.make(dependencies.displays(), wiring.digest(), ALPHA, exempt, "https://l.example.cn", NOW)


def rows(period: str = "2027-01") -> list[list[str]]:
    item = wiring.exchange().get(f"identity#alpha#{period}") or {}
    body = wiring.bucket().get(item["file"]) or b""
    assert body.startswith(b"\xef\xbb\xbf"), "without the mark Chinese Excel reads GBK"
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def in_twos() -> half_yearly_identity_report.Context:
    """The context with parts of two, so that a small report has several."""
    return replace(dependencies.identity_reports(with_notices=True), part=2)


def build(context: half_yearly_identity_report.Context) -> dict[str, int]:
    return half_yearly_identity_report.build_due(context, JANUARY, lambda: True)


def test_in_january_each_platform_gets_its_file(world: World) -> None:
    shown(world, 3)
    world.admit("beta")
    world.admit("gamma", "regulator")
    assert half_yearly_identity_report.build_due(
        dependencies.identity_reports(with_notices=True), NOW, lambda: True
    ) == {
        "done": 0,
        "building": 0,
    }
    assert build(dependencies.identity_reports(with_notices=True)) == {"done": 2, "building": 0}
    assert build(dependencies.identity_reports(with_notices=True)) == {"done": 0, "building": 0}
    header, *lines = rows()
    assert header[:3] == ["登记情况", "名称（姓名）", "统一社会信用代码"]
    assert [line[2] for line in lines] == [uscc(0), uscc(1), uscc(2), ""]
    assert lines[1][6].startswith("'+cmd")
    assert (lines[3][0], lines[3][9]) == ("未登记", "是")
    notices = [line["notice"] for line in wiring.notice_log("alpha").read(0)]
    assert [line["kind"] for line in notices] == ["identity_report_done"]
    view = half_yearly_identity_report.find(dependencies.identity_reports(with_notices=True), "alpha", "2027-01")
    assert (view["state"], view["rows"]) == ("done", 4)
    assert "X-Amz-Signature" in view["url"] or "Signature" in view["url"]


def test_deleted_displays_are_left_out_and_again_makes_it_anew(world: World) -> None:
    shown(world, 2)
    build(dependencies.identity_reports(with_notices=True))
    (first, *_) = wiring.display_log("alpha").read(0)
    manage_displays.delete(dependencies.displays(), ALPHA, first["display_id"], "退出", NOW)
    context, later = dependencies.identity_reports(with_notices=True), JANUARY + timedelta(days=1)
    assert half_yearly_identity_report.request_report(context, "alpha", "2027-01", False, later).state == "done"
    made = half_yearly_identity_report.request_report(context, "alpha", "2027-01", True, later)
    half_yearly_identity_report.build(context, made, later, lambda: True)
    assert [line[2] for line in rows()[1:]] == [uscc(1), ""]


@pytest.mark.long
def test_killed_after_any_write_the_file_is_the_same(clients: dict[str, object]) -> None:
    from moto import mock_aws

    def run(dies_after: int) -> tuple[int, list[list[str]], int]:
        with mock_aws():
            world = World(clients)  # type: ignore[arg-type]
            shown(world, 4)
            with killed_after(world, dies_after) as written:
                for _ in range(3):
                    try:
                        build(in_twos())
                        break
                    except Killed:
                        continue
            ended = rows(), len(wiring.notice_log("alpha").read(0))
            world.close()
            return len(written), *ended

    writes, expected, notified = run(0)
    assert (len(expected), notified) == (6, 1)
    assert writes > 6
    for dies_after in range(1, writes + 1):
        assert run(dies_after)[1:] == (expected, notified), dies_after


def test_out_of_time_a_report_is_gone_on_with(world: World) -> None:
    shown(world, 4)
    context = in_twos()
    assert half_yearly_identity_report.build_due(context, JANUARY, lambda: False) == {"done": 0, "building": 1}
    assert build(context) == {"done": 1, "building": 0}
    assert len(rows()) == 6
