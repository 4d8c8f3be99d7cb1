"""Watch for probing, once an hour and sooner where much was asked: a platform's lookups against others' and its past.

The figures of today and of the day before are made again, those of a week ago once more when that day is over. A run
that is out of time goes on with the next tick, at the platform at which it was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.roles import Role
from chalicelib.notices.push_notices import NoticeSender, send_to_regulators
from chalicelib.probing import count_figures, slow_keys
from chalicelib.probing.count_figures import WEEK, Sampled, days_until
from chalicelib.probing.rules import code_sequences, suspicion
from chalicelib.probing.rules.lookup_figures import LookupFigures, total
from chalicelib.probing.rules.probing_notice import probing_notice
from chalicelib.probing.rules.suspicion import Compared, Signal
from chalicelib.storage.item_keys import probing_keys
from chalicelib.storage.lease import lease
from chalicelib.storage.set_aside import SetAside, setting_aside
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

JOB: Final = "probing"
# The own past: four weeks that end a week before the weeks that are judged.
PAST: Final = range(3 * WEEK, 7 * WEEK)
ALL_DAYS: Final = 7 * WEEK
# A platform of which a regulator was notified is named again after a week, or for another reason.
NOTIFIED_AGAIN: Final = WEEK
# Within the hour figures are made again where there are so many more lookups, and by such a part more.
GOOD_DEAL, MORE_BY = 20, 0.2
Days = Mapping[str, LookupFigures]


@dataclass(frozen=True, slots=True)
class Watched:
    """How many platforms' figures one run made, and how many it found to be probing."""

    platforms: int = 0
    findings: int = 0


def watch(sender: NoticeSender, now: datetime, time_is_left: Callable[[], bool]) -> Watched:
    """Make the figures that are due, and notify the regulators of what looks like probing.

    Those of a platform are due once an hour where it has asked since, and sooner where it has asked a good deal more.
    """
    exchange = sender.exchange
    with lease(exchange, JOB, now) as ours:
        if not ours:
            return Watched()
        progress = exchange.get(probing_keys.WATCHED_UNTIL) or {}
        hour, today = iso(now)[:13], china_date(now)
        begun = _days_begun(str(progress.get("day", _before(today, 1))), today)
        least_more = 1 if progress.get("hour") != hour else GOOD_DEAL
        ids = platforms.ids_with_role(exchange, Role.PLATFORM)
        counted = 0
        # The day before each that has begun once more: it was not over when its figures were last made.
        for day in sorted({today, *(_before(day, 1) for day in begun)}):
            for platform_id in _due(exchange, ids, day, least_more):
                if not time_is_left():
                    return Watched(counted)
                with setting_aside(exchange, _wrong(platform_id, day, now)):
                    _count_day(exchange, platform_id, day, now)
                counted += 1
        for day in begun:
            _settle_day(exchange, ids, _before(day, WEEK), now)
        findings = _judge_all(sender, ids, today, now) if counted or least_more == 1 else 0
        exchange.put({"id": probing_keys.WATCHED_UNTIL, "hour": hour, "day": today})
        return Watched(counted, findings)


def read_figures(
    exchange: "ExchangeTable", ids: Sequence[str], days: Sequence[str]
) -> dict[str, dict[str, LookupFigures]]:
    """The figures of these platforms and days, by platform and day; days without lookups are left out."""
    keys = {probing_keys.figures(day, platform_id): (platform_id, day) for platform_id in ids for day in days}
    read: dict[str, dict[str, LookupFigures]] = {}
    for item_id, item in exchange.get_many(keys).items():
        platform_id, day = keys[item_id]
        read.setdefault(platform_id, {})[day] = _from_item(item)
    return read


def _due(exchange: "ExchangeTable", ids: Sequence[str], day: str, least_more: int) -> list[str]:
    """The platforms that have made so many more lookups on that day since its figures were made, and within the hour
    a fifth more too, so that a day of steady lookups costs some fifty counts at most."""
    made = read_figures(exchange, ids, [day])
    usage = count_figures.read_usage(exchange, day, ids)
    before = {platform_id: days[day].lookups for platform_id, days in made.items()}
    share = 0 if least_more == 1 else MORE_BY
    return [
        ident
        for ident, item in sorted(usage.items())
        if count_figures.lookups_of(item) - (judged_at := before.get(ident, 0)) >= max(least_more, share * judged_at)
    ]


def _count_day(exchange: "ExchangeTable", platform_id: str, day: str, now: datetime) -> None:
    usage = count_figures.read_usage(exchange, day, [platform_id])[platform_id]
    before = read_figures(exchange, [platform_id], [day]).get(platform_id, {}).get(day, LookupFigures())
    figures = count_figures.count_day(exchange, platform_id, day, usage, now)
    _save(exchange, platform_id, day, figures.replace(finding=before.finding))


def _settle_day(exchange: "ExchangeTable", ids: Sequence[str], day: str, now: datetime) -> None:
    for platform_id, days in read_figures(exchange, ids, [day]).items():
        with setting_aside(exchange, _wrong(platform_id, day, now)):
            _save(exchange, platform_id, day, count_figures.settle(exchange, platform_id, day, days[day]))


def _judge_all(sender: NoticeSender, ids: Sequence[str], today: str, now: datetime) -> int:
    """Judge each platform; how many look like probing that did not before."""
    figures = read_figures(sender.exchange, ids, days_until(today, ALL_DAYS))
    windows = {platform_id: _windows(days, today) for platform_id, days in figures.items()}
    findings = 0
    for platform_id, own in windows.items():
        with setting_aside(sender.exchange, _wrong(platform_id, today, now)):
            others = [of_other for other, of_other in windows.items() if other != platform_id]
            signals = [
                signal
                for place, (name, figures_of_own, past) in enumerate(own)
                for signal in suspicion.signals(
                    Compared(name, figures_of_own, [of_other[place][1] for of_other in others], past)
                )
            ]
            if signals and _is_new(figures[platform_id], signals, today):
                _report(sender, platform_id, today, figures[platform_id], signals, now)
                findings += 1
    return findings


def _windows(days: Days, today: str) -> list[tuple[str, LookupFigures, LookupFigures]]:
    """What is judged, each with the own past: the day and the week until now, and those a week earlier as their
    lookups turned out."""
    before = _before(today, WEEK)
    past = _sum(days, [_before(today, back) for back in PAST])
    return [
        ("day", _sum(days, [today]), past),
        ("week", _sum(days, days_until(today, WEEK)), past),
        ("settled_day", _sum(days, [before]).settled_figures(), past.settled_figures()),
        ("settled_week", _sum(days, days_until(before, WEEK)).settled_figures(), past.settled_figures()),
    ]


def _report(
    sender: NoticeSender, platform_id: str, today: str, days: Days, signals: Sequence[Signal], now: datetime
) -> None:
    """Notify the regulators, slow the keys where the rule says so, and keep the finding, last of all."""
    exchange = sender.exchange
    sampled = count_figures.read_sample(exchange, platform_id, days_until(today, 2 * WEEK))
    key_ids = slow_keys.keys_of(sampled, _suspicious(exchange, platform_id, sampled, signals))
    rule = slow_keys.read_rule(exchange)
    until = slow_keys.slow(exchange, key_ids, rule, now) if rule.slows else ""
    content: Json = {"signals": [signal.to_json() for signal in signals], "key_ids": key_ids}
    content |= {"figures": _sum(days, days_until(today, WEEK)).view(), **({"slowed_until": until} if until else {})}
    send_to_regulators(sender, probing_notice(platform_id, today, iso(now), content), now)
    finding = {"at": iso(now), **{name: value for name, value in content.items() if name != "figures"}}
    _save(exchange, platform_id, today, days.get(today, LookupFigures(checked_at=iso(now))).replace(finding=finding))


def _suspicious(
    exchange: "ExchangeTable", platform_id: str, sampled: Sequence[Sampled], signals: Sequence[Signal]
) -> frozenset[str]:
    """What of the sample the signals are about, by id."""
    asked = [each for request in sampled for each in request.asked]
    names = {signal.name for signal in signals}
    ids = {each.asked_id for each in asked}
    if suspicion.IN_SEQUENCE in names:
        return code_sequences.in_sequence(ids, 1.0)
    if suspicion.PERSONAL in names:
        return frozenset(each.asked_id for each in asked if each.personal)
    if suspicion.MANY_HITS in names:
        return frozenset(each.asked_id for each in asked if each.hit)
    absent = count_figures.find_absent(exchange, platform_id, sampled).absent
    return frozenset(each.asked_id for each in absent)


def _is_new(days: Days, signals: Sequence[Signal], today: str) -> bool:
    """Whether no finding of the last week has said as much."""
    told = {
        signal["signal"]
        for day in days_until(today, NOTIFIED_AGAIN)
        if day in days and days[day].finding
        for signal in days[day].finding["signals"]
    }
    return not {signal.name for signal in signals} <= told


def _sum(days: Days, span: Sequence[str]) -> LookupFigures:
    return total(days[day] for day in span if day in days)


def _days_begun(last: str, today: str) -> list[str]:
    """The days that have begun since the last run, a fortnight of them at most."""
    return [day for day in reversed(days_until(today, 2 * WEEK)) if day > last]


def _wrong(platform_id: str, day: str, now: datetime) -> SetAside:
    return SetAside(at=iso(now), job=JOB, origin=day, record_id=platform_id)


def _before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()


def _from_item(item: Json) -> LookupFigures:
    return LookupFigures.from_item({name: value for name, value in item.items() if name not in ("id", "expires_at")})


def _save(exchange: "ExchangeTable", platform_id: str, day: str, figures: LookupFigures) -> None:
    kept = datetime.fromisoformat(f"{day}T00:00:00+00:00") + probing_keys.FIGURES_KEPT
    item = {"id": probing_keys.figures(day, platform_id), **figures.to_item(), "expires_at": int(kept.timestamp())}
    exchange.put(item)
