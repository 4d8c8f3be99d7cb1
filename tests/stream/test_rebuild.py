"""Everything derived can be derived again from the subjects alone."""

from typing import Any

from chalicelib import wiring
from chalicelib.lookups.rules.posting_lists import postings_of
from tests.conftest import ENVIRONMENT
from tests.support.builders import listed, uscc
from tests.world import World


class Clock:
    """A Lambda context with so much time left at each look."""

    def __init__(self, *left: int) -> None:
        self.left = list(left)

    def get_remaining_time_in_millis(self) -> int:
        return self.left.pop(0) if self.left else 300_000


def keys() -> dict[str, Any]:
    kept: dict[str, Any] = {}
    start = ""
    while True:
        page, start = wiring.registry().all_posting_lists(start)
        kept.update((each.key, each.postings) for each in page if each.postings)
        if not start:
            return kept


def rebuild(world: World) -> None:
    import app

    start = ""
    while True:
        swept = app.rebuild({"sweep": True, "start": start}, Clock())
        start = swept["next"]
        if not start:
            break
    answer = app.rebuild({}, Clock())
    assert answer["next"] == ""


def evict(count: int) -> None:
    for number in range(count):
        wiring.registry().save(listed(identity={"uscc": uscc(number), "name": f"苏州樾{number}野商贸有限公司"}))


def test_lost_posting_lists_and_an_unread_stream_are_made_good(world: World) -> None:
    ear = world.listen(wiring.settings().closures_topic_arn)
    evict(3)
    assert keys() == {}
    rebuild(world)
    lost = keys()
    assert lost
    assert len(world.heard(ear)) == 3
    assert [entry.number for entry in wiring.change_log().read(0, 100)] == [1, 2, 3]
    for item in world.dynamodb.scan(TableName=ENVIRONMENT["KEYS_TABLE"])["Items"]:
        world.dynamodb.delete_item(TableName=ENVIRONMENT["KEYS_TABLE"], Key={"key": item["key"]})
    rebuild(world)
    assert keys() == lost
    assert world.heard(ear) == [], "what was told is not told again"
    assert len(wiring.change_log().read(0, 100)) == 3


def test_a_posting_that_its_subject_no_longer_claims_is_swept(world: World) -> None:
    evict(1)
    rebuild(world)
    before = keys()
    wiring.registry().add_postings("uscc:nobody", 1, {"n#stale": {"n": ["无"]}})
    wiring.registry().add_postings(f"uscc:{uscc(0)}", 1, {"n#stale": {"n": ["无"]}})
    rebuild(world)
    assert keys() == before


def test_a_key_that_was_common_starts_afresh(world: World) -> None:
    evict(1)
    subject = wiring.registry().subject(f"uscc:{uscc(0)}") or {}
    key = next(iter(postings_of(subject)))
    world.dynamodb.put_item(TableName=ENVIRONMENT["KEYS_TABLE"], Item={"key": {"S": key}, "common": {"BOOL": True}})
    rebuild(world)
    assert key in keys()


def test_it_stops_when_its_time_is_nearly_up_and_goes_on_where_it_stopped(world: World) -> None:
    from chalicelib.handlers import dependencies
    from chalicelib.stream import rebuild as rebuilding

    evict(5)
    assert rebuilding.PAGE == 100
    context = dependencies.projections()
    pages, start = 0, ""
    seen = 0
    while True:
        answer = rebuilding.rebuild(context, wiring.digest(), start, wiring.now(), lambda: False, page=2)
        pages, seen, start = pages + 1, seen + answer["subjects"], answer["next"]
        if not start:
            break
    assert (pages >= 3, seen) == (True, 5)
