"""The audit log at the console: whose entries a visitor sees, by which filters, and where they lead."""

import re
from importlib import import_module

import app
from chalicelib.audit.rules.audit_entry import SHOWN, AuditEntry
from chalicelib.handlers.console.console_pages import PAGES
from chalicelib.handlers.console.screens.accounts.audit_fields import FIELDS
from chalicelib.handlers.console.texts.audit_texts import ABSENT, changes
from chalicelib.handlers.console.texts.operation_texts import OF_THE_CONSOLE, operations
from chalicelib.handlers.routing import DECLARED
from chalicelib.people.duties import Duty
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.world import World


def auditor(world: World, organisation: str, role: str = "platform", *more: Duty) -> Visitor:
    return signed_in(world, add_person(world, organisation, Duty.AUDIT, *more, role=role))[0]


def act(world: World, organisation: str, name: str = "孙例") -> str:
    """Somebody of the organisation adds a person; the id of who did it."""
    person = add_person(world, organisation, Duty.ADMINISTER)
    visitor, session = signed_in(world, person)
    visitor.post("/console/people", {"key": session.csrf_key, "name": name, "duties": "read"})
    return person.person_id


def test_a_platform_sees_its_own_entries_and_a_regulator_all(world: World) -> None:
    act(world, "alpha")
    act(world, "beta")
    own = auditor(world, "alpha").get("/console/audit")[1]
    assert own.count("登记人员</span>") == 1
    assert auditor(world, "alpha").get("/console/audit?organisation=beta")[0] == 403
    regulator = auditor(world, "bureau", "regulator")
    assert regulator.get("/console/audit")[1].count("登记人员</span>") == 2
    assert regulator.get("/console/audit?organisation=beta")[1].count("登记人员</span>") == 1


def test_entries_are_filtered_by_person_action_object_and_day(world: World) -> None:
    person_id = act(world, "alpha")
    visitor = auditor(world, "alpha")
    text = visitor.get("/console/audit")[1]
    added = re.search(r"audit\?object=(person%3Ap_[0-9a-f]{16})", text)
    assert added
    for query, there in (
        (f"person={person_id}", 1),
        ("person=p_0000000000000000", 0),
        ("action=addPerson", 1),
        ("action=revokePerson", 0),
        (f"object={added[1]}", 1),
        ("object=person%3Ap_0000000000000000", 0),
        ("day=2020-01-01", 0),
    ):
        status, text = visitor.get(f"/console/audit?{query}")
        assert (status, text.count("登记人员</span>")) == (200, there), query
    for query in ("day=2026-02-30", "person=x", "after=%3Cscript%3E"):
        status, text = visitor.get(f"/console/audit?{query}")
        assert status == 400
        assert "筛选条件不合要求" in text
        assert "<script>" not in text.replace('<script src="', "")


def test_an_object_leads_to_its_page_where_the_visitor_may_open_it(world: World) -> None:
    act(world, "alpha")
    assert 'href="../console/people/p_' not in auditor(world, "alpha").get("/console/audit")[1]
    assert 'href="../console/people/p_' in auditor(world, "alpha", "platform", Duty.ADMINISTER).get("/console/audit")[1]
    assert 'href="../console/people/p_' not in auditor(world, "bureau", "regulator", *Duty).get("/console/audit")[1]


def test_the_file_has_the_filtered_entries(world: World) -> None:
    act(world, "alpha")
    visitor = auditor(world, "alpha")
    assert len(visitor.get("/console/audit.csv")[1].splitlines()) == 2
    assert len(visitor.get("/console/audit.csv?action=revokePerson")[1].splitlines()) == 1
    assert visitor.get("/console/audit.csv?day=never")[0] == 400


def test_changes_stand_field_by_field() -> None:
    entry = AuditEntry(
        at="2026-01-01T00:00:00.000Z",
        organisation="alpha",
        role="platform",  # type: ignore[arg-type]
        action="changeDuties",
        before={"duties": "read", "state": "active"},
        after={"duties": "decide", "why": "***"},
    )
    assert changes(entry) == [("duties", "read", "decide"), ("state", "active", ABSENT), ("why", "", "***")]


def test_every_audited_operation_and_field_has_a_name_in_both_languages() -> None:
    assert app.app.routes
    audited = [route for route in DECLARED if route.is_audited]
    of_pages = {page.operation for page in PAGES if page.operation}
    for action in {route.operation for route in audited} | of_pages | set(OF_THE_CONSOLE):
        zh, en = operations()[action]
        assert re.search("[\u4e00-\u9fff]", zh), action
        assert en.isascii() or "’" in en, action
        assert en != action, action
    fields = set(SHOWN)
    for route in audited:
        module, colon, model = route.body.partition(":")
        if colon:
            declared = getattr(import_module(f"chalicelib.handlers.requests.{module}"), model)
            fields |= set(declared.model_fields)
    assert fields <= set(FIELDS), fields - set(FIELDS)
    for zh, _ in FIELDS.values():
        assert re.search("[\u4e00-\u9fff]", zh), zh


def test_what_changed_is_said_in_words(world: World) -> None:
    visitor, session = signed_in(world, add_person(world, "alpha", Duty.ADMINISTER, Duty.AUDIT))
    colleague = add_person(world, "alpha", Duty.READ)
    fields = [("key", session.csrf_key), ("duties", "read"), ("duties", "decide")]
    assert visitor.post(f"/console/people/{colleague.person_id}/duties", fields)[0] == 303
    text = visitor.get("/console/audit?action=changeDuties")[1]
    assert re.search("职责：</span><del>.*?查询</del> →.*?决定、查询</li>", text)
    signed_in(world, colleague)
    assert '<option value="signIn">登录</option>' in text
