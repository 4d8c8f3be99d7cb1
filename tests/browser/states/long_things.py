"""Names that no line holds, lists that no page holds, and files that nobody can read, in the furnished exchange."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from tests.browser.console_site import ConsoleSite
from tests.browser.duties.fresh_cases import SCHEDULED
from tests.support.builders import uscc

# 200 characters without a place to break.
LATIN: Final = "HangzhouYuexiuDemoSupplyChainInternational" * 4 + "HangzhouYuexiuDemoCompanyLtd"
# More than a page of tasks holds, and fewer than a burst of reports, which would hold them back.
MANY: Final = 60


@dataclass(frozen=True, slots=True)
class LongThings:
    """The pages of a role that show something long, each with a text that must be on it; pages of failed files."""

    pages: Mapping[str, Mapping[str, str]]
    failed: tuple[str, ...]


def long_things(site: ConsoleSite) -> LongThings:
    """Let the participants report, screen and dispute what is long."""

    call, send = site.call, partial(site.send_file, "qingluan")
    long_code = uscc(8_900, "330106")
    header = "商家ID,统一社会信用代码,主体名称\n"
    rows = [f"S-{place},{uscc(8_200 + place, '330106')},示例第{place}商行" for place in range(MANY)]
    table = header + "\n".join([*rows, f"S-L,{long_code},{LATIN}"])
    send("/v1/rosters/files", "roster.csv", table.encode())
    site.running.settle()
    evictions = [_eviction(uscc(8_200 + place, "330106"), f"示例第{place}商行") for place in range(MANY)]
    for start in range(0, MANY, 50):
        call("beidou", "POST", "/v1/reports", {"evictions": evictions[start : start + 50]})
    call("beidou", "POST", "/v1/reports", {"evictions": [_eviction(long_code, LATIN)]})
    lines = [f"{LATIN[:60]}{place},91330106X,{place},售假,E2" for place in range(MANY)]
    bad = "主体名称,统一社会信用代码,清退日期,清退原因,证据等级\n" + "\n".join(lines)
    rejected = send("/v1/reports/files", f"{'rejected' * 20}.csv", bad.encode())["report_id"]
    site.running.settle()
    # Screened again against a snapshot of now, most of them are listed.
    sys.modules["app"].snapshot_due(SCHEDULED, None)
    roster = send("/v1/rosters/files", f"{'roster' * 30}.csv", f"{table}\nS-N,,示例新商行".encode())["roster_id"]
    site.running.settle()
    failed_report = send("/v1/reports/files", "t.xlsx", b"no workbook")["report_id"]
    failed_roster = send("/v1/rosters/files", "t.xlsx", b"no workbook")["roster_id"]
    site.running.settle()
    asked = {"uscc": long_code, "purpose": "onboarding"}
    listing = call("qingluan", "POST", "/v1/lookups", asked)["matches"][0]["listings"][0]["listing_id"]
    new = {"listing_id": listing, "kind": "found_otherwise", "statement": LATIN * 4}
    dispute = call("qingluan", "POST", "/v1/disputes", new)["dispute_id"]
    task = next(task for task in _tasks(call) if task["subject"].get("uscc") == long_code)["task_id"]
    site.running.settle()
    return LongThings(
        pages={
            "platform": {
                "/console/tasks": "示例第",
                f"/console/tasks/{task}": LATIN,
                f"/console/disputes/{dispute}": LATIN,
                "/console/disputes": LATIN,
                f"/console/listings/{listing}": LATIN,
                "/console/reports": "rejectedrejected",
                f"/console/reports/{rejected}": "rejectedrejected",
                f"/console/roster/{roster}": "S-1",
                "/console/roster": "rosterroster",
            },
            "regulator": {
                f"/console/merchants/{long_code}": LATIN,
                "/console/disputes": LATIN,
                "/console/tasks": "示例",
            },
        },
        failed=(f"/console/reports/{failed_report}", f"/console/roster/{failed_roster}"),
    )


def _tasks(call: Any) -> Iterator[Any]:
    """All tasks of qingluan, page by page."""
    answer = call("qingluan", "GET", "/v1/tasks?limit=100")
    while answer["tasks"]:
        yield from answer["tasks"]
        answer = call("qingluan", "GET", f"/v1/tasks?limit=100&after={answer['next']}")


def _eviction(code: str, name: str) -> dict[str, Any]:
    day = date.today() - timedelta(days=3)  # noqa: DTZ011 -- a day on this machine's calendar is what is meant
    return {"uscc": code, "name": name, "evicted_on": day.isoformat(), "reason_text": "售假", "evidence_level": "E4"}
