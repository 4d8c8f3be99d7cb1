"""Notices to one platform alone: each is numbered in the platform's own feed first, and only then pushed.

So a platform that was away reads on from where it stopped, and sees by the number whether a push was lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.moment import iso
from chalicelib.services import admitting

if TYPE_CHECKING:
    from chalicelib.adapters.exchange_table import ExchangeTable
    from chalicelib.adapters.numbered_feed import NumberedFeed
    from chalicelib.adapters.topics import Topics

Notice = Mapping[str, Any]
Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Post:
    """Where notices go: the numbered feed of each platform, and the topics."""

    exchange: "ExchangeTable"
    notices: Callable[[str], "NumberedFeed"]
    topics: "Topics"


def tell(post: Post, platform_id: str, notice: Notice, attributes: Attributes, now: datetime) -> int:
    """Number the notice in the platform's feed and push it with that number; the number.

    The same notice told again keeps its number, and is pushed again only while nobody has pushed it.
    """
    feed = post.notices(platform_id)
    numbered = feed.append({"entry_id": notice["notice_id"], "notice": dict(notice), "at": notice["at"]})
    number = int(numbered["number"])
    if "pushed_at" not in numbered:
        post.topics.publish_private(platform_id, {**notice, "sequence": number}, attributes)
        feed.set_fields(number, {"pushed_at": iso(now)})
    return number


def tell_regulators(post: Post, notice: Notice, attributes: Attributes, now: datetime) -> None:
    """Tell every regulator."""
    for platform in admitting.everyone(post.exchange):
        if platform["role"] == "regulator":
            tell(post, platform["platform_id"], notice, attributes, now)
