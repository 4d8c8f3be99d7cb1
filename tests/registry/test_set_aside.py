"""One record that cannot be saved or read stops no report, no list and no day: it is named, and the rest goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.disputes import overdue_answers
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.registry import listing_expiry
from chalicelib.registry.save_subject_changes import save_all
from tests.disputes.test_overdue_answers import flagged, opened
from tests.government_lists.list_pulling import pull
from tests.government_lists.test_credit_repair import HEADER
from tests.registry.full_subjects import LONG, filing, filled, spoil, store
from tests.support.builders import uscc
from tests.world import World

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
FEED = Feed("serious_violations", "serious_violations", "dropped", delivers="changes")


def always() -> bool:
    return True


def set_aside(world: World) -> list[dict[str, Any]]:
    key = world.admit("watch", "operator")
    status, page, _ = world.call("GET", "/v1/set-aside", key)
    assert status == 200
    return list(page["set_aside"])


def test_rows_over_the_bound_are_rejected_with_their_code_and_the_others_are_saved(world: World) -> None:
    alpha = world.admit("alpha")
    rows = [
        {"uscc": uscc(1), "name": "苏州霁昱商贸有限公司", "evicted_on": f"2026-0{1 + day // 28}-{1 + day % 28:02d}",
         "reason_text": f"{LONG}{day}", "evidence_level": "E3"}
        for day in range(70)
    ]  # fmt: skip
    rows.insert(3, {"uscc": "1", "name": "", "evicted_on": "", "reason_text": ""})
    rows.append({"uscc": uscc(2), "name": "宁波甲野商贸有限公司", "evicted_on": "2026-01-02", "reason_text": "售假"})
    status, report, _ = world.call("POST", "/v1/reports", alpha, {"evictions": rows})
    assert status == 202
    for function in ("report_file_arrived", "report_chunk_arrived"):
        world.deliver_queue(function)
    _, done, _ = world.call("GET", f"/v1/reports/{report['report_id']}", alpha)
    assert (done["status"], done["rows"]) == ("done", 72)
    subject = wiring.registry().subject(f"uscc:{uscc(1)}")
    assert subject is not None
    kept = len(subject.listings)
    assert 40 <= kept < 70
    assert (done["accepted"], done["rejected"]) == (kept + 1, 71 - kept)
    _, page, _ = world.call("GET", f"/v1/reports/{report['report_id']}/rejections?limit=1000", alpha)
    codes = [(row["row"], row["code"]) for row in page["rejections"]]
    assert codes == sorted(codes)
    assert len(codes) == 71 - kept
    assert [code for _, code in codes if code != "too_many_listings"] == [codes[0][1]], "what the file was rejected for"
    assert wiring.registry().subject(f"uscc:{uscc(2)}") is not None
    assert set_aside(world) == [], "a rule that its sender is told is no matter of the operator"
    # Withdrawing makes no room for more of the same, and is taken.
    ident = next(iter(subject.listings))
    assert world.call("POST", f"/v1/listings/{ident}/withdrawal", alpha, {"reason": "误报" * 50})[0] == 200


def test_a_report_goes_on_past_a_subject_that_cannot_be_read(world: World) -> None:
    alpha = world.admit("alpha")
    assert save_all(wiring.registry(), [filing(1, 1)]) == []
    spoil(world, 1)
    rows = [
        {
            "uscc": uscc(number),
            "name": f"苏州樾{number}野商贸有限公司",
            "evicted_on": "2026-01-02",
            "reason_text": "售假",
        }
        for number in (1, 2)
    ]
    _, report, _ = world.call("POST", "/v1/reports", alpha, {"evictions": rows})
    for function in ("report_file_arrived", "report_chunk_arrived"):
        world.deliver_queue(function)
    _, done, _ = world.call("GET", f"/v1/reports/{report['report_id']}", alpha)
    assert (done["status"], done["accepted"], done["rejected"]) == ("done", 1, 1)
    _, page, _ = world.call("GET", f"/v1/reports/{report['report_id']}/rejections", alpha)
    assert [(row["row"], row["code"]) for row in page["rejections"]] == [(1, "stored_record_unreadable")]
    (named,) = set_aside(world)
    assert (named["job"], named["origin"], named["record_id"]) == ("report", report["report_id"], f"uscc:{uscc(1)}")
    assert named["finding"] == "stored_record_unreadable"


def test_every_later_day_ends_though_a_listing_of_an_earlier_one_cannot(world: World) -> None:
    days = ["2026-03-03", "2026-03-03", "2026-03-04"]
    for number, day in enumerate(days, start=1):
        assert save_all(wiring.registry(), [filing(number, 1, "售假", expires_on=day)]) == []
        subject = wiring.registry().subject(f"uscc:{uscc(number)}")
        assert subject is not None
        listing_expiry.index_ends(wiring.exchange(), [(None, subject)], NOW)
    spoil(world, 1)
    context = listing_expiry.Context(registry=wiring.registry(), exchange=wiring.exchange())
    result = listing_expiry.end_due_listings(context, NOW + timedelta(days=3), always)
    assert result == {"ended": 2, "done_until": "2026-03-05"}
    for number in (2, 3):
        subject = wiring.registry().subject(f"uscc:{uscc(number)}")
        assert subject is not None
        assert [listing.state for listing in subject.listings.values()] == ["expired"]


def test_a_full_subject_expires(world: World) -> None:
    full = filled(1, expires_on="2026-03-03")
    store(world, full)
    assert save_all(wiring.registry(), [filing(2, 1, "售假", expires_on="2026-03-04")]) == []
    other = wiring.registry().subject(f"uscc:{uscc(2)}")
    assert other is not None
    some = full.replace(listings=dict(list(full.listings.items())[:3]))
    listing_expiry.index_ends(wiring.exchange(), [(None, some), (None, other)], NOW)
    context = listing_expiry.Context(registry=wiring.registry(), exchange=wiring.exchange())
    assert listing_expiry.end_due_listings(context, NOW + timedelta(days=3), always)["ended"] == 4


def test_every_late_answer_is_flagged_but_that_of_a_record_that_cannot_be_read(world: World) -> None:
    due = NOW + timedelta(days=1)
    for number in (1, 2):
        opened(number, due, NOW)
    spoil(world, 1)
    assert overdue_answers.flag_overdue(wiring.registry(), wiring.exchange(), NOW + timedelta(days=3), always) == 1
    assert flagged(2)


@pytest.mark.parametrize("fault", ["full", "unreadable"])
def test_a_government_list_goes_on_past_a_subject_that_cannot_be_saved(world: World, fault: str) -> None:
    if fault == "full":
        store(world, filled(1))
    else:
        assert save_all(wiring.registry(), [filing(1, 1)]) == []
        spoil(world, 1)
    for day, numbers in enumerate([(1, 5), (6,)]):
        rows = "\n".join(
            f"{uscc(number)},北京朔序{number}商贸有限公司,组织虚假交易。情节严重,2025-08-28,京处〔2025〕{number}号,,"
            for number in numbers
        )
        wiring.bucket().put(f"feeds/serious_violations/dropped/{day:03}.csv", (HEADER + rows).encode())
        state = pull(FEED, NOW + timedelta(days=day))
        assert (state.last_result, state.run) == ("applied", None)
        assert state.rejected == (1 if day == 0 else 0)
    for number in (5, 6):
        assert wiring.registry().subject(f"uscc:{uscc(number)}") is not None
    (named,) = set_aside(world)
    finding = "too_many_listings" if fault == "full" else "stored_record_unreadable"
    assert (named["job"], named["finding"], named["record_id"]) == ("government_list", finding, f"uscc:{uscc(1)}")
    assert named["origin"].startswith("serious_violations.")


def test_an_outage_is_raised_and_never_set_aside(world: World) -> None:
    class Throttled:
        """A client of DynamoDB whose writes are all throttled."""

        def __getattr__(self, name: str) -> Any:
            return getattr(world.dynamodb, name)

        def put_item(self, **_request: Any) -> Any:
            raise ConnectionError("killed")

    from chalicelib.registry.adapters.registry_table import RegistryTable
    from tests.conftest import ENVIRONMENT

    names = [ENVIRONMENT[f"{name}_TABLE"] for name in ("SUBJECTS", "KEYS", "EXCHANGE")]
    with pytest.raises(ConnectionError):
        save_all(RegistryTable(Throttled(), *names), [filing(1, 1)])
    assert set_aside(world) == []
