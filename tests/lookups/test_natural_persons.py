"""Natural persons are looked up by their document or bank account, however it is written, and by no name."""

import pytest

from chalicelib.errors import BadRequest
from chalicelib.lookups.parse_applicant import parse_applicant
from chalicelib.lookups.rules import find_candidates, posting_lists
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.keyed_digest import keyed_digest
from tests.support.builders import listed, subject, uscc

DIGEST = keyed_digest(b"k" * 32)
RESIDENT, ACCOUNT = "11010519491231002X", "6222021234567890128"
# A number alone is not looked up.
NAME = "李另例"


def person(**identity: str) -> Subject:
    return subject(listed(identity={"name": "周*", **identity}))


def relations(asked: Applicant, *listed_subjects: Subject) -> list[str]:
    """How the applicant is related to each subject that a lookup finds, as the tables would lead there."""
    ids, keys = posting_lists.keys_to_read(asked)
    postings: dict[str, dict[str, dict[str, list[str]]]] = {}
    for each in listed_subjects:
        for key, names in posting_lists.postings_of(each).items():
            if key in keys:
                postings.setdefault(key, {})[each.subject_id] = names
    by_id = {each.subject_id: each for each in listed_subjects}
    hits = find_candidates.find_hits(asked, [each for each in ids if each in by_id], postings)
    explained = [find_candidates.explain(asked, hit, by_id[hit.subject_id]) for hit in hits]
    assert RESIDENT not in str(explained)
    assert ACCOUNT not in str(explained)
    return [hit.relation for hit in explained if hit]


@pytest.mark.parametrize(
    ("given", "kind", "number", "relation"),
    [
        ({"resident_id": RESIDENT.lower()}, "resident_id", RESIDENT, "same_resident_id"),
        ({"id_no": "１１０１０５ 19491231 002x"}, "resident_id", RESIDENT, "same_resident_id"),
        ({"id_no": "h8765432102"}, "hk_macau_permit", "H87654321", "same_permit"),
        ({"resident_id": "H87654321(03)"}, "hk_macau_permit", "H87654321", "same_permit"),
        ({"id_no": "1234567802", "id_type": "台胞证"}, "taiwan_permit", "12345678", "same_permit"),
        ({"id_no": "chn110190010112"}, "foreign_permanent_residence", "CHN110190010112", "same_permit"),
        ({"id_no": "ab 1234567", "id_type": "passport"}, "passport", "AB1234567", "same_permit"),
    ],
)
def test_a_document_leads_to_the_person_exactly(given: dict[str, str], kind: str, number: str, relation: str) -> None:
    field = "person" if kind == "resident_id" else "permit"
    asked = parse_applicant({**given, "name": NAME}, DIGEST)
    assert asked.is_person
    assert relations(asked, person(**{field: DIGEST(kind, number)})) == [relation]
    assert relations(asked, person(**{field: DIGEST("passport", "H87654321")})) == []


@pytest.mark.parametrize(
    "given",
    [
        {"id_no": "110105********002X"},
        {"id_no": "110105194912310021"},
        {"id_no": "12345", "id_type": "台胞证"},
        {"resident_id": "19920307"},
        {"id_no": "无法提供", "id_type": "护照"},
    ],
)
def test_a_document_that_cannot_be_read_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(BadRequest) as refused:
        parse_applicant({"name": "周示仁", **given}, DIGEST)
    assert refused.value.code == "invalid_resident_id"


def test_a_bank_account_is_exact_for_persons_alone() -> None:
    held = DIGEST("bank_account", ACCOUNT)
    by_account = person(personal_account=held, bank_account=held)
    by_both = person(person=DIGEST("resident_id", RESIDENT), personal_account=held, bank_account=held)
    firm = subject(listed(identity={"uscc": uscc(1), "name": "苏州霁昱商贸有限公司", "bank_account": held}))
    asked = parse_applicant({"bank_account": "6222 0212 3456 7890 128", "name": NAME}, DIGEST)
    assert relations(asked, by_account, by_both, firm) == ["same_bank_account", "same_bank_account", "shares_signal"]
    assert relations(parse_applicant({"bank_account": ACCOUNT, "uscc": uscc(2)}, DIGEST), by_account) == []
    other = parse_applicant({"bank_account": ACCOUNT, "resident_id": "110105194912310038", "name": NAME}, DIGEST)
    assert relations(other, by_both) == ["weak"]
    assert relations(other, by_account) == ["same_bank_account"]


def test_a_persons_name_and_phone_find_it_for_review_and_the_name_alone_finds_nobody() -> None:
    signals = {
        "phone": DIGEST("phone", "13800001111"),
        "legal_representative": DIGEST("legal_representative", "周示仁"),
    }
    evicted = person(person=DIGEST("resident_id", RESIDENT), **signals)
    assert relations(parse_applicant({"name": "周示仁（个人）", "phone": "13800001111"}, DIGEST), evicted) == [
        "successor_of"
    ]
    for name in ("周示仁", "周*", "周", "周某"):
        assert relations(parse_applicant({"name": name}, DIGEST), evicted) == []
    assert relations(parse_applicant({"legal_representative": "周示仁"}, DIGEST), evicted) == []
