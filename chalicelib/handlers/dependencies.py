"""The contexts of the use cases, put together from what the wiring holds."""

from functools import lru_cache
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context as ClosureTasks
    from chalicelib.displays import manage_displays
    from chalicelib.displays.half_yearly_identity_report import Context as IdentityReports
    from chalicelib.disputes.dependencies import Context as Disputes
    from chalicelib.disputes.dispute_consequences import Context as Consequences
    from chalicelib.disputes.evidence_files import Context as EvidenceFiles
    from chalicelib.government_lists.dependencies import Context as GovernmentLists
    from chalicelib.licences import decide_licence_check
    from chalicelib.licences.licence_tasks import Context as LicenceRenewal
    from chalicelib.lookups.look_up_applicant import Context as Lookups
    from chalicelib.merchant_record.own_record import Context as MerchantRecord
    from chalicelib.notices.push_notices import NoticeSender
    from chalicelib.reports.dependencies import Context as Reports
    from chalicelib.rosters.dependencies import Context as Rosters
    from chalicelib.rosters.snapshot_holder import SnapshotHolder
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket
    from chalicelib.stream.projections import Context as Projections
    from chalicelib.verdicts import update_corroboration


def configured_feeds() -> list[str]:
    """The government lists that the environment names; those that operators added are in the table."""
    return [feed.name for feed in wiring.default_feeds()]


def lookups() -> "Lookups":
    """What lookups read."""
    from chalicelib.lookups.look_up_applicant import Context

    return Context(wiring.registry(), configured_feeds())


def notices() -> "NoticeSender":
    """Where notices go."""
    from chalicelib.notices.push_notices import NoticeSender

    return NoticeSender(wiring.exchange(), wiring.notice_log, wiring.topics())


def closure_tasks() -> "ClosureTasks":
    """What announcing changes and the closure ledger work with."""
    from chalicelib.closure_tasks.dependencies import Context as ClosureTasks
    from chalicelib.closure_tasks.dependencies import overlays_from
    from chalicelib.verdicts import load_rules

    return ClosureTasks(
        exchange=wiring.exchange(),
        changes=wiring.change_log(),
        task_logs=wiring.task_log,
        sender=notices(),
        restricted=wiring.restricted_log(),
        campaign_logs=wiring.numbered_log,
        overlays=overlays_from(load_rules.answer_clocks(wiring.exchange())),
    )


def corroboration() -> "update_corroboration.Context":
    """What corroborating works with."""
    from chalicelib.verdicts import update_corroboration

    return update_corroboration.Context(wiring.exchange(), wiring.corroboration_log(), notices())


def displays() -> "manage_displays.Context":
    """What displays are managed with."""
    from chalicelib.displays import manage_displays

    return manage_displays.Context(wiring.exchange(), wiring.registry(), wiring.display_log, wiring.key_state)


def licence_checks() -> "decide_licence_check.Context":
    """What licence checks work with."""
    from chalicelib.licences import decide_licence_check

    names = wiring.settings()
    return decide_licence_check.Context(
        exchange=wiring.exchange(),
        registry=wiring.registry(),
        verifiers=wiring.licence_verifiers(),
        verified_log=wiring.verified_licence_log,
        stage=names.stage,
        months=int(names.licence_months),
    )


def licence_renewal() -> "LicenceRenewal":
    """What the renewal of licences works with."""
    from chalicelib.government_lists import feed_status
    from chalicelib.licences.licence_tasks import Context

    def register_is_fresh() -> bool:
        statuses = feed_status.all_statuses(wiring.exchange(), wiring.default_feeds(), wiring.now())
        registers = (each for each in statuses if each.feed.list_type == "registration")
        return any(register.feed.enabled and register.status == "ok" for register in registers)

    months = int(wiring.settings().licence_months)
    return Context(
        exchange=wiring.exchange(),
        registry=wiring.registry(),
        sender=notices(),
        ledger=wiring.task_log,
        months=months,
        register_is_fresh=register_is_fresh,
        record_open=_record_open_task,
    )


def _record_open_task(platform_id: str, entry: Json) -> None:
    """Add an entry of a platform's closure ledger to its open tasks."""
    from chalicelib.closure_tasks.open_index.open_tasks import OpenTasks
    from chalicelib.closure_tasks.rules.task import Task

    OpenTasks(wiring.exchange(), platform_id).record(Task.from_item(entry))


def identity_reports(with_notices: bool = False) -> "IdentityReports":
    """What the half-yearly reports are made with."""
    from chalicelib.displays.half_yearly_identity_report import Context

    return Context(
        exchange=wiring.exchange(),
        bucket=wiring.bucket(),
        displays_log=wiring.display_log,
        sender=notices() if with_notices else None,
    )


def dispute_consequences() -> "Consequences":
    """What the consequences of disputes work with."""
    from chalicelib.disputes.dispute_consequences import Context as Consequences

    return Consequences(closure_tasks=closure_tasks(), disputes=wiring.dispute_log)


def reports() -> "Reports":
    """What the background half of reports works with."""
    from chalicelib.reports.dependencies import Context
    from chalicelib.table_files.read_table_file import read_table_file

    return Context(
        exchange=wiring.exchange(),
        bucket=wiring.bucket(),
        registry=wiring.registry(),
        files=wiring.queue(wiring.settings().report_files_queue),
        chunks=wiring.report_chunks(),
        sender=notices(),
        digest=wiring.digest(),
        read=read_table_file,
        key_state=wiring.key_state,
    )


def government_lists() -> "GovernmentLists":
    """What the pulls of government lists work with."""
    from chalicelib.government_lists.dependencies import Context
    from chalicelib.table_files.read_table_file import read_table_file

    return Context(
        registry=wiring.registry(),
        exchange=wiring.exchange(),
        bucket=wiring.bucket(),
        sender=notices(),
        delivery_methods=wiring.delivery_methods(),
        read=read_table_file,
    )


def rosters() -> "Rosters":
    """What the work on rosters needs."""
    from chalicelib.rosters.dependencies import Context
    from chalicelib.table_files.read_table_file import read_table_file

    return Context(
        exchange=wiring.exchange(),
        bucket=wiring.bucket(),
        registry=wiring.registry(),
        chunks=wiring.roster_chunks(),
        waiting=wiring.waiting_rosters,
        task_context=closure_tasks(),
        digest=wiring.digest,
        read=read_table_file,
        snapshots=snapshot_holder(),
        key_state=wiring.key_state,
        feeds=tuple(configured_feeds()),
    )


def snapshot_holder() -> "SnapshotHolder":
    """The snapshot that this container holds."""
    return _holder(wiring.exchange(), wiring.bucket())


@lru_cache(maxsize=1)
def _holder(exchange: "ExchangeTable", bucket: "FileBucket") -> "SnapshotHolder":
    from chalicelib.rosters.snapshot_holder import SnapshotHolder

    return SnapshotHolder(exchange, bucket)


def disputes() -> "Disputes":
    """What disputes work with."""
    from chalicelib.disputes.dependencies import Context

    return Context(exchange=wiring.exchange(), registry=wiring.registry(), digest=_digest)


def evidence_files() -> "EvidenceFiles":
    """What evidence in disputes works with."""
    from chalicelib.disputes.evidence_files import Context

    return Context(exchange=wiring.exchange(), bucket=wiring.bucket())


def _digest(kind: str, value: str) -> str:
    """The key is fetched only when something is digested."""
    return wiring.digest()(kind, value)


def merchant_record() -> "MerchantRecord":
    """What a merchant's own record is read with."""
    from chalicelib.merchant_record.own_record import Context

    return Context(registry=wiring.registry(), exchange=wiring.exchange(), feeds=configured_feeds())


def projections() -> "Projections":
    """What the projections of the stream work with."""
    from chalicelib.stream.projections import Context

    return Context(
        registry=wiring.registry(),
        closure_tasks=closure_tasks(),
        dispute_consequences=dispute_consequences(),
        corroboration=corroboration(),
        licence_renewal=licence_renewal(),
    )
