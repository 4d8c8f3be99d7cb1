"""What a page says of lookups that look like probing: the signals, the windows, and a platform's day in words."""

from typing import Final

from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.texts.listing_texts import Text
from chalicelib.handlers.console.visit import Visit
from chalicelib.values.records import Json

SIGNALS: Final[dict[str, Text]] = {
    "in_sequence": ("代码连号", "codes in sequence"),
    "odd_codes": ("编造的代码", "codes that no register issued"),
    "personal": ("按个人号码查询", "asked by numbers of persons"),
    "few_hits": ("命中过少", "too few hits"),
    "many_hits": ("命中过多", "too many hits"),
    "absent": ("查询后未入驻", "asked about, and never joined"),
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
        "signals": [signal_in_words(visit, signal) for signal in finding.get("signals", [])],
        "keys": finding.get("key_ids", []),
        "slowed_until": until if until > now else "",
    }


def signal_in_words(visit: Visit, signal: Json) -> str:
    """A signal with its share, that of the others, and the own past where that is long enough."""
    name, window = visit.t(*SIGNALS[signal["signal"]]), visit.t(*WINDOWS[signal["window"]])
    share, others = signal["share_percent"], signal["others_percent"]
    past = signal.get("past_percent")
    own = visit.t(f"，自身以往 {past}%", f", its own past {past}%") if past is not None else ""
    return (
        visit.t(f"{name}（{window}）{share}%，其他平台 {others}%", f"{name} ({window}) {share}%, others {others}%")
        + own
    )


def percent(part: int, whole: int) -> str:
    """A share in whole per cent; a dash of nothing."""
    return f"{round(100 * part / whole)}%" if whole else "—"
