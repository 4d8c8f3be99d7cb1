"""The corroboration matrix: each merchant stands in the cells of its last change alone."""

from typing import Any

from chalicelib import wiring
from chalicelib.handlers import dependencies
from chalicelib.storage.item_keys import verdict_keys
from chalicelib.verdicts import update_corroboration
from chalicelib.verdicts.corroboration_counts.count_changes import count_corroborations, read_counts
from chalicelib.verdicts.corroboration_counts.counts import PLATFORM, PROVINCE, CorroborationCounts, count
from chalicelib.verdicts.rules.corroboration_entry import CorroborationEntry
from tests.disputes.dispute_calls import evict
from tests.support.builders import uscc
from tests.world import World


def change(
    number: int, before: int | None, state: str, *platforms: str, division: str = "330106"
) -> CorroborationEntry:
    return CorroborationEntry(
        entry_id=f"e{number}",
        state=state,
        finding=state,
        was="none",
        at=f"2026-11-{number:02d}T00:00:00.000Z",
        subject={"subject_id": "uscc:x", "uscc": uscc(1, division)},
        corroboration={},
        platforms=platforms,
        number=number,
        before=before,
    )


def counted(*changes: CorroborationEntry, start: CorroborationCounts | None = None) -> CorroborationCounts:
    return count(start or CorroborationCounts({}), changes, {each.number: each for each in changes}, set())


def test_a_merchant_leaves_the_cells_of_the_change_before_it() -> None:
    first = change(1, 0, "platform_only", "alpha")
    both = change(2, 1, "both", "alpha", "beta")
    counts = counted(first, both, change(3, 0, "platform_only", "alpha", division="440106"))
    assert counts.rows["all"] == {"platform_only": 1, "both": 1}
    assert counts.of(PLATFORM) == {"alpha": {"platform_only": 1, "both": 1}, "beta": {"both": 1}}
    assert {name: sum(row.values()) for name, row in counts.of(PROVINCE).items()} == {"33": 1, "44": 1}
    ended = count(counts, [change(4, 2, "none")], {2: both}, set())
    assert ended.of(PLATFORM) == {"alpha": {"platform_only": 1, "both": 0}}
    assert (ended.number, ended.at) == (4, change(4, 0, "none").at)


def test_of_changes_of_earlier_versions_the_last_of_a_merchant_is_counted() -> None:
    older, old = change(1, None, "platform_only", "alpha"), change(2, None, "both", "alpha")
    counts = count(CorroborationCounts({}), [older, old], {}, {2})
    assert counts.of(PLATFORM) == {"alpha": {"both": 1}}
    after = count(counts, [change(3, 2, "conflict", "alpha")], {2: old}, set())
    assert after.of(PLATFORM) == {"alpha": {"both": 0, "conflict": 1}}


def test_counts_are_read_as_they_were_written() -> None:
    counts = counted(change(1, 0, "government_only"), change(2, 0, "conflict", "alpha"))
    again = CorroborationCounts.from_item({"id": "x", **counts.to_item()})
    assert again.to_item() == counts.to_item()
    assert again.of(PLATFORM)["alpha"]["conflict"] == 1
    assert CorroborationCounts.from_item({}) == CorroborationCounts({})


def tick(is_left: Any = lambda: True) -> int:
    return count_corroborations(wiring.exchange(), wiring.corroboration_log(), wiring.now(), is_left)


def test_each_change_is_counted_once_whatever_comes_twice(world: World) -> None:
    evict(world, world.admit("alpha"))
    assert tick(lambda: False) == 0
    assert tick() == 1
    assert tick() == 0
    assert read_counts(wiring.exchange()).of(PLATFORM)["alpha"]["platform_only"] == 1
    (entry,) = [CorroborationEntry.from_item(item) for item in wiring.corroboration_log().read(0)]
    assert entry.before == 0
    # The same change of the stream again, after its entry became the current one.
    subject = wiring.registry().subject(entry.subject_id)
    assert subject is not None
    update_corroboration.record_changes(dependencies.corroboration(), [(None, subject)], wiring.now())
    assert tick() == 0
    wiring.exchange().put({"id": verdict_keys.CORROBORATION_COUNTS})
    assert tick() == 1, "counted again from the log where the counts are gone"


def test_a_log_of_an_earlier_version_is_counted_from_what_is_current(world: World) -> None:
    evict(world, world.admit("alpha"))
    log, exchange = wiring.corroboration_log(), wiring.exchange()
    first = log.read(0)[0]
    for state in ("both", "conflict"):
        of_earlier = {name: value for name, value in first.items() if name not in ("before", "id", "number")}
        entry = log.append({**of_earlier, "entry_id": state, "state": state})
        current = {"number": entry["number"], "finding": "x"}
        exchange.put({"id": current_id(first), **current})
    exchange.remove_field(first["id"], "before")
    newest = log.append({**of_earlier, "entry_id": "new", "state": "platform_only", "before": 3})
    exchange.put({"id": current_id(first), "number": newest["number"], "finding": "x"})
    assert tick() == 4
    assert read_counts(exchange).of(PLATFORM) == {
        "alpha": {"conflict": 0, "platform_only": 1, "both": 0, "government_only": 0}
    }


def current_id(entry: dict[str, Any]) -> str:
    return verdict_keys.current_corroboration(entry["subject"]["subject_id"])
