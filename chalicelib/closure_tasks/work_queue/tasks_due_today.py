"""How many open tasks of a platform are due by the end of a day, read from few items; None where few do not say it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.closure_tasks.open_index.open_tasks import due_blocks, tasks_of
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# One BatchGetItem reads so many blocks, of up to 50 tasks each; for more the count is left open.
MOST_BLOCKS: Final = 20


@dataclass(frozen=True, slots=True)
class DueToday:
    """How many open tasks are due by the end of today in China, and how many of them are late already."""

    count: int
    late: int


def count_due_today(exchange: "ExchangeTable", platform_id: str, now: datetime) -> DueToday | None:
    """The tasks that are late or due today; None where they are spread over more than 20 blocks of the index.

    Two items, one more for each 5,000 tasks that the platform was ever sent, and 20 blocks at most. The day of a
    deadline is that in UTC: 24:00 in China is 16:00 of the same date.
    """
    today = china_date(now)
    keys = {block.key for block in due_blocks(exchange, [platform_id]) if block.day <= today}
    if len(keys) > MOST_BLOCKS:
        return None
    blocks = exchange.get_many(sorted(keys)) if keys else {}
    due = [task for item in blocks.values() for task in tasks_of(item) if task.day <= today]
    return DueToday(len(due), sum(task.due_at < iso(now) for task in due))
