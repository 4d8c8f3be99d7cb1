"""Kinds of items of what scheduled jobs remember: who works, and up to where all is done."""

from typing import Final

from chalicelib.storage.item_keys import scheduled_job_keys
from chalicelib.storage.item_kind import Growth, ItemKind, names

KINDS: Final = (
    ItemKind(
        name="lease",
        key=scheduled_job_keys.lease,
        fields=names("until"),
        holds="until when one worker holds the work of that name; '' when it is free",
        writer="storage",
        forms={"name": ".+"},
    ),
    ItemKind(
        name="expiry done until",
        key=scheduled_job_keys.EXPIRED_UNTIL,
        fields=names("day"),
        holds="the last day whose listings have all ended",
        writer="registry",
    ),
    ItemKind(
        name="task clocks done until",
        key=scheduled_job_keys.TASK_CLOCKS_UNTIL,
        fields=names("hour"),
        holds="the last hour (UTC) in which every task that was due is dealt with",
        writer="closure ledger",
    ),
    ItemKind(
        name="dispute clocks done until",
        key=scheduled_job_keys.DISPUTE_CLOCKS_UNTIL,
        fields=names("day"),
        holds="the last day whose late answers are all flagged",
        writer="disputes",
    ),
    ItemKind(
        name="licence reviews done until",
        key=scheduled_job_keys.LICENCES_REVIEWED_UNTIL,
        fields=names("day"),
        holds="the last day whose licences are all reviewed",
        writer="licences",
    ),
    ItemKind(
        name="shop visits done until",
        key=scheduled_job_keys.SHOPS_VISITED_UNTIL,
        fields=names("day"),
        holds="the last day whose shop pages are all visited",
        writer="displays",
    ),
    ItemKind(
        name="slow hosts of shop pages",
        key=scheduled_job_keys.SLOW_SHOP_HOSTS,
        fields=names("hosts"),
        holds="how often in a row a host of shop pages was too slow, and until when it is left alone",
        writer="displays",
        limit="bounded: 500 hosts",
        growth=(Growth("hosts", 500, 320),),
    ),
    ItemKind(
        name="recheck of tasks",
        key=scheduled_job_keys.TASK_RECHECK,
        fields=names("causes walking cursor day"),
        holds="which rules have changed, and how far the tasks on the listings that they concern were checked again",
        writer="verdicts",
        limit="bounded: 200 causes and 200 in work; past that everything is checked again",
        growth=(Growth("causes", 400, 150),),
    ),
    ItemKind(
        name="record set aside",
        key=scheduled_job_keys.set_aside,
        fields=names("entry_id number at job origin record_id change listing_id finding"),
        holds="what a loop could not save, read or send, and why",
        writer="storage",
    ),
)
