"""What reports, withdrawals and late deliveries make of a listing."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import listing_changes, listing_history
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.listing_history import change_id
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.subject import Subject, active_listings
from chalicelib.registry.rules.subject_changes import Change, Ended
from chalicelib.values.records import declared, fields_that_are
from tests.support.builders import listed, subject, uscc

EARLY, LATE, LATEST = (f"2026-01-0{day}T00:00:00.000Z" for day in (5, 6, 7))


def only(one: Subject) -> Listing:
    (listing,) = one.listings.values()
    return listing


def test_the_first_report_opens_and_a_repeat_tells_nothing_new() -> None:
    opened = subject(listed(at=EARLY))
    assert only(opened).state == "active"
    assert [event.kind for event in only(opened).history] == ["opened"]
    assert listed(at=EARLY).apply(opened) is None
    again = listed(at=LATE).apply(opened)
    assert again is not None
    assert only(again) == only(opened).replace(reported_at=LATE), "the newest to say so, and no change"


def test_a_newer_report_amends_and_an_older_one_never_undoes_it() -> None:
    amended = subject(listed(at=EARLY), listed(at=LATE, evidence_level="E4"))
    assert only(amended).evidence_level == "E4"
    assert [event.kind for event in only(amended).history] == ["opened", "amended"]
    assert listed(at=EARLY).apply(amended) is None


def test_a_field_that_a_newer_report_leaves_out_is_gone() -> None:
    amended = subject(listed(at=EARLY, document_no="京市监罚〔2026〕1号"), listed(at=LATE))
    assert only(amended).document_no == ""


def test_a_withdrawal_ends_it_once_and_a_late_delivery_does_not_open_it_again() -> None:
    opened = subject(listed(at=EARLY))
    end = Ended(opened.subject_id, only(opened).listing_id, "withdrawn", LATE, "platform:alpha")
    ended = end.apply(opened)
    assert ended is not None
    assert active_listings(ended) == []
    assert end.apply(ended) is None
    assert listed(at=EARLY).apply(ended) is None
    reopened = listed(at=LATEST).apply(ended)
    assert reopened is not None
    assert [event.kind for event in only(reopened).history] == ["opened", "withdrawn", "reopened"]


def test_the_same_eviction_has_one_id_and_names_its_subject() -> None:
    actor = f"uscc:{uscc(1)}"
    result = listings.listing_id("platform:alpha", actor, "2026-01-02", ["PR01", "AD01"])
    assert result == listings.listing_id("platform:alpha", actor, "2026-01-02", ["AD01", "PR01"])
    assert listings.subject_of(result) == actor
    others = {
        listings.listing_id("platform:beta", actor, "2026-01-02", ["PR01", "AD01"]),
        listings.listing_id("platform:alpha", actor, "2026-01-03", ["PR01", "AD01"]),
        listings.listing_id("platform:alpha", actor, "2026-01-02", ["PR01"]),
    }
    assert len(others | {result}) == 4
    assert listings.subject_of("l_nonsense") == ""


def test_severity_one_stays_between_reporter_and_regulator() -> None:
    mild = only(subject(listed(platform="alpha", severity=1, reasons=["LC04"])))
    assert not listings.may_see(mild, "platform", "beta")
    assert listings.may_see(mild, "platform", "alpha")
    assert listings.may_see(mild, "regulator", "bureau")
    official = mild.replace(source=Source.of_list("abnormal_operations"))
    assert listings.may_see(official, "platform", "beta"), "a government entry is public by law"


def test_only_the_reporter_and_the_regulator_see_what_is_private() -> None:
    result = only(subject(listed(platform="alpha", shop_id="S1", report_id="r_1", row=7)))
    assert "shop_id" not in listings.view(result, "platform", "beta")
    assert listings.view(result, "platform", "alpha")["shop_id"] == "S1"
    assert listings.view(result, "regulator", "bureau")["row"] == 7
    assert "history" not in listings.view(result, "platform", "beta")


def change_ids(old: Mapping[str, Listing], new: Mapping[str, Listing]) -> list[str]:
    return [change_id(listing.listing_id, event.revision) for listing, event in listing_history.changes(old, new)]


CHANGES = st.lists(
    st.one_of(
        st.builds(
            lambda platform, day, level: listed(
                platform=platform, at=f"2026-01-{day:02d}T00:00:00.000Z", evidence_level=level
            ),
            st.sampled_from(["alpha", "beta"]),
            st.integers(5, 12),
            st.sampled_from(["E1", "E2", "E4"]),
        ),
        st.builds(
            lambda platform, day: Ended(
                listed(platform=platform).subject_id,
                listed(platform=platform).listing.listing_id,
                "withdrawn",
                f"2026-01-{day:02d}T00:00:00.000Z",
                f"platform:{platform}",
            ),
            st.sampled_from(["alpha", "beta"]),
            st.integers(5, 12),
        ),
    ),
    max_size=8,
)


@given(CHANGES, st.data())
def test_a_change_delivered_again_changes_nothing_whatever_came_between(
    changes: list[Change], data: st.DataObject
) -> None:
    state: Subject | None = None
    done: list[Change] = []
    for drawn in changes:
        # Somebody withdraws what was reported before, never what is still to come.
        now = max([drawn.at, *(entry.at for entry in done)])
        change = replace(drawn, at=now) if isinstance(drawn, Ended) else drawn
        state = change.apply(state) or state
        done.append(change)
        # A withdrawal is a person's act at a moment, not a delivery: only reports are delivered twice.
        again = data.draw(st.sampled_from(done))
        if not isinstance(again, Ended):
            assert again.apply(state) is None


@given(CHANGES)
def test_every_change_is_told_exactly_once_from_the_images(changes: list[Change]) -> None:
    result: list[str] = []
    state: Subject | None = None
    for change in changes:
        after = change.apply(state)
        if after is None:
            continue
        before = state.listings if state else {}
        result.extend(change_ids(before, after.listings))
        assert after.version == (state.version if state else 0) + 1
        state = after
    from_scratch = change_ids({}, state.listings) if state else []
    assert sorted(result) == sorted(from_scratch)
    assert len(set(result)) == len(result)


def test_what_a_regulator_may_amend_is_what_a_decision_keeps() -> None:
    assert set(declared(listings.Amendment)) == set(listings.AMENDABLE)


def test_a_field_is_either_for_everyone_or_for_the_reporter_or_stays_inside() -> None:
    audiences = [fields_that_are(Listing, kind) for kind in ("public", "private", "internal")]
    assert sum(map(len, audiences)) == len(set().union(*audiences))
    assert set(listings.CONTENT_FIELDS) <= set(listings.CORRECTABLE), "what is reported may be corrected"


def test_a_listing_ends_by_its_term_or_because_its_publication_was_cut_short() -> None:
    ends = {"expires_on": "2027-03-05"}
    assert listings.why_over(Listing(**ends)) == "term_over"
    assert listings.why_over(Listing(**ends, publish_until="2028-01-01")) == "term_over"
    assert listings.why_over(Listing(**ends, publish_until="2027-03-05")) == "publication_over"


@pytest.mark.parametrize(
    ("day", "reasons", "is_repetition"),
    [
        ("2026-01-02", ("QC01",), True),
        ("2026-01-01", ("PR01",), True),
        ("2026-01-01", ("QC01",), False),
        ("2026-01-09", ("PR01",), False),
    ],
)
def test_what_was_voided_is_repeated_by_the_same_day_or_a_common_reason(
    day: str, reasons: tuple[str, ...], is_repetition: bool
) -> None:
    voided = only(subject(listed(at=EARLY))).replace(state=listings.VOIDED)
    history = (*voided.history, listings.Event(at=LATE, by="regulator:b", kind="voided", revision=2))
    voided = voided.replace(history=history, revision=2)
    new = only(subject(listed(at=LATEST))).replace(listing_id="l_other", listed_on=day, reasons=reasons)
    assert listing_changes.mark_repetition(new, [voided]).after_void == (voided.listing_id if is_repetition else "")
    assert listing_changes.mark_repetition(new, [voided.replace(source=Source("platform:beta"))]).after_void == ""


def test_a_history_keeps_forty_events_and_then_the_important_ones() -> None:
    listing = only(subject(listed(at=EARLY)))
    for number in range(2, 41):
        listing = listing_history.advance(listing, listings.Event(at=LATE, by="x", kind="amended"))
        assert (len(listing.history), listing.revision) == (number, number)
    listing = listing_history.advance(listing, listings.Event(at=LATE, by="x", kind="amended"))
    assert [event.revision for event in listing.history] == [1, *range(22, 42)]


def test_a_source_is_a_platform_a_list_or_an_office() -> None:
    platform, government = Source("platform:alpha"), Source("government:abnormal")
    assert (platform.platform_id, platform.list_name) == ("alpha", "")
    assert (government.platform_id, government.list_name) == ("", "abnormal")


def test_who_sees_which_field_of_a_listing() -> None:
    everyone = (
        "listing_id source filed_by state listed_on reasons severity ended_because disputed revision source_state"
    )
    texts = "kind_unknown reason_text evidence_level document_no notice_url measure expires_on"
    assert set(listings.PUBLIC_FIELDS) == {*everyone.split(), *texts.split()}
    assert set(listings.PRIVATE_FIELDS) == {
        "report_id", "row", "reported_at", "after_void", "shop_name", "shop_id", "shop_url",
    }  # fmt: skip
    assert set(fields_that_are(Listing, "internal")) == {"history", "disputes", "decided"}
