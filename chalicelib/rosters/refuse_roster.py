"""Refuse a roster: its platform is notified, what held personal data is erased, and the next roster has its turn."""

from datetime import datetime

from chalicelib.errors import FileRefused, TooLarge
from chalicelib.messages import ErrorCode
from chalicelib.notices.push_notices import send_notice
from chalicelib.reports.rules.report import FINISHED, REFUSED
from chalicelib.rosters import roster_run_queue
from chalicelib.rosters.dependencies import Context
from chalicelib.rosters.receive_roster import find_roster, update_roster
from chalicelib.rosters.rules.roster import Roster, view
from chalicelib.rosters.rules.roster_notice import roster_notice
from chalicelib.values.timestamps import iso


def refuse_roster(context: Context, roster: Roster, error: FileRefused | TooLarge, now: datetime) -> None:
    """End a roster that cannot be taken, with the reason."""
    refused = roster.replace(refused={**error.body()["error"], "details": dict(error.details)})
    # Stored first, so that whoever goes on after a failure ends it for the same reason.
    update_roster(context.exchange, roster, refused)
    end_refused(context, refused, now)


def end_refused(context: Context, roster: Roster, now: datetime) -> None:
    """End a roster whose reason to be refused is stored; one whose run had begun leaves its turn to the next."""
    ended = roster.replace(status=REFUSED, done_at=iso(now))
    if roster.file_name:  # A platform does not know of a screening without a file.
        send_notice(context.task_context.sender, roster.platform_id, roster_notice(view(ended, now)), now)
    update_roster(context.exchange, roster, ended)
    if roster.is_split:  # Its file was erased then.
        roster_run_queue.abandon_run(context, ended, now)
    else:
        context.bucket.erase(roster.key, roster.object_version)


def give_up(context: Context, roster_id: str, now: datetime) -> None:
    """End a roster that made its worker fail at every try: refused, with a notice; what it replaces stays as it is."""
    roster = find_roster(context.exchange, roster_id)
    if roster.status not in FINISHED:
        error = FileRefused(
            ErrorCode.PROCESSING_FAILED, **({"file_name": roster.file_name} if roster.file_name else {})
        )
        refuse_roster(context, roster, error, now)
    elif roster.status == REFUSED:
        roster_run_queue.abandon_run(context, roster, now)
