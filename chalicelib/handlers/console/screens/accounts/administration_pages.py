"""The pages on which accounts are administered: people, keys, decisions of a second person, operation, audit."""

from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.page import EVERYONE, Page
from chalicelib.people.duties import Duty

REGULATOR: Final = (Role.REGULATOR,)
OPERATOR: Final = (Role.OPERATOR,)
ADMINISTER: Final = (Duty.ADMINISTER,)
READ: Final = (Duty.READ,)
SECOND: Final = (Duty.DECIDE, Duty.ADMINISTER)
# fmt: off
ADMINISTRATION: Final[tuple[Page, ...]] = (
    Page("GET", "/console/people", "accounts.people:page", EVERYONE, ADMINISTER),
    Page("GET", "/console/people.csv", "accounts.people:export", EVERYONE, ADMINISTER),
    Page("GET", "/console/people/new", "accounts.people_forms:new", EVERYONE, ADMINISTER),
    Page("POST", "/console/people/preview", "accounts.people_forms:preview_new", EVERYONE, ADMINISTER),
    Page("POST", "/console/people", "accounts.people_forms:add", EVERYONE, ADMINISTER, "addPerson"),
    Page("GET", "/console/people/keys", "accounts.keys:page", EVERYONE, ADMINISTER),
    Page("GET", "/console/people/keys.csv", "accounts.keys:export", EVERYONE, ADMINISTER),
    Page("POST", "/console/people/keys/preview", "accounts.keys:preview", OPERATOR, ADMINISTER),
    Page("POST", "/console/people/keys", "accounts.keys:issue", OPERATOR, ADMINISTER),
    Page("POST", "/console/people/keys/{key_id}/revocation", "accounts.keys:revoke", OPERATOR, ADMINISTER),
    Page("GET", "/console/people/subscriptions", "accounts.subscriptions:page", EVERYONE, ADMINISTER),
    Page("GET", "/console/people/subscriptions.csv", "accounts.subscriptions:export", EVERYONE, ADMINISTER),
    Page("POST", "/console/people/subscriptions/{subscription_id}/test", "accounts.subscriptions:test", EVERYONE,
         ADMINISTER),
    Page("GET", "/console/people/{person_id}", "accounts.people:person", EVERYONE, ADMINISTER),
    Page("POST", "/console/people/{person_id}/preview", "accounts.people_forms:preview", EVERYONE, ADMINISTER),
    Page("POST", "/console/people/{person_id}/duties", "accounts.people_forms:change_duties", EVERYONE, ADMINISTER,
         "changeDuties"),
    Page("POST", "/console/people/{person_id}/revocation", "accounts.people_forms:revoke", EVERYONE, ADMINISTER,
         "revokePerson"),
    Page("POST", "/console/people/{person_id}/sessions", "accounts.people_forms:end_sessions", EVERYONE, ADMINISTER,
         "endSessionsOfPerson"),
    Page("GET", "/console/decisions", "accounts.decisions:page", EVERYONE, SECOND),
    Page("GET", "/console/decisions.csv", "accounts.decisions:export", EVERYONE, SECOND),
    Page("GET", "/console/decisions/{decision_id}", "accounts.decisions:decision", EVERYONE, SECOND),
    Page("POST", "/console/decisions/{decision_id}/approval", "accounts.decisions:approve", EVERYONE, SECOND,
         "approveDecision"),
    Page("POST", "/console/decisions/{decision_id}/refusal", "accounts.decisions:refuse", EVERYONE, SECOND,
         "refuseDecision"),
    Page("POST", "/console/decisions/rule/preview", "accounts.second_person:preview", REGULATOR, ADMINISTER),
    Page("POST", "/console/decisions/rule", "accounts.second_person:set_rule", REGULATOR, ADMINISTER),
    Page("GET", "/console/operation", "operation.state:page", OPERATOR, READ),
    Page("GET", "/console/operation.csv", "operation.state:export", OPERATOR, READ),
    Page("GET", "/console/operation/platforms", "operation.platforms:page", OPERATOR, READ),
    Page("GET", "/console/operation/platforms.csv", "operation.platforms:export", OPERATOR, READ),
    Page("GET", "/console/operation/platforms/new", "operation.platform_forms:new", OPERATOR, ADMINISTER),
    Page("POST", "/console/operation/platforms/preview", "operation.platform_forms:preview_new", OPERATOR, ADMINISTER),
    Page("POST", "/console/operation/platforms", "operation.platform_forms:admit", OPERATOR, ADMINISTER),
    Page("GET", "/console/operation/platforms/{platform_id}", "operation.platforms:account", OPERATOR, READ),
    Page("POST", "/console/operation/platforms/{platform_id}/preview", "operation.platform_forms:preview", OPERATOR,
         ADMINISTER),
    Page("POST", "/console/operation/platforms/{platform_id}/limits", "operation.platform_forms:set_limits", OPERATOR,
         ADMINISTER),
    Page("POST", "/console/operation/platforms/{platform_id}/purposes", "operation.platform_forms:grant_purposes",
         OPERATOR, ADMINISTER),
    Page("POST", "/console/operation/platforms/{platform_id}/aws-account", "operation.platform_forms:name_account",
         OPERATOR, ADMINISTER),
    Page("GET", "/console/operation/feeds", "operation.feeds:page", OPERATOR, READ),
    Page("GET", "/console/operation/feeds.csv", "operation.feeds:export", OPERATOR, READ),
    Page("GET", "/console/operation/feeds/{name}", "operation.feeds:feed", OPERATOR, READ),
    Page("GET", "/console/operation/queues", "operation.queues:page", OPERATOR, READ),
    Page("GET", "/console/operation/queues.csv", "operation.queues:export", OPERATOR, READ),
    Page("GET", "/console/operation/queues/{queue}", "operation.dead_letters:page", OPERATOR, READ),
    Page("GET", "/console/operation/queues/{queue}/dead-letters.csv", "operation.dead_letters:export", OPERATOR, READ),
    Page("POST", "/console/operation/queues/{queue}/preview", "operation.dead_letters:preview", OPERATOR, ADMINISTER),
    Page("POST", "/console/operation/queues/{queue}/redrive", "operation.dead_letters:redrive", OPERATOR, ADMINISTER),
    Page("POST", "/console/operation/queues/{queue}/discard", "operation.dead_letters:discard", OPERATOR, ADMINISTER),
    Page("GET", "/console/operation/set-aside", "operation.set_aside:page", OPERATOR, READ),
    Page("GET", "/console/operation/set-aside.csv", "operation.set_aside:export", OPERATOR, READ),
    Page("GET", "/console/audit", "audit:page", EVERYONE, (Duty.AUDIT,)),
    Page("GET", "/console/audit.csv", "audit:export", EVERYONE, (Duty.AUDIT,)),
)
# fmt: on
