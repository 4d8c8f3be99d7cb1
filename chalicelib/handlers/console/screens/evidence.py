"""Evidence in a dispute: a file is shown where browsers do that safely, and sent by a form of the store."""

from typing import Final

from chalicelib import wiring
from chalicelib.disputes import evidence_files, read_disputes
from chalicelib.handlers import dependencies
from chalicelib.handlers.addresses import base_url
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.disputes import read_case
from chalicelib.handlers.console.texts.dispute_texts import FILE_TYPES, party
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk import dispute_desk as desk
from chalicelib.handlers.replies import Reply

VIEWER: Final = ("查看证据", "Evidence")


def view(visit: Visit, dispute_id: str, evidence_id: str) -> Reply:
    """One file: a picture or film in place, a document by a link to a tab of its own, with where it comes from.

    To open it is an act of which the audit log has one entry, whatever the browser loads for it from the store within
    the five minutes of its links. Reads the dispute with its subject, and one item.
    """
    file = desk.link_evidence(visit.request.ident, visit.caller, dispute_id, evidence_id)
    kind = visit.t(*FILE_TYPES[file["content_type"]])
    shown = Fields({**file, "by": party(visit, file["by"]), "type_name": kind})
    reply = console_frame.page(visit, "evidence.html", VIEWER, dispute_id=dispute_id, file=shown)
    return console_frame.showing(reply, wiring.bucket().origin())


def send(visit: Visit, dispute_id: str) -> Reply:
    """A page from which one file is posted straight to the store, and which is come back to after that."""
    case, by = read_case(visit, dispute_id), read_disputes.actor(visit.caller)
    back = f"{base_url(visit.request)}/console/disputes/{dispute_id}"
    upload = evidence_files.Upload(visit.field("file_name", 200), visit.field("content_type"), back_to=back)
    form = evidence_files.open_upload(dependencies.evidence_files(), case, by, upload, wiring.now())["upload"]
    return console_frame.page(
        visit,
        "dispute_upload.html",
        ("上传证据", "Send evidence"),
        form=form,
        content_type=upload.content_type,
        back=f"{visit.root}disputes/{dispute_id}",
        posts_to=form["url"],
    )
