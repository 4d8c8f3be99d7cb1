"""A roster's file before it counts: what is in it, then the roster, received as the API receives it."""

from chalicelib import errors, wiring
from chalicelib.handlers.addresses import base_url
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.files import draft_desk
from chalicelib.handlers.console.screens.rosters import overview
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk import received_files
from chalicelib.handlers.replies import Reply
from chalicelib.reports.rules.eviction import Rejection
from chalicelib.rosters.receive_roster import Sending, open_upload
from chalicelib.rosters.rules.roster import FULL, PATCH
from chalicelib.rosters.rules.validate_roster_row import read_roster_row
from chalicelib.table_files.drafts.preview_file import Check, RowFault
from chalicelib.table_files.rules.table_row import TableRow
from chalicelib.values.timestamps import china_date


def take(visit: Visit) -> Reply:
    """Keep a file to look at; where it cannot be read, the page again with what is wrong."""
    mode = _mode(visit)
    try:
        draft_id = draft_desk.take_file(visit, draft_desk.ROSTER, {"mode": mode}, check_of(mode))
    except (errors.FileRefused, errors.BadRequest, errors.TooLarge) as error:
        return overview.draw(visit, error.status, refusal=draft_desk.refusal(visit, error), mode=mode)
    return console_frame.go_to(visit, f"roster/drafts/{draft_id}")


def preview(visit: Visit, draft_id: str) -> Reply:
    """What a file holds: recognised columns, the first five rows masked, how many of the first 1,000 would be rejected.

    Reads the draft alone.
    """
    draft = draft_desk.read(visit, draft_id, draft_desk.ROSTER)
    mode = draft.choices["mode"]
    effect = (
        (
            "确认后名册以此文件为准：文件中没有的商户不再监控；全部商户重新筛查，命中的会产生任务。",
            "Once confirmed the roster is what this file says: merchants that it lacks are watched no more, all are "
            "screened again, and matches become tasks.",
        )
        if mode == FULL
        else (
            "确认后按文件增删商户，其余不变；新增与变更的商户立即筛查，命中的会产生任务。",
            "Once confirmed merchants are added and removed as the file says and the others stay; what is new or "
            "changed is screened, and matches become tasks.",
        )
    )
    return console_frame.page(
        visit,
        "files/preview.html",
        ("核对名册", "Check the roster"),
        preview=draft_desk.shown(visit, draft, check_of(mode)),
        draft=f"roster/drafts/{draft_id}",
        into="roster",
        filing=visit.t(*overview.MODES[mode]),
        effect=visit.t(*effect),
        button=visit.t("确认更新名册", "Update the roster"),
    )


def discard(visit: Visit, draft_id: str) -> Reply:
    """Give a file up."""
    draft_desk.forget(visit, draft_id)
    return console_frame.go_to(visit, "roster")


def send(visit: Visit, draft_id: str) -> Reply:
    """Send the file as a roster; its draft is erased."""
    draft = draft_desk.read(visit, draft_id, draft_desk.ROSTER)
    visit.request.allowance.take(draft_desk.ONE_FILE)
    sending = _sending(visit, draft.file_name, draft.choices["mode"], draft_id)
    roster_id = str(received_files.receive_roster(visit.caller, sending, draft.content)["roster_id"])
    visit.request.noted.object_name = f"roster:{roster_id}"
    draft_desk.forget(visit, draft_id)
    return console_frame.go_to(visit, f"roster/{roster_id}")


def post_large(visit: Visit) -> Reply:
    """A roster whose file is posted straight to the bucket, up to 200 MB; there is no look at it before it counts."""
    mode = _mode(visit)
    try:
        sending = _sending(visit, draft_desk.name_of_large(visit), mode, "")
    except errors.BadRequest as error:
        return overview.draw(visit, error.status, refusal=draft_desk.refusal(visit, error), mode=mode)
    visit.request.allowance.take(draft_desk.ONE_FILE)
    back_to = f"{base_url(visit.request)}/console/roster/"
    opened = open_upload(wiring.exchange(), wiring.bucket(), sending, wiring.now(), back_to)
    visit.request.noted.object_name = f"roster:{opened['roster_id']}"
    return draft_desk.post_page(visit, "roster", opened)


def check_of(mode: str) -> Check:
    """What would become of a row of a roster received now."""
    today, digest = china_date(wiring.now()), wiring.digest()

    def check(row: TableRow) -> RowFault | None:
        read = read_roster_row(row.number, row.cells, mode, digest, row.headers, today)
        return RowFault(read.code, read.column) if isinstance(read, Rejection) else None

    return check


def _mode(visit: Visit) -> str:
    return PATCH if visit.field("mode") == PATCH else FULL


def _sending(visit: Visit, file_name: str, mode: str, key: str) -> Sending:
    return Sending(
        platform_id=visit.caller.platform_id,
        file_name=file_name,
        mode=mode,
        idempotency_key=key,
        key_id=visit.caller.key_id,
    )
