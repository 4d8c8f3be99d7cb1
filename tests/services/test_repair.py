"""Repair (信用修复): from its save on an entry is not matched, not shared, and everyone who was told hears of it."""

from datetime import UTC, datetime, timedelta

from chalicelib import wiring
from chalicelib.domain.feed import Feed
from chalicelib.domain.subject import Ended
from tests.builders import listed, uscc
from tests.services.desks import pull
from tests.world import World

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
HEADER = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,DEDOCNUM,REMEXCPRES_CN,REMDATE\n"
ROW = f"{uscc(1)},北京朔序商贸有限公司,组织虚假交易。情节严重,2025-08-28,京处〔2025〕7号,"


def test_what_was_repaired_is_told_and_no_longer_served(world: World) -> None:
    key = world.admit("beta")
    ear = world.listen(wiring.settings().closures_topic_arn)
    feed = Feed("serious_violations", "serious_violations", "dropped", delivers="changes")
    wiring.bucket().put("feeds/serious_violations/dropped/1.csv", (HEADER + ROW + ",").encode())
    pull(feed, NOW)
    world.deliver_stream()
    assert "组织虚假交易" in str(world.call("GET", "/v1/changes", key)[1])
    wiring.bucket().put("feeds/serious_violations/dropped/2.csv", (HEADER + ROW + "信用修复,2026-03-02").encode())
    pull(feed, NOW + timedelta(days=1))
    assert world.call("GET", f"/v1/merchants/{uscc(1)}", key)[0] == 404, "with the save itself"
    world.deliver_stream()
    opened, removed = world.heard(ear)
    assert (opened["kind"], removed["kind"]) == ("opened", "removed")
    assert removed["listing"]["ended_because"] == "repaired"
    changes = world.call("GET", "/v1/changes", key)[1]["changes"]
    assert [one["kind"] for one in changes] == ["opened", "removed"]
    for said in (str(changes), str(removed)):
        assert "组织虚假交易" not in said
        assert "京处〔2025〕7号" not in said
    (kept,) = (wiring.registry().subject(f"uscc:{uscc(1)}") or {})["listings"].values()
    assert kept["reason_text"], "kept for the file, and served nowhere"


def test_what_an_amendment_replaced_is_not_served_either(world: World) -> None:
    key = world.admit("beta")
    said = {"source": "government:serious_violations", "reasons": ["GX11"], "evidence_level": "E4"}
    first = listed(**said, reason_text="组织虚假交易")
    wiring.registry().save(first)
    wiring.registry().save(listed(at="2026-01-06T02:00:00.000Z", **said, reason_text="虚假交易，更正"))
    world.deliver_stream()
    assert "组织虚假交易" in str(world.call("GET", "/v1/changes", key)[1]["changes"][-1])
    ident = first.listing["listing_id"]
    wiring.registry().save(
        Ended(first.subject_id, ident, "removed", "2026-02-01T00:00:00.000Z", "list", "", "repaired")
    )
    world.deliver_stream()
    changes = world.call("GET", "/v1/changes", key)[1]["changes"]
    assert [one["kind"] for one in changes] == ["opened", "amended", "removed"]
    assert "虚假交易" not in str(changes)
