"""Of a batch of the stream, what comes before the first record that fails is done, and Lambda goes on from there."""

from typing import Any

import pytest

from chalicelib.errors import NotSaved
from chalicelib.handlers.events import subject_stream
from tests.world import World


def record(number: int, image: dict[str, Any]) -> dict[str, Any]:
    return {"dynamodb": {"SequenceNumber": str(number), "NewImage": image}}


def test_a_record_without_an_image_is_passed_over(world: World) -> None:
    assert world
    assert subject_stream.subject_indexed({"Records": [{"dynamodb": {"SequenceNumber": "1"}}]}) == {
        "batchItemFailures": []
    }


@pytest.mark.parametrize("bad", [1, 2])
def test_the_first_record_that_fails_is_named(world: World, bad: int) -> None:
    assert world
    records: list[dict[str, Any]] = [{"dynamodb": {"SequenceNumber": str(number)}} for number in range(1, 4)]
    records[bad] = record(bad + 1, {"subject_id": {"BAD": "x"}})
    answer = subject_stream.subject_indexed({"Records": records})
    assert answer == {"batchItemFailures": [{"itemIdentifier": str(bad + 1)}]}


def test_a_batch_whose_first_record_fails_raises(world: World) -> None:
    assert world
    bad = record(1, {"subject_id": {"BAD": "x"}})
    for records in ([bad], [bad, {"dynamodb": {"SequenceNumber": "2"}}]):
        with pytest.raises((TypeError, KeyError, ValueError, NotSaved)):
            subject_stream.subject_indexed({"Records": records})
