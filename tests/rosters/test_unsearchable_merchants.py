"""A roster never says `clear` of a merchant of whom nothing says who is meant, or whose code fails its check."""

from tests.support.builders import uscc
from tests.support.roster_files import done, evict, snapshot
from tests.world import World

OLD = "91350203M000123456"
OTHER_OLD = "91350203M000123457"
HEADER = "商家ID,统一社会信用代码,主体名称,联系电话"


def test_what_cannot_be_screened_is_unknown_and_says_why(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha, uscc=OLD, name="厦门屿岸示例灯饰有限公司", phone="13800001236")
    snapshot(world)
    rows = (
        f"S1,{OLD},,",
        f"S2,{OTHER_OLD},,",
        "S3,,,13900001237",
        "S4,,,13800001236",
        f"S5,{uscc(5)},苏州寒山寺示例陶瓷有限公司,13900001237",
        "S6,,????????,",
        "S7,,无,张经理",
    )
    roster = done(world, beta, *rows, header=HEADER)
    assert (roster["accepted"], roster["rejected"], roster["rest"]) == (5, 2, "clear")
    found = {
        row["merchant_id"]: (row["verdict"], [match["relation"] for match in row["matches"]], row.get("findings", []))
        for row in world.call("GET", f"/v1/rosters/{roster['roster_id']}/results", beta)[1]["results"]
    }
    codes = {name: (verdict, how, [each["code"] for each in said]) for name, (verdict, how, said) in found.items()}
    assert codes == {
        "S1": ("review", ["unverified_uscc"], ["uscc_check_failed"]),
        "S2": ("unknown", [], ["uscc_check_failed"]),
        "S3": ("unknown", [], ["cannot_decide_alone"]),
        "S4": ("inform", ["shares_signal"], ["cannot_decide_alone"]),
    }
    _, page, _ = world.call("GET", f"/v1/rosters/{roster['roster_id']}/rejections", beta)
    assert [(each["row"], each["code"]) for each in page["rejections"]] == [
        (6, "damaged_text"),
        (7, "missing_identity"),
    ]
