"""The operator's screens: how the exchange stands, organisations and what is done to them, lists, set-aside records."""

import re
from datetime import date

import pytest

from chalicelib import wiring
from chalicelib.accounts import platforms, quotas, request_limits
from chalicelib.handlers.console.screens.operation import monthly_cost
from chalicelib.handlers.console.screens.operation.feeds import age_in_words
from chalicelib.handlers.console.visit import Visit
from chalicelib.people.duties import Duty
from chalicelib.storage.set_aside import SetAside, set_aside
from tests.handlers.oversight.test_feed_rejections import HEAD, deliver, row
from tests.handlers.oversight.test_government_lists import tick
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.world import World

PATH = "/console/operation/platforms"
NEW = {"id": "gamma", "name": "示例<i>商城", "role": "platform", "aws_account": ""}


def operator(world: World, *duties: Duty) -> tuple[Visitor, str]:
    visitor, session = signed_in(world, add_person(world, "ops", *(duties or Duty), role="operator"))
    return visitor, session.csrf_key


def test_an_organisation_is_admitted_after_a_preview_and_its_key_is_shown_once(world: World) -> None:
    visitor, key = operator(world)
    status, text = visitor.post(f"{PATH}/preview", NEW | {"key": key})
    assert status == 200
    assert "示例&lt;i&gt;商城" in text
    assert platforms.find(wiring.exchange(), "gamma") is None
    status, text = visitor.post(PATH, NEW | {"key": key})
    issued = re.search(r"lf_[0-9a-f]{12}_[0-9a-f]{48}", text)
    assert status == 200
    assert issued
    assert world.call("GET", "/v1/platforms/me", issued[0])[0] == 200
    assert issued[0] not in visitor.get(f"{PATH}/gamma")[1]
    status, text = visitor.post(PATH, NEW | {"key": key, "name": "另一个"})
    assert status == 400
    assert re.search(r'name="id"[^>]*aria-invalid', text)


def test_a_form_of_an_organisation_says_which_field_does_not_fit(world: World) -> None:
    visitor, key = operator(world)
    for change, field in (({"id": "Gamma"}, "id"), ({"name": ""}, "name"), ({"aws_account": "12"}, "aws_account")):
        status, text = visitor.post(f"{PATH}/preview", NEW | {"key": key} | change)
        assert status == 400
        assert re.search(rf'name="{field}"[^>]*aria-invalid', text), field


def test_limits_are_previewed_by_what_changes_and_then_set(world: World) -> None:
    world.admit("alpha")
    visitor, key = operator(world)
    usual = {name: str(value) for name, value in quotas.DEFAULTS.to_item().items()}
    fields = {**usual, "key": key, "act": "limits", "requests_per_minute": "100"}
    text = visitor.post(f"{PATH}/alpha/preview", fields)[1]
    assert "3,000 → 100" in text
    assert text.count(" → ") == 1
    assert visitor.post(f"{PATH}/alpha/limits", fields)[0] == 303
    limits = request_limits.get_limits(wiring.exchange(), quotas.platform_account("alpha"))
    assert (limits.requests_per_minute, limits.files_per_hour) == (100, 600)
    status, text = visitor.post(f"{PATH}/alpha/preview", fields | {"files_per_hour": "many"})
    assert status == 400
    assert re.search(r'name="files_per_hour"[^>]*aria-invalid', text)


def test_purposes_and_the_aws_account_are_changed_and_are_in_the_log(world: World) -> None:
    world.admit("alpha")
    visitor, key = operator(world)
    assert visitor.post(f"{PATH}/alpha/purposes", {"key": key, "purposes": "investigation"})[0] == 303
    assert visitor.post(f"{PATH}/alpha/aws-account", {"key": key, "aws_account": "210987654321"})[0] == 303
    account = platforms.get(wiring.exchange(), "alpha")
    assert (account.purposes, account.aws_account) == (("investigation",), "210987654321")
    entries = world.call("GET", "/v1/audit", world.admit("bureau", "regulator"))[1]["entries"]
    assert [entry["action"] for entry in entries[:2]] == ["nameAwsAccount", "grantPurposes"]
    assert visitor.post(f"{PATH}/alpha/purposes", {"key": key})[0] == 303
    assert platforms.get(wiring.exchange(), "alpha").purposes == ()


def test_who_may_read_alone_sees_no_form(world: World) -> None:
    world.admit("alpha")
    visitor, _ = operator(world, Duty.READ)
    text = visitor.get(f"{PATH}/alpha")[1]
    assert "alpha/preview" not in text
    assert "platforms/new" not in visitor.get(PATH)[1]


def test_subscriptions_stand_with_their_delivery_and_mailboxes_are_masked(world: World) -> None:
    key = world.admit("alpha")
    body = {"topic": "own", "protocol": "email", "endpoint": "duty@example.com"}
    assert world.call("POST", "/v1/subscriptions", key, body)[0] == 201
    text = operator(world)[0].get(f"{PATH}/alpha")[1]
    assert "d***@example.com" in text
    assert "duty@example.com" not in text


def test_organisations_are_listed_with_their_kind_and_how_many_keys_they_were_issued(world: World) -> None:
    world.admit("alpha")
    world.admit("bureau", "regulator")
    visitor, _ = operator(world)
    cells = re.findall(r'<td class="r"[^>]*>(.*?)</td>', visitor.get(PATH)[1])
    assert cells == ["1", "1", "1"]
    text = visitor.get(f"{PATH}?role=regulator")[1]
    assert "platforms/bureau" in text
    assert "platforms/alpha" not in text


def test_the_overview_says_what_can_work_and_what_runs_out(world: World) -> None:
    text = operator(world)[0].get("/console/operation")[1]
    assert text.count("正常") >= 4
    assert "工作日历" in text
    # The region of the tests is one whose prices are kept; nothing was asked yet.
    assert "费用估算：本月至今约" in text
    assert "以云账单为准" in text


def test_the_estimate_grows_with_the_lookups_and_with_the_days() -> None:
    rate = monthly_cost.RATES["us-east-1"]
    first, last = (monthly_cost.estimate("us-east-1", 2_000_000, date(2026, 11, day)) for day in (3, 30))
    assert first is not None
    assert last is not None
    assert last.until_today == last.whole == rate.standing + 2 * rate.million
    assert first.until_today == pytest.approx(rate.standing / 10 + 2 * rate.million)
    assert first.whole == pytest.approx(rate.standing + 20 * rate.million)
    assert monthly_cost.estimate("eu-west-1", 1, date(2026, 11, 3)) is None


def test_records_that_were_set_aside_are_named_and_escaped(world: World) -> None:
    record = SetAside(at="2026-01-01T00:00:00.000Z", job="rows", record_id="s_<b>1", finding="change_not_saved")
    set_aside(wiring.exchange(), [record])
    visitor, _ = operator(world)
    text = visitor.get("/console/operation/set-aside")[1]
    assert "s_&lt;b&gt;1" in text
    assert "s_<b>" not in text
    assert len(visitor.get("/console/operation/set-aside.csv")[1].splitlines()) == 2


def test_a_government_list_stands_with_its_state_and_its_pulls(world: World) -> None:
    keys = {role: world.admit(f"some-{role}", role) for role in ("platform", "regulator", "operator")}
    deliver(world, keys, HEAD + row(1) + row(2))
    tick("some_list")
    visitor, _ = operator(world)
    assert "operation/feeds/some_list" in visitor.get("/console/operation/feeds")[1]
    assert "operation/feeds/some_list" not in visitor.get("/console/operation/feeds?status=stale")[1]
    status, text = visitor.get("/console/operation/feeds/some_list")
    assert status == 200
    assert "已更新" in text
    assert visitor.get("/console/operation/feeds/no_list")[0] == 404


def test_lists_are_files_too(world: World) -> None:
    visitor, _ = operator(world)
    for path in ("operation", "operation/platforms", "operation/feeds"):
        assert visitor.get(f"/console/{path}.csv")[0] == 200
        assert "attachment" in visitor.headers["Content-Disposition"]


def test_an_age_is_said_in_hours_and_then_in_days() -> None:
    class Chinese:
        @staticmethod
        def t(zh: str, _en: str) -> str:
            return zh

    visit: Visit = Chinese()  # type: ignore[assignment]
    ages = {None: "—", 59: "不到一小时", 3_600: "1 小时", 172_799: "47 小时", 172_800: "2 天"}
    assert {seconds: age_in_words(visit, seconds) for seconds in ages} == ages
