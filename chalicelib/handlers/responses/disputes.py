"""Answers about disputes (申诉) and their evidence."""

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from chalicelib.handlers.responses.listings import DisputeOutcome
from chalicelib.handlers.responses.shared import (
    NEXT_ALWAYS,
    Answer,
    Count,
    Listing,
    Moment,
    Subject,
    UploadForm,
    Url,
    absent,
)

DISPUTE_ID = r"^d_[0-9a-f]{24}$"
EVIDENCE_ID = r"^e_[0-9a-f]{24}$"
DisputeState = TypeAliasType("DisputeState", Literal["open", "answered", "closed"])
DisputeKind = TypeAliasType("DisputeKind", Literal["for_merchant", "found_otherwise", "merchant"])
Stand = Literal["stand_by", "concede"]


class ReporterAnswer(Answer):
    """What the reporter said."""

    stand: Stand
    at: Moment
    statement: str = absent("its words, where the dispute is read by itself")


class Closing(Answer):
    """How a dispute ended."""

    outcome: DisputeOutcome
    at: Moment
    by: str
    statement: str = absent("the words to it, where the dispute is read by itself")


class DisputeSummary(Answer):
    """One line of a list of disputes."""

    dispute_id: str = Field(pattern=DISPUTE_ID)
    listing_id: str
    source: str = Field(description="whose listing is disputed")
    subject: Subject
    kind: DisputeKind
    origin: Literal["merchant", "platform"]
    opened_by: str
    opened_at: Moment
    state: DisputeState
    answer_due: Moment
    overdue_at: Moment = absent("when it was found that no answer came in time")
    answer: ReporterAnswer = absent()
    closed: Closing = absent()


class DisputePage(Answer):
    """Disputes in the order of their opening."""

    disputes: list[DisputeSummary]
    next: str = Field(description=NEXT_ALWAYS)


class EvidenceFile(Answer):
    """One file of a dispute."""

    evidence_id: str = Field(pattern=EVIDENCE_ID)
    file_name: str
    content_type: Literal["application/pdf", "image/jpeg", "image/png", "video/mp4"]
    by: str
    asked_at: Moment
    state: Literal["waiting", "arrived", "refused"]
    bytes: Count = absent("once it has arrived")
    sha256: str = absent("of what was read first, which is what counts", pattern=r"^[0-9a-f]{64}$")
    arrived_at: Moment = absent("when what was read first was taken in")
    refused: str = absent("why it was refused: a code")


class EvidenceUpload(EvidenceFile):
    """The file, and the form to post it with."""

    upload: UploadForm


class EvidenceLink(EvidenceFile):
    """The file, and links to it."""

    url: Url = Field(description="a browser saves it as a file")
    shown_url: Url = absent("a browser shows it as what it is, for its bytes were checked")
    expires_at: Moment


class DisputeView(DisputeSummary):
    """A dispute with everything that was said, as far as the caller may see it."""

    statement: str
    listing: Listing
    contact: str = absent("masked; for the opener and regulators")
    evidence: list[EvidenceFile]
