"""Where platforms and government agree and where they do not: each change is numbered, notified, and paged through.

An entry of the log is current as long as no later one is about the same subject; a page shows current ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.notices import push_notices
from chalicelib.notices.push_notices import NoticeSender
from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.subject import Subject
from chalicelib.storage.item_keys import verdict_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso
from chalicelib.verdicts.rules import corroboration, corroboration_entry
from chalicelib.verdicts.rules.corroboration import Assessment, Finding
from chalicelib.verdicts.rules.corroboration_entry import CorroborationEntry, CurrentCorroboration
from chalicelib.verdicts.rules.corroboration_notice import corroboration_notice

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog


@dataclass(frozen=True, slots=True)
class Context:
    """What corroboration works with: the exchange table, the log of corroborations, and the sender of notices."""

    exchange: "ExchangeTable"
    entries: "NumberedLog"
    sender: NoticeSender


def record_changes(context: Context, images: Iterable[tuple[Subject | None, Subject]], now: datetime) -> int:
    """Number and notify every change of state between the images of each subject; how many there were."""
    changed = 0
    for old, new in images:
        was = corroboration.judge(old, "") if old else corroboration.FINDINGS[-1]
        assessment = corroboration.assess(new, "")
        finding = assessment.finding
        if finding == was or (old is None and _is_recorded(context, new, finding)):
            continue
        entry = _append(context, new, was, assessment)
        if not entry.told_at:
            _notify(context, entry, finding, now)
        changed += 1
    return changed


def list_corroborations(context: Context, caller: Caller, state: str, platform: str, after: int, limit: int) -> Json:
    """The subjects that are now in that state ('' for any), as far as the caller may see; `next` is the next cursor.

    A regulator sees all, or those of one platform; a platform those that it reported.
    """
    sees_all = caller.role == Role.REGULATOR
    reporter = platform if sees_all else caller.platform_id
    entries = [CorroborationEntry.from_item(item) for item in context.entries.read_on(after, limit)]
    current = _current_numbers(context, entries)
    views = [
        corroboration_entry.view(entry, list(entry.platforms) if sees_all else [caller.platform_id])
        for entry in entries
        if entry.number in current
        and (entry.state == state if state else entry.state != "none")
        and (not reporter or reporter in entry.platforms)
    ]
    return {"corroborations": views, "next": str(entries[-1].number if entries else after)}


def _append(context: Context, subject: Subject, was: Finding, assessment: Assessment) -> CorroborationEntry:
    """Number a change, and make its entry the current one of the subject."""
    finding = assessment.finding
    current_id = verdict_keys.current_corroboration(subject.subject_id)
    before = context.exchange.get(current_id)
    wanted = CorroborationEntry(
        entry_id=f"{subject.subject_id}.{subject.version}",
        state=finding.state,
        finding=finding.name,
        was=was.state,
        at=subject.updated_at,
        subject=subjects.view(subject),
        corroboration=corroboration.view(assessment),
        platforms=tuple(corroboration.reporters(subject)),
        before=int(before["number"]) if before else 0,
    )
    entry = CorroborationEntry.from_item(context.entries.append(wanted.to_item()))
    if entry.at != wanted.at:
        # The subjects were put back to an earlier moment, and another save had this version before.
        wanted = wanted.replace(entry_id=f"{wanted.entry_id}.{wanted.at}")
        entry = CorroborationEntry.from_item(context.entries.append(wanted.to_item()))
    current = CurrentCorroboration(number=entry.number, finding=finding.name)
    context.exchange.put({"id": current_id, **current.to_item()})
    return entry


def _notify(context: Context, entry: CorroborationEntry, finding: Finding, now: datetime) -> None:
    """Send the notices to those whom the finding concerns; last of all, note that they were sent."""
    if "reporters" in finding.concerns:
        for platform_id in entry.platforms:
            push_notices.send_notice(context.sender, platform_id, corroboration_notice(entry, platform_id), now)
    if "regulators" in finding.concerns:
        push_notices.send_to_regulators(context.sender, corroboration_notice(entry, "regulators"), now)
    context.entries.set_fields(entry.number, {"told_at": iso(now)})


def _is_recorded(context: Context, subject: Subject, finding: Finding) -> bool:
    """Whether this is what was recorded last: a rebuild has no old image to compare with."""
    item = context.exchange.get(verdict_keys.current_corroboration(subject.subject_id))
    return item is not None and CurrentCorroboration.from_item(item).finding == finding.name


def _current_numbers(context: Context, entries: Iterable[CorroborationEntry]) -> set[int]:
    """The numbers of the entries that are current for the subjects of these."""
    items = context.exchange.get_many(verdict_keys.current_corroboration(entry.subject_id) for entry in entries)
    return {CurrentCorroboration.from_item(item).number for item in items.values()}
