"""What the register's changes do to licences: their state follows, and platforms are notified and asked.

Each function gets the old and the new image of each saved subject, and may be run again after a kill.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.government_lists.rules.company_register_row import ENDED
from chalicelib.licences import licence_check_receipts, licence_store, licence_tasks
from chalicelib.licences.licence_tasks import Context, Occasion
from chalicelib.licences.rules import licence_lapse, licence_renewal_tasks
from chalicelib.licences.rules.licence import REVOKED, VerifiedLicence
from chalicelib.licences.rules.licence_notice import registration_notice
from chalicelib.licences.rules.licence_renewal_tasks import TaskLicence, task_licence
from chalicelib.monitoring import platforms_to_alert
from chalicelib.notices.push_notices import NoticeSender, send_notice
from chalicelib.registry.rules.subject import Registration, Subject

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

Images = Iterable[tuple[Subject | None, Subject]]
# What opens a task of the closure ledger: for a platform, for a licence, now.
OpenTask = Callable[[str, VerifiedLicence, datetime], None]


def no_task(_platform_id: str, _licence: VerifiedLicence, _now: datetime) -> None:
    """Open no task of the closure ledger."""


def update_licences(
    exchange: "ExchangeTable", sender: NoticeSender, images: Images, now: datetime, open_task: OpenTask = no_task
) -> int:
    """Update the verified licences of the subjects, and notify the platforms that verified them; how many notices.

    吊销, 注销, 撤销 revoke a licence; an end that the register takes back restores it. `open_task` is called for each
    platform whose merchant's licence has ended.
    """
    notified = 0
    for old, new in images:
        registration = new.registration
        before = old.registration.status if old else ""
        if not new.uscc or not registration.status or registration.status == before:
            continue
        licence = licence_check_receipts.apply_registration(exchange, new.uscc, registration, now)
        if licence is None or licence.state_at != registration.at:
            continue
        for platform_id in sorted(licence.verified_for):
            send_notice(sender, platform_id, registration_notice(licence, platform_id), now)
            notified += 1
        if licence.state == REVOKED:
            for platform_id in sorted(licence.verified_for):
                open_task(platform_id, licence, now)
    return notified


def open_tasks(context: Context, images: Images, now: datetime) -> int:
    """Ask each platform that verified or displays a merchant that the register ends or renames; how many tasks.

    A merchant that the register ends may not sell anywhere, so platforms that have it on their rosters are asked too.
    """
    asked = 0
    for old, new in images:
        after, before = new.registration, old.registration if old else Registration()
        ended = after.status in ENDED and after.status != before.status
        renamed = bool(before.name) and after.name != before.name
        if not new.uscc or not (ended or renamed):
            continue
        licence = licence_store.find_licence(context.exchange, new.uscc)
        platforms = licence_tasks.concerned_platforms(context.exchange, new.uscc, licence)
        if ended:
            platforms = [*platforms, *_on_rosters(context, new, now)]
            asked += licence_tasks.open_tasks(context, platforms, _ended(new.uscc, licence, after), now)
        elif licence and licence_lapse.is_renamed(licence, after):
            key = f"renamed.{licence.uscc}.{after.at}"
            occasion = Occasion(licence_renewal_tasks.OUTDATED, task_licence(licence), key)
            asked += licence_tasks.open_tasks(context, platforms, occasion, now)
    return asked


def _ended(uscc: str, licence: VerifiedLicence | None, registration: Registration) -> Occasion:
    """The occasion that the register ends a merchant, with a licence that was verified or without."""
    status = registration.status
    unverified = TaskLicence(uscc=uscc, name=registration.name, status=status)
    about = task_licence(licence) if licence else unverified
    return Occasion(licence_renewal_tasks.REVOKED, about, f"{status}.{uscc}.{registration.at}")


def _on_rosters(context: Context, subject: Subject, now: datetime) -> list[str]:
    """The platforms that have exactly this subject on their rosters; a name alone says too little."""
    recipients = platforms_to_alert.recipients(context.exchange, subject, now).values()
    return [
        recipient.platform_id
        for recipient in recipients
        if recipient.by == "roster" and recipient.relation != "same_name"
    ]
