"""How a subject is found: the keys that it is filed under, the keys that an applicant asks for, and what they share.

An applicant is what a platform knows of whoever wants to open a shop; a subject is what the registry knows. Exact
identifiers lead straight to a subject or through one posting list; names and signals lead through several.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from chalicelib.matching import matching_signals, name_scoring
from chalicelib.matching.name_scoring import Reason
from chalicelib.matching.parse_name import Name, parse
from chalicelib.registry.rules.subject import Subject, active_listings
from chalicelib.registry.rules.subject_id import Identifiers, name_id
from chalicelib.verdicts.rules.verdict_by_severity import RELATION_CLASS

# A posting is {"n": registered names, "s": shop names}; a signal's posting holds neither.
Posting = Mapping[str, Sequence[str]]

# Only so many of the best name candidates are read whole; each is one item of the subjects table.
MOST_CANDIDATES: Final = 20
# field of an applicant or a subject, prefix of its subject id and posting list, relation when it is equal
EXACT: Final = (
    ("uscc", "uscc", "same_uscc"),
    ("registration_no", "reg", "same_registration_no"),
    ("org_code", "org", "same_org_code"),
    ("person", "person", "same_resident_id"),
)
# Shown instead of the value: a digest explains nothing, and the resident ID itself is never kept.
HIDDEN: Final = "***"
STRENGTH: Final = ("weak", "signals", "name", "repaired", "exact")


@dataclass(frozen=True, slots=True)
class Applicant:
    """What is asked: identifiers normalised, personal values already digested. Empty text: not given."""

    uscc: str = ""
    uscc_as_given: str = ""
    registration_no: str = ""
    org_code: str = ""
    person: str = ""
    name: str = ""
    shop_name: str = ""
    signals: Mapping[str, str] = field(default_factory=dict)

    @property
    def repaired(self) -> bool:
        """Whether the USCC is what a typing error was corrected to."""
        return bool(self.uscc_as_given) and self.uscc_as_given != self.uscc

    def names(self) -> list[Name]:
        """The names that were given, parsed."""
        division = self.uscc[2:8]
        given = [parse(self.name, division)] if self.name else []
        return [*given, parse(self.shop_name, shop=True)] if self.shop_name else given


@dataclass(frozen=True, slots=True)
class Hit:
    """A subject that the applicant may be, how it was recognised, how strongly, and why."""

    subject_id: str
    relation: str
    score: float
    reasons: tuple[Reason, ...]


def listed_postings(subject: Subject) -> dict[str, dict[str, list[str]]]:
    """The posting lists that the subject stands in: none once no listing is active against it."""
    if not active_listings(subject):
        return {}
    postings: dict[str, dict[str, list[str]]] = {}
    for prefix, value in _identifiers(subject):
        postings[f"{prefix}#{value}"] = {}
    for key in matching_signals.signal_keys(subject.signals):
        postings[key] = {}
    postings.update((f"{matching_signals.SUCCESSOR}#{code}", {}) for code in subject.successors)
    division = subject.uscc[2:8]
    for kind, texts, shop in (("n", subject.names, False), ("s", subject.shop_names, True)):
        for text in texts:
            for key in name_scoring.listed_keys(parse(text, division, shop)):
                postings.setdefault(key, {}).setdefault(kind, []).append(text)
    return postings


def asked(applicant: Applicant) -> tuple[list[str], list[str]]:
    """The subject ids and the posting lists to read for the applicant, each once."""
    identifiers = list(_identifiers(_as_subject(applicant)))
    ids = [f"{prefix}:{value}" for prefix, value in identifiers]
    if applicant.uscc:
        ids.insert(0, f"uscc:{applicant.uscc}")
    if applicant.name:
        ids.append(name_id(applicant.name))
    keys = [
        f"{prefix}#{value}" for prefix, value in (*identifiers, (matching_signals.SUCCESSOR, applicant.uscc)) if value
    ]
    for name in applicant.names():
        keys.extend(name_scoring.asked_keys(name))
    keys.extend(matching_signals.signal_keys(applicant.signals))
    return list(dict.fromkeys(ids)), list(dict.fromkeys(keys))


def known_as(applicant: Applicant) -> str:
    """The one id under which what is decided about an applicant is kept: its strongest identifier, else its name."""
    name = applicant.name or applicant.shop_name
    return _as_subject(applicant).strongest_id or (name_id(name) if name else "")


def hits(
    applicant: Applicant,
    found: Iterable[str],
    postings: Mapping[str, Mapping[str, Posting]],
    decided: Collection[str] = (),
) -> list[Hit]:
    """The subjects worth reading, best first: those recognised exactly, then the best by name.

    `decided` are subjects that a person has told apart from this applicant; they leave before anything is ranked. What
    an exact identifier says cannot be decided away.
    """
    exact = {hit.subject_id: hit for hit in _exact(applicant, found, postings)}
    if decided:
        postings = {
            key: {one: names for one, names in filed.items() if one not in decided} for key, filed in postings.items()
        }
    others = [hit for hit in _by_name(applicant, postings) if hit.subject_id not in exact]
    others.extend(
        hit
        for hit in _by_signal(applicant, postings)
        if hit.subject_id not in exact and hit.subject_id not in {one.subject_id for one in others}
    )
    others.sort(key=_rank, reverse=True)
    return [*exact.values(), *others[:MOST_CANDIDATES]]


def explain(applicant: Applicant, hit: Hit, subject: Subject) -> Hit | None:
    """The hit judged against the whole subject: the names beside an exact identifier, a USCC that contradicts.

    None where the subject does not bear out what its postings said.
    """
    reasons = list(hit.reasons)
    relation, score = hit.relation, hit.score
    given, known = applicant.uscc, subject.uscc
    if relation == "successor_of":
        if not matching_signals.is_successor(matching_signals.compare_signals(applicant.signals, subject.signals)):
            return None
        reasons = [_shown(reason, subject) for reason in reasons]
    if RELATION_CLASS[relation] == "exact":
        reasons.extend(_names_beside(applicant, subject))
    elif given and known and given != known:
        reasons.append(Reason("uscc", "different", given, known, 0.0))
        if relation == "likely_same":
            # Two codes are two subjects; a brand and trade in common do not make them one.
            relation, score = "weak", min(score, 0.5)
    return Hit(hit.subject_id, relation, score, tuple(reasons))


def _shown(reason: Reason, subject: Subject) -> Reason:
    """The reason with the legal representative as others may see it: 张*."""
    shown = subject.get("legal_representative_shown", "")
    return replace(reason, candidate=shown) if shown and reason.field == "legal_representative" else reason


def _identifiers(subject: Identifiers) -> Iterator[tuple[str, str]]:
    """Each exact identifier besides the USCC, characters 9 to 17 of which are an organisation code (GB 32100)."""
    for name, prefix, _ in EXACT[1:]:
        value = getattr(subject, name) or (subject.uscc[8:17] if name == "org_code" else "")
        if value:
            yield prefix, value


def _as_subject(applicant: Applicant) -> Identifiers:
    return Identifiers(**{name: getattr(applicant, name) for name, _, _ in EXACT})


def _exact(applicant: Applicant, found: Iterable[str], postings: Mapping[str, Mapping[str, Posting]]) -> Iterator[Hit]:
    known = set(found)
    mine = {"uscc": applicant.uscc, **dict(_identifiers(_as_subject(applicant)))}
    seen: set[str] = set()
    for name, prefix, relation in EXACT:
        value = mine.get(prefix, "")
        if not value:
            continue
        direct = [f"{prefix}:{value}"] if f"{prefix}:{value}" in known else []
        for subject_id in [*direct, *postings.get(f"{prefix}#{value}", ())]:
            if subject_id in seen:
                continue
            seen.add(subject_id)
            yield _exact_hit(applicant, name, relation, subject_id, value)


def _exact_hit(applicant: Applicant, name: str, relation: str, subject_id: str, value: str) -> Hit:
    if applicant.repaired and name in ("uscc", "org_code"):
        reason = Reason("uscc", "repaired_uscc", applicant.uscc_as_given, applicant.uscc, 1.0)
        return Hit(subject_id, "repaired_uscc", 1.0, (reason,))
    shown = HIDDEN if name == "person" else value
    field_name = "resident_id" if name == "person" else name
    return Hit(subject_id, relation, 1.0, (Reason(field_name, relation, shown, shown, 1.0),))


def _by_name(applicant: Applicant, postings: Mapping[str, Mapping[str, Posting]]) -> list[Hit]:
    """The best comparison of each posted subject with any name that was given; those that differ are left out."""
    posted: dict[tuple[str, str, bool], None] = {}
    for posting in postings.values():
        for subject_id, texts in posting.items():
            posted.update(dict.fromkeys((subject_id, text, False) for text in texts.get("n", ())))
            posted.update(dict.fromkeys((subject_id, text, True) for text in texts.get("s", ())))
    listed = [
        parse(text, subject_id[7:13] if subject_id.startswith("uscc:") else "", shop)
        for subject_id, text, shop in posted
    ]
    best: dict[str, Hit] = {}
    for name in applicant.names():
        for (subject_id, _, _), compared in zip(posted, name_scoring.rank(name, listed), strict=True):
            if compared.relation == "different":
                continue
            hit = Hit(subject_id, compared.relation, compared.score, compared.reasons)
            if subject_id not in best or _rank(hit) > _rank(best[subject_id]):
                best[subject_id] = hit
    return list(best.values())


def _by_signal(applicant: Applicant, postings: Mapping[str, Mapping[str, Posting]]) -> Iterator[Hit]:
    """Subjects that share two signals or more (法定代表人、电话、地址…) with the applicant: 换壳再入驻."""
    shared: dict[str, list[Reason]] = {}
    for field_name, value in applicant.signals.items():
        for key in matching_signals.signal_keys({field_name: value}):
            for subject_id in postings.get(key, ()):
                reason = Reason(field_name, "same", HIDDEN, HIDDEN, matching_signals.SIGNALS[field_name])
                shared.setdefault(subject_id, []).append(reason)
    for subject_id in postings.get(f"{matching_signals.SUCCESSOR}#{applicant.uscc}", ()):
        shared.pop(subject_id, None)  # the register itself says that the one carries on as the other
        reason = Reason("predecessor", "registered", applicant.uscc, subject_id, 1.0)
        yield Hit(subject_id, "carries_on", 1.0, (reason,))
    for subject_id, reasons in shared.items():
        if matching_signals.is_successor(reasons):
            yield Hit(subject_id, "successor_of", min(1.0, sum(r.score for r in reasons)), tuple(reasons))


def _names_beside(applicant: Applicant, subject: Subject) -> Iterator[Reason]:
    names = applicant.names()
    for text in subject.names[:1]:
        for name in names[:1]:
            compared = name_scoring.compare(name, parse(text, subject.uscc[2:8]))
            yield Reason("name", compared.relation, name.raw, text, compared.score)


def _rank(hit: Hit) -> tuple[int, float]:
    return STRENGTH.index(RELATION_CLASS[hit.relation]), hit.score
