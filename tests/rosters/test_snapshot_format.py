"""A snapshot of the registry: what was put in is found, and what is no snapshot is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.lookups.rules.posting_lists import postings_of
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_changes import Ended
from chalicelib.rosters.rules.build_snapshot import SnapshotPart, assemble
from chalicelib.rosters.rules.snapshot_format import Snapshot, pack_record
from tests.support.builders import AT, listed, registration_no, subject, uscc

NAMES = (
    "苏州霁昱商贸有限公司",
    "杭州云栖谷示例服饰有限公司",
    "宁波镜湖示例电子商务有限公司",
    "无锡鼋渚示例商贸有限公司",
)


def snapshot(*parts: list[Subject], most: int = 48) -> Snapshot:
    packed = []
    for some in parts:
        part = SnapshotPart()
        for item in some:
            part.add(item)
        packed.append(part.pack())
    return Snapshot(b"".join(assemble(packed, AT, most)))


def merchant(number: int) -> Subject:
    result = {"uscc": uscc(number), "name": NAMES[number % len(NAMES)], "shop_name": f"樾野{number}旗舰店"}
    return subject(listed(identity={**result, "registration_no": registration_no(number)}))


@given(st.lists(st.lists(st.integers(1, 400), max_size=12, unique=True), min_size=1, max_size=4))
def test_every_subject_is_found_by_its_id_and_by_every_key_it_stands_under(numbers: list[list[int]]) -> None:
    seen: set[int] = set()
    parts = [[merchant(n) for n in some if n not in seen and not seen.add(n)] for some in numbers]  # type: ignore[func-returns-value]
    made = snapshot(*parts, most=10_000)
    every = [item for some in parts for item in some]
    assert len(made) == len(every)
    for item in every:
        read = made.subjects([item.subject_id])[item.subject_id]
        assert (read.names, read.shop_names) == (item.names, item.shop_names)
        postings = postings_of(item)
        got = made.find([], postings).postings
        assert {key: got[key][item.subject_id] for key in postings} == postings


def test_nothing_is_found_of_what_is_not_there() -> None:
    made = snapshot([merchant(1)], [])
    assert not made.has_any([f"uscc:{uscc(2)}"], ["n#000000000000000000"])
    assert made.find([f"uscc:{uscc(2)}"], [f"reg#{registration_no(2)}"]).postings == {}
    empty = snapshot([])
    assert (len(empty), empty.has_any([f"uscc:{uscc(1)}"], [])) == (0, False)


def test_a_key_that_too_many_share_finds_nobody_but_the_subjects_stay() -> None:
    made = snapshot([merchant(4 * n) for n in range(1, 5)], most=3)
    common, own = "b#", f"reg#{registration_no(4)}"
    shared = next(key for key in postings_of(merchant(4)) if key.startswith(common))
    assert not made.has_any([], [shared])
    assert made.has_any([f"uscc:{uscc(4)}"], [])
    assert made.has_any([], [own])


def test_subjects_without_an_active_listing_are_left_out() -> None:
    result = merchant(1)
    listing = next(iter(result.listings))
    ended = Ended(result.subject_id, listing, "withdrawn", "2026-02-01T00:00:00.000Z", "platform:alpha").apply(result)
    assert ended is not None
    assert len(snapshot([ended])) == 0


def test_what_is_no_snapshot_or_only_the_front_of_one_is_refused() -> None:
    part = SnapshotPart()
    part.add(merchant(1))
    body = b"".join(assemble([part.pack()], AT, 48))
    with pytest.raises(ValueError, match="no snapshot"):
        Snapshot(b"PK\x03\x04" + body)
    with pytest.raises(ValueError, match="short"):
        Snapshot(body[:-100])


def test_a_record_is_packed_small() -> None:
    assert len(pack_record({"subject_id": f"uscc:{uscc(1)}", "uscc": uscc(1), "listings": {}})) < 40
