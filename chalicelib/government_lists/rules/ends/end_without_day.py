"""A row that says that an entry has ended, and not of which day the entry is: which entry of the list it names.

A delivery of changes revokes a decision by its number (决定书文号), or by the company alone; the day of the decision is
often left out. Such a row ends the entry that it names, and is rejected only where it names none.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.government_lists.rules import entry_repair
from chalicelib.government_lists.rules.columns import entry_days
from chalicelib.government_lists.rules.list_row import ListEntry, with_state
from chalicelib.messages import FindingCode
from chalicelib.reports.rules.eviction import Rejection
from chalicelib.table_files.rules.row_identifiers import Fault
from chalicelib.table_files.rules.row_identity import identify
from chalicelib.values.cell_text import given, tidy
from chalicelib.values.masking import mask_personal

# What such a row may lack.
LACKING: Final = (FindingCode.MISSING_DATE, FindingCode.MISSING_IDENTITY)
_CODES: Final = ("uscc", "registration_no", "org_code", "unverified_uscc")


@dataclass(frozen=True, slots=True)
class EndOfEntry:
    """The end of an entry, and what names it: the number of its document, a code, a name; '' is what is not given.

    `end` holds what the row says of the end and nothing of the entry.
    """

    document_no: str
    code: str
    name: str
    end: ListEntry

    def may_name(self, entry: ListEntry) -> bool:
        """Whether the entry has the number that is given, and the company that is given."""
        codes = {code for field in _CODES if (code := getattr(entry, field))}
        is_other = self.code not in codes if self.code and codes else bool(self.name) and self.name != entry.name
        return not is_other and (not self.document_no or self.document_no == plain_number(entry.document_no))

    def of(self, entry: ListEntry) -> ListEntry:
        """The entry with its end."""
        said = {
            field: value
            for field in ("removed_on", "removed_reason", "removed_by", "state", "ends_on", "gone")
            if (value := getattr(self.end, field))
        }
        return entry.replace(**said, updated_at=max(entry.updated_at, self.end.updated_at))


def read_end(rejection: Rejection, cells: Mapping[str, str], list_type: str, today: str) -> EndOfEntry | None:
    """The end of an entry that a rejected row says; None where it says none, or names nothing."""
    if rejection.code not in LACKING:
        return None
    identity = identify(cells, lambda _kind, _value: "")
    if isinstance(identity, Fault):
        return None
    removed = ListEntry(
        key="",
        removed_on=entry_days.other_day(cells, "removed_on", []),
        removed_reason=mask_personal(tidy(cells.get("removed_reason", "")))[0],
        removed_by=tidy(cells.get("removed_by", "")),
        updated_at=tidy(cells.get("updated_at", "")),
    )
    end = with_state(removed, cells, list_type, today)
    code = identity.uscc or identity.registration_no or identity.org_code or identity.unverified_uscc
    number = plain_number(cells.get("document_no", ""))
    if not entry_repair.has_ended(end) or not (number or code):
        return None
    return EndOfEntry(number, code, mask_personal(given(cells.get("name", "")))[0], end)


def plain_number(text: str) -> str:
    """The number of a document without spaces and with one kind of brackets; '' for none."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", given(text)))
    return re.sub(r"[\[【{〔]", "(", re.sub(r"[\]】}〕]", ")", plain)).upper()
