"""One report: how far it is while it is in work, then its counts, its rejected rows and its remarks."""

from chalicelib import wiring
from chalicelib.accounts.permissions import limited_to
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.files import days, draft_desk
from chalicelib.handlers.console.screens.files.file_rows import page_of_rows, rejections_file
from chalicelib.handlers.console.screens.files.row_texts import rejection_row, warning_row
from chalicelib.handlers.console.screens.reports.history import filing_text, may_send
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.reports import read_report
from chalicelib.reports.rules.report import DONE, FINISHED, PROCESSING, Report, rows_key
from chalicelib.values.records import Json


def page(visit: Visit, report_id: str) -> Reply:
    """A report; one read unit or two, and once it is done the first rows of two files of the bucket."""
    report = find(visit, report_id)
    path = f"reports/{report_id}"
    rejected, pages = page_of_rows(visit, path, _key(report, "rejected"), "after", rejection_row)
    warned, warned_pages = page_of_rows(visit, path, _key(report, "warnings"), "warned", warning_row)
    return console_frame.page(
        visit,
        "reports/report.html",
        (report.file_name, report.file_name),
        report=report,
        state=days.state_tag(visit, report.status, report.rejected, report.waits_until),
        filing=filing_text(visit, report),
        is_finished=report.status in FINISHED,
        is_counted=report.status in FINISHED or report.chunks is not None,
        progress=progress(visit, report),
        refusal=draft_desk.stored_refusal(visit, report.refused),
        nearest=_nearest(visit, report),
        rejected=rejected,
        warned=warned,
        pages=pages,
        warned_pages=warned_pages,
        may_mend=may_mend(visit, report),
        may_send=may_send(visit),
        notice=_notice(visit),
    )


def rejections(visit: Visit, report_id: str) -> Reply:
    """The rejected rows, up to 10,000, as CSV."""
    return rejections_file(visit, _key(find(visit, report_id), "rejected"), report_id)


def find(visit: Visit, report_id: str) -> Report:
    """The report, where the visitor's organisation may see it."""
    return read_report.find_report(wiring.exchange(), report_id, limited_to(visit.caller))


def may_mend(visit: Visit, report: Report) -> bool:
    """Whether the visitor can mend rejected rows: it sent the file by the console within the last day."""
    if not (may_send(visit) and report.status == DONE and report.rejected):
        return False
    return report.platform_id == visit.caller.platform_id and draft_desk.has(visit, report.report_id)


def progress(visit: Visit, report: Report) -> Json:
    """How far a report is: chunks saved of all, None while its file is read; in words, and for the bar."""
    if report.status == PROCESSING and report.chunks:
        done = len(report.chunks_done)
        text = visit.t(f"正在写入：{done}/{report.chunks} 批", f"saving: {done} of {report.chunks} chunks")
        return {"text": text, "value": done, "most": report.chunks}
    if report.waits_until:
        text = visit.t(
            "本小时的行数配额已用完，稍后自动继续", "the quota of rows of this hour is used up; it goes on by itself"
        )
    elif report.status == PROCESSING:
        text = visit.t("正在读取文件", "reading the file")
    else:
        text = visit.t("等待处理", "waiting for its turn")
    return {"text": text, "value": None, "most": 1}


def _key(report: Report, kind: str) -> str:
    """Where the rows of that kind are kept; '' where the report has none."""
    return rows_key(report, kind) if report.status == DONE and getattr(report, kind) else ""


def _nearest(visit: Visit, report: Report) -> list[str]:
    nearest = report.nearest or {}
    return [draft_desk.nearest_text(visit, header, names) for header, names in nearest.items()]


def _notice(visit: Visit) -> Json | None:
    if visit.query("again") == "yes":
        text = visit.t(
            "该内容此前已经报送过，以下是当时的结果。", "This content was sent before; here is what became of it."
        )
        return {"tone": "info", "text": text, "more": ""}
    if visit.query("mended").isdigit():
        count = visit.query("mended")
        text = visit.t(f"已将 {count} 行修改后单独报送。", f"{count} mended rows were sent by themselves.")
        return {"tone": "good", "text": text, "more": ""}
    return None
