"""Whether platforms and government agree about a subject (比对与印证): one table, read from the top.

An entry of the abnormal list (severity 1) says nothing of a violation: it neither confirms an eviction nor, when it is
lifted, speaks against one. Deregistration ends an entry without taking anything back, and so does the end of a term.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from chalicelib.matching import parse_name
from chalicelib.registry.rules.listing import ACTIVE, Listing, is_shared, why_over
from chalicelib.registry.rules.subject import Registration, Subject
from chalicelib.values.records import Json
from chalicelib.verdicts.rules import verdict_by_severity
from chalicelib.verdicts.rules.verdict_by_severity import Rule

GRAVE: Final = 2
# The evidence level of a platform's own finding once the government has a grave entry too.
CONFIRMED: Final = "E4"
# Ends of an entry that take nothing back.
NO_PARDON: Final = ("deregistered", "term_over")
ENDED_STATUSES: Final = ("deregistered", "licence_revoked", "registration_annulled")


@dataclass(frozen=True, slots=True)
class Sides:
    """The listings of each side: `platforms` and `government` have the active ones, `pardoned` grave entries of the
    government that were taken back."""

    platforms: tuple[Listing, ...]
    government: tuple[Listing, ...]
    pardoned: tuple[Listing, ...]
    registration: Registration
    names: tuple[str, ...]
    division: str

    @property
    def confirmed(self) -> bool:
        """Whether the government has an active grave entry that it does not itself leave in doubt."""
        return any(listing.severity >= GRAVE and not listing.source_state for listing in self.government)


@dataclass(frozen=True, slots=True)
class Finding:
    """One row: when it holds, the state that it means, what it does to the verdict, whom a change concerns, and why.

    `effect`: `confirm` raises a platform's own finding (E1) to E4; `review` turns a platform's block into review;
    '' leaves the verdict. `concerns`: reporters, regulators.
    """

    name: str
    state: str
    effect: str
    concerns: tuple[str, ...]
    holds: Callable[[Sides], bool]
    zh: str
    en: str


def _name_is_anothers(sides: Sides) -> bool:
    """A reported name that the register never had for this code, and that is no spelling of one that it had."""
    from chalicelib.matching.name_scoring import compare

    registered = sides.registration.name
    if not (sides.platforms and registered):
        return False
    of_register = [registered, *sides.registration.former_names]
    keys = {parse_name.comparison_key(name) for name in of_register}
    parsed = [parse_name.parse(name, sides.division) for name in of_register]
    return any(
        parse_name.comparison_key(reported) not in keys
        and all(compare(parse_name.parse(reported, sides.division), name).relation == "different" for name in parsed)
        for reported in sides.names
    )


def _traded_after_end(sides: Sides) -> bool:
    ended_on = sides.registration.approved_on
    if sides.registration.status not in ENDED_STATUSES or not ended_on:
        return False
    return any(listing.listed_on > ended_on for listing in sides.platforms)


FINDINGS: Final = (
    Finding(
        "name_is_anothers", "conflict", "review", ("reporters", "regulators"), _name_is_anothers,
        "报送名称与该信用代码的登记名称不符，须核对是否报错主体",
        "the reported name is not one that the register has for this code; perhaps another was meant",
    ),
    Finding(
        "traded_after_end", "conflict", "", ("reporters", "regulators"), _traded_after_end,
        "登记已注销或吊销后仍在平台经营", "it traded on a platform after its registration had ended",
    ),
    Finding(
        "government_took_back", "conflict", "review", ("reporters", "regulators"),
        lambda sides: bool(sides.platforms and sides.pardoned and not sides.confirmed),
        "政府已移出或修复，平台仍在限制", "the government has taken its entry back, a platform still blocks",
    ),
    Finding(
        "both_agree", "both", "confirm", ("reporters",),
        lambda sides: bool(sides.platforms and sides.confirmed),
        "平台与政府结论一致，相互印证", "platform and government agree",
    ),
    Finding(
        "lead", "platform_only", "", ("regulators",), lambda sides: bool(sides.platforms),
        "仅平台报送，可作为监管线索", "platforms alone say so: a lead for the regulator",
    ),
    Finding(
        "official_only", "government_only", "", (), lambda sides: bool(sides.government),
        "仅政府名单，须核查其在哪些平台经营", "the government alone says so: on which platforms does it still trade?",
    ),
    Finding("nothing", "none", "", (), lambda _sides: True, "无有效记录", "nothing stands"),
)  # fmt: skip
STATES: Final = ("conflict", "both", "platform_only", "government_only", "none")


@dataclass(frozen=True, slots=True)
class Assessment:
    """The first row that fits a subject, and the two sides that it is about."""

    finding: Finding
    sides: Sides


def assess(subject: Subject, today: str) -> Assessment:
    """How platforms and government agree. With '' as today only what was saved counts, and no clock."""
    sides = _sides(subject, today)
    return Assessment(next(row for row in FINDINGS if row.holds(sides)), sides)


def judge(subject: Subject, today: str) -> Finding:
    """The first row that fits the subject."""
    return assess(subject, today).finding


def view(assessment: Assessment) -> Json:
    """The state with its finding in words, since when and as of when each side lists the subject, who was first."""
    finding, sides = assessment.finding, assessment.sides
    fields: Json = {"state": finding.state, "finding": finding.name, "says": {"zh": finding.zh, "en": finding.en}}
    platform, government = _span(sides.platforms), _span((*sides.government, *sides.pardoned))
    fields |= {"platforms": platform} if platform else {}
    fields |= {"government": government} if government else {}
    if platform.get("since") and government.get("since"):
        days = (date.fromisoformat(platform["since"]) - date.fromisoformat(government["since"])).days
        first = "platform" if days < 0 else "government" if days else "same_day"
        fields |= {"first": first, "days_between": abs(days)}
    return fields


def rule_for(relation: str, listing: Listing, finding: Finding, severity: int = 0) -> Rule:
    """The row of the verdict's table that fits, moved as far as the finding says and no further.

    `severity` is the one that counts where a campaign makes the listing graver; 0: its own.
    """
    severity = severity or listing.severity
    plain = verdict_by_severity.rule_for(relation, severity, listing.evidence_level)
    if is_official(listing):
        return plain
    if finding.effect == "confirm" and listing.evidence_level == "E1":
        raised = verdict_by_severity.rule_for(relation, severity, CONFIRMED)
        return raised if raised == plain else replace(raised, why_zh=finding.zh, why_en=finding.en)
    if finding.effect == "review" and plain.verdict == "block":
        return replace(plain, verdict="review", why_zh=finding.zh, why_en=finding.en)
    return plain


def reporters(subject: Subject) -> list[str]:
    """The platforms that have an active listing of the subject."""
    return sorted({listing.source.platform_id for listing in _sides(subject, "").platforms})


def is_official(listing: Listing) -> bool:
    """Whether it is an entry of a government list."""
    return listing.source.is_government


def _sides(subject: Subject, today: str) -> Sides:
    # What is never shared as an eviction does not show here either.
    shared = [listing for listing in subject.listings.values() if is_shared(listing)]
    active = [listing for listing in shared if _is_active(listing, today)]
    ended = [listing for listing in shared if not _is_active(listing, today)]
    return Sides(
        platforms=tuple(listing for listing in active if not is_official(listing)),
        government=tuple(listing for listing in active if is_official(listing)),
        pardoned=tuple(listing for listing in ended if is_official(listing) and _is_pardon(listing)),
        registration=subject.registration,
        names=subject.names,
        division=subject.uscc[2:8],
    )


def _is_active(listing: Listing, today: str) -> bool:
    return listing.state == ACTIVE and not (listing.expires_on and listing.expires_on <= today)


def _is_pardon(listing: Listing) -> bool:
    if listing.severity < GRAVE or listing.ended_because in NO_PARDON:
        return False
    # Run out by its own date, it is pardoned only where its publication was cut short.
    return listing.state == "removed" or why_over(listing) == "publication_over"


def _span(listings: Iterable[Listing]) -> dict[str, str]:
    days = [listing.listed_on for listing in listings if listing.listed_on]
    moments = [listing.reported_at for listing in listings if listing.reported_at]
    return {**({"since": min(days)} if days else {}), **({"as_of": max(moments)} if moments else {})}
