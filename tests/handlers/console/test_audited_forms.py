"""Forms of the console are in the audit log under the names that the API has for the same acts, person by person."""

import app
from chalicelib.handlers.console.console_pages import PAGES
from chalicelib.handlers.routing import DECLARED
from chalicelib.people.duties import Duty
from tests.people.persons import add_person, signed_in
from tests.world import World

# Forms that change nothing, or nothing but a draft that is looked at.
LOOKS = {
    "search:look_up",
    "batch.batch_search:look_up",
    "records.merchants:find_by_name",
    "onboarding:check",
    "onboarding:start",
    "oversight.list_decisions:preview",
    "reports.drafts:take",
    "reports.drafts:discard",
    "rosters.drafts:take",
    "rosters.drafts:discard",
    "dispute_decisions:preview",
    "accounts.people_forms:preview_new",
    "accounts.people_forms:preview",
    "accounts.keys:preview",
    "accounts.second_person:preview",
    "policies.policy:draft",
    "policies.bounds:draft",
    "policies.campaigns:draft",
    "operation.platform_forms:preview_new",
    "operation.platform_forms:preview",
    "operation.dead_letters:preview",
    "licences.display_forms:draft",
}
# Forms whose view does it by `routing.perform`, which writes the log itself.
PERFORMS = {
    "oversight.findings:set_rule",
    "oversight.findings:let_go",
    "oversight.list_decisions:release",
    "oversight.list_decisions:discard",
    "dispute_decisions:decide",
    "accounts.keys:issue",
    "accounts.keys:revoke",
    "accounts.second_person:set_rule",
    "accounts.subscriptions:test",
    "licences.display_forms:make",
    "licences.display_forms:change",
    "policies.guards:lift",
    "reports.listings:withdraw",
    "operation.platform_forms:admit",
    "operation.platform_forms:set_limits",
    "operation.platform_forms:grant_purposes",
    "operation.platform_forms:name_account",
    "operation.dead_letters:redrive",
    "operation.dead_letters:discard",
}


def test_every_form_that_changes_something_has_the_name_of_an_operation() -> None:
    assert app.app.routes
    operations = {route.operation for route in DECLARED}
    named = {page.operation for page in PAGES if page.operation}
    assert named <= operations
    assert {page.view for page in PAGES if page.method == "POST" and not page.operation} <= LOOKS | PERFORMS


def test_a_form_is_in_the_log_with_its_person_also_where_it_is_refused(world: World) -> None:
    person = add_person(world, "alpha", Duty.READ, Duty.REPORT)
    visitor, session = signed_in(world, person)
    fields = {"key": session.csrf_key, "text": "致电 13812345678"}
    visitor.post("/console/tasks/alpha.7/notes", fields)
    (entry,) = world.call("GET", "/v1/audit", world.admit("bureau", "regulator"))[1]["entries"]
    assert (entry["action"], entry["person_id"], entry["by"]) == ("addTaskNote", person.person_id, "platform:alpha")
    assert entry["object"] == "task:alpha.7"
    assert entry["outcome"] == "refused"
    assert "1381234" not in str(entry)
    assert session.csrf_key not in world.everything_stored()
