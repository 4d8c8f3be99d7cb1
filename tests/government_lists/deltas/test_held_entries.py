"""Which entries a release would add, change or end: by the rules, and by the API and the console for a held list."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.government_lists import hold_preview, sort_large_list
from chalicelib.government_lists.hold_preview import preview_key
from chalicelib.government_lists.rules.entry_changes import Entry, entry_text
from chalicelib.government_lists.rules.feed import FEEDS, Feed
from chalicelib.government_lists.rules.holds.held_entry import kind_of, line_of
from chalicelib.government_lists.rules.list_row import ListEntry
from chalicelib.people.duties import Duty
from tests.handlers.oversight.test_government_lists import tick
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.support.local_source import Source
from tests.world import World

AT = "2026-01-05T02:00:00.000Z"
FEED: Feed = replace(FEEDS["serious_violations"], name="some_list")
HEADER = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,REMDATE"


def entry(**fields: Any) -> ListEntry:
    plain = {"key": "k", "uscc": uscc(1), "name": "甲公司", "listed_on": "2025-08-28", "reasons": ("GX11",)}
    return ListEntry(**{**plain, **fields})


@pytest.mark.parametrize(
    ("before", "after", "is_gone", "expected"),
    [
        (None, entry(), False, "added"),
        (entry(), entry(name="乙公司"), False, "changed"),
        (entry(), entry(), True, "ended"),
        (entry(), entry(removed_on="2026-01-02"), False, "ended"),
        (None, entry(removed_on="2026-01-02"), False, ""),
        (entry(removed_on="2026-01-02"), entry(), False, "added"),
        (entry(removed_on="2026-01-02"), entry(removed_on="2026-01-03"), False, ""),
        (None, entry(listed_on="2019-01-01"), False, ""),
    ],
)
def test_an_entry_is_added_changed_or_ended_by_whether_it_counts_before_and_after(
    before: Entry | None, after: Entry, is_gone: bool, expected: str
) -> None:
    assert kind_of(FEED, before, after, is_gone=is_gone, at=AT) == expected


def test_a_changed_entry_says_what_differs_with_numbers_of_persons_masked() -> None:
    line = line_of("changed", entry(reason_text="张三 110101199003070054"), entry(name="乙公司", updated_at="2026"))
    assert [each["field"] for each in line["differences"]] == ["name", "reason_text"]
    assert line["differences"][0] == {"field": "name", "before": "甲公司", "after": "乙公司"}
    assert "19900307" not in json.dumps(line, ensure_ascii=False)
    assert "differences" not in line_of("added", None, entry())


def table(*rows: tuple[int, str]) -> bytes:
    lines = (f"{uscc(number)},{name},组织虚假交易。情节严重,2025-08-28," for number, name in rows)
    return "\n".join((HEADER, *lines)).encode()


@pytest.fixture
def held(world: World) -> tuple[str, str]:
    """A list of eight entries whose next delivery has one of them, another with a new name and a new entry; of one that
    would end, a platform has reported the merchant. The operator's key and the id of what is held."""
    operator, alpha = world.admit("ops", "operator"), world.admit("alpha")
    eviction = {"uscc": uscc(5), "evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4"}
    world.call("POST", "/v1/reports", alpha, {"evictions": [eviction]})
    world.settle()
    with Source() as source:
        source.body = table(*((number, f"北京朔序{number}商贸有限公司") for number in range(8)))
        wanted = {"list_type": "beijing_serious_violations", "address": source.url}
        assert world.call("PUT", "/v1/feeds/beijing_list", operator, wanted)[0] == 200
        tick()
        source.body = table(
            (0, "北京朔序0商贸有限公司"), (1, "北京<i>朔序</i>新名有限公司"), (90, "北京朔序90商贸有限公司")
        )
        tick("beijing_list")
    return operator, str(world.call("GET", "/v1/feeds/beijing_list", operator)[1]["hold"]["hold_id"])


def test_the_entries_of_a_held_list_are_read_by_kind_and_page_and_at_the_console(
    world: World, held: tuple[str, str]
) -> None:
    operator, hold_id = held
    path = f"/v1/feeds/beijing_list/holds/{hold_id}/entries"

    def read(key: str, query: str) -> Any:
        return world.call("GET", f"{path}?{query}", key)[1]

    ended = read(operator, "kind=ended&limit=4")
    assert ended["counts"] == {"added": 1, "changed": 1, "ended": 6, "touched": 1}
    assert [len(ended["entries"]), ended["next"], ended["kept"]] == [4, "4", 6]
    rest = read(operator, "kind=ended&limit=4&after=4")
    assert (len(rest["entries"]), rest["next"]) == (2, "")
    assert {each["uscc"] for each in ended["entries"] + rest["entries"]} == {uscc(number) for number in range(2, 8)}
    (changed,) = read(operator, "kind=changed")["entries"]
    assert [each["field"] for each in changed["differences"]] == ["name"]
    (touched,) = read(operator, "kind=touched")["entries"]
    assert (touched["uscc"], touched["touched_by"], "touches" in touched) == (uscc(5), 1, False)
    regulator = world.admit("court", "regulator")
    assert read(regulator, "kind=touched")["entries"][0]["touches"] == ["alpha"]
    assert world.call("GET", path, world.admit("beta"))[0] == 403
    assert world.call("GET", path.replace(hold_id, "0" * 16), operator)[0] == 404
    assert world.call("GET", f"{path}?kind=burnt", operator)[0] == 400
    _the_console_leads_from_the_preview_to_the_entries(world, hold_id)


def _the_console_leads_from_the_preview_to_the_entries(world: World, hold_id: str) -> None:
    where = f"/console/lists/beijing_list/holds/{hold_id}"
    visitor, session = signed_in(world, add_person(world, "bureau", Duty.READ, Duty.DECIDE, role="regulator"))
    assert f"holds/{hold_id}/entries" in visitor.get("/console/lists/beijing_list")[1]
    text = visitor.post(f"{where}/preview", {"key": session.csrf_key, "act": "release"})[1]
    assert "<dt>结束</dt><dd>6</dd>" in text
    assert f"holds/{hold_id}/entries" in text
    text = visitor.get(f"{where}/entries")[1]
    assert text.count("北京朔序") == 6, "without a kind it begins with what would end"
    text = visitor.get(f"{where}/entries?kind=changed")[1]
    assert "北京朔序1商贸有限公司 → 北京&lt;i&gt;朔序" in text
    assert "<i>朔序" not in text
    assert "alpha" in visitor.get(f"{where}/entries?kind=touched")[1]
    assert len(visitor.get(f"{where}/entries.csv?kind=ended")[1].splitlines()) == 7
    assert visitor.get(f"/console/lists/beijing_list/holds/{'0' * 16}/entries")[0] == 404

    # A hold of an earlier version has its counts alone.
    for kind in ("added", "changed", "ended", "touched"):
        wiring.bucket().erase(preview_key("beijing_list", hold_id, kind))
    status, text = visitor.post(f"{where}/preview", {"key": session.csrf_key, "act": "release"})
    assert status == 200
    assert "减少 5 条" in text
    assert "<dt>结束</dt>" not in text


class Kept:
    """A bucket in memory, and a registry without subjects; `fails`: nothing can be kept."""

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails
        self.files: dict[str, list[Any]] = {}
        self.bucket = self.registry = self

    def subjects(self, _ids: object) -> dict[str, object]:
        return {}

    def put(self, key: str, body: bytes) -> None:
        if self.fails:
            raise ConnectionError
        self.files[key.rpartition("/")[2]] = [json.loads(line) for line in body.decode().split("\n")]


def keep(kept: Kept, folder: Path, ended: int) -> None:
    with sort_large_list.Writer(folder / "changes.gz") as changes, sort_large_list.Writer(folder / "known.gz") as known:
        for number in range(ended):
            record = entry_text(entry(key=f"{number:09d}"))
            known.write(f"{number:09d}", record)
            changes.write(f"{number:09d}", f'{{"gone":true,"record":{record}}}')
    context: Any = kept
    delta = (folder / "changes.gz", folder / "known.gz")
    hold_preview.try_to_keep(context, FEED, "0" * 16, delta, datetime(2026, 1, 5, 2, tzinfo=UTC))


def test_of_each_kind_so_many_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    kept = Kept()
    keep(kept, tmp_path, hold_preview.MOST_KEPT + 1)
    head, *lines = kept.files["ended"]
    assert (head["kept"], head["counts"]["ended"], head["is_whole"]) == (len(lines), len(lines) + 1, True)
    assert len(lines) == hold_preview.MOST_KEPT
    assert kept.files["added"] == [head | {"kept": 0}]


def test_where_entries_cannot_be_kept_the_pull_goes_on(tmp_path: Path) -> None:
    kept = Kept(fails=True)
    keep(kept, tmp_path, 1)
    assert kept.files == {}
