"""The pages on which accounts are administered: people, keys, decisions of a second person, operation, audit."""

from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.people.duties import Duty

# Method, path, view, roles, duties, and the operation of the API under which the audit log has it.
Row = tuple[str, str, str, tuple[Role, ...], tuple[Duty, ...], str]

ALL: Final = (Role.PLATFORM, Role.REGULATOR, Role.OPERATOR)
REGULATOR: Final = (Role.REGULATOR,)
OPERATOR: Final = (Role.OPERATOR,)
ADMINISTER: Final = (Duty.ADMINISTER,)
READ: Final = (Duty.READ,)
SECOND: Final = (Duty.DECIDE, Duty.ADMINISTER)
# fmt: off
ADMINISTRATION: Final[tuple[Row, ...]] = (
    ("GET", "/console/people", "accounts.people:page", ALL, ADMINISTER, ""),
    ("GET", "/console/people.csv", "accounts.people:export", ALL, ADMINISTER, ""),
    ("GET", "/console/people/new", "accounts.people_forms:new", ALL, ADMINISTER, ""),
    ("POST", "/console/people/preview", "accounts.people_forms:preview_new", ALL, ADMINISTER, ""),
    ("POST", "/console/people", "accounts.people_forms:add", ALL, ADMINISTER, "addPerson"),
    ("GET", "/console/people/keys", "accounts.keys:page", ALL, ADMINISTER, ""),
    ("GET", "/console/people/keys.csv", "accounts.keys:export", ALL, ADMINISTER, ""),
    ("POST", "/console/people/keys/preview", "accounts.keys:preview", OPERATOR, ADMINISTER, ""),
    ("POST", "/console/people/keys", "accounts.keys:issue", OPERATOR, ADMINISTER, ""),
    ("POST", "/console/people/keys/{key_id}/revocation", "accounts.keys:revoke", OPERATOR, ADMINISTER, ""),
    ("GET", "/console/people/{person_id}", "accounts.people:person", ALL, ADMINISTER, ""),
    ("POST", "/console/people/{person_id}/preview", "accounts.people_forms:preview", ALL, ADMINISTER, ""),
    ("POST", "/console/people/{person_id}/duties", "accounts.people_forms:change_duties", ALL, ADMINISTER,
     "changeDuties"),
    ("POST", "/console/people/{person_id}/revocation", "accounts.people_forms:revoke", ALL, ADMINISTER,
     "revokePerson"),
    ("POST", "/console/people/{person_id}/sessions", "accounts.people_forms:end_sessions", ALL, ADMINISTER,
     "endSessionsOfPerson"),
    ("GET", "/console/decisions", "accounts.decisions:page", ALL, SECOND, ""),
    ("GET", "/console/decisions.csv", "accounts.decisions:export", ALL, SECOND, ""),
    ("GET", "/console/decisions/{decision_id}", "accounts.decisions:decision", ALL, SECOND, ""),
    ("POST", "/console/decisions/{decision_id}/approval", "accounts.decisions:approve", ALL, SECOND,
     "approveDecision"),
    ("POST", "/console/decisions/{decision_id}/refusal", "accounts.decisions:refuse", ALL, SECOND,
     "refuseDecision"),
    ("POST", "/console/decisions/rule/preview", "accounts.second_person:preview", REGULATOR, ADMINISTER, ""),
    ("POST", "/console/decisions/rule", "accounts.second_person:set_rule", REGULATOR, ADMINISTER, ""),
    ("GET", "/console/operation", "operation.state:page", OPERATOR, READ, ""),
    ("GET", "/console/operation.csv", "operation.state:export", OPERATOR, READ, ""),
    ("GET", "/console/operation/platforms", "operation.platforms:page", OPERATOR, READ, ""),
    ("GET", "/console/operation/platforms.csv", "operation.platforms:export", OPERATOR, READ, ""),
    ("GET", "/console/operation/platforms/new", "operation.platform_forms:new", OPERATOR, ADMINISTER, ""),
    ("POST", "/console/operation/platforms/preview", "operation.platform_forms:preview_new", OPERATOR, ADMINISTER, ""),
    ("POST", "/console/operation/platforms", "operation.platform_forms:admit", OPERATOR, ADMINISTER, ""),
    ("GET", "/console/operation/platforms/{platform_id}", "operation.platforms:account", OPERATOR, READ, ""),
    ("POST", "/console/operation/platforms/{platform_id}/preview", "operation.platform_forms:preview", OPERATOR,
     ADMINISTER, ""),
    ("POST", "/console/operation/platforms/{platform_id}/limits", "operation.platform_forms:set_limits", OPERATOR,
     ADMINISTER, ""),
    ("POST", "/console/operation/platforms/{platform_id}/purposes", "operation.platform_forms:grant_purposes", OPERATOR,
     ADMINISTER, ""),
    ("POST", "/console/operation/platforms/{platform_id}/aws-account", "operation.platform_forms:name_account",
     OPERATOR, ADMINISTER, ""),
    ("GET", "/console/operation/feeds", "operation.feeds:page", OPERATOR, READ, ""),
    ("GET", "/console/operation/feeds.csv", "operation.feeds:export", OPERATOR, READ, ""),
    ("GET", "/console/operation/feeds/{name}", "operation.feeds:feed", OPERATOR, READ, ""),
    ("GET", "/console/operation/set-aside", "operation.set_aside:page", OPERATOR, READ, ""),
    ("GET", "/console/operation/set-aside.csv", "operation.set_aside:export", OPERATOR, READ, ""),
    ("GET", "/console/audit", "audit:page", ALL, (Duty.AUDIT,), ""),
    ("GET", "/console/audit.csv", "audit:export", ALL, (Duty.AUDIT,), ""),
)
# fmt: on
