"""What state columns do to listings: a revoked decision never blocks, an objection comes to review at most."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.feed_state import FeedState
from tests.government_lists.list_pulling import pull
from tests.support.builders import listed, uscc
from tests.world import World

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
PENALTY = "行政处罚决定书文号,行政相对人名称,行政相对人代码_1(统一社会信用代码),处罚事由,处罚结果,处罚决定日期,"
SERIOUS = "企业名称,统一社会信用代码,列入原因,列入日期,"


def penalty(number: int, state: str) -> str:
    who = f"京处〔2026〕{number}号,北京朔序{number}商贸有限公司,{uscc(number)}"
    return f"{who},销售假冒注册商标商品,罚款5万元,2026-05-01,{state}\n"


def serious(number: int, state: str) -> str:
    return f"北京朔序{number}商贸有限公司,{uscc(number)},组织虚假交易，情节严重,2026-03-05,{state}\n".replace(
        "，", "。"
    )


def deliver(list_type: str, text: str, day: int = 0, **more: Any) -> FeedState:
    now = NOW + timedelta(days=day)
    wiring.bucket().put(f"feeds/{list_type}/dropped/{now:%Y%m%d}.csv", text.encode())
    state = pull(Feed(list_type, list_type, "dropped", **more), now)
    assert state.last_result == "applied", state
    return state


def listing(number: int) -> Any:
    subject = wiring.registry().subject(f"uscc:{uscc(number)}")
    return next(iter(subject.listings.values()), None) if subject else None


@pytest.fixture
def key(world: World) -> str:
    return world.admit("beta")


def verdict(world: World, key: str, number: int) -> str:
    answer = world.call("POST", "/v1/lookups", key, {"uscc": uscc(number), "purpose": "recheck"})[1]
    return str(answer["verdict"]) if answer["matches"] else "no match"


def test_the_states_of_the_standard(world: World, key: str) -> None:
    states = ["0", "1", "2", "3", "", "撤销", "已修复", "异议", "7"]
    rows = "".join(penalty(number, state) for number, state in enumerate(states))
    state = deliver("penalties", PENALTY + "当前状态\n" + rows)
    assert {number for number in range(9) if listing(number)} == {0, 2, 3, 4, 7, 8}
    assert [verdict(world, key, number) for number in (0, 2, 3, 4, 7, 8)] == [
        "block", "review", "review", "block", "review", "review",
    ]  # fmt: skip
    assert [listing(number).source_state for number in (2, 3, 8)] == ["objection", "other_state", "unknown_state"]
    assert state.findings.warnings == {"objection": 2, "other_state": 1, "unknown_state": 1}
    answer = world.call("POST", "/v1/lookups", key, {"uscc": uscc(2), "purpose": "recheck"})[1]
    (match,) = answer["matches"]
    assert (match["listings"][0]["source_state"], match["listings"][0]["decided_by"]) == (
        "objection", {"step": "dispute", "row": "source_state"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "text", "because"),
    [
        ("当前状态", "1", "revoked"),
        ("CF_ZT", "1", "revoked"),
        ("是否撤销", "是", "revoked"),
        ("撤销日期", "2026-05-20", "revoked"),
        ("修复状态", "已修复", "repaired"),
        ("公示状态", "停止公示", "publication_over"),
        ("是否有效", "否", ""),
    ],
)
def test_a_decision_that_was_listed_ends_in_the_pull_that_says_so(
    world: World, key: str, column: str, text: str, because: str
) -> None:
    others = "".join(penalty(number, "") for number in range(2, 20))
    deliver("penalties", PENALTY + column + "\n" + penalty(1, "") + others)
    assert verdict(world, key, 1) == "block"
    deliver("penalties", PENALTY + column + "\n" + penalty(1, text) + others, day=1)
    assert (listing(1).state, listing(1).ended_because) == ("removed", because)
    assert verdict(world, key, 1) == "no match"
    assert verdict(world, key, 2) == "block"


@pytest.mark.parametrize(("column", "text"), [("是否移出", "是"), ("移出日期", "2026-05-30"), ("移出状态", "已移出")])
@pytest.mark.parametrize("list_type", ["serious_violations", "abnormal_operations"])
def test_a_removal_from_a_list(world: World, list_type: str, column: str, text: str) -> None:
    head = SERIOUS + column + "\n"
    deliver(list_type, head + serious(1, "否" if column == "是否移出" else ""), delivers="changes")
    assert listing(1).state == "active"
    deliver(list_type, head + serious(1, text) + serious(2, text), day=1, delivers="changes")
    assert (listing(1).state, listing(2)) == ("removed", None)


def test_of_two_rows_of_one_decision_the_one_that_is_over_counts(world: World) -> None:
    deliver("penalties", PENALTY + "当前状态\n" + penalty(1, "撤销") + penalty(1, "正常") + penalty(2, ""))
    assert listing(1) is None


def test_an_objection_rests_tasks_and_undoes_nothing(world: World) -> None:
    key = world.admit("beta")
    world.call("POST", "/v1/lookups", key, {"uscc": uscc(1), "purpose": "onboarding"})
    head = PENALTY + "当前状态\n"
    deliver("penalties", head + penalty(1, "0"))
    world.deliver_stream()
    (task,) = world.call("GET", "/v1/tasks", key)[1]["tasks"]
    assert (task["task"], "paused_at" in task) == ("check", False)
    deliver("penalties", head + penalty(1, "2"), day=1)
    world.deliver_stream()
    (task,) = world.call("GET", "/v1/tasks", key)[1]["tasks"]
    assert (task["task"], task["state"], bool(task["paused_at"])) == ("check", "told", True)
    assert verdict(world, key, 1) == "review"
    changes = world.call("GET", "/v1/changes", key)[1]["changes"]
    assert (changes[-1]["kind"], changes[-1]["listing"]["source_state"]) == ("amended", "objection")
    wiring.registry().save(listed(severity=2, at="2026-06-02T09:00:00.000Z"))
    world.deliver_stream()
    assert [each["state"] for each in world.call("GET", "/v1/tasks", key)[1]["tasks"]] == ["told"], "by another listing"
    deliver("penalties", head + penalty(1, "0"), day=2)
    world.deliver_stream()
    (task,) = world.call("GET", "/v1/tasks", key)[1]["tasks"]
    assert (task["state"], "paused_at" in task) == ("told", False)
    assert verdict(world, key, 1) == "block"


def test_a_removal_on_a_later_day_ends_the_listing_on_that_day(world: World) -> None:
    deliver("serious_violations", SERIOUS + "移出日期\n" + serious(1, "2026-09-01"))
    assert (listing(1).state, listing(1).expires_on) == ("active", "2026-09-01")


@pytest.mark.parametrize("column", ["处罚类别", "处罚种类", "CF_CFLB", "CF_JG", "行政处罚内容", "CF_NR"])
def test_the_term_follows_the_kind_in_whichever_column_it_stands(world: World, column: str) -> None:
    head = f"CF_WSH,CF_XDR_MC,CF_XDR_SHXYM,CF_SY,{column},CF_JDRQ\n"
    kinds = ["吊销营业执照", "警告", "罚款5万元", "按决定书执行"]
    rows = "".join(
        f"京处〔2026〕{number}号,北京朔序{number}商贸有限公司,{uscc(number)},发布虚假广告,{kind},2026-05-01\n"
        for number, kind in enumerate(kinds)
    )
    state = deliver("penalties", head + rows)
    ends = [listing(number).expires_on for number in range(4)]
    assert ends == ["2029-05-01", "2026-08-01", "2027-05-01", "2026-08-01"]
    assert [listing(number).kind_unknown for number in range(4)] == [False, False, False, True]
    assert state.findings.warnings == {"kind_unknown": 1}


def test_kind_and_content_are_read_together(world: World) -> None:
    deliver(
        "penalties",
        "行政处罚决定书文号,行政相对人名称,统一社会信用代码,违法行为类型,"
        "处罚类别,处罚内容,罚款金额（万元）,处罚决定日期\n"
        + f"京处〔2026〕1号,北京朔序1商贸有限公司,{uscc(1)},发布虚假广告,吊销许可证件,按决定书执行,,2026-05-01\n"
        + f"京处〔2026〕2号,北京朔序2商贸有限公司,{uscc(2)},发布虚假广告,警告,按决定书执行,0.5,2026-05-01\n",
    )
    assert [listing(number).expires_on for number in (1, 2)] == ["2029-05-01", "2027-05-01"]
    assert listing(1).measure == "吊销许可证件；按决定书执行"


def test_a_company_whose_code_fails_its_check_stays_on_the_list(world: World, key: str) -> None:
    """Some offices issued such codes before 2016: it is listed under its name and that code, for review at most."""
    code, name = "91350203M0000LFT3B", "厦门朔序商贸有限公司"
    others = "".join(serious(number, "") for number in range(2, 12))
    state = deliver(
        "serious_violations", SERIOUS + "移出日期\n" + f"{name},{code},组织虚假交易。情节严重,2026-03-05,\n" + others
    )
    assert (state.rejected, state.findings.warnings) == (0, {"uscc_check_failed": 1})
    world.deliver_stream()
    for asked in ({"uscc": code}, {"name": name}, {"uscc": code, "name": name}):
        answer = world.call("POST", "/v1/lookups", key, {**asked, "purpose": "recheck"})[1]
        (match,) = answer["matches"]
        assert (answer["verdict"], match["subject"]["name"]) == ("review", name)
        assert match["subject"]["unverified_uscc"] == code
    deliver("serious_violations", SERIOUS + "移出日期\n" + others, day=1)
    assert world.call("POST", "/v1/lookups", key, {"uscc": code, "purpose": "recheck"})[1]["matches"] == []
