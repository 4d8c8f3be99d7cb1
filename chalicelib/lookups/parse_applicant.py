"""Parse an applicant from what a platform typed: identifiers checked and repaired, personal values digested."""

import re
from collections.abc import Mapping
from typing import Final

from chalicelib.errors import BadRequest
from chalicelib.lookups.rules.applicant import UNUSABLE, USED, Applicant
from chalicelib.lookups.rules.second_field import lacks_second_field
from chalicelib.matching.matching_signals import SIGNALS, digest_phones, signal_keys
from chalicelib.matching.readings.person_names import person_keys
from chalicelib.messages import ErrorCode, message
from chalicelib.table_files.rules.natural_person import names_an_organisation
from chalicelib.values import cell_text, organisation_codes, personal_identifiers
from chalicelib.values.identity_documents import RESIDENT_ID, read_document
from chalicelib.values.keyed_digest import FORMS, Digest
from chalicelib.values.masking import bare_name
from chalicelib.values.records import Json
from chalicelib.values.text_damage import is_damaged

_PERSONS_NAME: Final = re.compile("[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]+(?:[·•・．.][\u3400-\u9fff]+)+")
# What may be given of an applicant.
FIELDS: Final = (
    "uscc", "registration_no", "org_code", "name", "former_name", "shop_name", "address", "phone",
    "legal_representative", "resident_id", "id_no", "id_type", "bank_account", "shop_url",
)  # fmt: skip


def parse_applicant(given: Json, digest: Digest) -> Applicant:
    """The applicant; `BadRequest` for an identifier that is none, for destroyed text, and where nothing can be used.

    A wrong identifier would find nobody, and so would a placeholder or a phone that cannot be read. A personal number
    that stands alone is refused too.
    """
    sent = {field: value for field in FIELDS if isinstance(value := given.get(field), str) and value.strip()}
    damaged = [field for field, value in sent.items() if is_damaged(field, value)]
    if damaged:
        problems = [_problem(ErrorCode.DAMAGED_TEXT, field) for field in damaged]
        raise BadRequest(ErrorCode.DAMAGED_TEXT, field=damaged[0], problems=problems)
    text = {field: cell_text.given(value) for field, value in sent.items()}
    as_given, uscc = _uscc(text.get("uscc", ""))
    unverified = uscc if organisation_codes.is_unverified_uscc(uscc) else ""
    registration_no, org_code = _older_numbers(text)
    documents = _documents(text, digest)
    has_code = bool(uscc or registration_no or org_code)
    account = "" if has_code else personal_identifiers.compact_personal_account(text.get("bank_account", ""))
    signals = _signals({**text, "legal_representative": _representative(text, has_code=has_code)}, digest)
    asked = _asked(text, signals, uscc[2:8])
    if USED not in asked.values():
        raise BadRequest(ErrorCode.NOTHING_TO_LOOK_UP, asked=asked, problems=[_problem(ErrorCode.NOTHING_TO_LOOK_UP)])
    if alone := lacks_second_field(text, {field: state == USED for field, state in asked.items()}):
        problems = [_problem(ErrorCode.SECOND_FIELD_NEEDED, alone)]
        raise BadRequest(ErrorCode.SECOND_FIELD_NEEDED, field=alone, asked=asked, problems=problems)
    return Applicant(
        uscc="" if unverified else uscc,
        uscc_as_given="" if unverified else as_given,
        unverified_uscc=unverified,
        registration_no=registration_no,
        org_code=org_code,
        person=documents.get("person", ""),
        permit=documents.get("permit", ""),
        personal_account=digest("bank_account", account) if account else "",
        name=text.get("name", ""),
        former_name=text.get("former_name", ""),
        shop_name=text.get("shop_name", ""),
        signals=signals,
        asked=asked,
        is_persons_name=_is_persons_name(text.get("name", "")),
    )


def _older_numbers(text: Mapping[str, str]) -> tuple[str, str]:
    """The registration number and the organisation code, compacted, from before the credit code."""
    registration_no = organisation_codes.compact(text.get("registration_no", ""))
    if registration_no and not organisation_codes.is_valid_registration_no(registration_no):
        raise BadRequest(ErrorCode.INVALID_REGISTRATION_NO, registration_no=registration_no[:40])
    org_code = organisation_codes.compact(text.get("org_code", ""))
    if org_code and not organisation_codes.is_valid_org_code(org_code):
        raise BadRequest(ErrorCode.INVALID_ORG_CODE, org_code=org_code[:40])
    return registration_no, org_code


def _documents(text: Mapping[str, str], digest: Digest) -> dict[str, str]:
    """The documents of a natural person, digested, by the field of an applicant that holds them."""
    documents: dict[str, str] = {}
    for field, kind in (("resident_id", ""), ("id_no", text.get("id_type", ""))):
        if number := text.get(field, ""):
            document = read_document(number, kind)
            if document is None:
                raise BadRequest(ErrorCode.INVALID_RESIDENT_ID, field=field)
            held = "person" if document.kind == RESIDENT_ID else "permit"
            documents[held] = digest(document.kind, document.number)
    return documents


def _representative(text: Mapping[str, str], *, has_code: bool) -> str:
    """The representative that was given; a natural person represents itself, as it does in reports."""
    given, name = text.get("legal_representative", ""), text.get("name", "")
    if given or has_code or not name or names_an_organisation(name):
        return given
    return bare_name(name)


def _is_persons_name(name: str) -> bool:
    """Whether a name is perhaps a natural person's: two to four hanzi, or parts joined by dots, and no firm's."""
    return _PERSONS_NAME.fullmatch(name) is not None and not names_an_organisation(name)


def _problem(code: ErrorCode, field: str = "") -> Json:
    """The line about one field, or about the whole."""
    sentence = message(code)
    return {"field": field, "problem": sentence["en"], "message": sentence}


def _asked(text: Mapping[str, str], signals: Mapping[str, str], division: str) -> dict[str, str]:
    """Of each field that was sent, whether it is searched: a signal only where something is left of it to compare."""
    return {
        field: USED
        if value and (field not in SIGNALS or signal_keys({field: signals.get(field, "")}, division))
        else UNUSABLE
        for field, value in text.items()
        if field != "id_type"
    }


def _uscc(given: str) -> tuple[str, str]:
    """What was given, compacted, and the code that it means: valid, or of the right shape."""
    code = organisation_codes.compact(given)
    if not code or organisation_codes.has_uscc_shape(code):
        return code, code
    if organisation_codes.is_damaged(given):
        raise BadRequest(ErrorCode.DAMAGED_USCC, uscc=given[:40])
    repaired = organisation_codes.repair_uscc(code)
    if not repaired:
        raise BadRequest(ErrorCode.INVALID_USCC, uscc=given[:40])
    return code, repaired


def _signals(text: Mapping[str, str], digest: Digest) -> dict[str, str]:
    """The values that may be shared with another subject besides a name; personal ones as the digests of reports."""
    signals = {"address": text.get("address", ""), "shop_url": text.get("shop_url", "")}
    signals["phone"] = digest_phones(text.get("phone", ""), digest)
    account = personal_identifiers.compact_account(text.get("bank_account", ""))
    if account:
        signals["bank_account"] = digest("bank_account", account)
    persons = person_keys(text.get("legal_representative", ""))
    if persons:
        signals["legal_representative"] = FORMS.join(digest("legal_representative", person) for person in persons)
    return {field: value for field, value in signals.items() if value}
