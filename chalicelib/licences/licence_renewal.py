"""The daily review of licences: those that are due are verified again by the register or lapse.

The run goes by an index by day (`licences_due#<day>`), which may lead to what has changed since; the licence decides.
Killed anywhere, it does the same day again, and no notice and no task is made twice.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.licences import licence_store, licence_tasks
from chalicelib.licences.licence_tasks import Context as Context
from chalicelib.licences.licence_tasks import Occasion
from chalicelib.licences.rules import licence_lapse, licence_renewal_tasks
from chalicelib.licences.rules.licence import LAPSED, REVOKED, VerifiedLicence
from chalicelib.licences.rules.licence_notice import lapse_notice
from chalicelib.licences.rules.licence_renewal_tasks import task_licence
from chalicelib.notices.push_notices import send_notice
from chalicelib.registry.rules.subject import Registration
from chalicelib.storage.item_keys import registry_keys, scheduled_job_keys
from chalicelib.storage.set_aside import SetAside, setting_aside
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

JOB = "licence_review"
TimeLeft = Callable[[], bool]


def review(context: Context, now: datetime, time_is_left: TimeLeft) -> dict[str, int | str]:
    """Verify by the register each licence that is due, or let it lapse; counts, and the day up to which all is done."""
    fresh, counts = context.register_is_fresh(), {"renewed": 0, "lapsed": 0}

    def review_day(day: str) -> bool:
        for _, uscc in licence_store.licences_due_on(context.exchange, [day]):
            outcome = ""
            with setting_aside(context.exchange, SetAside(at=iso(now), job=JOB, origin=day, record_id=uscc)):
                outcome = _review_licence(context, uscc, day, fresh, now)
            if outcome:
                counts[outcome] += 1
            if not time_is_left():
                return False
        return True

    done_until = run_each_day(context.exchange, scheduled_job_keys.LICENCES_REVIEWED_UNTIL, now, review_day)
    return {**counts, "done_until": done_until}


def run_each_day(exchange: "ExchangeTable", done_id: str, now: datetime, run_day: Callable[[str], bool]) -> str:
    """Run each day since the last that was done, and today as far as it is; the day up to which all is done.

    `run_day` returns whether it could finish the day. Today stays open, so that the next run sees what is added to it
    during the day.
    """
    today = china_date(now)
    done = str((exchange.get(done_id) or {}).get("day") or china_date(now - licence_lapse.LAPSED_SHOWN))
    while done < today:
        day = (date.fromisoformat(done) + timedelta(days=1)).isoformat()
        if not run_day(day) or day == today:
            break
        exchange.put({"id": done_id, "day": day})
        done = day
    return done


def _review_licence(context: Context, uscc: str, day: str, fresh: bool, now: datetime) -> str:
    """Verify one licence by the register or let it lapse: renewed, lapsed, or '' where neither is due."""
    licence = licence_store.find_licence(context.exchange, uscc)
    if licence is None or licence.due_on != day or licence.state == REVOKED:
        return ""
    subject = context.registry.subject(registry_keys.subject_with_uscc(uscc)) if fresh else None
    if subject and _renew(context, licence, subject.registration, now):
        return "renewed"
    return "lapsed" if _lapse(context, uscc, day, now) else ""


def _renew(context: Context, licence: VerifiedLicence, registration: Registration, now: datetime) -> bool:
    """Verify the licence by the register; whether the register bears it out."""
    today = china_date(now)
    due_on = licence_lapse.months_later(today, context.months)

    def renewed(before: VerifiedLicence | None) -> VerifiedLicence | None:
        if before is None:
            return None
        return licence_lapse.verified_by_register(before, registration, due_on, iso(now), today)

    if renewed(licence) is None:
        return False
    # The index first: an entry that leads nowhere does no harm, a licence that no entry leads to is never reviewed.
    licence_store.add_due(context.exchange, due_on, licence.uscc)
    licence_store.update_licence(context.exchange, licence.uscc, renewed)
    return True


def _lapse(context: Context, uscc: str, day: str, now: datetime) -> bool:
    """Let the licence lapse if its due day has passed, notify and ask its platforms; whether it has lapsed."""
    today = china_date(now)
    licence = licence_store.update_licence(
        context.exchange, uscc, lambda before: licence_lapse.lapsed(before, today) if before else None
    )
    if licence is None or licence.state != LAPSED or licence.due_on != day:
        return False
    platforms = licence_tasks.concerned_platforms(context.exchange, uscc, licence)
    for platform_id in platforms:
        send_notice(context.sender, platform_id, lapse_notice(licence, platform_id, iso(now)), now)
    occasion = Occasion(licence_renewal_tasks.OUTDATED, task_licence(licence), f"due.{uscc}.{day}")
    licence_tasks.open_tasks(context, platforms, occasion, now)
    return True
