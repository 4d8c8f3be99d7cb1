"""What a platform is asked to do about a merchant's licence: a task of its closure ledger, and its notice."""

import hashlib
from dataclasses import dataclass
from typing import Final

from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.notices.rules.notice import Notice, notice_id
from chalicelib.values.records import Json, Record, stored

MISSING, OUTDATED, REVOKED = "missing", "outdated", "revoked"
# What is asked of a platform for each bad finding; a task of the ledger, in zh and en.
TASKS: Final = {
    MISSING: ("licence_missing", "店铺页面未见亮照链接", "the shop's page carries no link to its licence"),
    OUTDATED: ("licence_outdated", "执照信息须重新核验或更新", "the licence must be verified or shown anew"),
    REVOKED: ("licence_revoked", "执照已失效，请核处", "the licence is no longer valid; see to the merchant"),
}
# What a new task of the ledger is: its platform has been notified of it.
TOLD: Final = "told"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLicence(Record):
    """The licence and the display that a task is about; `pages` are the addresses without a mark."""

    uscc: str = stored("")
    name: str = stored("")
    state: str = stored("")
    status: str = stored("")
    due_on: str = stored("")
    verified_at: str = stored("")
    display_id: str = stored("")
    pages: tuple[str, ...] = stored((), many="values")


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceTask(Record):
    """A task about a licence, as it enters the platform's ledger; the ledger's own steps change it from there.

    `kind` is one of `TASKS`; `number` is its place in the ledger, 0 before it is there; `told_at`, when its notice was
    sent.
    """

    entry_id: str = stored()
    kind: str = stored(name="task")
    state: str = stored(TOLD, always=True)
    changed_at: str = stored()
    opened_at: str = stored()
    subject: Json = stored()
    listing: Json = stored(factory=dict, always=True)
    licence: TaskLicence = stored(record=TaskLicence)
    says: Json = stored()
    steps: int = stored(1, always=True)
    history: tuple[Json, ...] = stored((), many="values", always=True)
    number: int = stored(0)
    told_at: str = stored("")


def task_licence(licence: VerifiedLicence) -> TaskLicence:
    """What a task says of a verified licence."""
    return TaskLicence(
        uscc=licence.uscc,
        name=licence.name,
        state=licence.state,
        status=licence.status,
        due_on=licence.due_on,
        verified_at=licence.verified_at,
    )


def licence_task(finding: str, platform_id: str, licence: TaskLicence, occasion: str, at: str) -> LicenceTask:
    """The task that a finding opens for one platform; `occasion` distinguishes findings, so that each opens it once."""
    kind, zh, en = TASKS[finding]
    subject: Json = {"name": licence.name}
    if licence.uscc:
        subject = {"subject_id": f"uscc:{licence.uscc}", "uscc": licence.uscc, **subject}
    return LicenceTask(
        entry_id=hashlib.sha256(f"{kind}|{occasion}|{platform_id}".encode()).hexdigest()[:24],
        kind=kind,
        changed_at=at,
        opened_at=at,
        subject=subject,
        licence=licence,
        says={"zh": zh, "en": en},
        history=({"at": at, "by": "exchange", "before": "", "after": TOLD},),
    )


def task_notice(task: LicenceTask, platform_id: str) -> Notice:
    """The private notice of a task that is in the ledger. `task` is the former name of its `kind`."""
    fields = task.stored_fields("task", "state", "opened_at", "subject", "licence", "says")
    return Notice(
        notice_id=notice_id(task.entry_id, platform_id),
        kind="licence_task_opened",
        at=task.opened_at,
        content={"licence_task": {"task_id": str(task.number), "kind": task.kind, **fields}},
        filters={"task": task.kind},
    )
