"""Tasks about licences in the platforms' closure ledgers, and which platforms are asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.licences import licence_store
from chalicelib.licences.rules import licence_renewal_tasks
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.licences.rules.licence_renewal_tasks import LicenceTask, TaskLicence
from chalicelib.notices.push_notices import NoticeSender, send_notice
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog


@dataclass(frozen=True, slots=True)
class Context:
    """What the renewal of licences works with.

    `ledger` gives a platform's closure ledger; `record_open` adds a new entry of it to the platform's open tasks;
    `months` is how long a verification holds; `register_is_fresh` is called
    once a run.
    """

    exchange: "ExchangeTable"
    registry: "RegistryTable"
    sender: NoticeSender
    ledger: Callable[[str], "NumberedLog"]
    months: int
    register_is_fresh: Callable[[], bool]
    record_open: Callable[[str, Json], None]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why tasks are opened: what was found, of which licence, and a key that distinguishes the occasions."""

    finding: str
    licence: TaskLicence
    key: str


def open_task(context: Context, platform_id: str, occasion: Occasion, now: datetime) -> None:
    """Add the task to the platform's ledger and send its notice; done twice, it is done once."""
    ledger = context.ledger(platform_id)
    task = licence_renewal_tasks.licence_task(occasion.finding, platform_id, occasion.licence, occasion.key, iso(now))
    entry = ledger.append(task.to_item())
    numbered = LicenceTask.from_item(entry)
    if not numbered.told_at:
        context.record_open(platform_id, entry)
        send_notice(context.sender, platform_id, licence_renewal_tasks.task_notice(numbered, platform_id), now)
        ledger.set_fields(numbered.number, {"told_at": iso(now)})


def open_tasks(context: Context, platform_ids: Iterable[str], occasion: Occasion, now: datetime) -> int:
    """Open the task for each of the platforms; how many they are."""
    platforms = sorted(set(platform_ids))
    for platform_id in platforms:
        open_task(context, platform_id, occasion, now)
    return len(platforms)


def concerned_platforms(exchange: "ExchangeTable", uscc: str, licence: VerifiedLicence | None) -> list[str]:
    """The platforms for which the licence was verified, and those that display it."""
    displays = licence_store.displays_of(exchange, uscc)
    return sorted({*(licence.verified_for if licence else ()), *displays.values()})
