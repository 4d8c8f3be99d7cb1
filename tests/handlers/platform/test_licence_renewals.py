"""The doors of the watch, and the stroke of the clock."""

import pytest

from chalicelib import wiring
from chalicelib.handlers.events import scheduled_jobs
from chalicelib.storage.set_aside import list_set_aside
from chalicelib.values.timestamps import china_date
from tests.support.builders import uscc
from tests.support.licence_records import licence
from tests.world import World


def test_what_is_due_is_foreseen(world: World) -> None:
    key, other = world.admit("alpha"), world.admit("beta")
    today = china_date(wiring.now())
    wiring.exchange().put(licence(due_on=today))
    wiring.exchange().add_to_set(f"licences_due#{today}", "usccs", {licence()["uscc"]})
    answer = world.call("GET", "/v1/licences?due_within=1d", key)[1]
    assert [licence["uscc"] for licence in answer["licences"]] == [licence()["uscc"]]
    assert world.call("GET", "/v1/licences", other)[1] == {"licences": [], "next": ""}


@pytest.mark.parametrize("query", ["due_within=0d", "due_within=185d", "due_within=30", "after=x", "limit=1000"])
def test_what_cannot_be_meant_is_refused(world: World, query: str) -> None:
    status, body, _ = world.call("GET", f"/v1/licences?{query}", world.admit("alpha"))
    assert (status, body["error"]["code"]) in ((400, "invalid_request"), (400, "invalid_cursor"))


def test_a_report_of_identity_data_is_made_at_once_when_it_is_small(world: World) -> None:
    key = world.admit("alpha")
    wiring.exchange().put(licence(uscc=uscc(1), due_on="2999-01-01"))
    assert world.call("POST", "/v1/displays", key, {"uscc": uscc(1), "shop_name": "店"})[0] == 201
    status, report, _ = world.call("POST", "/v1/identity-reports", key, {})
    assert (status, report["state"], report["rows"]) == (202, "done", 1)
    again = world.call("GET", f"/v1/identity-reports/{report['period']}", key)[1]
    assert again["state"] == "done"
    assert "results/identity/alpha" in again["url"]
    beta = world.admit("beta")
    assert world.call("GET", f"/v1/identity-reports/{report['period']}", beta)[0] == 404
    assert world.call("GET", "/v1/identity-reports/2027-03", key)[0] == 404


def test_the_clock_does_all_of_it_and_one_that_fails_does_not_stop_the_others(world: World) -> None:
    scheduled_jobs.licences_due({}, None)
    assert wiring.exchange().get("licences-reviewed-until")
    assert wiring.exchange().get("shops-looked-until")
    # A licence that is damaged is set aside, and the rest is done.
    wiring.exchange().put({"id": f"licence#{uscc(1)}", "due_on": china_date(wiring.now())})
    wiring.exchange().add_to_set(f"licences_due#{china_date(wiring.now())}", "usccs", {uscc(1)})
    scheduled_jobs.licences_due({}, None)
    (named,) = list_set_aside(wiring.exchange(), 0, 10)["set_aside"]
    assert (named["job"], named["record_id"]) == ("licence_review", uscc(1))
    # A review that fails as a whole is told of; the other jobs are done.
    wiring.exchange().put({"id": "licences-reviewed-until", "day": "1"})
    with pytest.raises(ExceptionGroup) as failed:
        scheduled_jobs.licences_due({}, None)
    assert len(failed.value.exceptions) == 1
