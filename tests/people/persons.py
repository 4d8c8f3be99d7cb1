"""People for tests."""

from chalicelib import wiring
from chalicelib.accounts import platforms
from chalicelib.people import people, sessions
from chalicelib.people.duties import Duty
from chalicelib.people.people import Person
from tests.handlers.visitor import Visitor
from tests.world import World


def add_person(world: World, organisation: str, *duties: Duty, role: str = "platform", email: str = "") -> Person:
    """A person of an organisation, which is admitted where it is not."""
    if platforms.find(wiring.exchange(), organisation) is None:
        world.admit(organisation, role)
    new = people.NewPerson(organisation, "王示例", frozenset(duties), email)
    return people.add(wiring.exchange(), wiring.digest(), new, "operator:ops", wiring.now())


def signed_in(world: World, person: Person) -> tuple[Visitor, sessions.Session]:
    """A browser in which the person is signed in, and the session."""
    visitor = Visitor(world)
    cookie, session = sessions.start_session(wiring.exchange(), person, wiring.now())
    visitor.cookies["__Host-lianfang"] = cookie
    return visitor, session
