"""The steps of a dispute: what fits where, what it leaves behind, and what always holds however they are mixed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.roles import Role
from chalicelib.disputes.rules import dispute as dispute_rules
from chalicelib.disputes.rules.dispute import Disputed
from chalicelib.notices.rules import numbered_change
from chalicelib.registry.rules import listing, listing_history
from chalicelib.registry.rules.listing import Amendment, Listing
from chalicelib.registry.rules.listing_disputes import open_disputes
from chalicelib.registry.rules.subject import Subject, active_listings
from chalicelib.registry.rules.subject_changes import Ended
from chalicelib.values.timestamps import iso
from chalicelib.verdicts.rules import corroboration, decide_verdict, rules_in_force
from tests.support.builders import AT, listed, subject, uscc

WHO = f"uscc:{uscc(1)}"
FIRST = datetime(2026, 1, 6, 2, tzinfo=UTC)
LISTING = listed().listing.listing_id


def later(hours: int) -> str:
    return iso(FIRST + timedelta(hours=hours))


def step(what: str, by: str, hours: int, ident: str = "d_1", **details: Any) -> Disputed:
    defaults: dict[str, Any] = {"words": f"{what} {hours}"}
    if what == "open":
        defaults = {"kind": "found_otherwise", "due": later(hours + 72)}
    if "fields" in details:
        details["fields"] = Amendment.from_item(details["fields"])
    result = {"subject_id": WHO, "listing_id": LISTING, "dispute_id": ident}
    return Disputed(**result, step=what, at=later(hours), by=by, **{**defaults, **details})


def after(*changes: Any) -> Subject:
    """The subject after the changes, each of which must tell something."""
    result: Subject | None = subject()
    for change in changes:
        result = change.apply(result)
        assert result is not None, change
    assert result is not None
    return result


def only(known: Subject) -> Listing:
    (result,) = known.listings.values()
    return result


def test_while_it_is_open_nobody_is_blocked_and_upheld_it_counts_again() -> None:
    def verdict(known: Subject) -> str:
        return decide_verdict.judge_all("same_uscc", known, [only(known)], rules_in_force.EXCHANGE, "")[0].verdict

    opened = after(step("open", "platform:beta", 1))
    upheld = after(step("open", "platform:beta", 1), step("uphold", "regulator:bureau", 2))
    assert (verdict(subject()), verdict(opened), verdict(upheld)) == ("block", "review", "block")
    assert only(opened).disputed is True
    assert only(upheld).disputed is False


def test_a_cap_never_raises() -> None:
    for relation in ("weak", "same_name", "same_uscc"):
        for severity in (1, 2, 3):
            result = only(subject()).replace(severity=severity, disputed=True)
            plain = corroboration.rule_for(relation, result, corroboration.judge(subject(), ""))
            (capped,) = decide_verdict.judge_all(relation, subject(), [result], rules_in_force.EXCHANGE, "")
            assert capped.verdict == ("review" if plain.verdict == "block" else plain.verdict)


def test_each_step_says_who_when_before_and_after() -> None:
    result = after(
        step("open", "platform:beta", 1),
        step("answer", "platform:alpha", 2, stand="stand_by"),
        step("amend", "regulator:bureau", 3, fields={"severity": 2, "reasons": ["PR02"]}),
    )
    notice = [(event.kind, event.by, event.at) for event in only(result).history]
    assert notice == [
        ("opened", "platform:alpha", AT),
        ("disputed", "platform:beta", later(1)),
        ("dispute_answered", "platform:alpha", later(2)),
        ("dispute_closed", "regulator:bureau", later(3)),
        ("amended", "regulator:bureau", later(3)),
    ]
    last = only(result).history[-1]
    assert (last.before, last.after) == (
        {"severity": 3, "reasons": ["PR01"]},
        {"severity": 2, "reasons": ["PR02"]},
    )
    assert only(result).history[1].before == {"disputed": False}
    assert only(result).history[1].after == {"disputed": True, "dispute": "open"}


def test_what_a_regulator_amended_is_not_overwritten_by_the_next_report() -> None:
    result = after(step("open", "platform:beta", 1), step("amend", "regulator:bureau", 2, fields={"severity": 2}))
    again = listed(at=later(5), severity=3, reason_text="更新").apply(result)
    assert again is not None
    assert (only(again).severity, only(again).reason_text) == (2, "更新")


def test_an_end_that_a_regulator_set_is_not_outlived_by_a_repeated_report() -> None:
    result = after(
        step("open", "platform:beta", 1),
        step("amend", "regulator:bureau", 2, fields={"expires_on": "2026-02-01"}),
        Ended(WHO, LISTING, "expired", "2026-02-01T01:00:00.000Z", "term"),
    )
    again = listed(at="2026-02-03T00:00:00.000Z", expires_on="2029-01-01").apply(result)
    assert again is not None
    assert active_listings(again) == []


def test_a_concession_voids_and_a_voided_listing_stays_so_whatever_is_reported() -> None:
    conceded = after(step("open", "platform:beta", 1), step("answer", "platform:alpha", 2, stand="concede"))
    assert (only(conceded).state, only(conceded).ended_because) == ("voided", "conceded")
    for at in (AT, later(2), later(500)):
        again = listed(at=at, reason_text="again").apply(conceded)
        assert again is None or active_listings(again) == []
        assert again is None or only(again).history == only(conceded).history


@pytest.mark.parametrize(
    ("fields", "marked"),
    [
        ({"listed_on": "2026-01-03"}, True),  # another day, the same reason
        ({"reasons": ["IP01"]}, True),  # another reason, the same day
        ({"listed_on": "2026-01-01", "reasons": ["IP01"]}, False),  # another matter
        ({"listed_on": "2026-03-01"}, False),  # after the void: anew
        ({"source": "platform:gamma"}, False),  # somebody else says so
    ],
)
def test_what_may_only_repeat_a_voided_listing_is_kept_for_a_person_to_see(
    fields: dict[str, Any], marked: bool
) -> None:
    voided = after(step("open", "platform:beta", 1), step("void", "regulator:bureau", 2))
    result = listed(at=later(100), **fields).apply(voided)
    assert result is not None
    (new,) = active_listings(result)
    assert new.after_void == (LISTING if marked else "")
    (judged,) = decide_verdict.judge_all("same_uscc", result, [new], rules_in_force.EXCHANGE, "")
    assert judged.verdict == ("review" if marked else "block")


def test_a_regulator_that_upholds_the_repetition_lets_it_count() -> None:
    voided = after(step("open", "platform:beta", 1), step("void", "regulator:bureau", 2))
    result = listed(at=later(100), listed_on="2026-01-03").apply(voided)
    assert result is not None
    (new,) = active_listings(result)
    for change in (step("open", "platform:beta", 101, "d_2"), step("uphold", "regulator:bureau", 102, "d_2")):
        moved = Disputed(**{**{f: getattr(change, f) for f in change.__slots__}, "listing_id": new.listing_id})
        result = moved.apply(result)
        assert result is not None
    assert active_listings(result)[0].after_void == ""


def test_a_withdrawn_listing_ends_the_dispute_over_it() -> None:
    result = after(
        step("open", "platform:beta", 1), Ended(WHO, LISTING, "withdrawn", later(3), "platform:alpha", "误报")
    )
    assert [event.kind for event in only(result).history] == ["opened", "disputed", "dispute_closed", "withdrawn"]
    assert only(result).disputes["d_1"].closed.result == "listing_ended"
    assert not listing.is_disputed(only(result))


@pytest.mark.parametrize(
    ("changes", "refused", "code"),
    [
        ([], step("open", "platform:alpha", 1), "own_listing"),
        ([step("open", "platform:beta", 1)], step("open", "platform:beta", 2, "d_2"), "dispute_is_open"),
        ([Ended(WHO, LISTING, "expired", later(1), "term")], step("open", "platform:beta", 2), "listing_not_active"),
        (
            [step("open", "platform:beta", 1), step("withdraw", "platform:beta", 2)],
            step("answer", "platform:alpha", 3, stand="stand_by"),
            "dispute_is_closed",
        ),
        (
            [step("open", "platform:beta", 1), step("answer", "platform:alpha", 2, stand="stand_by")],
            step("answer", "platform:alpha", 3, stand="stand_by"),
            "already_answered",
        ),
        ([step("open", "platform:beta", 1)], step("overdue", "clock", 71), "not_overdue"),
    ],
)
def test_a_step_that_does_not_fit_changes_nothing(changes: list[Any], refused: Disputed, code: str) -> None:
    result = after(*changes)
    assert dispute_rules.refusal(only(result), refused) == code
    assert refused.apply(result) is None


def test_nobody_holds_a_listing_open_by_disputing_it_again_and_again() -> None:
    changes = []
    for turn in range(dispute_rules.MOST_BY_ONE):
        changes += [step("open", "platform:beta", turn * 2, f"d_{turn}")]
        changes += [step("withdraw", "platform:beta", turn * 2 + 1, f"d_{turn}")]
    result = after(*changes)
    assert dispute_rules.refusal(only(result), step("open", "platform:beta", 50, "d_x")) == "too_many_disputes"
    assert dispute_rules.refusal(only(result), step("open", "platform:gamma", 50, "d_y")) == ""


def test_an_entry_of_a_government_list_is_not_disputed_here() -> None:
    result = listed(source="government:serious_violations").listing
    assert dispute_rules.why_not_open(result.replace(state="active"), "platform:beta") == "not_disputable"


def test_a_listing_that_is_grave_no_more_is_told_to_those_who_saw_it() -> None:
    result = after(step("open", "platform:beta", 1), step("amend", "regulator:bureau", 2, fields={"severity": 1}))
    entry = numbered_change.new_change(result, only(result), only(result).history[-1]).replace(number=5)
    assert entry.is_public, "severity 1 is never shared, but this one was"
    assert numbered_change.view(entry, Role.PLATFORM, "gamma")["before"] == {"severity": 3}


def test_what_goes_on_between_the_parties_is_not_for_everyone() -> None:
    result = after(step("open", "platform:beta", 1), step("answer", "platform:alpha", 2, stand="stand_by"))
    entry = numbered_change.new_change(result, only(result), only(result).history[-1])
    seen = [numbered_change.may_see(entry, Role.PLATFORM, name) for name in ("gamma", "alpha")]
    assert (seen, numbered_change.may_see(entry, Role.REGULATOR, "bureau")) == ([False, True], True)
    assert entry.listing.state == "active"
    assert not {"history", "disputes", "decided"} & entry.listing.to_item().keys()


STEPS = st.one_of(
    st.tuples(
        st.just("open"),
        st.sampled_from(["platform:beta", "platform:gamma", "platform:alpha", f"merchant:{WHO}"]),
        st.sampled_from("123456"),
    ),
    st.tuples(
        st.sampled_from(["answer", "concede", "withdraw", "uphold", "amend", "void", "overdue"]),
        st.just("x"),
        st.sampled_from("123456"),
    ),
    st.tuples(st.sampled_from(["report", "late report", "expired", "withdrawn"]), st.just("x"), st.just("")),
)


def change(what: str, by: str, ident: str, hours: int) -> Any:
    if what == "report":
        return listed(at=later(hours), reason_text=f"第{hours}次")
    if what == "late report":
        return listed(at=AT, reason_text="晚到")
    if what in ("expired", "withdrawn"):
        return Ended(WHO, LISTING, what, later(hours), "platform:alpha")
    if what == "concede":
        return step("answer", "platform:alpha", hours, f"d_{ident}", stand="concede")
    details: dict[str, Any] = {"answer": {"stand": "stand_by"}, "amend": {"fields": {"severity": 2}}}.get(what, {})
    return step(what, by, hours, f"d_{ident}", **details)


@given(st.lists(st.tuples(STEPS, st.integers(0, 60)), max_size=25))
def test_whatever_comes_in_whatever_order(moves: list[tuple[tuple[str, str, str], int]]) -> None:
    result, hours = subject(), 0
    for (kind, by, ident), passed in moves:
        hours += passed
        new = change(kind, by, ident, hours).apply(result)
        if new is None:
            continue
        old, outcome = only(result), only(new)
        assert outcome.history[: len(old.history)] == old.history, "history is never lost"
        assert [event.revision for event in outcome.history] == list(range(1, outcome.revision + 1))
        notice = tuple(event for _, event in listing_history.changes(result.listings, new.listings))
        assert notice == outcome.history[old.revision :], "each event is told once"
        if old.state == "voided":
            assert (outcome.state, active_listings(new)) == ("voided", []), "a void is final"
        still_open = [dispute.by for dispute in open_disputes(outcome)]
        assert len(still_open) == len(set(still_open)), "nobody disputes one listing twice at once"
        assert listing.is_disputed(outcome) == bool(still_open)
        assert not still_open or outcome.state == "active", "what has ended is not in dispute"
        result = new
