"""Answers about notices; each kind of notice, as it is pushed and as it is read."""

from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Discriminator, Field, Tag

from chalicelib.handlers.responses.accounts import LookupFigures, ProbingSignal
from chalicelib.handlers.responses.decisions import Burst
from chalicelib.handlers.responses.disputes import DisputeKind, DisputeState, Stand
from chalicelib.handlers.responses.feeds import REMARKS, HoldCounts
from chalicelib.handlers.responses.ledger import ClosureTask, LicenceFacts, TaskKind, TaskState
from chalicelib.handlers.responses.listings import (
    ChangeContent,
    ChangeKind,
    Corroboration,
    CorroborationState,
    DisputeOutcome,
)
from chalicelib.handlers.responses.reports import ReportStatus, RosterStatus
from chalicelib.handlers.responses.shared import Answer, Count, Day, Empty, Moment, Sentence, Subject, Uscc, absent

NOTICE_ID = r"^n_[0-9a-f]{24}$"


class NoticeBase(Answer):
    """What every notice says of itself."""

    schema_: Literal["lianfang.notice/1"] = Field(alias="schema")
    notice_id: str = Field(pattern=NOTICE_ID, description="the same for the same notice, however often it comes")
    at: Moment
    sequence: int = absent("its number in the feed of the participant; of private notices", ge=1)


class ClosureNotice(ChangeContent, NoticeBase):
    """A change of a listing, for everyone; on the topic `closures`."""

    kind: ChangeKind


class ReceivedNotice(ChangeContent, NoticeBase):
    """A listing that the platform received is disputed, or no longer, was amended, or is void."""

    kind: Literal["received_changed"]
    what: ChangeKind


class NoticeTask(ClosureTask):
    """A task in a notice; notices that were written before there was `kind` have `task` alone."""

    kind: TaskKind = absent("check: close or explain; undo: what was closed may be reopened; others inform")


class TaskNotice(NoticeBase):
    """A task was opened, or is overdue, or (for regulators) still not answered."""

    kind: Literal["task_opened", "task_overdue", "task_unanswered"]
    task: NoticeTask
    platform_id: str = absent("of task_unanswered: whose task it is")


class LicenceTask(Answer):
    """A task about a licence, in short."""

    task_id: str
    kind: TaskKind = absent("what is asked; absent from notices that were written before there was `kind`")
    task: TaskKind = Field(description="the former name of `kind`", deprecated=True)
    state: TaskState
    opened_at: Moment
    subject: Subject
    licence: LicenceFacts
    says: Sentence


class LicenceTaskNotice(NoticeBase):
    """A task about a licence was opened."""

    kind: Literal["licence_task_opened"]
    licence_task: LicenceTask


class ChangedLicence(Answer):
    """A licence that the platform has verified, as it stands now."""

    uscc: Uscc
    name: str
    state: Literal["verified", "lapsed", "revoked"]
    status: str
    status_at: Moment | Empty
    verified_at: Moment
    receipt_id: str
    due_on: Day


class LicenceNotice(NoticeBase):
    """A licence that the platform has verified stands otherwise now."""

    kind: Literal["licence_changed"]
    licence: ChangedLicence


class ReportNotice(NoticeBase):
    """A report is done, or was refused whole."""

    kind: Literal["report_done", "report_refused"]
    report: ReportStatus


class RosterNotice(NoticeBase):
    """A roster is done or refused, or its merchants were screened again and results have changed."""

    kind: Literal["roster_done", "roster_refused", "roster_rescreened"]
    roster: RosterStatus


class DisputeStep(Answer):
    """Where a dispute stands after the step; what was said is read at /v1/disputes."""

    dispute_id: str
    listing_id: str
    kind: DisputeKind
    state: DisputeState
    answer_due: Moment
    answer: Stand = absent()
    outcome: DisputeOutcome = absent()


class DisputeNotice(NoticeBase):
    """A step of a dispute, for its parties and for regulators."""

    kind: Literal["dispute_opened", "dispute_answered", "dispute_overdue", "dispute_over"]
    subject: Subject
    dispute: DisputeStep


class CorroborationNotice(NoticeBase):
    """Platforms and government have come to stand otherwise to each other over one subject."""

    kind: Literal["corroboration_changed"]
    subject: Subject
    was: CorroborationState
    corroboration: Corroboration


class HoldNotice(NoticeBase):
    """A government list arrived in a state that a person must look at; for regulators."""

    kind: Literal["feed_held"]
    feed: str
    hold_id: str
    reason: str
    says: Sentence
    counts: HoldCounts | dict[str, int]
    warnings: dict[str, Count] = absent(REMARKS)
    unknown_columns: list[str] = absent("columns of the list that nothing here knows, 40 at most")
    nearest: dict[str, str] = absent("for some unknown columns the name that is known and near")


class BurstNotice(NoticeBase):
    """One platform reports in a burst against one trade or region; for regulators."""

    kind: Literal["reports_burst"]
    burst: Burst


class SuspectedProbing(Answer):
    """Whose lookups look like probing, why, and what they look like."""

    platform_id: str
    day: Day
    signals: list[ProbingSignal]
    key_ids: list[str] = Field(description="the keys that sent most of it")
    figures: LookupFigures = Field(description="of the seven days until the day")
    slowed_until: Moment = absent("where the regulator's rule slows these keys: until when")


class ProbingNotice(NoticeBase):
    """A platform's lookups look like probing; for regulators."""

    kind: Literal["probing_suspected"]
    probing: SuspectedProbing


class IdentityReportDone(Answer):
    """Which report, and how many rows it has."""

    period: str
    rows: Count


class IdentityReportNotice(NoticeBase):
    """The half-yearly report of identity data is ready."""

    kind: Literal["identity_report_done"]
    identity_report: IdentityReportDone


class DeliveryTestNotice(NoticeBase):
    """A test of delivery; nothing has happened."""

    kind: Literal["delivery_test"]
    is_test: Literal[True]
    subscription_id: str
    says: Sentence


class OtherNotice(Answer):
    """A kind that is not described yet: new ones may come, and are to be passed over."""

    model_config = ConfigDict(extra="allow", defer_build=True)

    kind: str


def private_notices() -> list[type[NoticeBase]]:
    """The models of notices to one participant alone."""
    return [model for model in NoticeBase.__subclasses__() if model is not ClosureNotice]


_MODEL_OF_KIND = {
    kind: model.__name__ for model in private_notices() for kind in get_args(model.model_fields["kind"].annotation)
}


def _tag(notice: Any) -> str:
    kind = notice.get("kind") if isinstance(notice, dict) else getattr(notice, "kind", "")
    return _MODEL_OF_KIND.get(str(kind), "OtherNotice")


Notice = Annotated[
    Annotated[ReceivedNotice, Tag("ReceivedNotice")]
    | Annotated[TaskNotice, Tag("TaskNotice")]
    | Annotated[LicenceTaskNotice, Tag("LicenceTaskNotice")]
    | Annotated[LicenceNotice, Tag("LicenceNotice")]
    | Annotated[ReportNotice, Tag("ReportNotice")]
    | Annotated[RosterNotice, Tag("RosterNotice")]
    | Annotated[DisputeNotice, Tag("DisputeNotice")]
    | Annotated[CorroborationNotice, Tag("CorroborationNotice")]
    | Annotated[HoldNotice, Tag("HoldNotice")]
    | Annotated[BurstNotice, Tag("BurstNotice")]
    | Annotated[ProbingNotice, Tag("ProbingNotice")]
    | Annotated[IdentityReportNotice, Tag("IdentityReportNotice")]
    | Annotated[DeliveryTestNotice, Tag("DeliveryTestNotice")]
    | Annotated[OtherNotice, Tag("OtherNotice")],
    Discriminator(_tag),
]
