"""The pages of listings, merchants, government lists, corroboration and findings: rows of the table of pages."""

from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.page import Page
from chalicelib.people.duties import Duty

PLATFORM: Final = (Role.PLATFORM,)
REGULATOR: Final = (Role.REGULATOR,)
OVERSEERS: Final = (Role.REGULATOR, Role.OPERATOR)
OFFICES: Final = (Role.PLATFORM, Role.REGULATOR)
READ: Final = (Duty.READ,)
DECIDE: Final = (Duty.DECIDE,)
ACT: Final = (Duty.REPORT, Duty.DECIDE)
# fmt: off
OVERSIGHT: Final[tuple[Page, ...]] = (
    Page("GET", "/console/merchants", "records.merchants:find", REGULATOR, READ),
    Page("POST", "/console/merchants", "records.merchants:find_by_name", REGULATOR, READ),
    Page("GET", "/console/merchants/{uscc}", "records.merchants:merchant", OFFICES, READ),
    Page("GET", "/console/lookups", "records.lookups:page", OFFICES, READ),
    Page("GET", "/console/lookups.csv", "records.lookups:export", OFFICES, READ),
    Page("GET", "/console/lookups/{lookup_id}", "records.lookups:lookup", OFFICES, READ),
    Page("GET", "/console/listings/{listing_id}", "records.listings:page", OFFICES, READ),
    Page("GET", "/console/listings/{listing_id}/ledger.csv", "records.listings:ledger", OFFICES, READ),
    Page("POST", "/console/listings/{listing_id}/dispute", "records.listings:dispute", PLATFORM, ACT, "openDispute"),
    Page("GET", "/console/lists", "oversight.lists:page", OVERSEERS, READ),
    Page("GET", "/console/lists.csv", "oversight.lists:export", OVERSEERS, READ),
    Page("GET", "/console/lists/{name}", "oversight.lists:one", OVERSEERS, READ),
    Page("GET", "/console/lists/{name}/pulls.csv", "oversight.lists:export_runs", OVERSEERS, READ),
    Page("GET", "/console/lists/{name}/rejections.csv", "oversight.lists:export_rejections", OVERSEERS, READ),
    Page("GET", "/console/lists/{name}/holds/{hold_id}/entries", "oversight.hold_entries:page", OVERSEERS, READ),
    Page("GET", "/console/lists/{name}/holds/{hold_id}/entries.csv", "oversight.hold_entries:export", OVERSEERS, READ),
    Page("POST", "/console/lists/{name}/holds/{hold_id}/preview", "oversight.list_decisions:preview", OVERSEERS,
         DECIDE),
    Page("POST", "/console/lists/{name}/holds/{hold_id}/release", "oversight.list_decisions:release", OVERSEERS,
         DECIDE),
    Page("POST", "/console/lists/{name}/holds/{hold_id}/discard", "oversight.list_decisions:discard", OVERSEERS,
         DECIDE),
    Page("GET", "/console/corroboration", "oversight.corroboration:page", REGULATOR, READ),
    Page("GET", "/console/corroboration.csv", "oversight.corroboration:export", REGULATOR, READ),
    Page("GET", "/console/corroboration/matrix.csv", "oversight.corroboration_matrix:export", REGULATOR, READ),
    Page("GET", "/console/findings", "oversight.findings:page", REGULATOR, READ),
    Page("GET", "/console/findings.csv", "oversight.findings:export", REGULATOR, READ),
    Page("POST", "/console/findings/rule", "oversight.findings:set_rule", REGULATOR, DECIDE),
    Page("POST", "/console/findings/slowed-keys/{key_id}", "oversight.findings:let_go", REGULATOR, DECIDE),
)
# fmt: on
