"""Who of an organisation acted is shown to that organisation and to regulators."""

import pytest

from chalicelib.accounts.roles import Role
from chalicelib.registry.rules.listing import Event

EVENT = Event(kind="withdrawn", at="2026-11-27T02:00:00.000Z", by="platform:alpha", person_id="p_1")


@pytest.mark.parametrize(
    ("role", "account_id", "is_shown"),
    [
        (Role.PLATFORM, "alpha", True),
        (Role.REGULATOR, "bureau", True),
        (Role.PLATFORM, "beta", False),
        (Role.PLATFORM, "", False),
        (Role.PUBLIC, "", False),
    ],
)
def test_a_person_is_shown_to_its_own_organisation_and_to_regulators(
    role: Role, account_id: str, is_shown: bool
) -> None:
    assert ("person_id" in EVENT.view(role, account_id)) == is_shown
    assert EVENT.view(role, account_id)["by"] == "platform:alpha"


def test_an_event_of_before_there_were_people_reads_as_one_of_a_key() -> None:
    item = {"kind": "withdrawn", "at": "2026-11-27T02:00:00.000Z", "by": "platform:alpha"}
    assert Event.from_item(item).person_id == ""
    assert "person_id" not in Event.from_item(item).view(Role.PLATFORM, "alpha")
