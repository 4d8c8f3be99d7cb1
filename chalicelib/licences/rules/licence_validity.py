"""The current state of a merchant's licence: one item `licence#<uscc>`, by a verified check and by the register.

    uscc, name, entity_type, legal_representative, address, registered_capital, scope, authority, established_on
    status         a key of registration_row.STATUSES, such as operating or licence_revoked
    holder_role    法定代表人, 证照管理员, 办事人: who showed it
    name_confirmed whether the register has the name too
    verified_by    local, manual, national; verified_at (ISO, UTC); receipt_id; check_id
    due_on         the day (China) on which it must be verified again
    state          verified, lapsed (due_on has passed), revoked (the register says that it is over)
    status_at      when the register last said so, '' where it never did; state_at, when it last changed `state`
    verified_for   {platform_id: when}: for whom it was verified
    version        raised by each write, on whose condition each write is made (`recording.amend`)

Never a resident ID or a phone: every text is masked before it gets here. The legal representative is public by law
for enterprises; of a sole trader (个体工商户) the law shows the operator (网络交易监督管理办法 12); of others none.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from chalicelib.government_lists.rules.company_register_row import ENDED, read_status
from chalicelib.licences.rules.licence_check import Licence
from chalicelib.values.masking import mask_personal

STANDING, LAPSED, REVOKED = "verified", "lapsed", "revoked"
# 网络交易监督管理办法 24: verified again at least every six months.
MONTHS: Final = 6
# 网络交易监督管理办法 31: identity data is kept for three years; a little more, so that no month is argued over.
RECEIPT_SECONDS: Final = (3 * 366 + 31) * 86_400
TEXTS: Final = (
    "name",
    "entity_type",
    "legal_representative",
    "address",
    "registered_capital",
    "scope",
    "authority",
    "established_on",
)
SHOWN: Final = (
    "uscc",
    *TEXTS,
    "status",
    "holder_role",
    "name_confirmed",
    "verified_by",
    "verified_at",
    "receipt_id",
    "due_on",
    "state",
)
# The first two characters of a code whose registration names a person in public: 91 and 93 a legal representative,
# 92 the operator.
NAMING_A_PERSON: Final = ("91", "92", "93")
LONGEST_TEXT: Final = 2_000

Record = dict[str, Any]


def item_id(uscc: str) -> str:
    """The id of a merchant's licence in the exchange table."""
    return f"licence#{uscc}"


def due_id(day: str) -> str:
    """The id of the set (`usccs`) of licences that were, at some time, due on that day."""
    return f"licences_due#{day}"


def facts(licence: Licence) -> dict[str, Any]:
    """What is kept of a licence: its public fields, masked, and whoever showed it by role alone."""
    said = asdict(licence)
    kept = {field: mask_personal(said[field][:LONGEST_TEXT])[0] for field in TEXTS}
    if not licence.uscc.startswith(NAMING_A_PERSON):
        kept["legal_representative"] = ""
    return {**kept, "status": read_status(licence.status), "holder_role": licence.holder_role}


def verified(known: Record | None, check: Mapping[str, Any], months: int) -> Record | None:
    """The record after a verified check; None when it tells nothing new. A check that is older than the last one
    changes nothing but for whom the licence was verified."""
    before = known or {"verified_for": {}, "version": 0, "verified_at": "", "status_at": "", "state_at": ""}
    told = dict(before["verified_for"])
    # Whoever looks at its own record is no platform that would be told of the licence later.
    if check.get("purpose") != "my_record":
        told[check["platform_id"]] = max(told.get(check["platform_id"], ""), check["decided_at"])
    after = {**before, "verified_for": told}
    if check["decided_at"] > before["verified_at"]:
        after |= {
            **check["facts"],
            "id": item_id(check["uscc"]),
            "uscc": check["uscc"],
            "name_confirmed": "name_unconfirmed" not in check["remarks"],
            "verified_by": check["method"],
            "verified_at": check["decided_at"],
            "receipt_id": check["receipt_id"],
            "check_id": check["check_id"],
            "due_on": months_later(check["decided_on"], months),
            "state": STANDING,
        }
    return _raised(before, after)


def registered(known: Record, status: str, at: str, today: str) -> Record | None:
    """The record after the register has said how the merchant stands; None when it tells nothing new.

    What the register takes back stands again, unless it is due.
    """
    if at < known["status_at"] or not status:
        return None
    state = known["state"]
    if status in ENDED:
        state = REVOKED
    elif state == REVOKED:
        state = STANDING if today <= known["due_on"] else LAPSED
    changed = {"state_at": at} if state != known["state"] else {}
    return _raised(known, {**known, "state": state, "status": status, "status_at": at, **changed})


def lapsed(known: Record, today: str) -> Record | None:
    """The record once its day has passed; None while it has not."""
    if known["state"] != STANDING or today <= known["due_on"]:
        return None
    return _raised(known, {**known, "state": LAPSED})


def view(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as a platform may see it; not who else verified it."""
    return {field: record[field] for field in SHOWN if record.get(field, "") != ""}


def months_later(day: str, months: int) -> str:
    """The same day so many months later, or the last of that month: 08-31 and six months is 02-28."""
    at = date.fromisoformat(day)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return date(year, month + 1, min(at.day, monthrange(year, month + 1)[1])).isoformat()


def _raised(before: Mapping[str, Any], after: Record) -> Record | None:
    return None if after == before else {**after, "version": before["version"] + 1}


def places_id(uscc: str) -> str:
    """The exchange item that names every display of a subject: field display id -> platform id."""
    return f"displays#{uscc}"
