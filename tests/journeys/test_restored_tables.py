"""A table is put back to an earlier moment: once the senders have sent again what they sent since, and everything was
derived again, every change has reached everyone whom it concerns at least once, and nothing false is left.
"""

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.closure_tasks.rules.blocking_listings import blocks
from chalicelib.lookups.rules.posting_lists import postings_of
from chalicelib.registry.rules.listing import subject_of
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.timestamps import china_date
from tests.journeys.test_nothing_is_lost import PLATFORMS, REASONS, Story, _is_shared, evidence, merchant, reason, who
from tests.recorded import state
from tests.support.builders import uscc
from tests.world import World, aws_clients

pytestmark = pytest.mark.long
STEP = st.one_of(
    st.tuples(st.just("report"), who, merchant, reason, evidence, st.just(False), st.booleans()),
    st.tuples(st.just("report"), who, merchant, st.just(REASONS[0]), st.just("E4"), st.just(False), st.just(True)),
    st.tuples(st.just("withdraw"), who, merchant, reason),
    st.tuples(st.just("look_up"), who, merchant),
    st.tuples(st.just("roster"), who, merchant, st.booleans()),
)
STEPS = st.lists(STEP, min_size=1, max_size=7)
TABLES = st.sampled_from((("exchange",), ("subjects",), ("keys",), ("subjects", "exchange"), ("subjects", "keys")))


class Restored(Story):
    """A story whose senders remember what they sent, and whose tables may be put back."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.sent: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        self.saved: dict[str, list[Any]] = {}
        self.heard_changes: set[tuple[str, int]] = set()
        call = world.call

        def remembering(*arguments: Any, **headers: Any) -> Any:
            if arguments[0] == "POST":
                self.sent.append((arguments, headers))
            return call(*arguments, **headers)

        world.call = remembering  # type: ignore[method-assign]
        self._call = call

    def save(self) -> None:
        """What a backup of this moment holds."""
        self.settle()
        self.saved = {name: list(state.items(self.world, name).values()) for name in state.TABLES}
        self.sent.clear()

    def settle(self) -> None:
        """Everything is delivered, and heard."""
        self.world.settle()
        self.world.push_due()
        for notice in self.world.heard(self.everyone):
            self.heard_changes.add((notice["listing"]["listing_id"], notice["listing"]["revision"]))

    def put_back(self, tables: tuple[str, ...]) -> None:
        """These tables hold what they held; a new table has no stream of what was put into it."""
        self.settle()
        for name in tables:
            state.empty(self.world, name)
            state.put(self.world, name, self.saved[name])
        self.world.skip_stream()
        wiring.reset(keep_clients=True)

    def send_again(self) -> None:
        """What was sent since comes again, byte for byte and in its order; then everything is derived again."""
        for arguments, headers in self.sent.copy():
            status, body, _ = self._call(*arguments, **headers)
            assert status < 300 or status in (404, 409), body
            self.settle()
        self.rebuild()
        self.settle()


def subjects() -> list[Subject]:
    found = (wiring.registry().subject(f"uscc:{uscc(number)}") for number in range(1, 4))
    return [subject for subject in found if subject]


def check(story: Restored) -> None:
    """What the exchange says is what its senders said last, and everyone was told."""
    for ident, stands in story.stands.items():
        subject = wiring.registry().subject(subject_of(ident))
        assert subject is not None
        assert (subject.listings[ident].state == "active") == stands, ident
    changes = story.read("bureau", "changes")
    assert [change["change"] for change in changes] == list(range(1, len(changes) + 1))
    numbered = {(change["listing"]["listing_id"], change["listing"]["revision"]): change for change in changes}
    assert len(numbered) == len(changes), "no event has two numbers"
    events = {
        (listing.listing_id, happened.revision): happened
        for subject in subjects()
        for listing in subject.listings.values()
        for happened in listing.history
    }
    assert events.keys() <= numbered.keys()
    assert {key: happened.kind for key, happened in events.items()} == {key: numbered[key]["kind"] for key in events}
    assert {key for key in events if _is_shared(numbered[key])} <= story.heard_changes
    for subject in subjects():
        wanted = postings_of(subject)
        filed = wiring.registry().candidates((), list(wanted), ()).postings
        assert all(subject.subject_id in filed.get(key, {}) for key in wanted)
    check_tasks(story)


def check_tasks(story: Restored) -> None:
    """Who knows the merchant of a listing that blocks is asked to check it, and to undo what has ended."""
    today = china_date(wiring.now())
    for name in PLATFORMS:
        asked = defaultdict(list)
        for task in story.read(name, "tasks"):
            asked[task["listing"]["listing_id"]].append(task["kind"])
        for subject in subjects():
            knows = (name, int(_number(subject.subject_id))) in story.asked
            for listing in subject.listings.values():
                kinds = asked.get(listing.listing_id, [])
                if listing.state != "active":
                    assert not kinds or kinds[-1] == "undo", (name, listing.listing_id)
                elif knows and listing.source != f"platform:{name}" and blocks(subject, listing, today):
                    assert kinds[-1:] == ["check"], (name, listing.listing_id)


def _number(subject_id: str) -> int:
    return next(number for number in range(1, 4) if subject_id == f"uscc:{uscc(number)}")


BEFORE = [("look_up", "beta", 1), ("report", "alpha", 1, REASONS[0], "E4", False, True)]
SINCE = [
    ("roster", "gamma", 2, True),
    ("report", "alpha", 2, REASONS[0], "E4", False, True),
    ("withdraw", "alpha", 1, REASONS[0]),
    ("report", "gamma", 1, REASONS[0], "E4", False, True),
]


@settings(
    max_examples=4,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(STEPS, STEPS, TABLES)
@example(BEFORE, SINCE, ("exchange",))
@example(BEFORE, SINCE, ("subjects",))
@example(BEFORE, SINCE, ("subjects", "exchange"))
def test_what_is_put_back_is_made_good_by_sending_again(
    before: list[Any], since: list[Any], tables: tuple[str, ...]
) -> None:
    from moto import mock_aws

    clients = aws_clients()
    with mock_aws():
        story = Restored(World(clients))
        for step in before:
            story.do(step)
        story.save()
        for step in since:
            story.do(step)
        story.settle()
        event(f"put back: {tables}")
        story.put_back(tables)
        story.send_again()
        check(story)
        story.world.close()
