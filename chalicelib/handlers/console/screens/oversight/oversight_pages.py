"""The pages of listings, merchants, government lists, corroboration and findings: rows of the table of pages."""

from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.people.duties import Duty

# Method, path, view, roles, duties, and the operation of the API under which the audit log has it.
Row = tuple[str, str, str, tuple[Role, ...], tuple[Duty, ...], str]

PLATFORM: Final = (Role.PLATFORM,)
REGULATOR: Final = (Role.REGULATOR,)
OFFICES: Final = (Role.PLATFORM, Role.REGULATOR)
READ: Final = (Duty.READ,)
ACT: Final = (Duty.REPORT, Duty.DECIDE)
# fmt: off
OVERSIGHT: Final[tuple[Row, ...]] = (
    ("GET", "/console/merchants", "records.merchants:find", REGULATOR, READ, ""),
    ("POST", "/console/merchants", "records.merchants:find_by_name", REGULATOR, READ, ""),
    ("GET", "/console/merchants/{uscc}", "records.merchants:merchant", OFFICES, READ, ""),
    ("GET", "/console/listings/{listing_id}", "records.listings:page", OFFICES, READ, ""),
    ("GET", "/console/listings/{listing_id}/ledger.csv", "records.listings:ledger", OFFICES, READ, ""),
    ("POST", "/console/listings/{listing_id}/dispute", "records.listings:dispute", PLATFORM, ACT, "openDispute"),
)
# fmt: on
