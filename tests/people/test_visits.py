"""Since when something is new to a person: the end of its visit before."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.accounts.roles import Role
from chalicelib.people.people import Person
from chalicelib.people.visits import note_visit

NINE = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
WANG = Person(person_id="p_1", name="王示例", organisation="alpha", role=Role.PLATFORM, created_at="", created_by="")


class Fields:
    """What was written of the person, and how often."""

    def __init__(self) -> None:
        self.person, self.writes = WANG, 0

    def set_fields(self, _item_id: str, fields: dict[str, Any]) -> bool:
        self.person, self.writes = self.person.replace(**fields), self.writes + 1
        return True


def test_pages_opened_within_half_an_hour_are_of_one_visit() -> None:
    kept: Any = Fields()
    minutes = {0: "", 20: "", 40: "", 75: "2026-11-27T01:40:00.000Z", 104: "2026-11-27T01:40:00.000Z"}
    for minute, before in minutes.items():
        assert note_visit(kept, kept.person, NINE + timedelta(minutes=minute)) == before, minute
    assert note_visit(kept, kept.person, NINE + timedelta(days=1)) == "2026-11-27T02:44:00.000Z"
    assert note_visit(kept, kept.person, NINE + timedelta(days=1, minutes=29)) == "2026-11-27T02:44:00.000Z"


def test_a_visit_is_noted_at_most_once_a_minute() -> None:
    kept: Any = Fields()
    for second in range(0, 180, 20):
        note_visit(kept, kept.person, NINE + timedelta(seconds=second))
    assert kept.writes == 3
