"""Draw two hundred requests of each platform's day, to be looked at later: each as likely as any other.

The number of the request in its day comes with the count that is made of it anyway, so that drawing reads nothing; what
was drawn is written beside the request and never before its answer.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.probing.rules.asked import Asked, counts
from chalicelib.storage.item_keys import closure_task_keys, probing_keys
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.accounts.request_limits import Background
    from chalicelib.storage.exchange_table import ExchangeTable

PLACES: Final = 200
MOST_OF_A_REQUEST: Final = 100
Draw = Callable[[int], int]


def keep_sample(
    exchange: "ExchangeTable",
    background: "Background",
    caller: Caller,
    asked: Sequence[Asked],
    request: int,
    now: datetime,
) -> None:
    """Keep the lookups of a request where it is drawn; `request` is its number in the day, from 1 on."""
    place = draw(request)
    if place is None or not asked:
        return
    day = china_date(now)
    item = {
        "id": probing_keys.sample(day, caller.platform_id, place),
        "key_id": caller.key_id,
        "entries": [each.entry() for each in asked[:MOST_OF_A_REQUEST]],
        "expires_at": int((now + probing_keys.SAMPLE_KEPT).timestamp()),
    }
    background(lambda: exchange.put(item))


def count_beside(exchange: "ExchangeTable", caller: Caller, asked: Asked, now: datetime) -> None:
    """Count what is no lookup and tells as much, an onboarding check or a merchant asked for by its code, and keep it
    where it is drawn. To be called beside the request."""
    kind = "checks" if asked.check else "by_code"
    usage_id = closure_task_keys.usage(china_date(now), caller.platform_id)
    counted = exchange.add(usage_id, {kind: 1, **counts([asked])})
    keep_sample(exchange, _at_once, caller, [asked], int(counted["requests"]), now)


def _at_once(work: Callable[[], None]) -> None:
    work()


def draw(request: int, below: Draw = secrets.randbelow) -> int | None:
    """The place of a request in the sample, in that of another; None where it is not drawn (Vitter's algorithm R)."""
    if request <= PLACES:
        return request - 1
    place = below(request)
    return place if place < PLACES else None
