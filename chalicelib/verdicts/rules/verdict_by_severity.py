"""The exchange's own table of verdicts: by how a subject was recognised, and how grave and proven a listing of it is.

Read from the top; the first row that fits decides. The other steps, which move this verdict, are in `decide_verdict`.

`block` (refuse), `review` (a person decides), `inform` (worth knowing), `unknown` (a source could not be searched),
`clear`. Only an exact identifier can block, and only with severity 3 and evidence better than the platform's own
finding; a name ranks candidates for a person. The severities and evidence levels are those of `reason_codes`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

VERDICTS: Final = ("clear", "inform", "unknown", "review", "block")  # from mild to grave

# How a listing's subject was recognised -> the class of relation that the rules speak of.
RELATION_CLASS: Final = {
    "same_uscc": "exact",
    "same_registration_no": "exact",
    "same_org_code": "exact",
    "same_resident_id": "exact",
    "same_permit": "exact",
    "same_bank_account": "exact",
    "repaired_uscc": "repaired",
    "same_name": "name",
    "same_words": "name",
    "likely_same": "name",
    "carries_on": "name",
    "successor_of": "signals",
    "weak": "weak",
    "branch_of": "weak",
    "unverified_uscc": "repaired",
    "shares_signal": "weak",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: relation class, severity, least evidence level, and the verdict that follows."""

    relation: str
    severity: int
    evidence: str
    verdict: str
    why_zh: str
    why_en: str


RULES: Final = (
    Rule("exact", 3, "E2", "block", "标识完全一致，严重且有证据", "exact identifier, grave, and proven"),
    Rule("exact", 3, "E1", "review", "仅有平台自查结论", "grave, but only the platform's own finding"),
    Rule("exact", 2, "E1", "review", "提醒类，由平台决定", "an alert on which the platform decides"),
    Rule("exact", 1, "E1", "inform", "仅供知悉", "for information only"),
    Rule("repaired", 3, "E1", "review", "代码经纠错后一致，须人工核对", "the code agrees only after a repair"),
    Rule("repaired", 2, "E1", "review", "代码经纠错后一致，须人工核对", "the code agrees only after a repair"),
    Rule("repaired", 1, "E1", "inform", "仅供知悉", "for information only"),
    Rule("name", 3, "E1", "review", "名称相符，须人工核对", "the name agrees; a person must look"),
    Rule("name", 2, "E1", "review", "名称相符，须人工核对", "the name agrees; a person must look"),
    Rule("name", 1, "E1", "inform", "仅供知悉", "for information only"),
    Rule("signals", 3, "E1", "review", "与被清退主体共享多项信息，须人工核对", "shares signals; a person must look"),
    Rule("signals", 2, "E1", "review", "与被清退主体共享多项信息，须人工核对", "shares signals; a person must look"),
    Rule("signals", 1, "E1", "inform", "仅供知悉", "for information only"),
    Rule("weak", 3, "E1", "inform", "名称近似，仅供参考", "the names are merely similar"),
    Rule("weak", 2, "E1", "inform", "名称近似，仅供参考", "the names are merely similar"),
    Rule("weak", 1, "E1", "inform", "仅供知悉", "for information only"),
)

# The reason for a verdict, of a relation that shares its class with others: zh and en by relation and verdict.
WHY: Final = {
    ("unverified_uscc", "review"): (
        "代码一致但校验不通过，须人工核对", "the code agrees but fails its check; a person must look",
    ),
    ("shares_signal", "inform"): (
        "与被清退主体共享一项信息，仅供参考", "one signal is an evicted subject's; for information only",
    ),
}  # fmt: skip


def rule_for(relation: str, severity: int, evidence: str) -> Rule:
    """The first row that fits a listing of that severity and evidence level, its subject recognised by `relation`."""
    kind = RELATION_CLASS[relation]
    for rule in RULES:
        if rule.relation == kind and rule.severity == severity and evidence >= rule.evidence:
            why = WHY.get((relation, rule.verdict))
            return replace(rule, why_zh=why[0], why_en=why[1]) if why else rule
    raise LookupError(f"no rule for {kind}, severity {severity}")


def gravest(verdicts: Iterable[str]) -> str:
    """The gravest of the verdicts; `clear` when there is none."""
    return max(verdicts, key=VERDICTS.index, default="clear")
