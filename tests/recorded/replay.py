"""Taking the recorded steps in a world, and comparing what it answers with what was answered then.

A later version may say more than the recorded one, never less or otherwise: what was answered must be found in what is
answered now. What is random is recorded as `ANY`; of an error its status and code count; of a page its visible text.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from tests.recorded import state
from tests.recorded.steps import Step
from tests.world import SCHEDULED, World

ANY = "«any»"
# Long tables of their own, which other tests hold.
ONLY_STATUS = ("/openapi.json", "/v1/methodology")
# Of a form with which a file is posted: made of the real time.
TIMED = ("policy", "x-amz-credential", "x-amz-date", "x-amz-signature")


class VisibleText(HTMLParser):
    """The text that a page shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.pieces.append(re.sub(r"\s+", " ", data.strip()))


def take(world: World, clock: state.Clock, kept: state.State, step: Step, keys: dict[str, str]) -> Any:
    """Take one step; of a request the status and what counts of its answer. Reading takes no time."""
    if step.get("method") != "GET":
        clock.move()
    if step["do"] == "call":
        return _call(world, step, keys)
    if step["do"] == "at":
        clock.set(step["at"])
        return None
    if step["do"] == "stream":
        state.deliver_waiting(kept)
        return None
    if step["do"] == "invoke":
        import app

        getattr(app, step["function"])({**SCHEDULED, **step["event"]}, None)
    world.settle()
    return None


def masked(first: Any, second: Any) -> Any:
    """What two runs over the same state have in common; `ANY` in the place of what differs."""
    if isinstance(first, dict) and isinstance(second, dict):
        return {key: masked(value, second[key]) for key, value in first.items() if key in second}
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        return [masked(left, right) for left, right in zip(first, second, strict=True)]
    return first if first == second else ANY


def differences(recorded: Any, answered: Any, where: str = "") -> Iterator[str]:
    """Where what is answered now is less than or other than what was recorded."""
    if recorded in (ANY, answered):
        return
    if isinstance(recorded, dict) and isinstance(answered, dict):
        for key, value in recorded.items():
            if key == "next":
                # A cursor is a text or a number, and one that ends may be left out.
                if str(value or "") != str(answered.get(key) or ""):
                    yield f"{where}.{key}: {answered.get(key)!r}, recorded {value!r}"
            elif key in ("zh", "en") and value and answered.get(key):
                continue  # a sentence may be worded anew
            elif key not in answered:
                yield f"{where}.{key}: missing, recorded {str(value)[:80]}"
            else:
                yield from differences(value, answered[key], f"{where}.{key}")
    elif isinstance(recorded, list) and isinstance(answered, list) and len(recorded) == len(answered):
        for place, (left, right) in enumerate(zip(recorded, answered, strict=True)):
            yield from differences(left, right, f"{where}.{place}")
    else:
        yield f"{where}: {str(answered)[:200]!r}, recorded {str(recorded)[:200]!r}"


def _call(world: World, step: Step, keys: dict[str, str]) -> dict[str, Any]:
    body = step.get("body")
    sent = body.encode() if isinstance(body, str) else body
    key = keys[step["actor"]]
    status, answer, headers = world.call(step["method"], step["path"], key, sent, **step.get("headers", {}))
    if step["path"] in ONLY_STATUS:
        return {"status": status}
    kind = headers.get("Content-Type", "").partition(";")[0]
    if kind in ("text/html", "image/svg+xml"):
        return {"status": status, "kind": kind, "text": " ".join(VisibleText(str(answer)).pieces)}
    if status >= 400 and isinstance(answer, dict):
        return {"status": status, "code": answer["error"]["code"]}
    return {"status": status, "body": _settled(answer)}


def _settled(value: Any) -> Any:
    """Without what depends on the real time: the signatures of links and forms."""
    if isinstance(value, dict):
        return {key: ANY if key in TIMED else _settled(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_settled(entry) for entry in value]
    return value.partition("?")[0] if isinstance(value, str) and "Signature=" in value else value
