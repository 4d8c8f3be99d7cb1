"""Sessions, links and people on the store: rotation, both ends, revocation, single use."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.accounts.roles import Role
from chalicelib.errors import Conflict, Unauthorised
from chalicelib.people import people, sessions, sign_in_links
from chalicelib.people.duties import Duty
from chalicelib.people.people import Person
from tests.people.persons import add_person
from tests.world import World

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def read(cookie: str, now: datetime = NOW) -> sessions.Session | None:
    return sessions.read_session(wiring.exchange(), cookie, now)


def started(person: Person, now: datetime = NOW) -> str:
    return sessions.start_session(wiring.exchange(), person, now)[0]


def test_a_session_is_of_its_person_and_its_cookie_is_stored_nowhere(world: World) -> None:
    person = add_person(world, "alpha", Duty.READ, Duty.DECIDE)
    cookie = started(person)
    session = read(cookie)
    assert session is not None
    assert session.person.duties == {Duty.READ, Duty.DECIDE}
    assert (session.caller.platform_id, session.caller.role, session.caller.person_id) == (
        "alpha",
        Role.PLATFORM,
        person.person_id,
    )
    assert session.caller.actor == "platform:alpha"
    assert session.caller.signature == f"platform:alpha/{person.person_id}"
    secret = cookie.partition(".")[2]
    assert len(secret) == 43
    assert secret not in world.everything_stored()
    assert session.csrf_key not in world.everything_stored()


@pytest.mark.parametrize(
    "change",
    [
        lambda cookie, other: "",
        lambda cookie, other: cookie[:-1],
        lambda cookie, other: cookie + "A",
        lambda cookie, other: cookie.partition(".")[0] + "." + "A" * 43,
        # The secret of a session with another person's id, the other way of planting a session.
        lambda cookie, other: other.partition(".")[0] + "." + cookie.partition(".")[2],
        lambda cookie, other: cookie.upper(),
        lambda cookie, other: "é" + cookie,
    ],
)
def test_what_is_no_cookie_of_ours_opens_nothing(world: World, change) -> None:  # type: ignore[no-untyped-def]
    cookie = started(add_person(world, "alpha", Duty.READ))
    other = started(add_person(world, "beta", Duty.READ))
    assert read(change(cookie, other)) is None


def test_a_session_ends_half_an_hour_after_the_last_request_and_twelve_hours_after_the_sign_in(world: World) -> None:
    cookie = started(add_person(world, "alpha", Duty.READ))
    assert read(cookie, NOW + 30 * MINUTE) is None
    moment = NOW
    while moment + 29 * MINUTE < NOW + timedelta(hours=12):
        moment += 29 * MINUTE
        session = read(cookie, moment)
        assert session is not None
        assert session.idle_ends_at <= session.ends_at
    assert read(cookie, NOW + timedelta(hours=12)) is None


def test_the_end_of_an_idle_session_moves_at_most_once_a_minute(world: World) -> None:
    cookie = started(add_person(world, "alpha", Duty.READ))
    early, later = read(cookie, NOW + timedelta(seconds=59)), read(cookie, NOW + timedelta(seconds=61))
    assert early is not None
    assert later is not None
    assert early.idle_ends_at == "2026-11-27T02:30:00.000Z"
    assert later.idle_ends_at == "2026-11-27T02:31:01.000Z"


def test_a_revoked_person_is_out_at_once_and_cannot_sign_in_again(world: World) -> None:
    person = add_person(world, "alpha", Duty.READ)
    cookie, link = started(person), sign_in_links.make_link(wiring.exchange(), person.person_id, NOW)
    revoked = people.revoke(wiring.exchange(), person, NOW + MINUTE)
    assert people.revoke(wiring.exchange(), revoked, NOW + 2 * MINUTE).revoked_at == revoked.revoked_at
    assert read(cookie, NOW + MINUTE) is None
    with pytest.raises(Unauthorised):
        started(person, NOW + MINUTE)
    with pytest.raises(Unauthorised):
        sign_in_links.use_link(wiring.exchange(), link, NOW + MINUTE)


def test_changed_duties_hold_in_open_sessions(world: World) -> None:
    person = add_person(world, "alpha", Duty.READ, Duty.DECIDE)
    cookie = started(person)
    people.change_duties(wiring.exchange(), person, [Duty.AUDIT])
    session = read(cookie)
    assert session is not None
    assert session.person.duties == {Duty.AUDIT}


def test_one_session_or_all_of_a_person_are_ended(world: World) -> None:
    person = add_person(world, "alpha", Duty.READ)
    first, second = started(person), started(person)
    session = read(first)
    assert session is not None
    sessions.end_session(wiring.exchange(), session, NOW)
    assert read(first) is None
    assert read(second) is not None
    sessions.end_sessions_of(wiring.exchange(), person, NOW + MINUTE)
    assert read(second, NOW + MINUTE) is None
    assert read(started(person, NOW + 2 * MINUTE), NOW + 2 * MINUTE) is not None


def test_a_link_works_once_and_for_fifteen_minutes(world: World) -> None:
    exchange, person = wiring.exchange(), add_person(world, "alpha", Duty.READ)
    link = sign_in_links.make_link(exchange, person.person_id, NOW)
    assert link not in world.everything_stored()
    assert sign_in_links.use_link(exchange, link, NOW + 14 * MINUTE).person_id == person.person_id
    late = sign_in_links.make_link(exchange, person.person_id, NOW)
    for secret, moment in ((link, NOW + 14 * MINUTE), (late, NOW + 15 * MINUTE), ("A" * 43, NOW), ("", NOW)):
        with pytest.raises(Unauthorised):
            sign_in_links.use_link(exchange, secret, moment)


def test_an_address_is_one_persons_and_is_stored_masked(world: World) -> None:
    first = add_person(world, "alpha", Duty.READ, email="Wang.Shi@example.com")
    assert first.email == "w***@example.com"
    assert "wang.shi" not in world.everything_stored().lower()
    with pytest.raises(Conflict):
        add_person(world, "beta", Duty.READ, email="wang.shi@EXAMPLE.com ")
    people.revoke(wiring.exchange(), first, NOW)
    again = add_person(world, "beta", Duty.READ, email="wang.shi@example.com")
    assert [person.person_id for person in people.list_people(wiring.exchange(), "beta")] == [again.person_id]


def test_an_invitation_that_died_before_its_person_is_made_by_the_same_call(world: World) -> None:
    world.admit("alpha")
    digest = wiring.digest()("email", "wang@example.com")
    wiring.exchange().put({"id": f"invited#{digest}", "person_id": "p_0000000000000000"})
    wiring.exchange().add_to_set("people#alpha", "people", {"p_0000000000000000"})
    made = add_person(world, "alpha", Duty.READ, email="wang@example.com")
    assert [person.person_id for person in people.list_people(wiring.exchange(), "alpha")] == [made.person_id]


def test_a_duty_that_a_later_version_stores_permits_nothing_here(world: World) -> None:
    person = add_person(world, "alpha", Duty.READ)
    wiring.exchange().set_fields(f"person#{person.person_id}", {"duties": ["read", "approve"]})
    found = people.find(wiring.exchange(), person.person_id)
    assert found
    assert found.duties == {Duty.READ}
    assert found.to_item()["duties"] == ["read", "approve"]
