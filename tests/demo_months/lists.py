"""Government lists of the invented city: they grow from week to week, and the last delivery of one is held."""

from typing import TYPE_CHECKING

from tests.recorded.stage import Stage

if TYPE_CHECKING:
    from tests.demo_months.city import Merchant
    from tests.demo_months.days import City

SERIOUS = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,REMEXCPRES_CN,REMDATE\n"
ABNORMAL = "企业名称,统一社会信用代码/注册号,列入经营异常名录原因,列入日期,作出决定机关(列入),移出日期\n"
PENALTIES = (
    "行政相对人名称,行政相对人类别,行政相对人代码_1(统一社会信用代码),行政处罚决定书文号,违法行为类型,处罚内容,处罚决定日期,"
    "公示截止期,处罚机关\n"
)
FEEDS = ("serious_violations", "abnormal_operations", "penalties")
OFFICE = "示例市场监督管理局"


def arrange(stage: Stage) -> None:
    """The operator sets the lists up: an office drops a file each week."""
    for feed in FEEDS:
        wanted = {"list_type": feed, "way": "dropped", "stale_after_seconds": 2_592_000}
        stage.call("ops", "PUT", f"/v1/feeds/{feed}", wanted)


def deliver(city: "City", left: int) -> None:
    """A week's lists; each has a few entries more than the week before."""
    week = (170 - left) // 7
    for place, feed in enumerate(FEEDS):
        if feed == "penalties" or week // 2 % 2 == place:
            city.stage.drop(feed, _file(city, feed, 24 + week * (1 + place)))


def hold(city: "City") -> None:
    """The last delivery of penalties has lost most of its entries, so a person must look."""
    city.stage.drop("penalties", _file(city, "penalties", 30))
    assert city.stage.get("regulator", "/v1/feeds/penalties").get("hold"), "not held"


def _file(city: "City", feed: str, count: int) -> str:
    begin = FEEDS.index(feed) * 250
    entries = list(enumerate(city.people[begin : begin + count]))
    if feed == "serious_violations":
        return SERIOUS + "".join(
            f"{each.uscc},{each.name},组织虚假交易。情节严重,{_day(place)},,\n" for place, each in entries
        )
    if feed == "abnormal_operations":
        return ABNORMAL + "".join(
            f"{each.name},{each.uscc},通过登记的住所无法联系的,{_day(place)},{OFFICE},\n" for place, each in entries
        )
    return PENALTIES + "".join(map(_penalty, entries))


def _penalty(entry: "tuple[int, Merchant]") -> str:
    place, each = entry
    kind = ("价格欺诈", "虚假宣传", "销售不合格产品")[place % 3]
    number = f"示市监罚〔2026〕{place + 1}号"
    return f"{each.name},企业,{each.uscc},{number},{kind},罚款20000元,{_day(place)},,{OFFICE}\n"


def _day(place: int) -> str:
    return f"2026-{1 + place % 5:02d}-{1 + place % 27:02d}"
