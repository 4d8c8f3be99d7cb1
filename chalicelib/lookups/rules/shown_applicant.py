"""What a lookup keeps, and shows again, of the applicant: public identifiers, names of organisations, nothing else."""

from collections.abc import Mapping
from typing import Final

from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.table_files.rules.natural_person import names_an_organisation
from chalicelib.values.masking import mask_personal, shown_name

# What is given and not kept.
MASKED: Final = "***"
NAMES: Final = ("name", "former_name", "shop_name")
# The field of the request that the kind of an applicant's id stands for.
_FIELD_OF: Final = {
    "uscc": "uscc",
    "unverified": "uscc",
    "reg": "registration_no",
    "org": "org_code",
    "person": "resident_id",
    "permit": "id_no",
    "account": "bank_account",
    "name": "name",
}
_PUBLIC: Final = ("uscc", "registration_no", "org_code")


def kept_fields(applicant: Applicant) -> dict[str, str]:
    """Each field that was given beside the one that `asked_id` holds, with its value as it is shown; '' for none.

    A name is kept whole where a code stands beside it or the name says that it is an organisation's; of any other,
    which may be a natural person's, only what others may see.
    """
    has_code = bool(applicant.code or applicant.registration_no or applicant.org_code)
    values = {
        "uscc": applicant.uscc_as_given or applicant.code,
        "registration_no": applicant.registration_no,
        "org_code": applicant.org_code,
        **{field: _shown(getattr(applicant, field), has_code) for field in NAMES},
    }
    kind, _, value = applicant.asked_id.partition(":")
    said = (_FIELD_OF.get(kind), value)
    kept = {field: values.get(field, "") for field in applicant.asked}
    return {field: value for field, value in kept.items() if (field, value) != said}


def asked_fields(asked_id: str, kept: Mapping[str, str]) -> dict[str, str]:
    """What was asked, by field, from the applicant's id and what was kept beside it; `***` for what is masked.

    What is no public identifier is among the kept fields, but for lookups of earlier versions, which kept none.
    """
    kind, _, value = asked_id.partition(":")
    field = _FIELD_OF.get(kind, "")
    by_id: dict[str, str] = {}
    if field in _PUBLIC:
        by_id = {field: value}
    elif field and not kept:
        by_id = {field: ""}
    return {name: text or MASKED for name, text in {**by_id, **kept}.items()}


def _shown(name: str, has_code: bool) -> str:
    if not name:
        return ""
    return mask_personal(name)[0] if has_code or names_an_organisation(name) else shown_name(name)
