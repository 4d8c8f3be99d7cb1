"""The pages of the console: the one table of them, which serves as its list of contents.

The gateway knows a route for each depth alone; `find_page` knows which page a path is. A page names its view as
`module:function` of the package `screens`, which is imported when the page is first asked for, so that nothing of the
console is loaded before a lookup is answered.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final
from urllib.parse import unquote

from chalicelib import errors
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.page import Page
from chalicelib.handlers.console.screens.accounts.administration_pages import ADMINISTRATION
from chalicelib.handlers.console.screens.licences.licence_pages import LICENCES
from chalicelib.handlers.console.screens.oversight.oversight_pages import OVERSIGHT
from chalicelib.handlers.console.screens.policies.policy_pages import RULES
from chalicelib.messages import ErrorCode
from chalicelib.people.duties import Duty

PLATFORM, REGULATOR = Role.PLATFORM, Role.REGULATOR
OFFICES: Final = (PLATFORM, REGULATOR)
ACTING: Final = (Duty.REPORT, Duty.DECIDE)
REPORTING: Final = (Duty.REPORT,)
DECIDING: Final = (Duty.DECIDE,)

PAGES: Final = (
    Page("GET", "/console", "today:start", duties=()),
    Page("GET", "/console/today", "today:today", duties=()),
    Page("GET", "/console/language", "today:language", duties=()),
    Page("GET", "/console/waiting", "waiting:counts", duties=()),
    Page("GET", "/console/search", "search:search", OFFICES),
    Page("POST", "/console/search", "search:look_up", OFFICES),
    Page("GET", "/console/search/batch", "batch.batch_search:form", OFFICES),
    Page("POST", "/console/search/batch", "batch.batch_search:look_up", OFFICES, takes_file=True),
    Page("GET", "/console/search/batch/{batch_id}", "batch.batch_search:page", OFFICES),
    Page("GET", "/console/search/batch/{batch_id}/verdicts.csv", "batch.batch_search:export", OFFICES),
    Page("GET", "/console/tasks", "tasks:work_queue", OFFICES),
    Page("GET", "/console/tasks.csv", "tasks:export", OFFICES),
    Page("POST", "/console/tasks/answers", "tasks:answer", (PLATFORM,), ACTING, operation="answerTasks"),
    Page("POST", "/console/tasks/assignments", "tasks:assign", (PLATFORM,), ACTING, operation="assignTasks"),
    Page("GET", "/console/tasks/{task_id}", "tasks:task", OFFICES),
    Page("POST", "/console/tasks/{task_id}/notes", "tasks:note", (PLATFORM,), ACTING, operation="addTaskNote"),
    Page("GET", "/console/overview", "overview:page", (REGULATOR,)),
    Page("GET", "/console/wall", "overview:wall", (REGULATOR,)),
    Page("GET", "/console/overview/{plot}", "overview:export", (REGULATOR,)),
    Page("GET", "/console/disputes", "disputes:page", OFFICES),
    Page("GET", "/console/disputes.csv", "disputes:export", OFFICES),
    Page("GET", "/console/disputes/{dispute_id}", "disputes:dispute", OFFICES),
    Page(
        "POST",
        "/console/disputes/{dispute_id}/answer",
        "disputes:answer",
        (PLATFORM,),
        DECIDING,
        operation="answerDispute",
    ),
    Page(
        "POST",
        "/console/disputes/{dispute_id}/withdrawal",
        "disputes:withdraw",
        (PLATFORM,),
        DECIDING,
        operation="withdrawDispute",
    ),
    Page("POST", "/console/disputes/{dispute_id}/preview", "dispute_decisions:preview", (REGULATOR,), DECIDING),
    Page("POST", "/console/disputes/{dispute_id}/decision", "dispute_decisions:decide", (REGULATOR,), DECIDING),
    Page(
        "POST",
        "/console/disputes/{dispute_id}/evidence",
        "evidence:send",
        (PLATFORM,),
        ACTING,
        operation="addEvidence",
        takes_file=True,
    ),
    Page(
        "GET",
        "/console/disputes/{dispute_id}/evidence/{evidence_id}",
        "evidence:view",
        OFFICES,
        operation="getEvidence",
    ),
    Page("GET", "/console/reports", "reports.history:page", OFFICES),
    Page("GET", "/console/reports.csv", "reports.history:export", OFFICES),
    Page("POST", "/console/reports/drafts", "reports.drafts:take", OFFICES, REPORTING, takes_file=True),
    Page("GET", "/console/reports/drafts/{draft_id}", "reports.drafts:preview", OFFICES, REPORTING),
    Page("POST", "/console/reports/drafts/{draft_id}/discard", "reports.drafts:discard", OFFICES, REPORTING),
    Page(
        "POST",
        "/console/reports/drafts/{draft_id}/report",
        "reports.drafts:send",
        OFFICES,
        REPORTING,
        operation="createReportFromFile",
    ),
    Page(
        "POST",
        "/console/reports/uploads",
        "reports.drafts:post_large",
        OFFICES,
        REPORTING,
        operation="createReportUpload",
    ),
    Page("GET", "/console/reports/listings/{listing_id}", "reports.listings:listing", OFFICES),
    Page("POST", "/console/reports/listings/{listing_id}/withdrawal", "reports.listings:withdraw", OFFICES, DECIDING),
    Page("GET", "/console/reports/{report_id}/listings", "reports.listings:page", OFFICES),
    Page("GET", "/console/reports/{report_id}", "reports.report:page", OFFICES),
    Page("GET", "/console/reports/{report_id}/rejections.csv", "reports.report:rejections", OFFICES),
    Page("GET", "/console/reports/{report_id}/mend", "reports.mend:page", OFFICES, REPORTING),
    Page(
        "POST",
        "/console/reports/{report_id}/mend",
        "reports.mend:send",
        OFFICES,
        REPORTING,
        operation="createReport",
        takes_file=True,
    ),
    Page("GET", "/console/roster", "rosters.overview:page", OFFICES),
    Page("GET", "/console/roster.csv", "rosters.overview:export", OFFICES),
    Page("POST", "/console/roster/drafts", "rosters.drafts:take", (PLATFORM,), REPORTING, takes_file=True),
    Page("GET", "/console/roster/drafts/{draft_id}", "rosters.drafts:preview", (PLATFORM,), REPORTING),
    Page("POST", "/console/roster/drafts/{draft_id}/discard", "rosters.drafts:discard", (PLATFORM,), REPORTING),
    Page(
        "POST",
        "/console/roster/drafts/{draft_id}/roster",
        "rosters.drafts:send",
        (PLATFORM,),
        REPORTING,
        operation="createRosterFromFile",
    ),
    Page(
        "POST",
        "/console/roster/uploads",
        "rosters.drafts:post_large",
        (PLATFORM,),
        REPORTING,
        operation="createRosterUpload",
    ),
    Page("GET", "/console/roster/{roster_id}", "rosters.roster:page", OFFICES),
    Page("GET", "/console/roster/{roster_id}/results.csv", "rosters.roster:results_file", OFFICES),
    Page("GET", "/console/roster/{roster_id}/rejections.csv", "rosters.roster:rejections", OFFICES),
    Page(
        "POST", "/console/lookups/{lookup_id}/decision", "search:decide", (PLATFORM,), ACTING, operation="decideOnMatch"
    ),
    *ADMINISTRATION,
    *OVERSIGHT,
    *LICENCES,
    *RULES,
)


def find_page(method: str, parts: Sequence[str]) -> tuple[Page, dict[str, str]]:
    """The page at these parts of a path after `/console`, and the values of the parts that vary.

    A part that is written out goes before one that varies. Raises `NotFound` where there is no page, and
    `METHOD_NOT_ALLOWED` for the address of a form.
    """
    sent = [unquote(part) for part in parts]
    pages = [(page, pattern) for page, pattern in _by_depth().get(len(sent), ()) if _matches(pattern, sent)]
    for page, pattern in pages:
        if page.method == method:
            return page, {name[1:-1]: value for name, value in zip(pattern, sent, strict=True) if name[0] == "{"}
    if pages:
        raise errors.BadRequest(ErrorCode.METHOD_NOT_ALLOWED)
    raise errors.NotFound(ErrorCode.NOT_FOUND)


def page_behind(address: str) -> str:
    """The page at an address from `console` on, or the nearest above it, where forms are sent but nothing is shown."""
    path, mark, query = address.partition("?")
    parts = path.split("/")[1:]
    for count in range(len(parts), 0, -1):
        fits = [page for page, pattern in _by_depth().get(count, ()) if _matches(pattern, parts[:count])]
        # One whose path is written out hides those whose parts vary, as it does when it is asked for.
        if any(page.method == "GET" and page.path == fits[0].path for page in fits):
            return "/".join(("console", *parts[:count])) + (mark + query if count == len(parts) else "")
    return "console"


@cache
def _by_depth() -> dict[int, list[tuple[Page, tuple[str, ...]]]]:
    """The pages with the parts of their paths after `/console`, by how many these are."""
    result: dict[int, list[tuple[Page, tuple[str, ...]]]] = {}
    for page in PAGES:
        pattern = tuple(page.path.split("/")[2:])
        result.setdefault(len(pattern), []).append((page, pattern))
    for pages in result.values():
        pages.sort(key=lambda entry: [part[0] == "{" for part in entry[1]])
    return result


def _matches(pattern: Sequence[str], sent: Sequence[str]) -> bool:
    return all(part[0] == "{" or part == value for part, value in zip(pattern, sent, strict=True))
