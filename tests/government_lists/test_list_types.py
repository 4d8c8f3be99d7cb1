"""Every kind of government list, in the headers that it really comes in, and what its entries do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.feed_state import FeedState
from chalicelib.lookups import look_up_applicant, show_answer
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.update_posting_lists import update_posting_lists
from chalicelib.registry.rules.subject import Subject, active_listings
from tests.government_lists.list_pulling import pull
from tests.support.builders import listed, uscc
from tests.world import World

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
BETA = Caller("beta", Role.PLATFORM, "k")
TRADER = uscc(7, category="92")


def deliver(list_type: str, text: str, now: datetime = NOW, **more: Any) -> FeedState:
    """One file of the list, dropped and pulled."""
    wiring.bucket().put(f"feeds/{list_type}/dropped/{now:%Y%m%d}.csv", text.encode())
    state = pull(Feed(list_type, list_type, "dropped", **more), now)
    assert state.last_result == "applied", state
    return state


def listing(code: str) -> dict[str, Any]:
    (only,) = (wiring.registry().subject(f"uscc:{code}") or Subject()).listings.values()
    return only.to_item()


def look_up(now: datetime = NOW, **asked: str) -> dict[str, Any]:
    asked.setdefault("uscc_as_given", asked.get("uscc", ""))
    context = look_up_applicant.Context(wiring.registry(), [])
    return show_answer.answer_view(look_up_applicant.look_up(context, BETA, Applicant(**asked), now), BETA)


def index() -> None:
    for subject in wiring.registry().all_subjects()[0]:
        update_posting_lists(wiring.registry(), [(None, subject)])


def test_the_abnormal_list_informs_and_a_sole_trader_is_marked(world: World) -> None:
    deliver(
        "abnormal_operations",
        "企业名称,统一社会信用代码/注册号,列入经营异常名录原因,列入日期,作出决定机关(列入),移出日期\n"
        f"北京朔序商贸有限公司,{uscc(1)},通过登记的住所或者经营场所无法联系的,2024-8-24,某区市场监督管理局,\\n\n"
        f"朝阳区霁昱餐饮店,{TRADER},未依照《个体工商户年度报告暂行办法》规定报送年度报告,2024-7-10,某区市场监督管理局,",
    )
    assert (listing(uscc(1))["reasons"], listing(uscc(1))["severity"]) == (["GX04"], 1)
    assert listing(TRADER)["measure"] == "标记为经营异常状态"
    assert "expires_on" not in listing(uscc(1)), "until it is removed"
    assert look_up(uscc=uscc(1))["verdict"] == "inform"


def test_a_mark_that_is_lifted_is_a_removal(world: World) -> None:
    head = "名称,统一社会信用代码,标记经营异常状态原因,标记日期,恢复日期,恢复正常记载状态原因\n"
    row = f"朝阳区霁昱餐饮店,{TRADER},未报送年度报告,2024-7-10,"
    deliver("abnormal_operations", head + row + ",")
    deliver("abnormal_operations", head + row + "2026-6-1,补报年度报告", NOW + timedelta(days=1))
    assert (listing(TRADER)["state"], listing(TRADER)["ended_because"]) == ("removed", "repaired")
    assert look_up(uscc=TRADER)["verdict"] == "clear"


PENALTIES = (
    "行政相对人名称,行政相对人类别,行政相对人代码_1(统一社会信用代码),行政处罚决定书文号,违法行为类型,处罚内容,处罚决定日期,"
    "公示截止期,处罚机关\n"
)


@pytest.mark.parametrize(
    ("day", "measure", "until", "expires"),
    [
        ("2026-05-01", "警告", "", "2026-08-01"),
        ("2026-05-01", "罚款20000元", "", "2027-05-01"),
        ("2026-05-01", "吊销食品经营许可证", "", "2029-05-01"),
        ("2025-02-28", "罚款20000元", "", "2028-02-28"),
        ("2026-02-01", "罚款20000元", "", "2027-02-01"),
        ("2026-05-01", "罚款20000元", "2026-07-15", "2026-07-15"),
        ("2026-03-31", "没收违法所得，警告", "", "2027-03-31"),
    ],
)
def test_a_penalty_stands_as_long_as_its_class_and_the_rule_of_its_day_say(
    world: World, day: str, measure: str, until: str, expires: str
) -> None:
    deliver(
        "penalties",
        PENALTIES
        + f"北京朔序商贸有限公司,企业,{uscc(1)},京处〔2026〕1号,销售假冒注册商标商品,{measure},{day},{until},某局",
    )
    assert listing(uscc(1))["expires_on"] == expires
    assert listing(uscc(1))["measure"] == measure


def test_a_penalty_acts_by_the_gravity_of_its_reason(world: World) -> None:
    deliver(
        "penalties",
        PENALTIES
        + f"北京朔序商贸有限公司,企业,{uscc(1)},京处〔2026〕1号,销售假冒注册商标商品,罚款,2026-05-01,,某局\n"
        + f"北京霁昱商贸有限公司,企业,{uscc(2)},京处〔2026〕2号,价格欺诈,罚款,2026-05-01,,某局\n",
    )
    assert (listing(uscc(1))["reasons"], listing(uscc(1))["evidence_level"]) == (["IP01"], "E4")
    assert (look_up(uscc=uscc(1))["verdict"], look_up(uscc=uscc(2))["verdict"]) == ("block", "review")


def test_a_decision_that_is_corrected_is_the_same_decision(world: World) -> None:
    row = f"北京朔序商贸有限公司,企业,{uscc(1)},京处〔2026〕1号,%s,罚款,2026-05-01,,某局\n"
    deliver("penalties", PENALTIES + row % "价格欺诈")
    deliver("penalties", PENALTIES + row % "虚假宣传", NOW + timedelta(days=1))
    assert listing(uscc(1))["reason_text"] == "虚假宣传"


def test_penalties_of_natural_persons_are_not_read(world: World) -> None:
    state = deliver(
        "penalties",
        PENALTIES
        + f"北京朔序商贸有限公司,法人及非法人组织,{uscc(1)},京处〔2026〕1号,价格欺诈,罚款,2026-05-01,,某局\n"
        + "王小朔,自然人,,京处〔2026〕2号,价格欺诈,罚款,2026-05-01,,某局\n",
    )
    assert (state.rows, state.rejected, state.persons_left_out) == (1, 0, 1)
    assert "王小朔" not in str(world.dynamodb.scan(TableName=wiring.settings().subjects_table)["Items"])


REGISTER = "UNISCID,ENTNAME,曾用名,REGSTATE_CN,ENTTYPE_CN,REGORG_CN,APPRDATE,名称变更日期,原统一社会信用代码\n"


def test_the_register_renames_and_a_renamed_subject_still_resolves(world: World) -> None:
    wiring.registry().save(listed(identity={"uscc": uscc(1), "name": "苏州霁昱商贸有限公司"}))
    row = f"{uscc(1)},%s,,在营（开业）企业,有限责任公司,某局,2026-01-05,%s,\n"
    deliver("registration", REGISTER + row % ("苏州霁昱商贸有限公司", ""))
    deliver("registration", REGISTER + row % ("武汉朔序医疗器械有限公司", "2026-06-02"), NOW + timedelta(days=2))
    subject = wiring.registry().subject(f"uscc:{uscc(1)}") or {}
    assert subject.names[0] == "武汉朔序医疗器械有限公司"
    registration = subject.registration
    assert (registration.former_names, registration.status) == (("苏州霁昱商贸有限公司",), "operating")
    assert registration.names_until == {"苏州霁昱商贸有限公司": "2026-06-02"}
    index()
    for name in ("苏州霁昱商贸有限公司", "武汉朔序医疗器械有限公司"):
        (match,) = look_up(name=name)["matches"]
        assert (match["relation"], match["subject"]["uscc"]) == ("same_name", uscc(1))
        # A former name is said to be one, with the day until which the subject had it.
        said = [(r["query"], r["candidate"]) for r in match["reasons"] if r["field"] == "former_name"]
        assert said == [(name, f"{name}（2026-06-02）")] * (name == "苏州霁昱商贸有限公司")
    # A text that says the former name beside a new one finds the subject by it.
    (match,) = look_up(name="长沙新字号科技有限公司（曾用名：苏州霁昱商贸有限公司）")["matches"]
    assert (match["relation"], match["verdict"]) == ("same_name", "review")


def test_deregistration_never_clears_an_eviction(world: World) -> None:
    wiring.registry().save(listed(identity={"uscc": uscc(1), "name": "苏州霁昱商贸有限公司"}))
    deliver("registration", REGISTER + f"{uscc(1)},苏州霁昱商贸有限公司,,注销,有限责任公司,某局,2026-05-05,,\n")
    head = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,REMEXCPRES_CN,REMDATE\n"
    row = f"{uscc(1)},苏州霁昱商贸有限公司,组织虚假交易,2025-08-28,"
    deliver("serious_violations", head + row + ",")
    deliver("serious_violations", head + row + "企业注销，自动移出,2026-06-01", NOW + timedelta(days=1))
    subject = wiring.registry().subject(f"uscc:{uscc(1)}") or {}
    assert [listing.source for listing in active_listings(subject)] == ["platform:alpha"]
    (removed,) = (listing for listing in subject.listings.values() if listing.state == "removed")
    assert removed.ended_because == "deregistered"
    assert look_up(uscc=uscc(1))["verdict"] == "block"


def test_a_sole_trader_turned_company_is_linked(world: World) -> None:
    """个转企: a new code and a new name, and what stood against the trader leads to the company."""
    wiring.registry().save(listed(identity={"uscc": TRADER, "name": "朝阳区霁昱餐饮店"}))
    deliver("registration", REGISTER + f"{uscc(8)},北京霁昱餐饮有限公司,,存续,有限责任公司,某局,2026-05-05,,{TRADER}\n")
    index()
    (match,) = look_up(uscc=uscc(8))["matches"]
    assert (match["relation"], match["verdict"], match["subject"]["uscc"]) == ("carries_on", "review", TRADER)
    assert match["reasons"][0]["says"]["zh"]
    assert look_up(uscc=uscc(9))["matches"] == []


def test_a_row_of_the_register_that_is_missing_has_not_vanished(world: World) -> None:
    rows = [f"{uscc(n)},北京朔序{n}商贸有限公司,,存续,有限责任公司,某局,2026-05-05,,\n" for n in range(20)]
    deliver("registration", REGISTER + "".join(rows))
    deliver("registration", REGISTER + "".join(rows[1:]), NOW + timedelta(days=1))
    assert (wiring.registry().subject(f"uscc:{uscc(0)}") or {}).registration.status == "operating"


def test_the_old_and_the_new_numbering_of_penalty_codes(world: World) -> None:
    """_3 is a registration number in one edition and an organisation code in the other; the brackets decide."""
    text = (
        "行政相对人名称,行政相对人代码_1 (统一社会信用代码),行政相对人代码_5（居民身份证号）,"
        "行政处罚决定书文号,违法行为类型,处罚决定日期\n"
        f"北京朔序商贸有限公司,{uscc(1)},11010519491231002X,京处〔2026〕1号,价格欺诈,2026-05-01\n"
    )
    deliver("penalties", text)
    everything = str(world.dynamodb.scan(TableName=wiring.settings().subjects_table)["Items"])
    assert uscc(1) in everything
    assert "11010519491231002" not in everything
