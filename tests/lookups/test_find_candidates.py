"""Who is found by what, and what is said of why."""

from typing import Any

from chalicelib.lookups.rules import find_candidates, posting_lists
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.find_candidates import Hit
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_changes import Ended
from tests.support.builders import listed, subject, uscc

NAME = "苏州霁昱商贸有限公司"


def find(applicant: Applicant, *listed_subjects: Subject) -> list[Hit]:
    """The hits as a lookup makes them, the tables played by dicts."""
    by_id = {listed_subject.subject_id: listed_subject for listed_subject in listed_subjects}
    lists: dict[str, dict[str, Any]] = {}
    for result in listed_subjects:
        for key, names in posting_lists.postings_of(result).items():
            lists.setdefault(key, {})[result.subject_id] = names
    ids, keys = posting_lists.keys_to_read(applicant)
    hits = find_candidates.find_hits(
        applicant, [subject_id for subject_id in ids if subject_id in by_id], {key: lists.get(key, {}) for key in keys}
    )
    return [made for hit in hits if (made := find_candidates.explain(applicant, hit, by_id[hit.subject_id]))]


def test_the_same_uscc_is_exact_and_the_names_stand_beside_it() -> None:
    (hit,) = find(Applicant(uscc=uscc(1), uscc_as_given=uscc(1), name="上海别的食品有限公司"), subject())
    assert (hit.relation, hit.score) == ("same_uscc", 1.0)
    assert [reason.field for reason in hit.reasons] == ["uscc", "name"]
    assert hit.reasons[1].relation == "different"


def test_an_organisation_code_leads_to_the_uscc_that_holds_it() -> None:
    (hit,) = find(Applicant(org_code=uscc(1)[8:17]), subject())
    assert hit.relation == "same_org_code"


def test_a_uscc_leads_to_a_subject_known_by_its_organisation_code_alone() -> None:
    bare = subject(listed(identity={"org_code": uscc(1)[8:17], "name": NAME}))
    (hit,) = find(Applicant(uscc=uscc(1), uscc_as_given=uscc(1)), bare)
    assert hit.relation == "same_org_code"


def test_a_registration_number_leads_to_the_subject_named_by_its_uscc() -> None:
    both = subject(listed(identity={"uscc": uscc(1), "registration_no": "110105012345678", "name": NAME}))
    (hit,) = find(Applicant(registration_no="110105012345678"), both)
    assert hit.relation == "same_registration_no"


def test_a_person_is_recognised_by_digest_and_never_shown() -> None:
    person = subject(listed(identity={"person": "d1g3st", "name": "霁*"}))
    (hit,) = find(Applicant(person="d1g3st"), person)
    assert hit.relation == "same_resident_id"
    assert (hit.reasons[0].field, hit.reasons[0].query, hit.reasons[0].candidate) == ("resident_id", "***", "***")


def test_a_repaired_code_says_so() -> None:
    (hit,) = find(Applicant(uscc=uscc(1), uscc_as_given="9" * 18), subject())
    assert hit.relation == "repaired_uscc"
    assert hit.reasons[0].query == "9" * 18


def test_a_name_alone_finds_by_name() -> None:
    (hit,) = find(Applicant(name="苏州 霁昱商贸有限公司"), subject())
    assert hit.relation == "same_name"
    assert find(Applicant(name="武汉朔序医疗器械有限公司"), subject()) == []


def test_a_likely_name_under_another_uscc_is_weak_and_says_why() -> None:
    hits = find(Applicant(uscc=uscc(2), uscc_as_given=uscc(2), name="苏州霁昱商贸有限责任公司"), subject())
    for hit in hits:
        assert hit.relation != "likely_same"
        assert ("uscc", "different") in [(reason.field, reason.relation) for reason in hit.reasons]


def test_a_subject_without_active_listing_stands_in_no_posting_list() -> None:
    result = subject()
    (listing_id,) = result.listings
    ended = Ended(result.subject_id, listing_id, "withdrawn", "2026-02-01T00:00:00.000Z", "platform:alpha").apply(
        result
    )
    assert ended is not None
    assert posting_lists.postings_of(result)
    assert posting_lists.postings_of(ended) == {}


def test_two_shared_signals_make_a_successor_and_one_does_not() -> None:
    result = subject(listed(identity={"uscc": uscc(1), "name": NAME, "phone": "p", "legal_representative": "r"}))
    signals = {"phone": "p", "legal_representative": "r"}
    (hit,) = find(Applicant(name="完全不同的名字", signals=signals), result)
    assert hit.relation == "successor_of"
    assert {reason.candidate for reason in hit.reasons if reason.field != "uscc"} == {"***"}
    assert find(Applicant(name="完全不同的名字", signals={"phone": "p"}), result) == []


def test_a_successor_that_the_subject_does_not_bear_out_is_none() -> None:
    result = subject(listed(identity={"uscc": uscc(1), "name": NAME, "phone": "other"}))
    hit = Hit(result.subject_id, "successor_of", 0.8, ())
    assert find_candidates.explain(Applicant(signals={"phone": "p", "legal_representative": "r"}), hit, result) is None


def test_keys_and_ids_come_once_and_fit_one_page() -> None:
    applicant = Applicant(
        uscc=uscc(1),
        uscc_as_given=uscc(1),
        registration_no="110105012345678",
        person="d",
        name="苏州霁昱（集团）网络科技商贸有限公司",
        shop_name="霁昱旗舰店",
        signals={"phone": "p", "legal_representative": "r", "address": "苏州市工业园区一号"},
    )
    ids, keys = posting_lists.keys_to_read(applicant)
    assert len(set(ids)) == len(ids)
    assert len(set(keys)) == len(keys)
    assert len(ids) + len(keys) <= 90
