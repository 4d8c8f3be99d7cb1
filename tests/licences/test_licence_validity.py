"""What a licence must say to verify a merchant, and how its record follows checks and register in any order."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.licences.rules import licence_check, licence_lapse, licence_validity
from chalicelib.licences.rules.licence import VerifiedLicence, view
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.registry.rules.subject import Registration
from tests.support.builders import uscc
from tests.support.licence_issuing import LICENCE, NAME, check

ASKED = check(datetime(2026, 1, 5, tzinfo=UTC))
REGISTERED = Registration(name=NAME, status="operating")


def judged(registration: dict[str, Any] | None = None, asked: dict[str, str] | None = None, **says: Any) -> str:
    register = Registration(**registration) if registration else REGISTERED
    return licence_check.judge(ASKED.replace(**(asked or {})), replace(LICENCE, **says), register)[0]


def test_a_licence_that_agrees_with_the_register_verifies() -> None:
    assert licence_check.judge(ASKED, LICENCE, REGISTERED) == ("", ())
    assert licence_check.judge(ASKED, LICENCE, Registration()) == ("", ("name_unconfirmed",))
    assert judged(asked={"name": NAME}) == ""
    assert judged({"name": "苏州霁昱商贸有限公司 "}) == "", "spaces and width do not make another name"


@pytest.mark.parametrize(
    ("says", "code"),
    [
        ({"uscc": uscc(2)}, "other_uscc"),
        ({"uscc": uscc(1)[:-1] + "0"}, "other_uscc"),
        ({"uscc": uscc(1)[:-1]}, "invalid_uscc"),
        ({"uscc": ""}, "invalid_uscc"),
        ({"name": "苏州樾野商贸有限公司"}, "other_name"),
        ({"name": ""}, "other_name"),
        ({"annotated_revoked": True}, "licence_annotated"),
        ({"status": "吊销，未注销"}, "not_operating"),
        ({"status": "歇业"}, "not_operating"),
        ({"status": "非正常"}, "not_operating"),
        ({"status": "未开业"}, "not_operating"),
        ({"status": ""}, "not_operating"),
        ({"holder_role": "股东"}, "wrong_holder_role"),
        ({"holder_role": ""}, "wrong_holder_role"),
    ],
)
def test_each_thing_that_a_licence_must_say(says: dict[str, Any], code: str) -> None:
    assert judged(**says) == code


def test_the_name_given_by_the_merchant_must_be_that_of_the_licence() -> None:
    assert judged(asked={"name": "苏州樾野商贸有限公司"}) == "other_name"
    assert judged({"name": "苏州樾野商贸有限公司", "status": "operating"}) == "other_name"


@pytest.mark.parametrize("status", ["deregistered", "licence_revoked", "registration_annulled", "suspended"])
def test_the_register_outlives_what_was_signed(status: str) -> None:
    assert judged({"name": NAME, "status": status}) == "not_operating"


def test_ones_own_record_is_no_errand() -> None:
    for role, code in (("法定代表人", ""), ("证照管理员", ""), ("办事人", "wrong_holder_role")):
        assert judged(asked={"purpose": "my_record"}, holder_role=role) == code
        assert judged(asked={"purpose": "onboarding"}, holder_role=role) == ""


def decided(number: int, at: str, platform: str = "alpha") -> LicenceCheck:
    return ASKED.replace(
        check_id=f"k_{number}",
        receipt_id=f"r_{number}",
        platform_id=platform,
        decided_at=at,
        decided_on=at[:10],
        facts=licence_validity.facts(LICENCE),
    )


def test_verified_again_it_is_due_again_and_everyone_who_verified_it_is_remembered() -> None:
    first = licence_validity.after_check(None, decided(1, "2026-01-05T00:00:00.000Z"), 6)
    assert first is not None
    assert (first.due_on, first.state, first.version) == ("2026-07-05", "verified", 1)
    second = licence_validity.after_check(first, decided(2, "2026-03-05T00:00:00.000Z", "beta"), 6)
    assert second is not None
    assert (second.due_on, second.receipt_id, set(second.verified_for)) == ("2026-09-05", "r_2", {"alpha", "beta"})
    assert licence_validity.after_check(second, decided(2, "2026-03-05T00:00:00.000Z", "beta"), 6) is None, (
        "twice is once"
    )


def test_in_whatever_order_checks_are_recorded_the_latest_counts() -> None:
    checks = [decided(n, f"2026-0{n}-05T00:00:00.000Z", platform) for n, platform in ((1, "a"), (2, "b"), (3, "a"))]
    ends = set()
    for order in permutations(checks):
        record: VerifiedLicence | None = None
        for verified in order:
            record = licence_validity.after_check(record, verified, 6) or record
        assert record is not None
        ends.add((record.receipt_id, record.due_on, str(sorted(record.verified_for.items()))))
    assert len(ends) == 1


def test_the_register_revokes_and_restores_and_a_late_word_of_it_changes_nothing() -> None:
    record = licence_validity.after_check(None, decided(1, "2026-01-05T00:00:00.000Z"), 6)
    assert record is not None
    ended = licence_validity.after_registration(record, "licence_revoked", "2026-02-01T00:00:00.000Z", "2026-02-01")
    assert ended is not None
    assert (ended.state, ended.state_at) == ("revoked", "2026-02-01T00:00:00.000Z")
    assert (
        licence_validity.after_registration(ended, "licence_revoked", "2026-02-01T00:00:00.000Z", "2026-02-01") is None
    )
    assert licence_validity.after_registration(ended, "operating", "2026-01-31T00:00:00.000Z", "2026-02-01") is None
    again = licence_validity.after_registration(ended, "operating", "2026-03-01T00:00:00.000Z", "2026-03-01")
    assert again is not None
    assert (again.state, again.state_at) == ("verified", "2026-03-01T00:00:00.000Z")
    late = licence_validity.after_registration(ended, "operating", "2026-08-01T00:00:00.000Z", "2026-08-01")
    assert late is not None
    assert late.state == "lapsed"
    moved = licence_validity.after_registration(again, "moved_out", "2026-04-01T00:00:00.000Z", "2026-04-01")
    assert moved is not None
    assert (moved.state, moved.state_at) == ("verified", again.state_at), "no change of state is told"


def test_a_licence_lapses_on_the_day_after_it_was_due() -> None:
    record = licence_validity.after_check(None, decided(1, "2026-01-05T00:00:00.000Z"), 6)
    assert record is not None
    assert licence_lapse.lapsed(record, "2026-07-05") is None
    over = licence_lapse.lapsed(record, "2026-07-06")
    assert over is not None
    assert over.state == "lapsed"
    assert licence_lapse.lapsed(over, "2026-07-07") is None


@given(some.dates().filter(lambda day: day.year < 9990), some.integers(1, 24))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: Any, months: int) -> None:
    later = licence_lapse.months_later(day.isoformat(), months)
    assert (int(later[:4]) * 12 + int(later[5:7])) - (day.year * 12 + day.month) == months
    assert int(later[8:]) <= day.day
    assert licence_lapse.months_later("2026-08-31", 6) == "2027-02-28"


def test_nothing_personal_beyond_the_law_is_kept() -> None:
    result = replace(LICENCE, address="樾野路1号 11010519491231002X", scope="日用百货，联系 13812345678")
    kept = licence_validity.facts(result)
    text = str(kept.to_item())
    assert "11010519491231002X" not in text
    assert "13812345678" not in text
    assert kept.legal_representative == "樾小野", "public by law for enterprises"
    village = replace(LICENCE, uscc="N2" + uscc(1)[2:])
    assert licence_validity.facts(village).legal_representative == ""
    record = licence_validity.after_check(None, decided(1, "2026-01-05T00:00:00.000Z"), 6)
    assert record is not None
    assert not {"verified_for", "version", "check_id"} & set(view(record))
