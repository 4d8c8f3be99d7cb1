"""What platforms and government say of one subject, held beside each other (比对与印证): one table, read from the top.

An entry of the abnormal list (severity 1) says nothing of a violation: it neither confirms an eviction nor, when it is
lifted, speaks against one. Deregistration ends an entry without taking anything back, and so does the end of a term.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from chalicelib.matching import parse_name
from chalicelib.registry.rules.listing import ACTIVE, Listing, is_shared, why_over
from chalicelib.registry.rules.subject import Registration, Subject
from chalicelib.verdicts.rules import verdict_by_severity
from chalicelib.verdicts.rules.verdict_by_severity import Rule

GRAVE: Final = 2
# What a platform's own finding counts as once the government holds something grave too.
CONFIRMED: Final = "E4"
# Ends of an entry that take nothing back.
NO_PARDON: Final = ("deregistered", "term_over")
ENDED_STATUSES: Final = ("deregistered", "licence_revoked", "registration_annulled")


@dataclass(frozen=True, slots=True)
class Sides:
    """What each side holds: `platforms` and `government` what stands, `pardoned` grave entries that were taken back."""

    platforms: tuple[Listing, ...]
    government: tuple[Listing, ...]
    pardoned: tuple[Listing, ...]
    registration: Registration
    names: tuple[str, ...]
    division: str

    @property
    def confirmed(self) -> bool:
        """Whether the government holds something grave."""
        return any(one.severity >= GRAVE for one in self.government)


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
    """A reported name that the register never knew for this code, and that is no spelling of one it knew."""
    from chalicelib.matching.name_scoring import compare

    registered = sides.registration.name
    if not (sides.platforms and registered):
        return False
    known = [registered, *sides.registration.former_names]
    keys = {parse_name.comparison_key(one) for one in known}
    parsed = [parse_name.parse(one, sides.division) for one in known]
    return any(
        parse_name.comparison_key(given) not in keys
        and all(compare(parse_name.parse(given, sides.division), one).relation == "different" for one in parsed)
        for given in sides.names
    )


def _traded_after_end(sides: Sides) -> bool:
    ended_on = sides.registration.approved_on
    if sides.registration.status not in ENDED_STATUSES or not ended_on:
        return False
    return any(one.listed_on > ended_on for one in sides.platforms)


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


def judge(subject: Subject, today: str) -> Finding:
    """The first row that fits the subject. With '' as today only what was saved counts, and no clock."""
    sides = _sides(subject, today)
    return next(one for one in FINDINGS if one.holds(sides))


def state(subject: Subject, today: str) -> str:
    """How the two sides stand to each other: conflict, both, platform_only, government_only or none."""
    return judge(subject, today).state


def view(subject: Subject, today: str) -> dict[str, Any]:
    """The state with its finding in words, since when and as of when each side says so, and who said it first."""
    found, sides = judge(subject, today), _sides(subject, today)
    shown: dict[str, Any] = {"state": found.state, "finding": found.name, "says": {"zh": found.zh, "en": found.en}}
    platform, government = _span(sides.platforms), _span((*sides.government, *sides.pardoned))
    shown |= {"platforms": platform} if platform else {}
    shown |= {"government": government} if government else {}
    if platform.get("since") and government.get("since"):
        days = (date.fromisoformat(platform["since"]) - date.fromisoformat(government["since"])).days
        first = "platform" if days < 0 else "government" if days else "same_day"
        shown |= {"first": first, "days_between": abs(days)}
    return shown


def rule_for(relation: str, listing: Listing, found: Finding) -> Rule:
    """The row of the verdict's table that fits, moved as far as the finding says and no further."""
    if listing.source.startswith("government:"):
        return verdict_by_severity.rule_for(relation, listing)
    if found.effect == "confirm" and listing.evidence_level == "E1":
        raised = verdict_by_severity.rule_for(relation, listing.replace(evidence_level=CONFIRMED))
        plain = verdict_by_severity.rule_for(relation, listing)
        return raised if raised == plain else replace(raised, why_zh=found.zh, why_en=found.en)
    rule = verdict_by_severity.rule_for(relation, listing)
    if found.effect == "review" and rule.verdict == "block":
        return replace(rule, verdict="review", why_zh=found.zh, why_en=found.en)
    return rule


def reporters(subject: Subject) -> list[str]:
    """The platforms whose listings stand against the subject."""
    found = _sides(subject, "").platforms
    return sorted({one.source.partition(":")[2] for one in found})


def _sides(subject: Subject, today: str) -> Sides:
    # What is never shared as an eviction does not show here either.
    shared = [one for one in subject.listings.values() if is_shared(one)]
    standing = [one for one in shared if _stands(one, today)]
    over = [one for one in shared if not _stands(one, today)]
    return Sides(
        tuple(one for one in standing if not _is_official(one)),
        tuple(one for one in standing if _is_official(one)),
        tuple(one for one in over if _is_official(one) and _is_pardon(one)),
        subject.registration,
        subject.names,
        subject.uscc[2:8],
    )


def _stands(listing: Listing, today: str) -> bool:
    return listing.state == ACTIVE and not (listing.expires_on and listing.expires_on <= today)


def _is_official(listing: Listing) -> bool:
    return listing.source.startswith("government:")


def _is_pardon(listing: Listing) -> bool:
    if listing.severity < GRAVE or listing.ended_because in NO_PARDON:
        return False
    # Run out by its own date, it is pardoned only where its publication was cut short.
    return listing.state == "removed" or why_over(listing) == "publication_over"


def _span(found: Iterable[Listing]) -> dict[str, str]:
    days = [listing.listed_on for listing in found if listing.listed_on]
    seen = [listing.reported_at for listing in found if listing.reported_at]
    return {**({"since": min(days)} if days else {}), **({"as_of": max(seen)} if seen else {})}
