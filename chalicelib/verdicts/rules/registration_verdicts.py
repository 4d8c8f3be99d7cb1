"""Which verdict follows from the status that the register gives of a merchant: one table, for lookups and onboarding.

Law: 电子商务法 10 (who must register), 27 (a platform verifies who joins it).
"""

from dataclasses import dataclass
from typing import Final

NOT_CHECKED: Final = ""
# An entry is judged by its own rule and brings the verdict with it.
AS_LISTED: Final = "as listed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row: what a part may find, and the verdict that follows (`NOT_CHECKED`: none), in zh and en."""

    part: str
    name: str
    verdict: str
    zh: str
    en: str


REGISTRATION: Final = (
    Outcome("registration", "operating", "clear", "登记状态为在营", "the register says that it operates"),
    Outcome("registration", "moved_out", "inform", "已迁出原登记机关", "it moved to another registrar"),
    Outcome("registration", "suspended", "review", "登记为停业、歇业或清算", "suspended or in liquidation"),
    Outcome("registration", "deregistered", "block", "登记已注销，已无经营资格", "deregistered: it may not trade"),
    Outcome("registration", "licence_revoked", "block", "营业执照已吊销", "its business licence was revoked"),
    Outcome("registration", "registration_annulled", "block", "登记已被撤销", "its registration was annulled"),
    Outcome("registration", "status_unread", "unknown", "登记状态无法识别", "the register's status cannot be read"),
    Outcome("registration", "not_in_register", "unknown", "已接入的登记数据中没有该主体", "not in the register here"),
    Outcome("registration", "no_code", "unknown", "未提供统一社会信用代码", "no credit code was given"),
    Outcome(
        "registration", "code_check_failed", "unknown",
        "信用代码校验不通过，未在登记数据中核实", "the credit code fails its check and was not found in the register",
    ),
    Outcome(
        "registration", "natural_person", "inform",
        "自然人依法可不登记，须核对其不需登记的声明",
        "a natural person may be exempt from registering; see its declaration (电子商务法 10)",
    ),
)  # fmt: skip
BY_STATUS: Final = {row.name: row for row in REGISTRATION}
