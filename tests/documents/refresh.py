"""Rewrites printed answers: what still holds stays as it is, what differs is put right, what is left out stays so."""

import json
import re
from typing import Any

from tests.documents.answers import MORE, UNSTABLE, differences, parse_printed
from tests.documents.blocks import Block

WIDTH = 112  # of 120, which leaves room for what closes around


def merged(printed: Any, answered: Any) -> Any:
    """The answer as it is to be printed."""
    if not list(differences(printed, answered)):
        return printed
    if isinstance(printed, dict) and isinstance(answered, dict):
        printed = _without_what_belongs_to_another(printed, answered)
        shown = answered if MORE not in printed else {name: answered[name] for name in printed if name in answered}
        value = {name: _member(name, printed, answered) for name in shown}
        return value | ({MORE: MORE} if MORE in printed else {})
    if isinstance(printed, list) and isinstance(answered, list):
        if printed[-1:] == [MORE]:
            return [merged(*pair) for pair in _paired(printed[:-1], answered)] + [MORE]
        pairs = [merged(*pair) for pair in _paired(printed, answered)]
        return pairs + answered[len(pairs) :]
    return answered


def _paired(printed: list[Any], answered: list[Any]) -> list[tuple[Any, Any]]:
    """Each entry of the answer with the printed entry that it is nearest to."""
    left = list(printed)
    pairs = []
    for entry in answered[: len(printed)]:
        left.sort(key=lambda other: len(list(differences(other, entry))))
        pairs.append((left.pop(0), entry))
    return pairs


def _without_what_belongs_to_another(printed: dict[str, Any], answered: dict[str, Any]) -> dict[str, Any]:
    """Where a value differs the printed object is of something else: its id and its times are not kept either."""
    common = [name for name in printed if name in answered and name not in UNSTABLE]
    if all(not list(differences(printed[name], answered[name])) for name in common if not _has_parts(printed[name])):
        return printed
    return {
        name: value if _has_parts(value) or value == MORE else answered.get(name) for name, value in printed.items()
    }


def _has_parts(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(entry == MORE or _has_parts(entry) for entry in value)
    )


def _member(name: str, printed: dict[str, Any], answered: dict[str, Any]) -> Any:
    if name not in printed:
        return answered[name]
    return printed[name] if name in UNSTABLE else merged(printed[name], answered[name])


def rendered(value: Any, indent: int = 0, before: int = 0) -> str:
    """JSON in the form of the documents: as much on a line as fits, what lies within indented by one."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent + before <= WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    lines, line = [], opening
    entries = list(value.items()) if isinstance(value, dict) else [("", entry) for entry in value]
    for place, (name, entry) in enumerate(entries):
        label = f"{json.dumps(name, ensure_ascii=False)}: " if isinstance(value, dict) else ""
        text = label + rendered(entry, indent + 1, len(label)) + ("," if place + 1 < len(entries) else "")
        if line != opening and len(line) + 1 + len(text.partition("\n")[0]) > WIDTH:
            lines.append(line)
            line = " " * (indent + 1) + text
        else:
            line += text if line == opening else " " + text
        if "\n" in line:
            *whole, line = line.split("\n")
            lines += whole
    return "\n".join([*lines, line + closing])


def refreshed(block: Block, answered: str) -> str:
    """The new text of the block's printed answer."""
    assert block.answer is not None
    answered = re.sub(r"(127\.0\.0\.1):\d+", r"\1:8000", answered)
    if block.answer.info != "json":
        return answered.strip("\n\ufeff") + "\n"
    text = rendered(merged(parse_printed(block.answer.text), json.loads(answered)))
    return text.replace(f', "{MORE}": "{MORE}"}}', f", {MORE}}}").replace(f', "{MORE}"]', f", {MORE}]") + "\n"


def write(changes: list[tuple[Block, str]]) -> None:
    """Put new texts into the printed answers of a document; all blocks are of that document."""
    document = changes[0][0].document
    text = document.read_text("utf-8")
    for block, answer in sorted(changes, key=lambda change: change[0].span, reverse=True):
        start, end = block.span
        text = text[:start] + answer + text[end:]
    document.write_text(text, "utf-8")
