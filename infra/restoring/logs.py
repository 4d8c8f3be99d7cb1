"""What the exchange of an earlier moment needs before it is used, and what of the time since is lost.

Read from the tables that were in use: they stay as they are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.platforms import Platform
from chalicelib.accounts.roles import Role
from chalicelib.storage.exchange_table import ExchangeTable
from chalicelib.storage.item_keys import account_keys, numbered_log_keys, report_keys, roster_keys
from chalicelib.storage.numbered_log import NumberedLog
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso
from infra.restoring.record import Restore

PAGE: Final = 100
UNFINISHED: Final = "(begins_with(id, :report) OR begins_with(id, :roster)) AND #status IN (:received, :processing)"
# Lists of the report name so many.
MOST_NAMED: Final = 200


@dataclass(frozen=True, slots=True)
class Exchanges:
    """The exchange table in use before, and the restored one in its new epoch."""

    before: ExchangeTable
    after: ExchangeTable

    @classmethod
    def of(cls, tables: Any, restore: Restore) -> "Exchanges":
        """The tables of a restore."""
        before = ExchangeTable(tables, restore.before("exchange"), restore.epoch - 1)
        return cls(before, ExchangeTable(tables, restore.after("exchange"), restore.epoch))


def begin_epoch(exchanges: Exchanges, epoch: int) -> dict[str, int]:
    """Note in every log where it ended at the moment; the places, by log. Safe to repeat."""
    ids = [each.platform_id for each in platforms.find_all(exchanges.after)]
    return {name: NumberedLog(exchanges.after, name).cut(epoch) for name in numbered_log_keys.logs_read_by_cursor(ids)}


def lost(exchanges: Exchanges, ends: Mapping[str, int]) -> Json:
    """What the tables in use before have and the restored ones do not, by participant."""
    were = {each.platform_id: each for each in platforms.find_all(exchanges.before)}
    are = {each.platform_id: each for each in platforms.find_all(exchanges.after)}
    changes = _lost_changes(exchanges.before, ends.get(numbered_log_keys.CHANGES, 0))
    participants = {}
    for platform_id, platform in were.items():
        if platform.role == Role.OPERATOR:
            continue
        logs = {
            "notices": numbered_log_keys.notice_log_name(platform_id),
            "tasks": numbered_log_keys.task_log_name(platform_id),
            "disputes": numbered_log_keys.dispute_log_name(platform_id),
            "displays": numbered_log_keys.display_log_name(platform_id),
        }
        counts = {what: NumberedLog(exchanges.before, name).length() - ends.get(name, 0) for what, name in logs.items()}
        counts["changes"] = changes[f"platform:{platform_id}"]
        participants[platform_id] = {what: count for what, count in counts.items() if count > 0}
    return {
        "changes": sum(changes.values()),
        "changes_of_government": sum(count for source, count in changes.items() if not source.startswith("platform:")),
        "participants": participants,
        "admitted_since": sorted(were.keys() - are.keys()),
        "keys_issued_since": sorted(_keys(were.values()) - _keys(are.values()))[:MOST_NAMED],
    }


def lost_since(tables: Any, restore: Restore) -> Json:
    """The same before anything is restored, by the moments that entries name."""
    exchange, moment = ExchangeTable(tables, restore.before("exchange"), restore.epoch - 1), iso(restore.moment)
    accounts = platforms.find_all(exchange)
    changes = Counter(
        str(entry["listing"]["source"]) for entry in _since(NumberedLog(exchange, numbered_log_keys.CHANGES), moment)
    )
    participants = {}
    for account in accounts:
        own = NumberedLog(exchange, numbered_log_keys.notice_log_name(account.platform_id))
        counts = {
            "notices": sum(1 for _ in _since(own, moment)),
            "changes": changes[f"platform:{account.platform_id}"],
        }
        participants[account.platform_id] = {what: count for what, count in counts.items() if count}
    ids = {name: account_keys.credential(name.rpartition(" ")[2]) for name in _keys(accounts)}
    keys = exchange.get_many(ids.values())
    return {
        "changes": sum(changes.values()),
        "changes_of_government": sum(count for source, count in changes.items() if not source.startswith("platform:")),
        "participants": participants,
        "admitted_since": [each.platform_id for each in accounts if each.created_at > moment],
        "keys_issued_since": [name for name, item in ids.items() if keys.get(item, {}).get("created_at", "") > moment],
    }


def _since(log: NumberedLog, moment: str) -> Iterator[Json]:
    """The entries after a moment, by pages from the end on."""
    end = log.length()
    while end > 0:
        start = max(0, end - PAGE)
        entries = [entry for entry in log.read(start, end - start) if str(entry["at"]) > moment]
        yield from entries
        if len(entries) < end - start:
            return
        end = start


def _keys(accounts: Iterable[Platform]) -> set[str]:
    return {f"{platform.platform_id}: {key_id}" for platform in accounts for key_id in platform.key_ids}


def _lost_changes(exchange: ExchangeTable, end: int) -> Counter[str]:
    """How many changes were numbered behind a place, by the source of the listing."""
    log, counts, after = NumberedLog(exchange, numbered_log_keys.CHANGES), Counter[str](), end
    while entries := log.read(after, PAGE):
        counts.update(str(entry["listing"]["source"]) for entry in entries)
        after = int(entries[-1]["number"])
    return counts


@dataclass(frozen=True, slots=True)
class File:
    """A file that was in work, or waited for it, at the moment: of which kind, its object, how far it was."""

    kind: str
    key: str
    is_in_work: bool


def unfinished(tables: Any, table: str) -> Iterator[File]:
    """The files that were in work or waited at the moment.

    Reads the whole table, which costs half a read unit for each 4 KB.
    """
    pages = tables.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression=UNFINISHED,
        ProjectionExpression="id, #key, #status",
        ExpressionAttributeNames={"#status": "status", "#key": "key"},
        ExpressionAttributeValues={
            ":report": {"S": report_keys.report("")},
            ":roster": {"S": roster_keys.roster("")},
            ":received": {"S": "received"},
            ":processing": {"S": "processing"},
        },
    )
    for page in pages:
        for item in page["Items"]:
            if item.get("key", {}).get("S"):
                kind = item["id"]["S"].partition("#")[0]
                yield File(kind, item["key"]["S"], item["status"]["S"] == "processing")


def send_runs_again(exchange: ExchangeTable) -> int:
    """Have the run over each platform's roster that was active sent to its workers again; how many."""
    count = 0
    for platform_id in platforms.ids_with_role(exchange, Role.PLATFORM):
        active = str((exchange.get(roster_keys.roster_state(platform_id)) or {}).get("active", ""))
        if active:
            count += exchange.set_fields(roster_keys.roster(active), {"sent": False})
    return count
