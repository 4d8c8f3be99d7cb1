"""A government list over real HTTP: first pull, changes, nothing new, a halved file, a source that fails."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.roles import Role
from chalicelib.errors import FeedUnreachable
from chalicelib.government_lists import pull_list
from chalicelib.government_lists.adapters.http_source import HttpSource
from chalicelib.government_lists.rules import feed_state
from chalicelib.government_lists.rules.feed import FEEDS
from chalicelib.government_lists.rules.feed_state import FeedState
from chalicelib.registry.rules.subject import active_listings
from tests.government_lists import list_pulling
from tests.government_lists.list_pulling import context
from tests.government_lists.list_pulling import states as listed
from tests.support.builders import uscc
from tests.support.local_source import Source
from tests.world import World

FEED = FEEDS["serious_violations"]
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 8, tzinfo=UTC)
HEADER = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,DECORG_CN,REMEXCPRES_CN,REMDATE"


def line(number: int, reason: str = "组织虚假交易，情节严重", listed: str = "2025-08-28", removed: str = "") -> str:
    why = "修复后移出" if removed else ""
    return f"{uscc(number)},北京朔序{number}商贸有限公司,{reason},{listed},某市市场监督管理局,{why},{removed}"


def table(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


@pytest.fixture
def source() -> Iterator[Source]:
    with Source() as made:
        yield made


def pull(source: Source, now: datetime = NOW) -> FeedState:
    return list_pulling.pull(replace(FEED, address=source.url), now)


def test_the_first_pull_lists_what_stands_and_not_what_was_removed_or_ran_out(world: World, source: Source) -> None:
    source.body = table(line(1), line(2, removed="2025-11-04"), line(3, listed="2022-02-28"))
    state = pull(source)
    assert (state.last_result, state.rows) == ("applied", 3)
    assert listed() == {1: "active"}
    (listing,) = active_listings(wiring.registry().subject(f"uscc:{uscc(1)}") or {})
    assert (listing.reasons, listing.severity, listing.evidence_level) == (("GX11",), 3, "E4")
    assert listing.expires_on == "2028-08-28", "three years, SAMR order 44"


def test_legacy_rows_are_no_fraud(world: World, source: Source) -> None:
    source.body = table(line(1, reason="被列入经营异常名录届满3年仍未履行相关义务的"))
    pull(source)
    (listing,) = active_listings(wiring.registry().subject(f"uscc:{uscc(1)}") or {})
    assert (listing.reasons, listing.severity) == (("GX10",), 1)


def test_a_second_pull_applies_what_changed_in_whatever_order(world: World, source: Source) -> None:
    source.body = table(*(line(number) for number in range(20)))
    pull(source)
    written = len(world.stream_records())
    source.body = table(*(line(number) for number in range(20, 1, -1)), line(0, removed="2026-02-27"))
    state = pull(source, LATER)
    assert state.rows == 20
    assert listed() == {0: "removed", 1: "removed", **dict.fromkeys(range(2, 21), "active")}
    assert len(world.stream_records()) - written == 3, "what did not change is not written"


def test_an_unchanged_list_is_not_read_again_but_counts_as_fresh(world: World, source: Source) -> None:
    source.body, source.etag = table(line(1)), '"v1"'
    first = pull(source)
    second = pull(source, LATER)
    assert second.last_result == "unchanged"
    assert second.confirmed_at > first.confirmed_at
    assert second.version == first.version
    assert source.seen[1]["if-none-match"] == '"v1"'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (table(*(line(number) for number in range(10))), "shrunken"),
        (b"", "empty"),
        (table(), "empty"),
        (table(*(line(number) for number in range(61))), "grown"),
        (table(*(line(number) for number in range(40)), line(41, listed="2031-01-01")), "future_dates"),
        (b"<html>maintenance</html>", "unreadable"),
        (table(*(line(number) for number in range(18)), *(["91,x,y,2025-01-01,,,"] * 2)), "unreadable_rows"),
    ],
)
def test_an_absurd_list_is_held_and_the_last_good_one_stays(
    world: World, source: Source, body: bytes, reason: str
) -> None:
    source.body = table(*(line(number) for number in range(20)))
    good = pull(source)
    source.body = body
    held = pull(source, LATER)
    assert (held.last_result, held.held) == ("held", reason)
    assert (held.version, held.confirmed_at) == (good.version, good.confirmed_at), "and grows older"
    assert set(listed().values()) == {"active"}
    assert len(listed()) == 20


def test_killed_before_the_checkpoint_it_is_simply_done_again(world: World, source: Source) -> None:
    source.body = table(*(line(number) for number in range(10)))

    class Dying:
        def __init__(self, saves: int) -> None:
            self.saves = saves

        def __getattr__(self, name: str) -> Any:
            return getattr(wiring.registry(), name)

        def save(self, *arguments: Any, **more: Any) -> Any:
            if self.saves == 0:
                raise ConnectionError("killed")
            self.saves -= 1
            return wiring.registry().save(*arguments, **more)

    with pytest.raises(ConnectionError):
        list_pulling.pull(replace(FEED, address=source.url), NOW, registry=Dying(4))
    assert "version" not in (wiring.exchange().get("feed#serious_violations") or {})
    assert pull(source).last_result == "applied"
    assert listed() == dict.fromkeys(range(10), "active")
    for number in range(10):
        (listing,) = active_listings(wiring.registry().subject(f"uscc:{uscc(number)}") or {})
        assert listing.revision == 1, "a change that is saved twice is announced once"


def test_a_failing_source_is_tried_again_with_growing_pauses(world: World, source: Source, tmp_path: Path) -> None:
    slept: list[float] = []
    source.body, source.failures = table(line(1)), [503, 500]
    assert HttpSource(slept.append, let_loopback=True).fetch(source.url, tmp_path / "list") is not None
    assert len(slept) == 2
    assert slept[1] > slept[0] / 2


@pytest.mark.parametrize(("failures", "tries"), [([503] * 9, 4), ([404] * 9, 1), ([302] * 9, 1)])
def test_a_source_that_never_gives_the_list_is_unreachable(
    source: Source, tmp_path: Path, failures: list[int], tries: int
) -> None:
    source.failures = failures
    with pytest.raises(FeedUnreachable):
        HttpSource([].append, let_loopback=True).fetch(source.url, tmp_path / "list")
    assert len(source.seen) == tries, "a redirect is not followed"


def test_an_address_that_is_not_https_is_not_asked(tmp_path: Path) -> None:
    for url in ("http://example.org/list.csv", "file:///etc/passwd", "ftp://example.org/list.csv"):
        with pytest.raises(FeedUnreachable):
            HttpSource([].append, let_loopback=True).fetch(url, tmp_path / "list")


def test_a_compressed_list_is_unpacked_and_a_bomb_is_not(source: Source, tmp_path: Path) -> None:
    source.extra = {"Content-Encoding": "gzip"}
    source.body = gzip.compress(table(line(1)))
    fetched = HttpSource([].append, let_loopback=True).fetch(source.url, tmp_path / "list")
    assert fetched is not None
    assert fetched.path.read_bytes() == table(line(1))
    source.body = gzip.compress(bytes(2 << 20))
    with pytest.raises(FeedUnreachable):
        HttpSource([].append, most_bytes=1 << 20, let_loopback=True).fetch(source.url, tmp_path / "list")


def test_the_lookup_names_the_source_and_is_unknown_when_it_is_missing_or_stale(world: World, source: Source) -> None:
    from chalicelib.accounts.api_keys import Caller
    from chalicelib.lookups.look_up_applicant import Context, look_up
    from chalicelib.lookups.rules.applicant import Applicant

    caller = Caller("beta", Role.PLATFORM, "k")
    applicant = Applicant(uscc=uscc(9), uscc_as_given=uscc(9))
    context = Context(wiring.registry(), ["serious_violations"])
    missing = look_up(context, caller, applicant, NOW)
    assert (missing.verdict, missing.sources[1].status) == ("unknown", "missing")
    source.body = table(line(1))
    pull(source)
    fresh = look_up(context, caller, applicant, LATER)
    assert (fresh.verdict, fresh.sources[1].status) == ("clear", "ok")
    assert fresh.sources[1].age_seconds == 86_400
    stale = look_up(context, caller, applicant, datetime(2026, 3, 5, 8, tzinfo=UTC))
    assert (stale.verdict, stale.sources[1].status) == ("unknown", "stale")
    result = look_up(context, caller, Applicant(uscc=uscc(1), uscc_as_given=uscc(1)), LATER)
    assert result.verdict == "block", "a current serious violation, by its credit code"


def test_a_failed_pull_leaves_its_trace_and_the_age_grows(world: World, source: Source) -> None:
    source.body = table(line(1))
    pull(source)
    source.failures = [404]
    with pytest.raises(FeedUnreachable) as caught:
        pull(source, LATER)
    state = pull_list.record_failure(context(), FEED, caught.value, LATER)
    assert (state.last_result, state.problem) == ("failed", "HTTP 404")
    assert feed_state.age(state, LATER) == 86_400
