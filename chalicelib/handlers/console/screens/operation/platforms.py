"""Organisations of the exchange for operators: the list, and the page of each with limits, purposes, subscriptions."""

from typing import TYPE_CHECKING, Final

from chalicelib import wiring
from chalicelib.accounts import last_use, platforms, quotas, request_limits
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.accounts.subscriptions import subscription_rows
from chalicelib.handlers.console.screens.operation.state import tabs_of
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.texts.people_texts import ROLES
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.people.duties import Duty
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.accounts.platforms import Platform

TITLE: Final = ("机构", "Organisations")
COLUMNS: Final = ("platform_id", "name", "role", "aws_account", "created_at")
LIMITS: Final = {
    "requests_per_minute": ("每分钟请求", "Requests a minute"),
    "requests_per_day": ("每日请求", "Requests a day"),
    "merchants_per_minute": ("每分钟查询商户", "Merchants a minute"),
    "merchants_per_day": ("每日查询商户", "Merchants a day"),
    "files_per_hour": ("每小时文件", "Files an hour"),
    "rows_per_hour": ("每小时文件行数", "Rows of files an hour"),
}


def page(visit: Visit) -> Reply:
    """Everybody who was admitted; half a read unit for each, a thousand at most."""
    role = visit.query("role", tuple(ROLES))
    rows = [_row(visit, account) for account in platforms.find_all(wiring.exchange()) if role in ("", account.role)]
    return console_frame.page(
        visit,
        "operation/platforms.html",
        TITLE,
        rows=rows,
        role=role,
        roles=[("", visit.t("全部", "All")), *((name, visit.t(*text)) for name, text in ROLES.items())],
        may_administer=Duty.ADMINISTER in visit.session.person.duties,
        csv=f"{visit.root}operation/platforms.csv",
        **tabs_of(visit, "platforms"),
    )


def export(visit: Visit) -> Reply:  # noqa: ARG001 (a view is given its visit)
    """Everybody who was admitted, as CSV."""

    lines = [[str(getattr(account, name)) for name in COLUMNS] for account in platforms.find_all(wiring.exchange())]
    return console_frame.csv_table([COLUMNS, *lines], "organisations.csv")


def account(visit: Visit, platform_id: str) -> Reply:
    """An organisation: its limits, purposes, AWS account, subscriptions; two read units for each key and these."""
    return draw_account(visit, platform_id)


def draw_account(visit: Visit, platform_id: str, wrong: "Mapping[str, str] | None" = None) -> Reply:
    """The page of an organisation; `wrong` is what is wrong by the field of its forms."""
    found = platforms.get(wiring.exchange(), platform_id)
    described = last_use.describe_with_use(wiring.exchange(), platform_id)
    return console_frame.page(
        visit,
        "operation/platform.html",
        (found.name, found.name),
        400 if wrong else 200,
        account=_row(visit, found),
        last_used_at=described.get("last_used_at", ""),
        keys=sum("revoked_from" not in key for key in described["keys"]),
        limits=_limits(visit, platform_id),
        may_investigate="investigation" in found.purposes,
        is_platform=found.role == Role.PLATFORM,
        subscriptions=subscription_rows(visit, found),
        may_administer=Duty.ADMINISTER in visit.session.person.duties,
        wrong=Fields(wrong or {}),
        typed={"aws_account": visit.field("aws_account") or found.aws_account},
    )


def _limits(visit: Visit, platform_id: str) -> list[Json]:
    """What the organisation may ask, each limit with its field and what it is for everybody."""
    limits = request_limits.get_limits(wiring.exchange(), quotas.platform_account(platform_id))
    return [
        {
            "name": name,
            "label": visit.t(*label),
            "value": visit.field(name) or getattr(limits, name),
            "usual": getattr(quotas.DEFAULTS, name),
        }
        for name, label in LIMITS.items()
    ]


def _row(visit: Visit, account: "Platform") -> Json:
    return {
        "platform_id": account.platform_id,
        "name": account.name,
        "role": visit.t(*ROLES[account.role]),
        "aws_account": account.aws_account,
        "created_at": account.created_at,
        "issued": len(account.key_ids),
        "purposes": visit.t("调查", "investigation") if "investigation" in account.purposes else "",
    }
