"""Where platforms and government agree and where they do not: each change of it is numbered, told, and paged through.

An entry of the feed is current as long as no later one speaks of the same subject; a page shows current ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.accounts.api_keys import Caller
from chalicelib.notices import push_notices
from chalicelib.notices.push_notices import NoticeSender
from chalicelib.registry.rules import subject
from chalicelib.values.timestamps import iso
from chalicelib.verdicts.rules import corroboration
from chalicelib.verdicts.rules.corroboration_notice import corroboration_notice

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

Subject = Mapping[str, Any]
SHOWN = ("state", "was", "subject", "corroboration", "platforms", "at")


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that corroborating works with."""

    exchange: "ExchangeTable"
    entries: "NumberedLog"
    sender: NoticeSender


def follow(context: Context, images: Iterable[tuple[Subject | None, Subject]], now: datetime) -> int:
    """Number and tell every change of state between the images of each subject; how many there were."""
    changed = 0
    for old, new in images:
        was = corroboration.judge(old, "") if old else corroboration.FINDINGS[-1]
        found = corroboration.judge(new, "")
        if found == was or (old is None and _is_known(context, new, found.name)):
            continue
        _record(context, new, was, found, now)
        changed += 1
    return changed


def page(context: Context, caller: Caller, state: str, platform: str, after: int, limit: int) -> dict[str, Any]:
    """The subjects that are now in that state ('' for any), as far as the caller may see; `next` is where to read on.

    A regulator sees all, or those of one platform; a platform those that it reported.
    """
    wanted = platform if caller.role == "regulator" else caller.platform_id
    entries = context.entries.read(after, max(limit, 1))
    current = context.exchange.get_many(_current_id(entry["subject"]["subject_id"]) for entry in entries)
    numbers = {item["number"] for item in current.values()}
    shown = [
        {"number": entry["number"], **{field: entry[field] for field in SHOWN}}
        for entry in entries
        if entry["number"] in numbers
        and (entry["state"] == state if state else entry["state"] != "none")
        and (not wanted or wanted in entry["platforms"])
    ]
    for one in shown:
        if caller.role != "regulator":
            one["platforms"] = [caller.platform_id]
    return {"corroborations": shown, "next": str(entries[-1]["number"] if entries else after)}


def _record(
    context: Context, new: Subject, was: corroboration.Finding, found: corroboration.Finding, now: datetime
) -> None:
    numbered = context.entries.append(
        {
            "entry_id": f"{new['subject_id']}.{new['version']}",
            "state": found.state,
            "finding": found.name,
            "was": was.state,
            "at": new["updated_at"],
            "subject": subject.shown(new),
            "corroboration": corroboration.view(new, ""),
            "platforms": corroboration.reporters(new),
        }
    )
    pointer = {"id": _current_id(new["subject_id"]), "number": numbered["number"], "finding": found.name}
    context.exchange.put(pointer)
    if "told_at" in numbered:
        return
    if "reporters" in found.concerns:
        for platform_id in numbered["platforms"]:
            push_notices.send_notice(context.sender, platform_id, *corroboration_notice(numbered, platform_id), now)
    if "regulators" in found.concerns:
        push_notices.send_to_regulators(context.sender, *corroboration_notice(numbered, "regulators"), now)
    context.entries.set_fields(numbered["number"], {"told_at": iso(now)})


def _is_known(context: Context, new: Subject, finding: str) -> bool:
    """Whether this is what was recorded last: the rebuild has no old image to compare with."""
    item = context.exchange.get(_current_id(new["subject_id"]))
    return item is not None and bool(item["finding"] == finding)


def _current_id(subject_id: str) -> str:
    return f"corroborated#{subject_id}"
