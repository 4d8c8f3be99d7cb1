"""What operators do to organisations: each act is previewed and then done as the API does it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from chalicelib import errors, wiring
from chalicelib.accounts import platforms, quotas, request_limits
from chalicelib.handlers.console import console_frame, performing, previews
from chalicelib.handlers.console.previews import Preview
from chalicelib.handlers.console.screens.accounts.keys import HOLDS, draw_secret
from chalicelib.handlers.console.screens.operation.platforms import LIMITS, draw_account
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.texts.people_texts import ROLES
from chalicelib.handlers.console.texts.value_texts import number
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from pydantic import BaseModel

ADMITTING: Final = ("接纳机构", "Admit an organisation")
CHANGING: Final = ("更改机构设置", "Change an organisation")
ACTS: Final = {"limits": "setLimits", "purposes": "grantPurposes", "aws-account": "nameAwsAccount"}
FIELDS: Final = ("id", "name", "role", "aws_account")


def new(visit: Visit) -> Reply:
    """The form by which an organisation is admitted."""
    return _draw_new(visit)


def preview_new(visit: Visit) -> Reply:
    """What the admission of an organisation will do."""
    from chalicelib.handlers.requests.platforms import NewPlatform

    sent = _new_fields(visit)
    if wrong := _wrong_field(NewPlatform, sent):
        return _draw_new(visit, {wrong: visit.says(ErrorCode.INVALID_REQUEST)})
    if platforms.find(wiring.exchange(), str(sent["id"])):
        return _draw_new(visit, {"id": visit.says(ErrorCode.PLATFORM_EXISTS)})
    return previews.draw(visit, ADMITTING, _admission(visit, sent))


def admit(visit: Visit) -> Reply:
    """Admit an organisation; its first key is on the page that comes out and nowhere else."""
    sent = _new_fields(visit)
    try:
        made = performing.do(visit, "admitParticipant", sent, {})
    except (errors.BadRequest, errors.Conflict) as error:
        field = "id" if error.code == ErrorCode.PLATFORM_EXISTS else "form"
        return _draw_new(visit, {field: visit.says(error.code)})
    return made if isinstance(made, Reply) else draw_secret(visit, str(sent["id"]), made)


def preview(visit: Visit, platform_id: str) -> Reply:
    """What other limits, purposes or another AWS account will do."""
    from chalicelib.handlers.requests.platforms import NewAwsAccount, NewLimits, NewPurposes

    act = visit.field("act")
    if act not in ACTS:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="act", expected=list(ACTS))
    found, sent = platforms.get(wiring.exchange(), platform_id), _fields_of(visit, act)
    models: dict[str, type[BaseModel]] = {"limits": NewLimits, "purposes": NewPurposes, "aws-account": NewAwsAccount}
    if wrong := _wrong_field(models[act], sent):
        return draw_account(visit, platform_id, {wrong: visit.says(ErrorCode.INVALID_REQUEST)})
    says, rows = _consequences(visit, act, platform_id, sent)
    return previews.draw(
        visit,
        CHANGING,
        Preview(
            heading=found.name,
            says=says,
            rows=rows,
            sent={name: [str(value)] if not isinstance(value, list) else value for name, value in sent.items()},
            action=f"operation/platforms/{platform_id}/{act}",
            button=visit.t("更改", "Change"),
            back=f"operation/platforms/{platform_id}",
        ),
    )


def set_limits(visit: Visit, platform_id: str) -> Reply:
    """Set how much an organisation may ask."""
    return _do(visit, "limits", platform_id)


def grant_purposes(visit: Visit, platform_id: str) -> Reply:
    """Grant an organisation the purposes that are not its own, or take them back."""
    return _do(visit, "purposes", platform_id)


def name_account(visit: Visit, platform_id: str) -> Reply:
    """Name the AWS account of an organisation anew."""
    return _do(visit, "aws-account", platform_id)


def _admission(visit: Visit, sent: Json) -> Preview:
    t = visit.t
    return Preview(
        heading=str(sent["name"]),
        says=t(
            "该机构获得账户、通知主题和首个密钥，密钥只显示一次；编号此后不能更改。",
            "It gets an account, topics for its notices and a first key, which is shown once. Its id is for good.",
        )
        + t(HOLDS[0], " " + HOLDS[1]),
        rows=(
            (t("编号", "Id"), str(sent["id"])),
            (t("类别", "Kind"), t(*ROLES[str(sent["role"])])),
            (t("AWS 账号", "AWS account"), str(sent["aws_account"] or "—")),
        ),
        sent={name: [str(sent[name] or "")] for name in FIELDS},
        action="operation/platforms",
        button=t("接纳", "Admit"),
        back="operation/platforms/new",
    )


def _do(visit: Visit, act: str, platform_id: str) -> Reply:
    done = performing.do(visit, ACTS[act], _fields_of(visit, act), {"platform_id": platform_id})
    return done if isinstance(done, Reply) else console_frame.go_to(visit, f"operation/platforms/{platform_id}")


def _consequences(visit: Visit, act: str, platform_id: str, sent: Json) -> tuple[str, list[tuple[str, str]]]:
    """What a change will do, in words and by field."""
    t = visit.t
    if act == "limits":
        now = request_limits.get_limits(wiring.exchange(), quotas.platform_account(platform_id))
        changed = [name for name in LIMITS if getattr(now, name) != sent[name]]
        rows = [(t(*LIMITS[name]), f"{number(getattr(now, name))} → {number(sent[name])}") for name in changed]
        says = t(
            "一分钟内对该机构的全部密钥和人员生效；超出的请求被拒绝，超出的文件等待。",
            "It holds for all its keys and people within a minute. Requests beyond it are refused, files wait.",
        )
        return says, rows or [(t("更改", "Changes"), t("无", "none"))]
    if act == "purposes":
        granted = t("可以", "granted") if sent["purposes"] else t("不可以", "not granted")
        says = t(
            "“调查”是监管部门的用途：授予后，该平台可查询并非申请入驻的商户。",
            "Investigating is the regulators' purpose: with it the platform may look up merchants that do not apply.",
        )
        return says, [(t("为调查查询", "Looking up to investigate"), granted)]
    says = t(
        "此后只有该 AWS 账号可以订阅该机构的通知；先前账号的订阅在取消之前仍然有效。",
        "Then that AWS account alone may subscribe to its notices. Subscriptions of the one before stay until ended.",
    )
    return says, [(t("AWS 账号", "AWS account"), sent["aws_account"] or t("无", "none"))]


def _fields_of(visit: Visit, act: str) -> Json:
    """The body of an act as the API takes it, of the fields of its form."""
    if act == "limits":
        typed = {name: visit.field(name, 20) for name in LIMITS}
        return {name: int(text) if text.isascii() and text.isdigit() else text for name, text in typed.items()}
    if act == "purposes":
        return {"purposes": [each for each in visit.fields("purposes") if each]}
    return {"aws_account": visit.field("aws_account")}


def _new_fields(visit: Visit) -> Json:
    sent: Json = {name: visit.field(name, 4_000) for name in FIELDS}
    return {**sent, "aws_account": sent["aws_account"] or None}


def _wrong_field(model: "type[BaseModel]", sent: Json) -> str:
    """The field that the API would refuse; '' where it takes them all."""
    from pydantic import ValidationError

    try:
        model.model_validate(sent)
    except ValidationError as error:
        return str(error.errors()[0]["loc"][0])
    return ""


def _draw_new(visit: Visit, wrong: Mapping[str, str] | None = None) -> Reply:
    return console_frame.page(
        visit,
        "operation/new_platform.html",
        ADMITTING,
        400 if wrong else 200,
        typed={name: visit.field(name, 4_000) for name in FIELDS},
        roles=[{"value": name, "text": visit.t(*text)} for name, text in ROLES.items()],
        wrong=Fields(wrong or {}),
    )
