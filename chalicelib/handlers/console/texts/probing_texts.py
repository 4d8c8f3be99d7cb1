"""What a page says of lookups that look like probing: the signals, the windows, and a platform's day in words."""

from typing import Final

from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.texts.listing_texts import Text
from chalicelib.handlers.console.visit import Visit
from chalicelib.values.records import Json

SIGNALS: Final[dict[str, Text]] = {
    "in_sequence": ("连续代码占比", "codes in sequence"),
    "odd_codes": ("无效代码占比", "codes that no register issued"),
    "personal": ("按个人号码查询占比", "asked by numbers of persons"),
    "few_hits": ("命中率偏低", "too few hits"),
    "many_hits": ("命中率偏高", "too many hits"),
    "absent": ("查询后未入驻占比", "asked about, and never joined"),
}
WINDOWS: Final[dict[str, Text]] = {
    "day": ("当日", "that day"),
    "week": ("七日", "seven days"),
    "settled_day": ("一周前的当日", "the day a week before"),
    "settled_week": ("一周前的七日", "seven days until a week before"),
}


def day_row(visit: Visit, day: Json, now: str) -> Json:
    """A platform's day: its figures in per cent, and where it was noticed, why and which keys."""
    figures, finding = day["figures"], day.get("finding", {})
    until = finding.get("slowed_until", "")
    return {
        "day": day["day"],
        "platform_id": day["platform_id"],
        "platform": organisations.name_of(day["platform_id"]),
        "lookups": figures["lookups"],
        "hits": percent(figures["hits"], figures["lookups"]),
        "in_sequence": percent(figures["in_sequence"], figures["codes"]),
        "personal": percent(figures["personal"], figures["lookups"]),
        "absent": percent(figures["absent"], figures["judged"]),
        "is_finding": bool(finding),
        "signals": [_signal_row(visit, signal) for signal in finding.get("signals", [])],
        "keys": finding.get("key_ids", []),
        "slowed_until": until if until > now else "",
    }


def _signal_row(visit: Visit, signal: Json) -> Json:
    """A signal with its share, that of the others, and the own past where that is long enough."""
    past = signal.get("past_percent")
    return {
        "name": visit.t(*SIGNALS[signal["signal"]]),
        "window": visit.t(*WINDOWS[signal["window"]]),
        "share": f"{signal['share_percent']}%",
        "others": f"{signal['others_percent']}%",
        "past": "—" if past is None else f"{past}%",
    }


def percent(part: int, whole: int) -> str:
    """A share in whole per cent; a dash of nothing."""
    return f"{round(100 * part / whole)}%" if whole else "—"
