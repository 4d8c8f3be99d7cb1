"""The lists of reports and of rosters: whose they are, by day and state, page by page, and what they cost."""

from datetime import date, timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.reports.rules.report import Report
from chalicelib.storage.item_keys import report_keys
from chalicelib.values.timestamps import china_date
from tests.support.builders import uscc
from tests.world import World

CSV = "text/csv"


def report(world: World, key: str, number: int, **more: Any) -> str:
    evictions = [{"uscc": uscc(number), "evicted_on": "2026-01-02", "reason_text": "售假"}]
    return str(world.call("POST", "/v1/reports", key, {"evictions": evictions, **more})[1]["report_id"])


def listed(world: World, key: str, query: str = "") -> list[str]:
    ids, after = [], ""
    while True:
        page = world.call("GET", f"/v1/reports?limit=2{query}{after}", key)[1]
        assert len(page["reports"]) <= 2
        ids += [entry["report_id"] for entry in page["reports"]]
        if not page["next"]:
            return ids
        after = f"&after={page['next']}"


def test_reports_are_listed_once_the_newest_first(world: World) -> None:
    alpha, beta, bureau = world.admit("alpha"), world.admit("beta"), world.admit("bureau", "regulator")
    sent = [report(world, alpha, number) for number in (1, 2, 3)]
    assert report(world, alpha, 2) == sent[1], "sent again it is the same report, and the same line"
    world.settle()
    relayed = report(world, bureau, 4, on_behalf_of="alpha")
    assert listed(world, alpha) == [relayed, *reversed(sent)]
    assert listed(world, bureau) == [relayed]
    assert listed(world, bureau, "&platform=alpha") == [relayed, *reversed(sent)]
    assert listed(world, alpha, "&state=done") == list(reversed(sent))
    assert listed(world, alpha, "&state=refused") == []
    assert listed(world, beta) == []
    assert world.call("GET", "/v1/reports?platform=alpha", beta)[0] == 403
    again = report(world, alpha, 3)
    page = world.call("GET", "/v1/reports", alpha)[1]["reports"]
    assert (again, page[1]["accepted"], page[0]["on_behalf_of"]) == (sent[2], 1, "alpha")


def test_reports_of_other_days_are_asked_for_by_day(world: World) -> None:
    alpha = world.admit("alpha")
    sent = report(world, alpha, 1)
    today = china_date(wiring.now())
    yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    assert listed(world, alpha, f"&from={today}&to={today}") == [sent]
    assert listed(world, alpha, f"&from={yesterday}&to={yesterday}") == []
    for wrong in ("from=2026-02-30", "to=x", "from=2020-01-01", "after=2026-11-27.x", "limit=0", "state=x"):
        assert world.call("GET", f"/v1/reports?{wrong}", alpha)[0] == 400, wrong


def test_a_report_whose_call_died_before_its_line_is_entered_when_it_is_sent_again(world: World) -> None:
    alpha = world.admit("alpha")
    sent = report(world, alpha, 1)
    stored = Report.from_item(wiring.exchange().get(report_keys.report(sent)) or {})
    day = china_date(wiring.now())
    world.dynamodb.delete_item(
        TableName=wiring.settings().exchange_table, Key={"id": {"S": f"day#reports:alpha#{day}#000001"}}
    )
    assert (stored.places, listed(world, alpha)) == ({"alpha": 1}, [])
    assert report(world, alpha, 1) == sent
    assert listed(world, alpha) == [sent]


def test_rosters_are_listed_with_the_screening_that_counts(world: World) -> None:
    beta, gamma, bureau = world.admit("beta"), world.admit("gamma"), world.admit("bureau", "regulator")
    sent = []
    for number in (1, 2):
        body = f"商户编号,统一社会信用代码,名称\nS-{number},{uscc(number)},杭州示例{number}有限公司\n".encode()
        answer = world.call("POST", "/v1/rosters/files", beta, body, Content_Type=CSV, X_File_Name="roster.csv")
        sent.append(answer[1]["roster_id"])
        world.settle()
    page = world.call("GET", "/v1/rosters?limit=1", beta)[1]
    rest = world.call("GET", f"/v1/rosters?limit=1&after={page['next']}", beta)[1]
    assert [each["roster_id"] for each in (*page["rosters"], *rest["rosters"])] == list(reversed(sent))
    assert page["current"] == sent[1]
    assert world.call("GET", "/v1/rosters", gamma)[1] == {"rosters": [], "next": "", "current": "", "screened_at": ""}
    assert len(world.call("GET", "/v1/rosters?platform=beta", bureau)[1]["rosters"]) == 2
    assert world.call("GET", "/v1/rosters", bureau)[1]["error"]["code"] == "platform_needed"
