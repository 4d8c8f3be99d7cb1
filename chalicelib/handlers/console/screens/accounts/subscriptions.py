"""Where an organisation's notices are pushed to, with the state of the delivery, and a test of it."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from chalicelib import errors, logs, wiring
from chalicelib.accounts import platforms
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame, performing
from chalicelib.handlers.console.screens.accounts.people import asked_organisation, frame_of
from chalicelib.handlers.console.texts.listing_texts import Fields, State
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk.subscription_desk import masked
from chalicelib.handlers.replies import Reply
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.accounts.platforms import Platform

TITLE: Final = ("订阅与投递", "Subscriptions and delivery")
DELIVERY: Final = {
    "confirmed": ("投递中", "Delivers", "good"),
    "pending": ("待对方确认", "Waits for its confirmation", "warn"),
    "gone": ("已被取消", "Gone", "bad"),
}
TOPICS: Final = {"closures": ("清退通知", "closures"), "own": ("本机构通知", "own notices")}
COLUMNS: Final = ("ident", "topic_name", "protocol", "endpoint", "delivery", "created_at", "test_sent_at",
                  "test_pushed_at", "test_acknowledged_at")  # fmt: skip


def page(visit: Visit) -> Reply:
    """The subscriptions of an organisation with the last test of each: a read unit for each, and SNS is asked."""
    return _draw(visit, asked_organisation(visit))


def export(visit: Visit) -> Reply:
    """The same as CSV; mailboxes masked."""
    rows = subscription_rows(visit, platforms.get(wiring.exchange(), asked_organisation(visit))) or []
    return console_frame.csv_table([COLUMNS, *([row[name] for name in COLUMNS] for row in rows)], "subscriptions.csv")


def test(visit: Visit, subscription_id: str) -> Reply:
    """Send a test of the delivery."""
    is_operator = visit.caller.role == Role.OPERATOR
    organisation = visit.field("organisation") if is_operator else visit.caller.platform_id
    fields = {"platform_id": organisation} if is_operator else {}
    try:
        done = performing.do(visit, "testSubscription", fields, {"subscription_id": subscription_id})
    except errors.Conflict as error:
        return _draw(visit, organisation, visit.says(error.code))
    of = f"organisation={organisation}&" if is_operator else ""
    return console_frame.go_to(visit, f"people/subscriptions?{of}sent={done['sequence']}")


def subscription_rows(visit: Visit, account: "Platform") -> list[Json] | None:
    """Where notices of the organisation are pushed to, with their state; None where that cannot be asked now."""
    from chalicelib.handlers.platform.subscriptions import context
    from chalicelib.notices import subscriptions

    if account.role == Role.OPERATOR:
        return []
    try:
        if account.platform_id == visit.caller.platform_id:
            listed = subscriptions.list_subscriptions(context(), visit.caller, wiring.now())
        else:
            listed = subscriptions.subscriptions_of(context(), account.platform_id)
    except errors.LianfangError:
        raise
    except Exception:
        logs.failed("subscriptions_not_read", platform=account.platform_id)
        return None
    return [_row(visit, view) for view in listed["subscriptions"]]


def _draw(visit: Visit, organisation: str, wrong: str = "") -> Reply:
    rows = subscription_rows(visit, platforms.get(wiring.exchange(), organisation))
    sent = visit.cursor("sent")
    return console_frame.page(
        visit,
        "accounts/subscriptions.html",
        TITLE,
        409 if wrong else 200,
        rows=rows,
        wrong=wrong,
        waits=any(row["test_waits"] for row in rows or ()),
        notice=_sent_notice(visit, sent) if sent else None,
        csv=f"{visit.root}people/subscriptions.csv?{urlencode({'organisation': organisation})}",
        **frame_of(visit, organisation, "subscriptions"),
    )


def _sent_notice(visit: Visit, sent: int) -> Json:
    more = visit.t(
        f"编号 {sent}，一分钟内推送；同一订阅二十分钟内只发一条。",
        f"No. {sent}, pushed within a minute; one in twenty minutes for each subscription.",
    )
    return {
        "tone": "good",
        "text": visit.t("测试通知已记入通知日志。", "The test is in the log of notices. "),
        "more": more,
    }


def _row(visit: Visit, view: Json) -> Json:
    view = masked(view)
    zh, en, tone = DELIVERY.get(view["state"], (view["state"], view["state"], ""))
    test = Fields(view.get("last_test", {}))
    return {
        "ident": view["subscription_id"],
        "protocol": view["protocol"],
        "endpoint": view["endpoint"],
        "topic": visit.t(*TOPICS.get(view["topic"], (view["topic"], view["topic"]))),
        "topic_name": view["topic"],
        "delivery": view["state"],
        "state": State(visit.t(zh, en), tone),
        "created_at": view["created_at"],
        "test_sent_at": test["sent_at"],
        "test_pushed_at": test["pushed_at"],
        "test_acknowledged_at": test["acknowledged_at"],
        "test_state": _test_state(visit, test) if test else None,
        "test_waits": bool(test) and not test["pushed_at"],
        "is_kept_back": bool(test) and not test["passes_filter"],
    }


def _test_state(visit: Visit, test: Json) -> State:
    """How far a test came."""
    if test["acknowledged_at"]:
        return State(visit.t("对方已确认", "Acknowledged"), "good")
    if not test["passes_filter"]:
        return State(visit.t("被过滤", "Kept back by its filter"), "warn")
    if test["pushed_at"]:
        return State(visit.t("已推送", "Pushed"), "info")
    return State(visit.t("待推送", "To be pushed"), "wait")
