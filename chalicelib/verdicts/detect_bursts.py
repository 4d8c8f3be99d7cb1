"""The guard against poisoning at work: what each platform files is counted by day, trade and region, and bursts stand
until they are over or a regulator lifts them.

A chunk is counted with its mark in one write before it is saved, and the mark is taken off once the report itself knows
that the chunk is done. So a chunk that comes twice is counted once, and after the last one the bursts that stand are
those that the counters bear out, in whatever order the chunks came.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import Conflict, NotFound
from chalicelib.notices import push_notices
from chalicelib.notices.push_notices import NoticeSender
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import listing_source
from chalicelib.registry.rules.subject_changes import Listed, Unguarded
from chalicelib.values.masking import mask_personal
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts.rules import burst_thresholds, decide_verdict
from chalicelib.verdicts.rules.burst_notice import burst_notice
from chalicelib.verdicts.rules.decide_verdict import BURST, RULING_ID

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

KEPT_DAYS: Final = 60


def count(
    sender: NoticeSender, report: Mapping[str, Any], number: int, changes: Sequence[Listed], now: datetime
) -> None:
    """Count what a chunk files, and let bursts stand or fall by it. What a regulator files is not counted."""
    if not _is_counted(report):
        return
    identities = [change.identity for change in changes]
    amounts = burst_thresholds.counted(identities)
    day = _day(report)
    expires_at = int((datetime.fromisoformat(report["received_at"]) + timedelta(days=KEPT_DAYS)).timestamp())
    item_id = _filed_id(report["platform_id"], day)
    item = sender.exchange.count_once(
        item_id, {"in_all": len(identities), **amounts}, _mark(report, number), expires_at
    )
    # The whole report counts from its first chunk on, so that a file sorted by region is no burst.
    in_all = max(item["in_all"], report.get("accepted", 0))
    for key in sorted({*amounts, *item.get("standing", ())}):
        _weigh(sender, item, key, in_all, report["platform_id"], day, now)


def settle(exchange: "ExchangeTable", report: Mapping[str, Any], number: int) -> None:
    """Take off the mark of a chunk that its report knows to be done."""
    if _is_counted(report):
        exchange.take_from_set(_filed_id(report["platform_id"], _day(report)), "marks", {_mark(report, number)})


def standing(exchange: "ExchangeTable") -> list[dict[str, Any]]:
    """The bursts that stand, by platform and day."""
    ruling = exchange.get(RULING_ID) or {}
    return [dict(value) for key, value in sorted(ruling.items()) if key.startswith(BURST)]


def low_trust(exchange: "ExchangeTable") -> list[str]:
    """The platforms whose lone reports go to review."""
    return sorted(decide_verdict.read_rules([exchange.get(RULING_ID) or {"id": RULING_ID}], "").alarms.low)


def lift_burst(exchange: "ExchangeTable", guard_id: str, by: Caller, why: str, now: datetime) -> dict[str, Any]:
    """Say that a burst is none; its listings count in full from this call on. `NotFound` for one that never stood."""
    kept = exchange.get(f"guard#{guard_id}")
    found = next((one for one in standing(exchange) if one["guard_id"] == guard_id), None)
    if found is None and kept is None:
        raise NotFound("not_found", guard_id=guard_id[:40])
    lifted = {"lifted_by": by.platform_id, "lifted_at": iso(now), "why": mask_personal(why)[0]}
    item: dict[str, Any] = kept or {"id": f"guard#{guard_id}", **(found or {}), **lifted}
    exchange.put_new(item)
    # First that it may not stand again, then that it stands no more.
    filed = _filed_id(item["platform_id"], item["day"])
    exchange.add_to_set(filed, "lifted", {item["key"]})
    exchange.remove_field(RULING_ID, _burst_field(item["platform_id"], item["day"], item["key"]))
    exchange.take_from_set(filed, "standing", {item["key"]})
    return {field: value for field, value in item.items() if field != "id"}


def lift(
    registry: "RegistryTable", exchange: "ExchangeTable", by: Caller, listing_id: str, why: str, now: datetime
) -> dict[str, Any]:
    """Lift the guard from one listing, with its history; doing it twice is fine. `Conflict` where none holds."""
    subject_id = listings.subject_of(listing_id)
    subject = registry.subject(subject_id) if subject_id else None
    listing = subject["listings"].get(listing_id) if subject else None
    if subject is None or listing is None:
        raise NotFound("not_found", listing_id=listing_id)
    if not listing.get("guard_lifted"):
        ruling = exchange.get(RULING_ID) or {"id": RULING_ID}
        alarms = decide_verdict.read_rules([ruling], "").alarms
        held = burst_thresholds.guard_of(listing, subject, alarms, china_date(now))
        if held is None or listing["state"] != listings.ACTIVE:
            raise Conflict("not_guarded", listing_id=listing_id)
        who = listing_source.regulator(by.platform_id)
        lifted = Unguarded(subject_id, listing_id, held.name, iso(now), who, mask_personal(why)[0])
        subject = registry.save(lifted, subject, just_read=True) or subject
    found = subject["listings"][listing_id]
    shown = listings.view(found, by.role, by.platform_id)
    return {**shown, "guard_lifted": found.get("guard_lifted", ""), "history": found["history"]}


def _weigh(
    sender: NoticeSender, item: Mapping[str, Any], key: str, in_all: int, platform_id: str, day: str, now: datetime
) -> None:
    stands = key in item.get("standing", ())
    filed = item.get(key, 0)
    may_be = burst_thresholds.may_be_burst(filed, in_all) and key not in item.get("lifted", ())
    if may_be and not stands:
        before = _days_before(sender.exchange, platform_id, day, key)
        if burst_thresholds.is_burst(filed, in_all, before):
            _stand(sender, item["id"], _burst(platform_id, day, key, filed, in_all, before, now), now)
    elif stands and not may_be:
        sender.exchange.remove_field(RULING_ID, _burst_field(platform_id, day, key))
        sender.exchange.take_from_set(item["id"], "standing", {key})


def _stand(sender: NoticeSender, item_id: str, burst: Mapping[str, Any], now: datetime) -> None:
    sender.exchange.upsert(RULING_ID, {_burst_field(burst["platform_id"], burst["day"], burst["key"]): dict(burst)})
    push_notices.send_to_regulators(sender, *burst_notice(burst), now)
    # Last, so that whoever comes after a death in between does all of it again.
    sender.exchange.add_to_set(item_id, "standing", {burst["key"]})


def _burst(
    platform_id: str, day: str, key: str, filed: int, in_all: int, before: Sequence[int], now: datetime
) -> dict[str, Any]:
    what = f"{platform_id}|{day}|{key}"
    return {
        "guard_id": "g_" + hashlib.sha256(what.encode()).hexdigest()[:16],
        "platform_id": platform_id,
        "day": day,
        "key": key,
        "filed": filed,
        "in_all": in_all,
        "busiest_before": max(before, default=0),
        "at": iso(now),
    }


def _days_before(exchange: "ExchangeTable", platform_id: str, day: str, key: str) -> list[int]:
    today = date.fromisoformat(day)
    days = ((today - timedelta(days=back)).isoformat() for back in range(1, burst_thresholds.BURST_DAYS + 1))
    found = exchange.get_many(_filed_id(platform_id, one) for one in days).values()
    return [int(item.get(key, 0)) for item in found]


def _is_counted(report: Mapping[str, Any]) -> bool:
    return not listing_source.scope(report)


def _day(report: Mapping[str, Any]) -> str:
    return china_date(datetime.fromisoformat(report["received_at"]))


def _mark(report: Mapping[str, Any], number: int) -> str:
    return f"{report['report_id']}.{number}"


def _filed_id(platform_id: str, day: str) -> str:
    return f"filed#{platform_id}#{day}"


def _burst_field(platform_id: str, day: str, key: str) -> str:
    return f"{BURST}{platform_id}:{day}:{key}"
