"""The verdict of an onboarding check (入驻核验): the table of what each part may find, and the parts taken together.

Each part is judged by the table `OUTCOMES`, read by part and outcome; listings bring the verdict of their own rule. A
part whose sources are missing or too old is `unknown` unless it found something graver, and a part that was not asked
for says so and counts for nothing. Law: 电子商务法 27 (a platform verifies who joins it), 网络交易监督管理办法 24.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.government_lists.rules.source_freshness import SourceState
from chalicelib.values.records import Json
from chalicelib.verdicts.rules.registration_verdicts import AS_LISTED, NOT_CHECKED, REGISTRATION, Outcome
from chalicelib.verdicts.rules.verdict_by_severity import VERDICTS, gravest

OUTCOMES: Final = (
    Outcome("evictions", "nothing", "clear", "没有平台清退记录", "no platform has evicted it"),
    Outcome("evictions", "found", AS_LISTED, "有平台清退记录", "evicted by a platform"),
    Outcome("serious_violations", "nothing", "clear", "不在严重违法失信名单", "not on the list of serious violations"),
    Outcome("serious_violations", "found", AS_LISTED, "在严重违法失信名单", "on the list of serious violations"),
    Outcome("abnormal_operations", "nothing", "clear", "不在经营异常名录", "not on the list of abnormal operations"),
    Outcome("abnormal_operations", "found", AS_LISTED, "在经营异常名录", "on the list of abnormal operations"),
    Outcome("penalties", "nothing", "clear", "没有在公示期内的行政处罚", "no penalty that is still published"),
    Outcome("penalties", "found", AS_LISTED, "有在公示期内的行政处罚", "a penalty is still published"),
    Outcome("penalties", "not_connected", NOT_CHECKED, "未接入行政处罚数据", "no list of penalties is connected"),
    *(
        Outcome(
            name, "cannot_decide_alone", "unknown",
            "所填信息不能认定主体，未能查询", "nothing given says who is meant, so nothing could be searched",
        )
        for name in ("evictions", "serious_violations", "abnormal_operations", "penalties")
    ),
    *REGISTRATION,
    Outcome("name_and_uscc", "same_name", "clear", "名称与登记名称一致", "the name is the registered one"),
    Outcome("name_and_uscc", "licence_name", "clear", "名称与已核验执照一致", "the name is that of the licence"),
    Outcome("name_and_uscc", "former_name", "inform", "所填为曾用名", "a former name was given"),
    Outcome("name_and_uscc", "similar_name", "review", "名称与登记名称相近而不同", "like the registered name, not it"),
    Outcome(
        "name_and_uscc", "other_name", "review",
        "名称与该信用代码的登记名称不符，可能冒用", "another name than the code's; perhaps somebody else's code",
    ),
    Outcome("name_and_uscc", "repaired_code", "review", "信用代码经纠错，须核对", "the code was repaired; ask again"),
    Outcome(
        "name_and_uscc", "code_check_failed", "review",
        "信用代码校验不通过，须核对执照", "the credit code fails its check; look at the licence",
    ),
    Outcome("name_and_uscc", "no_name", "unknown", "未提供名称", "no name was given"),
    Outcome("name_and_uscc", "no_code", "unknown", "未提供统一社会信用代码", "no credit code was given"),
    Outcome("name_and_uscc", "nothing_to_compare", "unknown", "没有可比对的登记名称", "no registered name at hand"),
    Outcome("name_and_uscc", "natural_person", NOT_CHECKED, "自然人没有登记名称", "a person has no registered name"),
    Outcome("licence", "current", "clear", "电子营业执照已核验且有效", "the electronic licence is verified"),
    Outcome("licence", "due", "unknown", "执照核验已超过规定期限", "the licence is due to be verified again"),
    Outcome("licence", "none", "unknown", "没有已核验的电子营业执照", "no licence was verified"),
    Outcome("licence", "pending", "unknown", "执照核验尚未完成", "the licence check is not finished"),
    Outcome("licence", "unreachable", "unknown", "执照核验方暂无应答", "the verifier of licences did not answer"),
    Outcome("licence", "expired", "unknown", "执照核验已过时未完成", "the licence check ran out unanswered"),
    Outcome("licence", "failed", "review", "执照核验未通过", "the licence check failed"),
    Outcome("licence", "other_code", "review", "核验的执照属于另一主体", "the licence is another subject's"),
    Outcome("licence", "revoked", "block", "执照已被吊销、注销或撤销", "the licence was revoked, or ended"),
    Outcome("licence", "no_code", "unknown", "未提供统一社会信用代码", "no credit code was given"),
    Outcome("licence", "natural_person", NOT_CHECKED, "自然人没有营业执照", "a person has no business licence"),
    Outcome(
        "display_link", "wellformed", "clear",
        "亮照链接形式有效；未向国家系统核实", "the link has the right form; the national system was not asked",
    ),
    Outcome("display_link", "other_merchant", "review", "亮照链接属于另一主体", "the link is another merchant's"),
    Outcome("display_link", "malformed", "review", "亮照链接形式无效", "the link does not have the right form"),
    Outcome("display_link", "not_given", NOT_CHECKED, "未提供亮照链接", "no link was given"),
    Outcome("successor_signals", "nothing", "clear", "与被清退主体无共享信息", "shares nothing with anyone evicted"),
    Outcome("successor_signals", "found", AS_LISTED, "与被清退主体共享多项信息", "shares signals with an evicted one"),
    Outcome("successor_signals", "not_given", NOT_CHECKED, "未提供电话、地址等信息", "no phone, address … was given"),
)  # fmt: skip
ROWS: Final = {(row.part, row.name): row for row in OUTCOMES}
PARTS: Final = tuple(dict.fromkeys(row.part for row in OUTCOMES))


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A verdict with its reason."""

    verdict: str
    zh: str
    en: str


NOT_SEARCHED: Final = Reasoned(
    "unknown",
    "所需数据源缺失或过旧，不能认定为没有问题",
    "a source is missing or too old, so this cannot be called clear",
)


@dataclass(frozen=True, slots=True)
class Part:
    """What one part found: a row of the table, its verdict (`NOT_CHECKED`: none), why, and the sources searched."""

    name: str
    outcome: str
    verdict: str
    zh: str
    en: str
    sources: Sequence[SourceState] = ()
    details: Json = field(default_factory=dict)


def part(
    name: str,
    outcome: str,
    sources: Sequence[SourceState] = (),
    gravest_entry: Reasoned | None = None,
    **details: Any,
) -> Part:
    """The part by its row; `gravest_entry` is the verdict on the gravest entry that it found.

    A source that could not be searched turns what is milder than `unknown` into `unknown`.
    """
    row = ROWS[name, outcome]
    reasoned = Reasoned(row.verdict, row.zh, row.en)
    if gravest_entry and row.verdict == AS_LISTED:
        reasoned = gravest_entry
    unsearched = any(source.status != "ok" for source in sources)
    if reasoned.verdict != NOT_CHECKED and unsearched and VERDICTS.index(reasoned.verdict) < VERDICTS.index("unknown"):
        reasoned = NOT_SEARCHED
    return Part(name, outcome, reasoned.verdict, reasoned.zh, reasoned.en, sources, details)


def verdict_of(parts: Iterable[Part], sources: Iterable[SourceState] = ()) -> str:
    """The gravest verdict of the parts that were checked; `unknown` at least where any source could not be searched."""
    unsearched = ["unknown" for source in sources if source.status != "ok"]
    return gravest([*(each.verdict for each in parts if each.verdict != NOT_CHECKED), *unsearched])


def view(checked: Part) -> Json:
    """The part as an answer has it; its age is that of the oldest source, None where one never arrived."""
    ages = [source.age_seconds for source in checked.sources]
    return {
        "part": checked.name,
        "checked": checked.verdict != NOT_CHECKED,
        "verdict": checked.verdict or None,
        "outcome": checked.outcome,
        "why": {"zh": checked.zh, "en": checked.en},
        "age_seconds": None if not ages or None in ages else max(age for age in ages if age is not None),
        "sources": [source.view() for source in checked.sources],
        **checked.details,
    }
