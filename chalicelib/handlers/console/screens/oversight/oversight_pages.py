"""The pages of listings, merchants, government lists, corroboration and findings: rows of the table of pages."""

from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.people.duties import Duty

# Method, path, view, roles, duties, and the operation of the API under which the audit log has it.
Row = tuple[str, str, str, tuple[Role, ...], tuple[Duty, ...], str]

PLATFORM: Final = (Role.PLATFORM,)
REGULATOR: Final = (Role.REGULATOR,)
OVERSEERS: Final = (Role.REGULATOR, Role.OPERATOR)
OFFICES: Final = (Role.PLATFORM, Role.REGULATOR)
READ: Final = (Duty.READ,)
DECIDE: Final = (Duty.DECIDE,)
ACT: Final = (Duty.REPORT, Duty.DECIDE)
# fmt: off
OVERSIGHT: Final[tuple[Row, ...]] = (
    ("GET", "/console/merchants", "records.merchants:find", REGULATOR, READ, ""),
    ("POST", "/console/merchants", "records.merchants:find_by_name", REGULATOR, READ, ""),
    ("GET", "/console/merchants/{uscc}", "records.merchants:merchant", OFFICES, READ, ""),
    ("GET", "/console/listings/{listing_id}", "records.listings:page", OFFICES, READ, ""),
    ("GET", "/console/listings/{listing_id}/ledger.csv", "records.listings:ledger", OFFICES, READ, ""),
    ("POST", "/console/listings/{listing_id}/dispute", "records.listings:dispute", PLATFORM, ACT, "openDispute"),
    ("GET", "/console/lists", "oversight.lists:page", OVERSEERS, READ, ""),
    ("GET", "/console/lists.csv", "oversight.lists:export", OVERSEERS, READ, ""),
    ("GET", "/console/lists/{name}", "oversight.lists:one", OVERSEERS, READ, ""),
    ("GET", "/console/lists/{name}/pulls.csv", "oversight.lists:export_runs", OVERSEERS, READ, ""),
    ("GET", "/console/lists/{name}/rejections.csv", "oversight.lists:export_rejections", OVERSEERS, READ, ""),
    ("POST", "/console/lists/{name}/holds/{hold_id}/preview", "oversight.list_decisions:preview", OVERSEERS, DECIDE,
     ""),
    ("POST", "/console/lists/{name}/holds/{hold_id}/release", "oversight.list_decisions:release", OVERSEERS, DECIDE,
     ""),
    ("POST", "/console/lists/{name}/holds/{hold_id}/discard", "oversight.list_decisions:discard", OVERSEERS, DECIDE,
     ""),
    ("GET", "/console/corroboration", "oversight.corroboration:page", REGULATOR, READ, ""),
    ("GET", "/console/corroboration.csv", "oversight.corroboration:export", REGULATOR, READ, ""),
    ("GET", "/console/findings", "oversight.findings:page", REGULATOR, READ, ""),
    ("GET", "/console/findings.csv", "oversight.findings:export", REGULATOR, READ, ""),
    ("POST", "/console/findings/rule", "oversight.findings:set_rule", REGULATOR, DECIDE, ""),
    ("POST", "/console/findings/slowed-keys/{key_id}", "oversight.findings:let_go", REGULATOR, DECIDE, ""),
)
# fmt: on
