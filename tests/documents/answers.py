"""Holds an answer against the printed one: the same keys, the same lengths of lists, the same stable values.

Lists are the same in any order.

In what is printed `…` leaves something out: as a text it stands for any value, as the last member of an object for more
members, as the last entry of a list for more entries, inside a text for the rest of it. Times, days, ids, keys, digests
and ports differ at each start and are held by their form alone.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

MORE = "…"
# Never compared: random or of the moment (`calendar`: whether the holidays on the way are announced yet; `p50_days`,
# `p95_days`: how long ago the evictions of the documents were, whose days are fixed).
UNSTABLE = {
    "age_seconds",
    "calendar",
    "nonce",
    "p50_days",
    "p95_days",
    "policy",
    "svg",
    "x-amz-signature",
    "seconds_left",
    "merchants_a_second",
}
FORMS = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"), "<time>"),
    (re.compile(r"\b\d{8}T\d{6}Z"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "<day>"),
    (re.compile(r"\b20\d{6}\b"), "<day>"),
    (re.compile(r"\b\d{4}年\d{1,2}月\d{1,2}日"), "<day>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1"),
    (re.compile(r"\blf_[0-9a-f]+_[\w-]+"), "<key>"),
    (re.compile(r"(?<![0-9a-zA-Z])([a-z]{1,2})_[0-9a-f]{16,}\b"), r"\1_<id>"),
    (re.compile(r"(?<![0-9a-zA-Z])[0-9a-f]{12,}(?![0-9a-zA-Z])"), "<hex>"),
)
LEFT_OUT = (
    (re.compile(r"\{\s*…\s*\}"), '{"…": "…"}'),
    (re.compile(r"\[\s*…\s*\]"), '["…"]'),
    (re.compile(r",\s*…\s*\}"), ', "…": "…"}'),
    (re.compile(r",\s*…\s*\]"), ', "…"]'),
)


def parse_printed(text: str) -> Any:
    """A printed JSON answer, with what it leaves out as members and entries named `…`; raises `ValueError`."""
    for pattern, replacement in LEFT_OUT:
        text = pattern.sub(replacement, text)
    return json.loads(text)


def stable(text: str) -> str:
    """A text with everything that differs at each start replaced by its form."""
    for pattern, form in FORMS:
        text = pattern.sub(form, text)
    return text


def differences(printed: Any, answered: Any, path: str = "") -> Iterator[str]:
    """One line for each place where the answer is not as printed."""
    if printed == MORE:
        return
    if isinstance(printed, dict) and isinstance(answered, dict):
        yield from _differences_of_objects(printed, answered, path)
    elif isinstance(printed, list) and isinstance(answered, list):
        yield from _differences_of_lists(printed, answered, path)
    elif not same_value(printed, answered):
        yield f"{path or 'the answer'}: printed {printed!r}, answered {answered!r}"


def _differences_of_objects(printed: dict[str, Any], answered: dict[str, Any], path: str) -> Iterator[str]:
    for name in printed.keys() - answered.keys() - {MORE}:
        yield f"{path}.{name}: printed, not answered"
    if MORE not in printed:
        for name in answered.keys() - printed.keys():
            yield f"{path}.{name}: answered, not printed"
    for name in printed.keys() & answered.keys():
        if name not in UNSTABLE:
            yield from differences(printed[name], answered[name], f"{path}.{name}")


def _differences_of_lists(printed: list[Any], answered: list[Any], path: str) -> Iterator[str]:
    shown = printed[:-1] if printed[-1:] == [MORE] else printed
    if _match_in_another_order(shown, answered, whole=shown is printed):
        return
    if len(answered) < len(shown) or (shown is printed and len(answered) != len(shown)):
        yield f"{path}: {len(shown)} entries printed, {len(answered)} answered"
    for place, (entry, other) in enumerate(zip(shown, answered, strict=False)):
        yield from differences(entry, other, f"{path}[{place}]")


def _match_in_another_order(shown: list[Any], answered: list[Any], *, whole: bool) -> bool:
    """Whether each entry shown is an entry of its own of the answer; entries that have an order say it themselves."""
    if len(shown) > len(answered) or (whole and len(shown) != len(answered)):
        return False
    taken: dict[int, int] = {}

    def place(entry: int, tried: set[int]) -> bool:
        for other in range(len(answered)):
            if other not in tried and not list(differences(shown[entry], answered[other])):
                tried.add(other)
                if other not in taken or place(taken[other], tried):
                    taken[other] = entry
                    return True
        return False

    return all(place(entry, set()) for entry in range(len(shown)))


def same_value(printed: Any, answered: Any) -> bool:
    """Whether two values without parts are the same but for what differs at each start."""
    if isinstance(printed, str) and isinstance(answered, str):
        if MORE not in printed:
            return stable(printed) == stable(answered)
        # The end of the fixed part may be a cut id.
        fixed = re.sub(r"[0-9A-Za-z_-]*$", "", printed.partition(MORE)[0])
        return stable(answered).startswith(stable(fixed))
    return type(printed) is type(answered) and bool(printed == answered)


def text_differences(printed: str, answered: str) -> Iterator[str]:
    """One line for each line of a text that is not as printed; an ellipsis alone on a line ends what is shown."""
    lines, others = printed.strip().splitlines(), answered.strip().splitlines()
    if lines[-1:] == [MORE]:
        lines.pop()
        others = others[: len(lines)]
    if len(lines) != len(others):
        yield f"{len(lines)} lines printed, {len(others)} answered"
    for place, (line, other) in enumerate(zip(lines, others, strict=False)):
        if not same_value(line, other.lstrip("\ufeff")):
            yield f"line {place + 1}: printed {line!r}, answered {other!r}"
