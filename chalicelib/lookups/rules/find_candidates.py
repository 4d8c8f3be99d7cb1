"""Which subjects an applicant may be: by exact identifiers, by names, and by signals that it shares with them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.posting_lists import EXACT, Postings, exact_identifiers
from chalicelib.matching import matching_signals, name_scoring
from chalicelib.matching.name_scoring import Reason
from chalicelib.matching.parse_name import Name, parse
from chalicelib.matching.readings.asked_names import listed_names
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.keyed_digest import are_same
from chalicelib.verdicts.rules.verdict_by_severity import RELATION_CLASS

# Only so many of the best name candidates are read whole; each is one item of the subjects table.
MOST_CANDIDATES: Final = 20
# Shown instead of the value: a digest explains nothing, and the resident ID itself is never kept.
HIDDEN: Final = "***"
_OF_PERSONS: Final = ("person", "permit", "personal_account")
STRENGTH: Final = ("weak", "signals", "name", "repaired", "exact")


@dataclass(frozen=True, slots=True)
class Hit:
    """A subject that the applicant may be, how it was recognised, how strongly (0 to 1), and why.

    `asked_name` and `listed_name` are those that were compared, of a subject recognised by its name.
    """

    subject_id: str
    relation: str
    score: float
    reasons: tuple[Reason, ...]
    asked_name: str = ""
    listed_name: str = ""


def find_hits(
    applicant: Applicant, subject_ids: Iterable[str], postings: Postings, not_same: Collection[str] = ()
) -> list[Hit]:
    """The subjects worth reading, best first: those recognised exactly, then the best by name.

    `subject_ids` are the subjects that were read by their ids. `not_same` are those that a person told apart from the
    applicant; they leave before anything is ranked. What an exact identifier says cannot be decided away.
    """
    exact = {hit.subject_id: hit for hit in _by_identifier(applicant, subject_ids, postings)}
    if not_same:
        postings = {
            key: {subject_id: names for subject_id, names in posted.items() if subject_id not in not_same}
            for key, posted in postings.items()
        }
    others = {hit.subject_id: hit for hit in _by_name(applicant, postings) if hit.subject_id not in exact}
    for hit in _by_signal(applicant, postings):
        if hit.subject_id not in exact:
            others.setdefault(hit.subject_id, hit)
    return [*exact.values(), *sorted(others.values(), key=_rank, reverse=True)[:MOST_CANDIDATES]]


def explain(applicant: Applicant, hit: Hit, subject: Subject) -> Hit | None:
    """The hit judged against the whole subject: the names beside an exact identifier, a USCC that contradicts.

    None where the subject does not bear out what its postings said.
    """
    reasons = list(hit.reasons)
    relation, score = hit.relation, hit.score
    if relation in ("successor_of", "shares_signal"):
        divisions = applicant.uscc[2:8], subject.uscc[2:8]
        shared = matching_signals.compare_signals(applicant.signals, subject.signals, divisions=divisions)
        fields = {reason.field for reason in shared}
        if not _bears_out(relation, applicant, subject, shared):
            return None
        reasons = [_masked(reason, subject) for reason in reasons if reason.field in fields]
    if RELATION_CLASS[relation] == "exact" or relation == "unverified_uscc":
        reasons.extend(_compared_names(applicant, subject))
        if relation == "same_bank_account" and _is_another_person(applicant, subject):
            # Two persons who were paid into one account: worth knowing, and no proof that they are one.
            relation, score = "weak", min(score, 0.5)
    elif applicant.uscc and subject.uscc and applicant.uscc != subject.uscc:
        reasons.append(Reason("uscc", "different", applicant.uscc, subject.uscc, 0.0))
        if relation == "likely_same":
            # Two codes are two subjects; a brand and trade in common do not make them one.
            relation, score = "weak", min(score, 0.5)
    reasons.extend(_former_name(hit, applicant, subject))
    return Hit(hit.subject_id, relation, score, tuple(reasons))


def _former_name(hit: Hit, applicant: Applicant, subject: Subject) -> Iterator[Reason]:
    """That the subject was recognised by a name that either had before: by the register until which day."""
    registration = subject.registration
    if hit.asked_name and hit.asked_name == applicant.former_name:
        yield Reason("former_name", "asked_former", hit.asked_name, hit.listed_name, 0.0)
    if hit.listed_name and hit.listed_name in registration.former_names:
        until = registration.names_until.get(hit.listed_name, "")
        listed_name = f"{hit.listed_name}（{until}）" if until else hit.listed_name
        yield Reason("former_name", "former", hit.asked_name, listed_name, 0.0)
    elif day := subject.names_said_former.get(hit.listed_name, ""):
        yield Reason("former_name", "reported_former", hit.asked_name, f"{hit.listed_name}（{day}）", 0.0)


def _bears_out(relation: str, applicant: Applicant, subject: Subject, shared: Sequence[Reason]) -> bool:
    """The signals in common make the relation; no natural person is found by its name alone."""
    if relation == "successor_of":
        return matching_signals.is_successor(shared)
    by_name_alone = {reason.field for reason in shared} == {"legal_representative"}
    return bool(shared) and not (by_name_alone and (applicant.is_persons_name or _is_person(subject)))


def _is_person(subject: Subject) -> bool:
    """A natural person: known by a document or an account, and by no code of a register."""
    has_code = subject.uscc or subject.registration_no or subject.org_code or subject.unverified_uscc
    return not has_code and bool(subject.person or subject.permit or subject.personal_account)


def _is_another_person(applicant: Applicant, subject: Subject) -> bool:
    """Both give a document of one kind of identifier, and they differ."""
    pairs = ((applicant.person, subject.person), (applicant.permit, subject.permit))
    return any(given and held and not are_same(given, held) for given, held in pairs)


def _masked(reason: Reason, subject: Subject) -> Reason:
    """The reason with the legal representative as others may see it: 张*."""
    masked = subject.legal_representative_shown
    return replace(reason, candidate=masked) if masked and reason.field == "legal_representative" else reason


def _by_identifier(applicant: Applicant, subject_ids: Iterable[str], postings: Postings) -> Iterator[Hit]:
    existing = set(subject_ids)
    given = (("uscc", applicant.uscc), *exact_identifiers(applicant))
    recognised: set[str] = set()
    for field, prefix, relation in EXACT:
        for value in (value for scheme, value in given if scheme == prefix and value):
            direct = [f"{prefix}:{value}"] if f"{prefix}:{value}" in existing else []
            for subject_id in [*direct, *postings.get(f"{prefix}#{value}", ())]:
                if subject_id not in recognised:
                    recognised.add(subject_id)
                    yield Hit(subject_id, *_exact_match(applicant, field, relation, value))


def _exact_match(applicant: Applicant, field: str, relation: str, value: str) -> tuple[str, float, tuple[Reason, ...]]:
    """The relation, score and reason of a subject that shares an identifier."""
    if applicant.repaired and field in ("uscc", "org_code"):
        reason = Reason("uscc", "repaired_uscc", applicant.uscc_as_given, applicant.uscc, 1.0)
        return "repaired_uscc", 1.0, (reason,)
    shown_value = HIDDEN if field in _OF_PERSONS else value
    shown_field = {"person": "resident_id", "unverified_uscc": "uscc"}.get(field, field)
    return relation, 1.0, (Reason(shown_field, relation, shown_value, shown_value, 1.0),)


def _by_name(applicant: Applicant, postings: Postings) -> list[Hit]:
    """The best comparison of each posted subject with any name that was given; those that differ are left out."""
    posted: dict[tuple[str, str, bool], None] = {}
    for posting in postings.values():
        for subject_id, texts in posting.items():
            posted.update(dict.fromkeys((subject_id, text, False) for text in texts.get("n", ())))
            posted.update(dict.fromkeys((subject_id, text, True) for text in texts.get("s", ())))
    owners: list[tuple[str, str]] = []
    listed: list[Name] = []
    for subject_id, text, shop in posted:
        names = listed_names(text, subject_id[7:13] if subject_id.startswith("uscc:") else "", shop)
        owners.extend([(subject_id, text)] * len(names))
        listed.extend(names)
    best: dict[str, Hit] = {}
    for reading in (reading for readings in applicant.readings() for reading in readings):
        for (subject_id, text), compared in zip(owners, name_scoring.rank(reading.name, listed), strict=True):
            if compared.relation == "different":
                continue
            hit = Hit(subject_id, compared.relation, compared.score, compared.reasons, reading.name.raw, text)
            if subject_id not in best or _rank(hit) > _rank(best[subject_id]):
                best[subject_id] = hit
    return list(best.values())


def _by_signal(applicant: Applicant, postings: Postings) -> Iterator[Hit]:
    """Subjects that share two signals or more (法定代表人、电话、地址…) with the applicant: 换壳再入驻.

    For an applicant of whom nothing else is given, those that share one.
    """
    shared: dict[str, list[Reason]] = {}
    for field, value in applicant.signals.items():
        keys = matching_signals.asked_signal_keys({field: value}, applicant.uscc[2:8])
        for subject_id in dict.fromkeys(subject_id for key in keys for subject_id in postings.get(key, ())):
            reason = Reason(field, "same", HIDDEN, HIDDEN, matching_signals.SIGNALS[field])
            shared.setdefault(subject_id, []).append(reason)
    for subject_id in postings.get(f"{matching_signals.SUCCESSOR}#{applicant.uscc}", ()):
        shared.pop(subject_id, None)  # the register itself says that the one carries on as the other
        reason = Reason("predecessor", "registered", applicant.uscc, subject_id, 1.0)
        yield Hit(subject_id, "carries_on", 1.0, (reason,))
    for subject_id, reasons in shared.items():
        score = min(1.0, sum(reason.score for reason in reasons))
        if matching_signals.is_successor(reasons):
            yield Hit(subject_id, "successor_of", score, tuple(reasons))
        elif not applicant.decides_alone:
            yield Hit(subject_id, "shares_signal", score, tuple(reasons))


def _compared_names(applicant: Applicant, subject: Subject) -> Iterator[Reason]:
    """How the applicant's name and the subject's first name are related; of a person the name is masked."""
    for text in subject.names[:1] if not subject.is_person else ():
        for readings in applicant.readings()[:1]:
            name = readings[0].name
            compared = name_scoring.compare(name, parse(text, subject.uscc[2:8]))
            yield Reason("name", compared.relation, name.raw, text, compared.score)


def _rank(hit: Hit) -> tuple[int, float]:
    return STRENGTH.index(RELATION_CLASS[hit.relation]), hit.score
