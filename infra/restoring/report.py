"""What a restore will lose, said before it begins, and what it has lost and who must do what, said when it is done."""

import json
from collections.abc import Iterator
from typing import Any, Final

from chalicelib.values.records import Json
from infra.restoring.record import Restore

TO_PARTICIPANTS: Final = {
    "zh": (
        "联防已恢复到 {to}（UTC）。{to} 至 {closed_at} 之间受理和发出的内容已从联防丢失："
        "请重新提交这段时间报送的报告、名册、申诉、撤回和任务答复；"
        "读取变更、通知或任务时如返回 restored，请按 details.read_after 重新读取；"
        "这段时间的查询结论和回执请自行留存，并重新查询。"
    ),
    "en": (
        "The exchange was put back to {to} (UTC). What it took and said between {to} and {closed_at} is lost to it: "
        "send again the reports, rosters, disputes, withdrawals and answers to tasks of that time; where a feed "
        "answers `restored`, read again from details.read_after; keep the verdicts and receipts of that time and look "
        "up again."
    ),
}


def describe(restore: Restore, lost: Json, objects: dict[str, int]) -> Iterator[str]:
    """What putting the stage back loses, a line each."""
    yield f"restore: {restore.stage} to {restore.to}, into tables {restore.suffix}"
    yield f"  lost: {lost['changes']} changes of listings, {lost['changes_of_government']} of them of government lists"
    for platform_id, counts in lost["participants"].items():
        if counts:
            yield f"  lost: {platform_id}: " + ", ".join(f"{count} {what}" for what, count in counts.items())
    for what in ("admitted_since", "keys_issued_since"):
        if lost[what]:
            yield f"  lost: {what.replace('_', ' ')}: {', '.join(lost[what])}"
    if objects:
        yield "  bucket: " + ", ".join(f"{count} in {folder}/" for folder, count in sorted(objects.items()))
    yield "  kept: everything that is in use now stays, as tables of their old names and as older versions of objects"


def report(restore: Restore) -> Json:
    """What is kept of a restore that is done, and printed."""
    interval = {"to": restore.to, "closed_at": restore.closed_at}
    senders = [name for name, counts in restore.lost["participants"].items() if counts.get("changes")]
    return {
        "stage": restore.stage,
        "lost_from": restore.to,
        "lost_until": restore.closed_at,
        "epoch": restore.epoch,
        "tables": restore.tables,
        "places_kept_of_logs": restore.ends,
        "lost": restore.lost,
        "taken_away_again": restore.taken_away,
        "senders_in_that_time": senders,
        "objects": restore.counts,
        "seconds": restore.seconds,
        "done_at": restore.done_at,
        "tell_participants": {language: text.format(**interval) for language, text in TO_PARTICIPANTS.items()},
    }


def keep(s3: Any, restore: Restore) -> str:
    """Put the report into the bucket; its key."""
    key = f"deployed/{restore.stage}-restored{restore.suffix}.json"
    body = json.dumps(report(restore), indent=1, ensure_ascii=False).encode()
    s3.put_object(Bucket=restore.bucket, Key=key, Body=body)
    return key
