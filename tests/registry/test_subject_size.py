"""A merchant with too many listings: the row is refused, and ends, disputes and repairs always fit."""

from contextlib import suppress
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.disputes.rules.dispute import Disputed
from chalicelib.errors import NotSaved
from chalicelib.registry.rules import subject_size
from chalicelib.registry.rules.listing import VOIDED, Amendment
from chalicelib.registry.rules.listing_history import MOST_EVENTS
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_changes import Change, Ended, GuardLifted, Listed
from chalicelib.registry.save_subject_changes import save_all
from chalicelib.storage.item_kind import MOST_ITEM_BYTES
from chalicelib.values.record_layout import stored_bytes
from tests.registry.full_subjects import filing, filled, store
from tests.support.builders import AT, uscc
from tests.world import World

LATER = "2026-03-01T08:00:00.000Z"
SUBJECT = f"uscc:{uscc(1)}"


def size(subject: Subject) -> int:
    return stored_bytes(subject.to_item())


def saved(subject: Subject, *changes: Change) -> Subject:
    """The subject as the registry saves it after the changes: trimmed where the store would refuse it."""
    after: Subject | None = subject
    for change in changes:
        after = change.apply(after)
    assert after is not None
    if size(after) <= MOST_ITEM_BYTES:
        return after
    after = subject_size.trimmed(subject, after)
    assert size(after) <= MOST_ITEM_BYTES
    return after


def filed(subject: Subject | None, source: str, most: int = 1_000, **more: Any) -> tuple[Subject, int]:
    """The subject once a source has filed as much of it as is taken; how many listings that were."""
    taken = 0
    for place in range(most):
        with suppress(NotSaved):
            subject = filing(1, place, source=source, **more).apply(subject)
            taken += 1
        if taken == place:
            break
    assert subject is not None
    return subject, taken


def test_a_platform_may_file_what_merchants_really_have_and_no_more() -> None:
    subject, taken = filed(None, "platform:alpha")
    assert 40 <= taken < 100
    assert size(subject) < subject_size.MOST_OF_PLATFORM
    short, many = filed(None, "platform:alpha", text="售假")
    assert many >= 100
    assert size(short) < subject_size.MOST_OF_PLATFORM


def test_each_source_has_its_share_and_lists_have_room_that_platforms_cannot_take() -> None:
    subject: Subject | None = None
    counts = {}
    for name in ("alpha", "beta", "gamma", "delta"):
        subject, counts[name] = filed(subject, f"platform:{name}")
    assert counts["alpha"] > 40
    assert counts["delta"] == 0
    assert subject is not None
    assert size(subject) <= subject_size.MOST_BY_PLATFORMS
    subject, entries = filed(subject, "government:penalties")
    assert entries > 20
    assert size(subject) <= subject_size.MOST_BY_LISTS


def test_one_listing_that_is_too_long_is_refused_by_itself() -> None:
    one = filing(1, 0)
    long = Listed(one.identity, one.listing.replace(reason_text="字" * 50_000), AT)
    with pytest.raises(NotSaved) as error:
        long.apply(None)
    assert error.value.finding == "too_many_listings"


def test_what_is_said_again_or_made_shorter_is_taken_at_the_bound() -> None:
    subject, taken = filed(None, "platform:alpha")
    again = filing(1, taken - 1, source="platform:alpha", at=LATER)
    repeated = again.apply(subject)
    assert repeated is not None
    assert size(repeated) == size(subject)
    shorter = filing(1, taken - 1, "短", source="platform:alpha", at=LATER)
    assert shorter.apply(subject) is not None


def bounded() -> Subject:
    """A subject that many sources have filled as far as they may."""
    subject: Subject | None = None
    for name in ("alpha", "beta", "gamma", "delta"):
        subject, _ = filed(subject, f"platform:{name}", text="售假")
    for name in ("penalties", "serious_violations"):
        subject, _ = filed(subject, f"government:{name}", text="售假")
    return subject


def test_the_end_of_every_listing_fits_into_a_subject_at_its_bounds() -> None:
    subject: Subject | None = bounded()
    assert subject is not None
    for listing_id in list(subject.listings):
        subject = Ended(SUBJECT, listing_id, "withdrawn", LATER, "platform:alpha", "报错了" * 30).apply(subject)
        assert subject is not None
    assert all(listing.state == "withdrawn" for listing in subject.listings.values())
    assert size(subject) < MOST_ITEM_BYTES


def test_a_dispute_over_every_listing_of_such_a_subject_fits_as_well() -> None:
    subject = bounded()
    idents = [ident for ident, listing in subject.listings.items() if listing.source.is_platform]
    for some in batches(idents):
        subject = saved(subject, *(opening(ident, f"d_{ident[-8:]}") for ident in some))
    for some in batches(list(subject.listings)):
        subject = saved(subject, *(withdrawal(ident) for ident in some))
    assert {listing.state for listing in subject.listings.values()} == {"withdrawn"}


def batches(idents: list[str]) -> list[list[str]]:
    """The ids by ten, for a subject of this size takes milliseconds to measure."""
    return [idents[start : start + 10] for start in range(0, len(idents), 10)]


def withdrawal(ident: str) -> Ended:
    return Ended(SUBJECT, ident, "withdrawn", LATER, "platform:alpha", "报错了" * 30)


def opening(listing_id: str, dispute_id: str) -> Disputed:
    return Disputed(
        subject_id=SUBJECT, listing_id=listing_id, dispute_id=dispute_id, step="open", at=LATER, by="platform:omega",
        kind="for_merchant", due="2026-03-06T16:00:00.000Z",
    )  # fmt: skip


def test_a_history_that_goes_on_for_ever_keeps_its_first_event_its_last_opening_and_the_newest() -> None:
    change = filing(1, 0)
    subject: Subject | None = change.apply(None)
    for turn in range(200):
        at = f"2026-02-{turn // 24 + 1:02d}T{turn % 24:02d}:00:00.000Z"
        kind = "withdrawn" if turn % 2 == 0 else ""
        if turn < 50:
            again = filing(1, 0, at=at)
            step = Ended(SUBJECT, change.listing.listing_id, kind, at, "platform:alpha") if kind else again
        else:
            step = filing(1, 0, f"第{turn}次更正", at=at)
        subject = step.apply(subject) or subject
    assert subject is not None
    (listing,) = subject.listings.values()
    assert listing.revision == 201
    assert len(listing.history) <= MOST_EVENTS
    assert [event.kind for event in listing.history[:2]] == ["opened", "reopened"]
    assert listing.history[-1].revision == 201
    assert [event.revision for event in listing.history] == sorted(event.revision for event in listing.history)


def decision(ident: str, dispute_id: str, step: str) -> Disputed:
    """What a regulator decides of a dispute."""
    return Disputed(
        subject_id=SUBJECT, listing_id=ident, dispute_id=dispute_id, step=step, at=LATER, by="regulator:bureau",
        fields=Amendment(severity=2, reasons=("QC01",)), words="0123456789abcdef",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["售假", filing(1, 0).listing.reason_text], ids=["short", "long"])
def test_a_subject_that_an_older_version_filled_can_be_withdrawn_from_disputed_and_voided(text: str) -> None:
    subject = filled(1, text)
    assert size(subject) > 403_000
    idents = list(subject.listings)
    for place, ident in enumerate(idents[:30]):
        subject = saved(subject, opening(ident, f"d_{place}"))
        subject = saved(subject, decision(ident, f"d_{place}", "void" if place % 2 else "amend"))
    subject = saved(subject, GuardLifted(SUBJECT, idents[30], "burst", LATER, "regulator:bureau", "误" * 100))
    for some in batches(idents[40:]):
        subject = saved(subject, *(withdrawal(ident) for ident in some))
    assert set(subject.listings) == set(idents), "no listing is lost"
    assert {subject.listings[ident].state for ident in idents[40:]} == {"withdrawn"}
    assert subject.listings[idents[1]].state == VOIDED
    assert (subject.listings[idents[0]].severity, subject.listings[idents[0]].decided.severity) == (2, 2)
    assert subject.listings[idents[30]].guard_lifted == "burst"


def test_the_stream_of_a_trimmed_subject_still_has_every_new_event(world: World) -> None:
    store(world, filled(1))
    full = wiring.registry().subject(SUBJECT)
    assert full is not None
    ident = list(full.listings)[3]
    ended = wiring.registry().save(Ended(SUBJECT, ident, "withdrawn", LATER, "platform:alpha", "报错了" * 30))
    assert ended is not None
    assert ended == wiring.registry().subject(SUBJECT)
    assert ended.listings[ident].history[-1].after == {"state": "withdrawn"}
    assert ended.listings[ident].history[0].kind == "opened"


def test_a_full_subject_takes_no_more_rows_and_the_others_are_saved(world: World) -> None:
    store(world, filled(1))
    unsaved = save_all(wiring.registry(), [filing(1, 5_000), filing(2, 1), filing(1, 5_001)])
    assert [(each.change.subject_id, each.finding) for each in unsaved] == [(SUBJECT, "too_many_listings")] * 2
    assert wiring.registry().subject(f"uscc:{uscc(2)}") is not None


def test_a_source_is_bounded_by_what_it_filed_itself() -> None:
    subject, _ = filed(None, "platform:alpha")
    assert filing(1, 0, source="platform:beta").apply(subject) is not None
    own = [listing for listing in subject.listings.values() if listing.source == Source.of_platform("alpha")]
    assert len(own) == len(subject.listings)
