"""How the current state of a licence follows verified checks and the register, in whatever order they come."""

from typing import Final

from chalicelib.government_lists.rules.company_register_row import ENDED, read_status
from chalicelib.licences.rules.licence import LAPSED, REVOKED, VERIFIED, Licence, LicenceFacts, VerifiedLicence
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.licences.rules.licence_lapse import months_later
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json

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
# The first two characters of a code whose registration names a person in public: 91 and 93 a legal representative,
# 92 the operator.
NAMING_A_PERSON: Final = ("91", "92", "93")
LONGEST_TEXT: Final = 2_000


def facts(licence: Licence) -> LicenceFacts:
    """What is kept of a licence: its public fields, masked, and the role of the person who showed it."""
    kept: Json = {field: mask_personal(getattr(licence, field)[:LONGEST_TEXT])[0] for field in TEXTS}
    if not licence.uscc.startswith(NAMING_A_PERSON):
        kept["legal_representative"] = ""
    return LicenceFacts(**kept, status=read_status(licence.status), holder_role=licence.holder_role)


def after_check(before: VerifiedLicence | None, check: LicenceCheck, months: int) -> VerifiedLicence | None:
    """The licence after a verified check; None when the check changes nothing.

    A check that is older than the last one only adds its platform to those that verified the licence.
    """
    verified_for = dict(before.verified_for) if before else {}
    # A merchant that looks at its own record is no platform that would be notified of the licence later.
    if check.purpose != "my_record":
        verified_for[check.platform_id] = max(verified_for.get(check.platform_id, ""), check.decided_at)
    if before is None:
        return _verified(
            VerifiedLicence(uscc=check.uscc, due_on="", state="", verified_for=verified_for), check, months
        )
    after = before.replace(verified_for=verified_for)
    if check.decided_at > before.verified_at:
        return _verified(after, check, months)
    return None if after == before else after.replace(version=before.version + 1)


def after_registration(before: VerifiedLicence, status: str, at: str, today: str) -> VerifiedLicence | None:
    """The licence after the register has said at `at` whether the merchant trades; None when that changes nothing.

    A licence whose end the register takes back is verified again, unless it is due.
    """
    if at < before.status_at or not status:
        return None
    state = before.state
    if status in ENDED:
        state = REVOKED
    elif state == REVOKED:
        state = VERIFIED if today <= before.due_on else LAPSED
    state_at = before.state_at if state == before.state else at
    after = before.replace(state=state, status=status, status_at=at, state_at=state_at)
    return None if after == before else after.replace(version=before.version + 1)


def _verified(licence: VerifiedLicence, check: LicenceCheck, months: int) -> VerifiedLicence:
    """The licence as this check has verified it."""
    assert check.facts is not None
    return licence.replace(
        **{field: getattr(check.facts, field) for field in (*TEXTS, "status", "holder_role")},
        name_confirmed="name_unconfirmed" not in check.remarks,
        verified_by=check.method,
        verified_at=check.decided_at,
        receipt_id=check.receipt_id,
        check_id=check.check_id,
        due_on=months_later(check.decided_on, months),
        state=VERIFIED,
        version=licence.version + 1,
    )
