"""Evidence in a dispute: a file is shown where browsers do that safely, and handed in by a form."""

from typing import TYPE_CHECKING, Final

from chalicelib import errors, wiring
from chalicelib.disputes import evidence_files, read_disputes
from chalicelib.handlers import dependencies
from chalicelib.handlers.addresses import base_url
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.disputes import draw_file, read_case
from chalicelib.handlers.console.screens.files.draft_desk import FILE_FIELD
from chalicelib.handlers.console.texts.dispute_texts import FILE_TYPES, party
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk import dispute_desk as desk
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.disputes.rules.dispute_case import Case

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
    """Take a file of up to 4.5 MB; or, for one that is only named, lead to a page from which it is posted straight to
    the store. What does not fit is said beside the form."""
    case, by = read_case(visit, dispute_id), read_disputes.actor(visit.caller)
    sent = visit.files.get(FILE_FIELD)
    try:
        if sent is None or not sent.content:
            return _post_page(visit, case, by)
        context = dependencies.evidence_files()
        evidence_files.take_file(context, case, by, sent.name, sent.content, wiring.now())
    except (errors.BadRequest, errors.Conflict, errors.TooLarge, errors.UnsupportedType) as error:
        return draw_file(visit, case, error.status, {"file": visit.says(error.code)})
    return console_frame.go_to(visit, f"disputes/{dispute_id}#evidence")


def _post_page(visit: Visit, case: "Case", by: str) -> Reply:
    """A page from which one file is posted straight to the store, and which is come back to after that."""
    dispute_id, name = case.dispute.dispute_id, visit.field("file_name", 200)
    if not name:
        raise errors.BadRequest(ErrorCode.NO_FILE)
    back = f"{base_url(visit.request)}/console/disputes/{dispute_id}"
    upload = evidence_files.Upload(name, visit.field("content_type"), back_to=back)
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
