"""What schedules run: jobs one after the other in the time of one invocation; a job that fails stops no other."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from chalicelib import logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.values.records import Json

TimeIsLeft = Callable[[], bool]
# What an invocation keeps back of its time, to end in order.
RESERVED_MS: Final = 60_000
RESERVED_FOR_SNAPSHOT_MS: Final = 120_000


@dataclass(frozen=True, slots=True)
class Job:
    """A job of a schedule: `work` gets a function that returns whether time is left, and returns what is logged."""

    name: str
    work: Callable[[TimeIsLeft], Mapping[str, Any]]


def run_jobs(schedule: str, jobs: Iterable[Job], context: Any, reserved_ms: int = RESERVED_MS) -> None:
    """Run each job; raises an `ExceptionGroup` of what failed once all were tried, so that AWS counts the failure.

    A job that ends early resumes at the next tick, from what it stored.
    """
    failures: list[Exception] = []
    for job in jobs:
        try:
            logs.note(job.name, **job.work(time_left(context, reserved_ms)))
        except Exception as error:
            logs.failed(f"{job.name}_failed")
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{schedule} failed", failures)


def time_left(context: Any, reserved_ms: int = RESERVED_MS) -> TimeIsLeft:
    """Whether this invocation may go on; always, where there is no Lambda context."""
    return lambda: context is None or bool(context.get_remaining_time_in_millis() > reserved_ms)


def feeds_due(event: Mapping[str, Any], context: Any) -> None:
    """End the listings of the day, flag overdue answers to disputes, pull each government list that is due.

    `{"feeds": [name]}` pulls just those, now; `{"feeds": []}` does nothing.
    """
    if event.get("feeds") == []:
        return
    run_jobs("feeds", _feed_jobs(event), context)


def snapshot_due(event: Mapping[str, Any], context: Any) -> None:
    """Build the snapshot as far as the time reaches; once there is a new one, screen every roster again."""
    if event.get("feeds") != []:
        run_jobs("snapshot", [Job("snapshot_built", _build_snapshot)], context, RESERVED_FOR_SNAPSHOT_MS)


def clocks_due(event: Mapping[str, Any], context: Any) -> None:
    """Send the reminders that are due, let tasks follow changed rules, count the figures of the days that changed,
    watch for probing.

    `{"recount": true}` counts all figures again from the first entry on, and enters all open tasks into their index;
    `{"clocks": []}` does nothing.
    """
    if event.get("clocks") == []:
        return
    from chalicelib.closure_tasks import count_daily_figures, task_reminders
    from chalicelib.closure_tasks.work_queue import index_earlier_tasks
    from chalicelib.handlers.events import running_out
    from chalicelib.verdicts.corroboration_counts import count_changes

    def remind(time_is_left: TimeIsLeft) -> Mapping[str, Any]:
        return asdict(task_reminders.send_due_reminders(dependencies.closure_tasks(), wiring.now(), time_is_left))

    def count(time_is_left: TimeIsLeft) -> Mapping[str, Any]:
        if event.get("recount"):
            count_daily_figures.recount(dependencies.closure_tasks())
            index_earlier_tasks.index_again(dependencies.closure_tasks())
        return {"days": count_daily_figures.count_marked_days(dependencies.closure_tasks(), wiring.now(), time_is_left)}

    def corroborate(time_is_left: TimeIsLeft) -> Json:
        exchange, log = wiring.exchange(), wiring.corroboration_log()
        return {"changes": count_changes.count_corroborations(exchange, log, wiring.now(), time_is_left)}

    def index(time_is_left: TimeIsLeft) -> Json:
        return {"tasks": index_earlier_tasks.index_earlier_tasks(dependencies.closure_tasks(), time_is_left)}

    jobs = [
        Job("reminders_sent", remind),
        Job("tasks_rechecked", _recheck_tasks),
        Job("figures_counted", count),
        Job("corroborations_counted", corroborate),
        Job("open_tasks_indexed", index),
        Job("probing_watched", _watch_lookups),
        Job("api_probed", running_out.probe_api),
    ]
    run_jobs("clocks", jobs, context)


def licences_due(event: Mapping[str, Any], context: Any) -> None:
    """Verify licences that are due, visit shop pages, make the half-yearly reports, measure what runs out.

    `{"work": ["review"]}` does that alone, `{"work": []}` nothing.
    """
    from chalicelib.handlers.events import running_out

    jobs = {
        "review": _review_licences,
        "shops": _visit_shops,
        "reports": _make_identity_reports,
        "days_left": running_out.measure,
    }
    wanted = event.get("work", tuple(jobs))
    run_jobs("licences", [Job(f"licences_{name}", work) for name, work in jobs.items() if name in wanted], context)


def notices_due(event: Mapping[str, Any], context: Any) -> None:
    """Push the notices that were not pushed; what fails again waits for the next tick, and is measured.

    `{"feeds": []}` pushes none.
    """
    if event.get("feeds") != []:
        run_jobs("notices", [Job("notices_pushed", _push_notices)], context)


def _feed_jobs(event: Mapping[str, Any]) -> Iterator[Job]:
    """The jobs of a tick; which lists are due is read only once the work that no list may delay was done."""
    from chalicelib.handlers.events import pull_government_lists

    yield Job("listings_expired", _end_listings)
    yield Job("late_answers_flagged", _flag_overdue_answers)
    for work in pull_government_lists.due(event):
        yield Job("feed_pulled", work)
    yield Job("feeds_measured", pull_government_lists.measure)


def _end_listings(time_is_left: TimeIsLeft) -> Mapping[str, Any]:
    from chalicelib.registry import listing_expiry

    context = listing_expiry.Context(registry=wiring.registry(), exchange=wiring.exchange())
    return listing_expiry.end_due_listings(context, wiring.now(), time_is_left)


def _flag_overdue_answers(time_is_left: TimeIsLeft) -> Mapping[str, Any]:
    from chalicelib.disputes import overdue_answers

    flagged = overdue_answers.flag_overdue(wiring.registry(), wiring.exchange(), wiring.now(), time_is_left)
    return {"overdue": flagged}


def _recheck_tasks(time_is_left: TimeIsLeft) -> Mapping[str, Any]:
    from chalicelib.closure_tasks import recheck_tasks

    return recheck_tasks.recheck_tasks(dependencies.closure_tasks(), wiring.registry(), wiring.now(), time_is_left)


def _watch_lookups(time_is_left: TimeIsLeft) -> Mapping[str, Any]:
    from chalicelib.probing import watch_lookups

    return asdict(watch_lookups.watch(dependencies.notices(), wiring.now(), time_is_left))


def _build_snapshot(time_is_left: TimeIsLeft) -> Mapping[str, Any]:
    from chalicelib.rosters import roster_run_queue, snapshot_holder
    from chalicelib.rosters.take_registry_snapshot import SnapshotContext, build_snapshot
    from chalicelib.values.timestamps import age_seconds

    context = SnapshotContext(registry=wiring.registry(), exchange=wiring.exchange(), bucket=wiring.bucket())
    build = build_snapshot(context, wiring.now(), time_is_left)
    enqueued = roster_run_queue.enqueue_rescreening(dependencies.rosters(), wiring.now())
    newest = snapshot_holder.read_pointer(wiring.exchange())
    if newest:
        logs.measure({"SnapshotAgeSeconds": age_seconds(newest.built_at, wiring.now())})
    return {"published": build.published, "subjects": build.subjects, "rosters": enqueued}


def _review_licences(time_is_left: TimeIsLeft) -> Mapping[str, Any]:
    from chalicelib.licences import licence_renewal

    return licence_renewal.review(dependencies.licence_renewal(), wiring.now(), time_is_left)


def _visit_shops(time_is_left: TimeIsLeft) -> Mapping[str, Any]:
    from chalicelib.displays import shop_page_checks
    from chalicelib.displays.adapters.shop_page_client import ShopPages

    # Made for each run, so that no robots.txt is remembered for long.
    pages = ShopPages(let_loopback=wiring.settings().feeds_from_loopback == "yes")
    return shop_page_checks.visit_shops(dependencies.licence_renewal(), pages, wiring.now(), time_is_left)


def _make_identity_reports(time_is_left: TimeIsLeft) -> Mapping[str, Any]:
    from chalicelib.displays import half_yearly_identity_report

    context = dependencies.identity_reports(with_notices=True)
    return half_yearly_identity_report.build_due(context, wiring.now(), time_is_left)


def _push_notices(time_is_left: TimeIsLeft) -> Mapping[str, Any]:
    from chalicelib.notices import push_notices

    counts = push_notices.push_unpushed(dependencies.notices(), wiring.change_log(), wiring.now(), time_is_left)
    if counts["unpushed_feeds"]:
        logs.warn("notices_not_pushed", **counts)
    logs.measure({"UnpushedFeeds": counts["unpushed_feeds"], "OldestUnpushedSeconds": counts["oldest_seconds"]})
    return counts
