"""Figures and the restricted-entry list: /v1/statistics, /v1/restricted-entries."""

import time
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from chalicelib import wiring
from chalicelib.handlers.parameters import LOG_AFTER, Number, Parameter
from chalicelib.handlers.replies import CSV, Reply
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.values.records import Json

routes = Routes(__name__, "statistics")
DAYS: Final = Number("days", "最近多少天", "over how many days", 90, most=400, least=1)
MOST_ENTRIES: Final = 5_000
RESTRICTED_PAGE: Final = (
    LOG_AFTER,
    Number(
        "limit", "本页最多条数；JSON 默认 1,000，CSV 默认 5,000", "at most so many; 1,000 of JSON, 5,000 of CSV",
        most=MOST_ENTRIES, least=1,
    ),
    Parameter("format", "应答格式", "the form of the answer", "json", choices=("json", "csv", "file")),
)  # fmt: skip
# The gateway waits 29 seconds.
MOST_SECONDS: Final = 15
LINK_SECONDS: Final = 600


@routes.route(
    "/v1/statistics", "GET", "getStatistics", roles=(PLATFORM, REGULATOR), query=(DAYS,), returns="ledger:Statistics"
)
def statistics(request: Request) -> Json:
    """The figures of the last `days` (90): all platforms' for the regulator; for a platform its own and medians."""
    from chalicelib.closure_tasks import statistics as measuring
    from chalicelib.values.timestamps import china_date

    days = request.number("days")
    until = china_date(wiring.now())
    since = (date.fromisoformat(until) - timedelta(days=days - 1)).isoformat()
    return measuring.statistics(wiring.exchange(), request.caller, since, until)


@routes.route(
    "/v1/restricted-entries",
    "GET",
    "listRestrictedEntries",
    roles=(PLATFORM, REGULATOR),
    query=RESTRICTED_PAGE,
    returns="listings:RestrictedEntries|RestrictedFile",
    media=(CSV,),
)
def restricted_entries(request: Request) -> Reply:
    """Every listing that blocks now, after a cursor; as JSON, as CSV that Chinese Excel opens, or all in one file."""
    from chalicelib.closure_tasks import restricted_entry_list
    from chalicelib.verdicts.load_rules import rules_for

    if request.text("format") == "file":
        return Reply(_in_one_file(request))
    as_csv = request.text("format") == "csv" or "text/csv" in request.header("accept")
    limit = request.number("limit") or (MOST_ENTRIES if as_csv else 1_000)
    rules = rules_for(wiring.exchange(), "")
    page = restricted_entry_list.page(
        wiring.registry(), wiring.restricted_log(), rules, request.number("after"), limit, wiring.now()
    )
    if not as_csv:
        return Reply(page)
    headers = {"Content-Disposition": 'attachment; filename="restricted-entries.csv"'}
    if page["next"]:
        headers["X-Next"] = page["next"]
    return Reply(_as_csv(page["entries"]), content_type=CSV, headers=headers)


def _in_one_file(request: Request) -> Json:
    """A link to a file of the whole list; `next` is where another one goes on, should the time not do for all."""
    import tempfile

    from chalicelib.closure_tasks import restricted_entry_list
    from chalicelib.values.timestamps import iso
    from chalicelib.verdicts.load_rules import rules_for

    rules, until = rules_for(wiring.exchange(), ""), time.monotonic() + MOST_SECONDS
    after, count, first = request.number("after"), 0, True
    key = f"results/restricted/{request.caller.platform_id}/{iso(wiring.now())}.csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as target:
            while True:
                page = restricted_entry_list.page(
                    wiring.registry(), wiring.restricted_log(), rules, after, MOST_ENTRIES, wiring.now()
                )
                target.write(_as_csv(page["entries"], first))
                count, first = count + len(page["entries"]), False
                if not page["next"] or time.monotonic() > until:
                    break
                after = int(page["next"])
        wiring.bucket().put_file(key, path)
    link = wiring.bucket().link(key, LINK_SECONDS, CSV, "restricted-entries.csv")
    return {"entries": count, "url": link, "expires_in_seconds": LINK_SECONDS, "next": page["next"]}


def _as_csv(entries: list[Json], first: bool = True) -> str:
    """The entries as CSV; only the `first` part of a file has the byte order mark and the names of the columns."""
    from chalicelib.closure_tasks import restricted_entry_list
    from chalicelib.values.csv_export import BYTE_ORDER_MARK, csv_lines

    zh = (
        "序号",
        "名称",
        "统一社会信用代码",
        "注册号",
        "主体",
        "原因",
        "严重程度",
        "证据等级",
        "来源",
        "列入日期",
        "失效日期",
        "名单编号",
    )
    fields = restricted_entry_list.FIELDS
    header = [f"{chinese} {field}" for chinese, field in zip(zh, fields, strict=True)]
    lines = [
        ["、".join(entry["reasons"]) if field == "reasons" else entry.get(field, "") for field in fields]
        for entry in entries
    ]
    return BYTE_ORDER_MARK + csv_lines([header, *lines]) if first else csv_lines(lines)
