"""What is derived from a saved subject: one list of projections, which the stream and `rebuild` both run.

A projection gets the old and the new image of each subject (the old one is None for a new subject, and in a rebuild)
and is idempotent: what comes twice, late or in a rebuild derives the same again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.closure_tasks import recheck_tasks
from chalicelib.closure_tasks.dependencies import Context as ClosureTasks
from chalicelib.disputes import dispute_consequences, overdue_answers
from chalicelib.licences import follow_company_register, licence_tasks
from chalicelib.lookups.update_posting_lists import update_posting_lists
from chalicelib.registry import listing_expiry
from chalicelib.registry.rules.subject import Subject
from chalicelib.stream import publish_changes
from chalicelib.verdicts import update_corroboration

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable

Images = Sequence[tuple[Subject | None, Subject]]
# The deployed functions that read the stream; each has its own place in it.
INDEXED: Final = "subject_indexed"
ANNOUNCED: Final = "subject_announced"
# What a rebuild alone derives: a scheduled job does so where rules have changed.
REBUILT: Final = "rebuild"


@dataclass(frozen=True, slots=True)
class Context:
    """What the projections work with."""

    registry: "RegistryTable"
    closure_tasks: ClosureTasks
    dispute_consequences: dispute_consequences.Context
    corroboration: update_corroboration.Context
    licence_renewal: licence_tasks.Context


@dataclass(frozen=True, slots=True)
class Projection:
    """One derived view: its name, the deployed function that runs it, and how it is derived (a count, or None)."""

    name: str
    function: str
    derive: Callable[[Context, Images, datetime], int | None]


PROJECTIONS: Final = (
    Projection(
        "posting_lists",
        INDEXED,
        lambda context, images, _: update_posting_lists(context.registry, images),
    ),
    Projection(
        "listings_by_last_day",
        ANNOUNCED,
        lambda context, images, now: listing_expiry.index_ends(context.closure_tasks.exchange, images, now),
    ),
    Projection(
        "disputes_by_answer_day",
        ANNOUNCED,
        lambda context, images, now: overdue_answers.index_due_answers(context.closure_tasks.exchange, images, now),
    ),
    # Before what follows from a dispute, which refers to changes by their numbers.
    Projection(
        "changes_and_tasks",
        ANNOUNCED,
        lambda context, images, now: publish_changes.publish_changes(context.closure_tasks, images, now),
    ),
    Projection(
        "dispute_consequences",
        ANNOUNCED,
        lambda context, images, now: dispute_consequences.follow_disputes(context.dispute_consequences, images, now),
    ),
    Projection(
        "corroboration",
        ANNOUNCED,
        lambda context, images, now: update_corroboration.record_changes(context.corroboration, images, now),
    ),
    Projection(
        "licence_states",
        ANNOUNCED,
        lambda context, images, now: follow_company_register.update_licences(
            context.closure_tasks.exchange, context.closure_tasks.sender, images, now
        ),
    ),
    Projection(
        "licence_tasks",
        ANNOUNCED,
        lambda context, images, now: follow_company_register.open_tasks(context.licence_renewal, images, now),
    ),
    # What the register says may put a guard over a listing, or take it off.
    Projection(
        "tasks_by_registration",
        ANNOUNCED,
        lambda context, images, now: recheck_tasks.check_subjects(
            context.closure_tasks, (new for old, new in images if old and old.registration != new.registration), now
        ),
    ),
    # By the rules in force now, whatever they were when the changes were announced.
    Projection(
        "tasks_by_rules",
        REBUILT,
        lambda context, images, now: recheck_tasks.check_subjects(
            context.closure_tasks, (new for _, new in images), now
        ),
    ),
)


def derive(context: Context, images: Images, now: datetime, function: str = "") -> dict[str, int]:
    """Run the projections of a deployed function ('' for all) in their order; what each counted, by its name.

    Without images nothing is read.
    """
    wanted = [projection for projection in PROJECTIONS if images and function in ("", projection.function)]
    return {projection.name: projection.derive(context, images, now) or 0 for projection in wanted}
