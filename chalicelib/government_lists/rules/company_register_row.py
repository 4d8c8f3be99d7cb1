"""One row of the register (登记信息) in normal form: who a subject is by law, what it was called, whether it still is.

Columns as provincial open data and the register's own abbreviations have them (ENTNAME, REGSTATE_CN, ENTTYPE_CN …).
The legal representative is not read: nothing here needs it.

>>> read_status("在营（开业）企业"), read_status("已吊销，未注销"), read_status("3")
('operating', 'licence_revoked', 'deregistered')
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from chalicelib.messages import FindingCode
from chalicelib.reports.rules.eviction import Rejection
from chalicelib.reports.rules.validate_report_row import destroyed, reject
from chalicelib.table_files.rules.row_identifiers import Fault, RowIdentity
from chalicelib.table_files.rules.row_identity import identify
from chalicelib.values.cell_text import given, tidy
from chalicelib.values.dates import OPEN_END, read_day
from chalicelib.values.masking import mask_personal
from chalicelib.values.organisation_codes import compact, is_valid_uscc
from chalicelib.values.records import Record, stored

# 在营 注销 吊销 and what else is written in that column; the codes are those of commercial mirrors. From the top.
STATUSES: Final = (
    ("registration_annulled", re.compile("撤销登记|被撤销|^撤销$|^5$")),
    ("licence_revoked", re.compile("吊销|^4$")),
    ("deregistered", re.compile("注销|^3$")),
    ("moved_out", re.compile("迁出|迁往|^2$")),
    ("suspended", re.compile("停业|歇业|清算|^6$")),
    ("operating", re.compile("在营|开业|存续|在业|正常|登记成立|确立|迁入|^1$|^存活$")),
)
# A subject with one of these trades no more: selling under its name is selling without a licence.
ENDED: Final = ("deregistered", "licence_revoked", "registration_annulled")
_NO_HEADERS: Mapping[str, str] = {}
_SEPARATORS = re.compile(r"[；;、,，|/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRegisterEntry(Record):
    """One row of the register; days are YYYY-MM-DD, '' is what is not given. `status` is a key of `STATUSES`.

    `gone`: the source says by its mark (增删改标志) that the row was deleted.
    """

    key: str = stored()
    uscc: str = stored("")
    registration_no: str = stored("")
    org_code: str = stored("")
    unverified_uscc: str = stored("")
    name: str = stored("")
    former_names: tuple[str, ...] = stored((), many="values")
    renamed_on: str = stored("")
    status: str = stored("")
    entity_type: str = stored("")
    registered_by: str = stored("")
    established_on: str = stored("")
    approved_on: str = stored("")
    predecessor: str = stored("")
    updated_at: str = stored("")
    gone: bool = stored(False)


def read_company_register_row(
    row: int, cells: Mapping[str, str] | None, *, today: date, headers: Mapping[str, str] = _NO_HEADERS
) -> CompanyRegisterEntry | Rejection:
    """What the row says of its subject, or its rejection; the first problem decides."""
    entry = _read(cells, today.isoformat())
    return reject(row, entry, headers) if isinstance(entry, Fault) else entry


def read_status(text: str) -> str:
    """The status that the register's words mean; '' for any other."""
    return next((status for status, words in STATUSES if words.search(text)), "")


def _read(cells: Mapping[str, str] | None, today: str) -> CompanyRegisterEntry | Fault:
    if cells is None:
        return Fault("", FindingCode.NOT_A_RECORD, "")
    fault = destroyed(cells)
    if fault:
        return fault
    identity = identify(cells, lambda _kind, _value: "")
    if isinstance(identity, Fault):
        return identity
    if not (identity.uscc or identity.registration_no or identity.unverified_uscc):
        return Fault("uscc", FindingCode.MISSING_IDENTITY, "")
    approved_on = _day(cells, "approved_on")
    if approved_on > today:
        return Fault("approved_on", FindingCode.FUTURE_DATE, approved_on)
    return _entry(cells, identity, approved_on)


def _entry(cells: Mapping[str, str], identity: RowIdentity, approved_on: str) -> CompanyRegisterEntry:
    name = "" if "uscc_in_name_column" in identity.warnings else mask_personal(given(cells.get("name", "")))[0]
    former = (part.strip() for part in _SEPARATORS.split(mask_personal(tidy(cells.get("former_name", "")))[0]))
    predecessor = compact(cells.get("predecessor", ""))
    return CompanyRegisterEntry(
        key=f"registration#{identity.uscc or identity.registration_no or identity.unverified_uscc}",
        uscc=identity.uscc,
        registration_no=identity.registration_no,
        org_code=identity.org_code,
        unverified_uscc=identity.unverified_uscc,
        name=name,
        former_names=tuple(dict.fromkeys(part for part in former if part and part != name)),
        renamed_on=_day(cells, "renamed_on"),
        status=read_status(tidy(cells.get("status", "")) or tidy(cells.get("entry_state", ""))),
        entity_type=tidy(cells.get("entity_type", "")),
        registered_by=tidy(cells.get("registered_by", "")),
        established_on=_day(cells, "established_on") or _day(cells, "listed_or_established_on"),
        approved_on=approved_on,
        predecessor=predecessor if is_valid_uscc(predecessor) and predecessor != identity.uscc else "",
        updated_at=tidy(cells.get("updated_at", "")),
    )


def _day(cells: Mapping[str, str], field: str) -> str:
    try:
        day = read_day(cells.get(field, ""))
    except ValueError:
        return ""
    return "" if day == OPEN_END else day
