"""One shard of a roster: merged, monitored and screened against the snapshot, by the very code that lookups use.

Everything a shard writes can be written again: what is monitored follows from the shard before and after, tasks have
ids of their own, and the shard itself is written last, under a name that only this run has.
"""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, cast

from chalicelib.accounts.api_keys import Caller
from chalicelib.closure_tasks import open_tasks
from chalicelib.lookups import look_up_applicant, not_same_decisions
from chalicelib.lookups.rules import find_candidates
from chalicelib.monitoring import platforms_to_alert
from chalicelib.monitoring.rules import monitored_merchant
from chalicelib.registry.rules import listing
from chalicelib.reports.receive_report import DONE
from chalicelib.rosters import finish_roster_run, roster_run_queue
from chalicelib.rosters.receive_roster import Context, Item, find
from chalicelib.rosters.rules import merge_roster
from chalicelib.rosters.rules.snapshot_format import Found, Snapshot
from chalicelib.rosters.split_roster import rows_key_of
from chalicelib.storage.item_keys import government_list_keys

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

Answer = dict[str, Any]
# A merchant that was found, with the answer that a lookup gives of it.
Rows = dict[str, Answer]
SHOWN: Final = ("subject", "verdict", "relation", "score", "reasons", "listings")


class SnapshotReader:
    """A snapshot in the place of the registry's tables; items of the exchange table are read once."""

    def __init__(self, snapshot: Snapshot, exchange: "ExchangeTable") -> None:
        self._snapshot = snapshot
        self._exchange = exchange
        self._items: dict[str, Item | None] = {}

    def prefetch(self, item_ids: Iterable[str]) -> None:
        """Read these items of the exchange table at once."""
        wanted = list(dict.fromkeys(item_ids))
        self._items |= dict.fromkeys(wanted)
        self._items |= self._exchange.get_many(wanted)

    def candidates(
        self, subject_ids: Sequence[str], keys: Sequence[str], exchange_ids: Sequence[str], fresh: bool = False
    ) -> Found:
        """What one round trip to the tables would find; a snapshot is as fresh as it is."""
        assert not fresh
        found = self._snapshot.find(subject_ids, keys)
        self.prefetch(one for one in exchange_ids if one not in self._items)
        others = [item for one in exchange_ids if (item := self._items[one])]
        return Found(found.subjects, found.postings, others)

    def subjects(self, subject_ids: Iterable[str]) -> dict[str, Any]:
        """Those of the subjects that the snapshot holds, by id."""
        return self._snapshot.subjects(subject_ids)


def take_shard(context: Context, roster_id: str, shard: int, now: datetime) -> None:
    """Work off one shard of the run whose turn it is; whoever does the last one finishes the run."""
    run = find(context.exchange, roster_id)
    if run["status"] == DONE:
        finish_roster_run.hand_over(context, run, now)
        return
    if str(shard) not in finish_roster_run.shards_done(run):
        merchants = _work(context, run, shard, now)
        run = context.exchange.add_to_set(run["id"], "chunks_done", {f"{shard}:{merchants}"})
    if len(finish_roster_run.shards_done(run)) == run["chunks"]:
        finish_roster_run.finish(context, run, now)


def screen(
    snapshot: Snapshot,
    exchange: "ExchangeTable",
    feeds: Sequence[str],
    platform_id: str,
    merchants: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> Rows:
    """The merchants that match somebody listed, each with the matches that a lookup would have.

    Whom no key of the snapshot knows is done with at once; the others are looked up in the snapshot.
    """
    applicants: dict[str, find_candidates.Applicant] = {}
    for merchant_id, merchant in merchants.items():
        applicant = monitored_merchant.applicant(merchant)
        if snapshot.knows_any(*find_candidates.asked(applicant)):
            applicants[merchant_id] = applicant
    reader = SnapshotReader(snapshot, exchange)
    memories = (not_same_decisions.memory_id(platform_id, find_candidates.known_as(one)) for one in applicants.values())
    caller = Caller(platform_id, "platform", "")
    shared = [government_list_keys.SOURCES, *look_up_applicant.rule_ids(caller)]
    reader.prefetch([*shared, *memories] if applicants else [])
    rows: Rows = {}
    for merchant_id, applicant in applicants.items():
        # Both answer the same two questions; what a lookup does with the answers is the same.
        answer = look_up_applicant.look_up(cast("RegistryTable", reader), feeds, caller, applicant, now)
        if answer["matches"]:
            matches = [{field: match[field] for field in SHOWN} for match in answer["matches"]]
            rows[merchant_id] = {"merchant_id": merchant_id, "verdict": answer["verdict"], "matches": matches}
    return rows


def _work(context: Context, run: Item, shard: int, now: datetime) -> int:
    base = roster_run_queue.generation(context, run["platform_id"], run["base"])
    kept = _kept(context, run, base, shard)
    enrolled = _enrolled(context, run, shard, kept)
    rows = _rows(context, run, shard)
    after, counts = merge_roster.merge(kept, rows, run["mode"], run["received_at"], enrolled, base.get("full_at", ""))
    merchants = merge_roster.merchants(after)
    platforms_to_alert.follow(context.exchange, run["platform_id"], merge_roster.merchants(kept), merchants)
    held = context.held.current(now, run["snapshot_id"])
    found: Rows = {}
    if held:
        found = screen(held[1], context.exchange, context.feeds, run["platform_id"], merchants, now)
    changed = _judge(after, found, run["started_at"])
    _open_tasks(context, run["platform_id"], changed, now)
    told = {
        "merchants": counts.merchants, "added": counts.added, "changed": counts.changed, "removed": counts.removed,
        "kept_enrolled": counts.kept_enrolled, "outcomes_changed": len(changed), "verdicts": _tally(found),
        "snapshot_built_at": held[0]["built_at"] if held else "",
    }  # fmt: skip
    bodies = {
        "results": _lines(found.values()),
        "changed": _lines([{key: one[key] for key in one if key != "blocked"} for one in changed]),
        "counts": json.dumps(told).encode(),
        "merchants": gzip.compress(_lines([{"id": key, **after[key]} for key in sorted(after)]), 1, mtime=0),
    }
    for kind, body in bodies.items():
        key = roster_run_queue.kept_key(run["platform_id"], run["roster_id"], shard, run["shards"], kind)
        context.bucket.put(key, body)
    return counts.merchants


def _kept(context: Context, run: Item, base: Mapping[str, Any], shard: int) -> dict[str, merge_roster.Kept]:
    """The shard as the run before left it."""
    source = shard % base["shards"]
    holder = base["in"].get(str(source))
    if holder is None:
        return {}
    key = roster_run_queue.kept_key(run["platform_id"], holder, source, base["shards"], "merchants")
    body = context.bucket.get(key)
    if body is None:
        raise LookupError(f"{key} is not in the bucket")
    kept = {}
    for line in gzip.decompress(body).decode("utf-8", "surrogatepass").splitlines():
        one = json.loads(line)
        merchant_id = one.pop("id")
        if merge_roster.shard_of(merchant_id, run["shards"]) == shard:
            kept[merchant_id] = one
    return kept


def _rows(context: Context, run: Item, shard: int) -> list[tuple[str, dict[str, Any]]]:
    """What the file says of the merchants of this shard, in its order."""
    body = context.bucket.get(rows_key_of(run, shard % run["split"])) or b""
    rows = [json.loads(line) for line in body.decode("utf-8", "surrogatepass").split("\n") if line]
    return [(op, one) for op, one in rows if merge_roster.shard_of(one["id"], run["shards"]) == shard]


def _enrolled(context: Context, run: Item, shard: int, kept: Mapping[str, merge_roster.Kept]) -> dict[str, Any]:
    """What calls said of the merchants of this shard; what an earlier run took in is forgotten."""
    slots = (
        {shard % monitored_merchant.SLOTS}
        if run["shards"] >= monitored_merchant.SLOTS
        else range(shard, monitored_merchant.SLOTS, run["shards"])
    )
    items = context.exchange.get_many(f"enrolled#{run['platform_id']}#{slot:02x}" for slot in slots)
    said: dict[str, Any] = {}
    for item_id, item in items.items():
        for field, one in item.items():
            merchant_id = field.removeprefix(monitored_merchant.SLOT)
            if (
                not field.startswith(monitored_merchant.SLOT)
                or merge_roster.shard_of(merchant_id, run["shards"]) != shard
            ):
                continue
            if kept.get(merchant_id, {}).get("at", "") >= one["at"]:
                context.exchange.forget_field(item_id, field, one)
            else:
                said[merchant_id] = one
    return said


def _judge(after: Mapping[str, merge_roster.Kept], found: Rows, at: str) -> list[Answer]:
    """Note in each merchant how it was found and since when; those of which that has changed.

    `blocked` are the listings that block now and did not block before.
    """
    changed = []
    for merchant_id, one in after.items():
        if "gone" in one:
            continue
        row, before = found.get(merchant_id), one.get("o", {})
        if row is None:
            if one.pop("o", None):
                changed.append({"merchant_id": merchant_id, "verdict": "clear", "was": before["v"], "since": at})
            continue
        sign, blocks = _sign(row), _blocking(row)
        row["since"] = before["s"] if before.get("f") == sign else at
        one["o"] = {"v": row["verdict"], "f": sign, "s": row["since"], "b": blocks}
        if before.get("f") != sign:
            blocked = [one for one in blocks if one not in before.get("b", ())]
            changed.append({**row, "was": before.get("v", "clear"), "blocked": blocked})
    return changed


def _open_tasks(context: Context, platform_id: str, changed: Iterable[Answer], now: datetime) -> None:
    """A listing that stood before the merchant was found asks the platform what a new one would have asked."""
    for row in changed:
        for match in row.get("matches", ()):
            standing = [one["listing_id"] for one in match["listings"] if one["listing_id"] in row["blocked"]]
            subject = context.registry.subject(match["subject"]["subject_id"]) if standing else None
            for listing_id in standing:
                known = (subject or {"listings": {}})["listings"].get(listing_id)
                if subject is None or known is None or known["state"] != listing.ACTIVE:
                    continue  # ended since the snapshot was built
                change = open_tasks.current_change(context.task_context.changes, known)
                # One that has no number yet is still to be announced, and finds the merchant by what is monitored.
                if change:
                    merchants = (row["merchant_id"],)
                    recipient = platforms_to_alert.Recipient(platform_id, "roster", merchants, match["relation"])
                    open_tasks.open_task_for(context.task_context, subject, change, recipient, now)


def _sign(row: Answer) -> str:
    """What makes an outcome another one: who matches, how, by which listings, with which verdict."""
    told = []
    for match in row["matches"]:
        listings = sorted(f"{one['listing_id']}.{one['revision']}.{one['verdict']}" for one in match["listings"])
        told.append([match["subject"]["subject_id"], match["relation"], match["verdict"], *listings])
    told.sort()
    return blake2b(json.dumps([row["verdict"], told]).encode(), digest_size=9).hexdigest()


def _blocking(row: Answer) -> list[str]:
    return [one["listing_id"] for match in row["matches"] for one in match["listings"] if one.get("verdict") == "block"]


def _tally(found: Rows) -> dict[str, int]:
    tally: dict[str, int] = {}
    for row in found.values():
        tally[row["verdict"]] = tally.get(row["verdict"], 0) + 1
    return tally


def _lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    texts = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows]
    return "".join(texts).encode("utf-8", "surrogatepass")
