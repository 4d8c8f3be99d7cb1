"""A file that a person looks at before it counts: taken, shown, kept for a day, given up."""

from collections.abc import Mapping
from typing import Final

from chalicelib import errors, wiring
from chalicelib.accounts.quotas import FILES, ROWS
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.files.field_names import field_name, in_order
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.table_files.drafts import keep_draft
from chalicelib.table_files.drafts.keep_draft import Draft
from chalicelib.table_files.drafts.preview_file import Check, Preview, preview_file
from chalicelib.table_files.read_table_file import read_table_file
from chalicelib.table_files.rules.match_headers import field_of
from chalicelib.values.file_names import plain_file_name
from chalicelib.values.records import Json

REPORT, ROSTER = "report", "roster"
FILE_FIELD: Final = "file"
# What a file that counts takes of the quotas, as the API's routes for files do.
ONE_FILE: Final = {FILES: 1, ROWS: 0}


def take_file(visit: Visit, purpose: str, choices: Mapping[str, str], check: Check) -> str:
    """Keep the file of the form to look at; the id of its draft.

    Raises `FileRefused` for what cannot be read, which is not kept, and `BadRequest` where no file was chosen.
    """
    sent = visit.files.get(FILE_FIELD)
    if sent is None or not sent.content:
        raise errors.BadRequest(ErrorCode.NO_FILE)
    name = plain_file_name(sent.name)
    preview_file(sent.content, name, read_table_file, check)
    draft_id, draft = keep_draft.new_draft_id(), Draft(purpose, name, sent.content, choices=dict(choices))
    keep_draft.keep_draft(wiring.bucket(), visit.session.person.person_id, draft_id, draft, wiring.now())
    return draft_id


def read(visit: Visit, draft_id: str, purpose: str) -> Draft:
    """The visitor's draft of that id; `NotFound` where there is none, or its day has passed."""
    person_id = visit.session.person.person_id
    return keep_draft.read_draft(wiring.bucket(), person_id, draft_id, purpose, wiring.now())


def find(visit: Visit, draft_id: str, purpose: str) -> Draft | None:
    """The same; None where there is none."""
    person_id = visit.session.person.person_id
    return keep_draft.find_draft(wiring.bucket(), person_id, draft_id, purpose, wiring.now())


def has(visit: Visit, draft_id: str) -> bool:
    """Whether the visitor has a draft of that id, unread; its day may have passed."""
    return keep_draft.has_draft(wiring.bucket(), visit.session.person.person_id, draft_id)


def forget(visit: Visit, draft_id: str) -> None:
    """Erase a draft of the visitor."""
    keep_draft.forget_draft(wiring.bucket(), visit.session.person.person_id, draft_id)


def keep_as(visit: Visit, draft_id: str, draft: Draft) -> None:
    """Keep the visitor's draft under the id of what it became, as long as its own day lasts."""
    keep_draft.keep_draft(wiring.bucket(), visit.session.person.person_id, draft_id, draft, wiring.now())


def shown(visit: Visit, draft: Draft, check: Check) -> Json:
    """The preview of a draft in the words of the page."""
    preview = preview_file(draft.content, draft.file_name, read_table_file, check)
    fields = in_order(preview.columns)
    return {
        "file_name": draft.file_name,
        "bytes": len(draft.content),
        "kept_until": draft.kept_until,
        "columns": [(field_name(visit, field), preview.columns[field]) for field in fields],
        "unread": list(preview.unread),
        "rows": [
            {
                "number": row.number,
                "cells": [row.cells.get(field, "") for field in fields],
                "fault": visit.says(row.fault.code) if row.fault else "",
            }
            for row in preview.rows
        ],
        "checked": preview.checked,
        "is_whole": preview.is_whole,
        "faults": _faults(visit, preview),
        "refused": preview.faults.total(),
    }


def may_have_faults(draft: Draft, check: Check) -> bool:
    """Whether a row of the file would be rejected, or too many were left unchecked to say."""
    preview = preview_file(draft.content, draft.file_name, read_table_file, check)
    return bool(preview.faults) or not preview.is_whole


def refusal(visit: Visit, error: errors.LianfangError) -> Json:
    """What a page says of a file that is refused: the sentence, and what may help."""
    return refusal_of(visit, str(error.code), error.details)


def refusal_of(visit: Visit, code: str, details: Mapping[str, object]) -> Json:
    """The same of a refusal that is stored."""
    more = []
    save_as, nearest = details.get("save_as"), details.get("nearest")
    if isinstance(save_as, Mapping):
        more.append(str(save_as[visit.language]))
    if isinstance(nearest, Mapping):
        more += [nearest_text(visit, str(header), names) for header, names in nearest.items()]
    if code == ErrorCode.UNKNOWN_COLUMNS:
        more.append(
            visit.t(
                "表头至少要有名称或代码之一，以及日期或原因。",
                "The header needs a name or a code, and a day or a reason.",
            )
        )
    return {"text": visit.says(code), "more": more}


def stored_refusal(visit: Visit, refused: Json | None) -> Json | None:
    """What a page says of a report or a roster that was refused; None for one that was not."""
    return refusal_of(visit, str(refused["code"]), refused.get("details", {})) if refused else None


def nearest_text(visit: Visit, header: str, names: object) -> str:
    """What a header that was not understood may have meant."""
    meant = [str(each) for each in names] if isinstance(names, (list, tuple)) else [str(names)]
    shown_names = [field_name(visit, field_of(each) or each) for each in meant]
    return visit.t(f"“{header}”是否指“{'”“'.join(shown_names)}”？", f"Does “{header}” mean {', '.join(shown_names)}?")


def _faults(visit: Visit, preview: Preview) -> list[tuple[str, int]]:
    return [(visit.says(code), count) for code, count in preview.faults.most_common(8)]


def name_of_large(visit: Visit) -> str:
    """The name of a file that is too large to pass through here, as the form says it; `BadRequest` without one."""
    name = visit.field("file_name", 200)
    if not name:
        raise errors.BadRequest(ErrorCode.NO_FILE)
    return name


def post_page(visit: Visit, path: str, opened: Json) -> Reply:
    """A page from which a large file is posted straight to the bucket; `opened` is what it becomes, with the form."""
    form = opened["upload"]
    return console_frame.page(
        visit,
        "files/large.html",
        ("上传大文件", "Send a large file"),
        form=form,
        file_name=opened["file_name"],
        back=path,
        posts_to=form["url"],
    )
