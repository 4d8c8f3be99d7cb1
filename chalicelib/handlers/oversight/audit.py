"""The audit log: /v1/audit."""

from typing import Final

from chalicelib import wiring
from chalicelib.handlers.desk.days import day_of
from chalicelib.handlers.parameters import Parameter, limit
from chalicelib.handlers.replies import CSV, Reply
from chalicelib.handlers.routing import ANYONE, Request, Routes
from chalicelib.messages import ErrorCode

routes = Routes(__name__, "audit")
CURSOR: Final = r"(\d{4}-(0[1-9]|1[0-2])|object)\.\d{1,12}"
AUDIT_PAGE: Final = (
    Parameter("organisation", "只看该参与方", "entries of this organisation alone", pattern=r"[a-z][a-z0-9-]{1,39}"),
    Parameter("person", "只看该人员", "entries of this person alone", pattern=r"p_[0-9a-f]{16}"),
    Parameter("action", "只看该操作", "entries of this operation alone", pattern=r"[A-Za-z]{1,60}"),
    Parameter("object", "只看该对象", "entries about this object alone, such as listing:l_…", most=300),
    Parameter("day", "只看该日（北京时间）", "entries of this day in China alone", pattern=r"\d{4}-\d\d-\d\d"),
    Parameter("after", "上一页的 `next`", "the `next` of the page before", pattern=CURSOR),
    limit(100, 200),
    Parameter("format", "应答格式", "the form of the answer", "json", choices=("json", "csv")),
)
COLUMNS: Final = {
    "at": "时间",
    "organisation": "参与方",
    "role": "角色",
    "person_id": "人员",
    "key_id": "密钥",
    "action": "操作",
    "object": "对象",
    "outcome": "结果",
    "error": "错误",
    "before": "变更前",
    "after": "变更后",
    "source": "来源",
    "request_id": "请求编号",
}


@routes.route(
    "/v1/audit",
    "GET",
    "listAuditEntries",
    roles=ANYONE,
    query=AUDIT_PAGE,
    returns="people.audit:AuditPage",
    media=(CSV,),
    errors=(ErrorCode.NOT_YOUR_AUDIT_LOG,),
)
def audit(request: Request) -> Reply:
    """What people and keys did, newest first: of the own organisation; for a regulator of all."""
    from chalicelib.audit import read_audit_log
    from chalicelib.audit.read_audit_log import Asked, Filter

    wanted = Filter(
        organisation=request.text("organisation"),
        person_id=request.text("person"),
        action=request.text("action"),
        object_name=request.text("object"),
        day=day_of(request, "day"),
    )
    asked = Asked(wanted, request.number("limit"), request.text("after"))
    page = read_audit_log.read_page(wiring.exchange(), wiring.numbered_log, request.caller, asked, wiring.now())
    if request.text("format") != "csv":
        return Reply(page.as_json())
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Reply(page.as_csv(COLUMNS), content_type=CSV, headers=headers | ({"X-Next": page.next} if page.next else {}))
