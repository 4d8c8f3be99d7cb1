"""Each way of arriving, over real HTTP or the bucket: what is new comes once, what is odd is held."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.errors import FeedUnreachable
from chalicelib.government_lists.rules.feed import Feed
from tests.government_lists.list_pulling import SECRET, pull, states
from tests.support.builders import uscc
from tests.support.local_office import Office
from tests.world import World

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
HEADER = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,REMDATE,op,更新时间"


def line(number: int, removed: str = "", op: str = "", updated: str = "") -> str:
    return f"{uscc(number)},北京朔序{number}商贸有限公司,组织虚假交易。情节严重,2025-08-28,{removed},{op},{updated}"


def table(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as made:
        yield made


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def step(office: Office, path: str, body: bytes, **more: Any) -> dict[str, Any]:
    """A file that a manifest promises."""
    office.files[path] = body
    return {"url": path, "sha256": hashlib.sha256(body).hexdigest(), **more}


def promise(office: Office, whole: dict[str, Any], *deltas: dict[str, Any]) -> Feed:
    office.files["/manifest.json"] = json.dumps({**whole, "deltas": deltas}).encode()
    return Feed("lists", "serious_violations", "manifest", f"{office.url}/manifest.json", "changes")


def test_a_manifest_gives_the_whole_list_first_and_then_deltas(world: World, office: Office) -> None:
    first = step(office, "/1.csv", table(*(line(n) for n in range(5))), version="1", rows=5)
    assert pull(promise(office, first), NOW).last_result == "applied"
    whole = step(office, "/3.csv", b"never fetched", version="3")
    two = step(office, "/1-2.csv", table(line(5), line(1, op="删")), **{"from": "1", "version": "2", "rows": 2})
    three = step(office, "/2-3.csv", table(line(2, removed="2026-03-01")), **{"from": "2", "version": "3", "rows": 1})
    state = pull(promise(office, whole, three, two), later(1))
    assert (state.last_result, state.rows) == ("applied", 5)
    assert states() == {0: "active", 1: "removed", 2: "removed", 3: "active", 4: "active", 5: "active"}
    assert "/3.csv" not in office.asked
    assert pull(promise(office, whole, three, two), later(2)).last_result == "unchanged"


def test_a_broken_chain_falls_back_to_the_whole_list(world: World, office: Office) -> None:
    pull(promise(office, step(office, "/1.csv", table(*(line(n) for n in range(20))), version="1")), NOW)
    whole = step(office, "/9.csv", table(*(line(n) for n in range(1, 20))), version="9")
    gap = step(office, "/8-9.csv", table(line(30)), **{"from": "8", "version": "9"})
    assert pull(promise(office, whole, gap), later(1)).last_result == "applied"
    assert states()[0] == "removed"
    assert 30 not in states()


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"rows": 7}])
def test_a_file_that_is_not_the_promised_one_is_held(world: World, office: Office, wrong: dict[str, Any]) -> None:
    whole = step(office, "/1.csv", table(*(line(n) for n in range(5))), version="1") | wrong
    state = pull(promise(office, whole), NOW)
    assert (state.last_result, state.held) == ("held", "checksum_mismatch")
    assert states() == {}


def test_a_manifest_does_not_lead_elsewhere(world: World, office: Office) -> None:
    whole = {"version": "1", "url": "https://elsewhere.example/list.csv", "sha256": "0" * 64}
    with pytest.raises(FeedUnreachable):
        pull(promise(office, whole), NOW)


def test_dropped_files_are_taken_once_and_silence_confirms_nothing(world: World) -> None:
    feed = Feed("dropped_list", "serious_violations", "dropped", delivers="changes")
    assert pull(feed, NOW).last_result == "unchanged"
    wiring.bucket().put("feeds/dropped_list/dropped/a.csv", table(*(line(n) for n in range(3))))
    first = pull(feed, later(1))
    assert (first.last_result, first.rows) == ("applied", 3)
    wiring.bucket().put("feeds/dropped_list/dropped/b.csv", table(line(7)))
    assert pull(feed, later(2)).rows == 4
    idle = pull(feed, later(3))
    assert (idle.last_result, idle.confirmed_at[:10]) == ("unchanged", "2026-03-03")
    assert states() == dict.fromkeys((0, 1, 2, 7), "active")


def test_pages_are_read_with_a_cursor_and_signed(world: World) -> None:
    def row(number: int, **more: str) -> dict[str, str]:
        return {"uniscid": uscc(number), "entname": f"北京朔序{number}商贸有限公司", "abntime": "2025-08-28", **more}

    with Office(SECRET) as office:
        feed = Feed(
            "pages", "serious_violations", "pages", f"{office.url}/pages", "changes", secret="lianfang/t/feeds/x"
        )
        office.pages = {
            "": {"rows": [row(n) for n in range(3)], "next": "c1", "more": True},
            "c1": {"rows": [row(n) for n in range(3, 5)], "next": "c2", "more": False},
            "c2": {"rows": [], "next": "c2", "more": False},
        }
        assert pull(feed, NOW).rows == 5
        assert pull(feed, later(1)).last_result == "unchanged"
        office.pages["c2"] = {"rows": [row(1, op="delete"), row(9)], "next": "c3", "more": False}
        state = pull(feed, later(2))
        assert (state.rows, state.cursor["next"]) == (5, "c3")
        assert states() == {**dict.fromkeys((0, 2, 3, 4, 9), "active"), 1: "removed"}


def test_unsigned_pages_are_refused_by_the_office_and_the_list_stays(world: World) -> None:
    with Office("another secret") as office, pytest.raises(FeedUnreachable, match="store_unavailable"):
        pull(Feed("pages", "serious_violations", "pages", f"{office.url}/pages", secret="lianfang/t/feeds/x"), NOW)


def test_an_older_issue_that_comes_late_does_not_undo_a_newer_one(world: World) -> None:
    feed = Feed("late", "serious_violations", "dropped", delivers="changes")
    drop = wiring.bucket().put
    drop("feeds/late/dropped/2.csv", table(line(1, removed="2026-02-20", updated="2026-02-21"), line(2)))
    pull(feed, NOW)
    drop("feeds/late/dropped/1.csv", table(line(1, updated="2026-01-05")))
    pull(feed, later(1))
    assert states() == {2: "active"}


def test_names_of_columns_that_only_this_source_uses(world: World, office: Office) -> None:
    office.files["/list.csv"] = (
        f"甲列,乙列,列入原因,丙列\n{uscc(1)},北京朔序商贸有限公司,组织虚假交易,2025-08-28\n".encode()
    )
    headers = {"甲列": "uscc", "乙列": "name", "丙列": "listed_on"}
    feed = Feed("odd", "serious_violations", address=f"{office.url}/list.csv", headers=headers)
    assert pull(feed, NOW).last_result == "applied"
    assert states() == {1: "active"}
