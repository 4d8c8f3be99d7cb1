"""The onboarding checks of a platform, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.onboarding.rules.onboarding_receipt import OnboardingReceipt
from chalicelib.storage import day_log
from chalicelib.storage.day_log import DayLog, DaySpan, Entry
from chalicelib.storage.item_keys import lookup_keys, numbered_log_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


@dataclass(frozen=True, slots=True)
class ListedCheck:
    """An onboarding check by the number of its receipt."""

    number: str
    receipt: OnboardingReceipt

    def view(self) -> Json:
        """The check as its list shows it: the verdict, and who was checked."""
        answer = self.receipt.answer()
        named = ("merchant_id", "uscc", "unverified_uscc", "not_checked", "enrolled")
        return {
            "receipt": self.number,
            "platform_id": self.receipt.platform_id,
            "checked_at": self.receipt.at,
            "verdict": self.receipt.verdict,
            "matches": len(self.receipt.relations),
            **{field: answer[field] for field in named if field in answer},
        }


@dataclass(frozen=True, slots=True)
class OnboardingCheckPage:
    """A page of onboarding checks; `next` is the cursor to read on from, '' at the end."""

    checks: list[ListedCheck]
    next: str


def list_onboarding_checks(
    exchange: "ExchangeTable", platform_id: str, verdict: str, span: DaySpan, limit: int
) -> OnboardingCheckPage:
    """The checks that a platform made on the days of a span; `verdict` is '' for any.

    One read unit for each day that is passed, and for each check one and those of its receipt (1 KB to 4 KB: one).
    """

    def wanted(entries: Sequence[Entry]) -> list[ListedCheck | None]:
        numbers = [str(entry.item["entry_id"]) for entry in entries]
        items = exchange.get_many(lookup_keys.onboarding_receipt(number) for number in numbers)
        return [_fitting(number, items.get(lookup_keys.onboarding_receipt(number)), verdict) for number in numbers]

    return OnboardingCheckPage(*day_log.read_back(exchange, _log(platform_id), span, wanted, limit))


def draw_place(exchange: "ExchangeTable", platform_id: str, now: datetime) -> int:
    """The next number in the list of a platform's day."""
    return day_log.draw(exchange, _log(platform_id), china_date(now))


def enter(exchange: "ExchangeTable", platform_id: str, place: int, number: str, now: datetime) -> None:
    """Enter a check, by the number of its receipt, into the list of its platform at a number that was drawn."""
    entry = Entry(china_date(now), place, {"entry_id": number})
    day_log.enter_expiring(exchange, _log(platform_id), entry, now)


def _fitting(number: str, item: Json | None, verdict: str) -> ListedCheck | None:
    receipt = OnboardingReceipt.from_item(item) if item else None
    return ListedCheck(number, receipt) if receipt and verdict in ("", receipt.verdict) else None


def _log(platform_id: str) -> DayLog:
    return day_log.expiring_log_of(numbered_log_keys.onboarding_log_name(platform_id))
