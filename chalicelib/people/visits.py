"""Visits of a person to the console: since when there is something new to it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.storage.item_keys.people import person_keys
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.people.people import Person
    from chalicelib.storage.exchange_table import ExchangeTable

# Who comes back after so long comes for another visit; an idle session ends after the same time.
VISIT_ENDS: Final = timedelta(minutes=30)
# A visit that goes on is noted at most so often.
NOTED_EVERY: Final = timedelta(minutes=1)


def note_visit(exchange: "ExchangeTable", person: "Person", now: datetime) -> str:
    """Note that the person looks at Today; the end of the visit before (ISO, UTC), '' at the first.

    Pages that are opened within half an hour of each other are of one visit, so that a reload shows the same again.
    Two fields of the person; one write, and at most one a minute.
    """
    last = datetime.fromisoformat(person.visited_at) if person.visited_at else None
    if last is not None and now < last + NOTED_EVERY:
        return person.visited_before
    is_new = last is not None and now >= last + VISIT_ENDS
    before = person.visited_at if is_new else person.visited_before
    exchange.set_fields(person_keys.person(person.person_id), {"visited_at": iso(now), "visited_before": before})
    return before
