"""People of the demo data, one for each kind of duties, and the links by which they sign in once."""

from typing import Final, NamedTuple

from chalicelib.accounts import platforms
from chalicelib.people import people, sign_in_links
from chalicelib.people.duties import NAMES, Duty


class DemoPerson(NamedTuple):
    """A person of an organisation of the demo data, with its duties."""

    organisation: str
    name: str
    duties: tuple[Duty, ...]


# Every name is invented; 示 and 例 make that plain.
PEOPLE: Final = (
    DemoPerson("qingluan", "李例", (Duty.READ, Duty.REPORT, Duty.DECIDE)),
    DemoPerson("qingluan", "王示", (Duty.READ,)),
    DemoPerson("qingluan", "赵例示", (Duty.READ, Duty.ADMINISTER, Duty.AUDIT)),
    DemoPerson("beidou", "陈示", (Duty.READ, Duty.REPORT)),
    DemoPerson("regulator", "周例", (Duty.READ, Duty.REPORT, Duty.DECIDE)),
    DemoPerson("regulator", "吴示例", (Duty.READ, Duty.DECIDE, Duty.ADMINISTER, Duty.AUDIT)),
    DemoPerson("operator", "郑例", tuple(Duty)),
)


def add_people() -> None:
    """Add the people of the demo data to those of its organisations that there are; safe to repeat."""
    from chalicelib import wiring

    exchange, now = wiring.exchange(), wiring.now()
    for wanted in PEOPLE:
        if platforms.find(exchange, wanted.organisation) is None:
            continue
        if wanted.name not in {person.name for person in people.list_people(exchange, wanted.organisation)}:
            new = people.NewPerson(wanted.organisation, wanted.name, frozenset(wanted.duties))
            people.add(exchange, wiring.digest(), new, "local", now)


def links(url: str) -> list[dict[str, str]]:
    """A fresh link for each person of the demo data, in their order: whom it signs in, and the `url`."""
    from chalicelib import wiring

    exchange, made = wiring.exchange(), []
    places = {(wanted.organisation, wanted.name): place for place, wanted in enumerate(PEOPLE)}
    for organisation in dict.fromkeys(wanted.organisation for wanted in PEOPLE):
        all_people = people.list_people(exchange, organisation)
        of_demo = [each for each in all_people if each.is_active and (organisation, each.name) in places]
        for person in sorted(of_demo, key=lambda each: places[each.organisation, each.name]):
            secret = sign_in_links.make_link(exchange, person.person_id, wiring.now())
            duties = "、".join(NAMES[duty][0] for duty in Duty if duty in person.duties)
            made.append(
                {
                    "role": str(person.role),
                    "organisation": organisation,
                    "name": person.name,
                    "says": f"{person.name}（{duties}）",
                    "url": f"{url}/console/enter?link={secret}",
                }
            )
    return made
