"""The renewal of licences: due licences are renewed or lapse, shop pages are visited, platforms notified and asked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.displays import manage_displays, shop_page_checks
from chalicelib.handlers import dependencies
from chalicelib.licences import licence_renewal, licence_store, licences_due
from tests.interruptions.interruption import Killed, killed_after, timeless
from tests.support import builders
from tests.support.licence_records import COMPANY, licence
from tests.support.moments import NOW
from tests.world import World

ALPHA = Caller("alpha", Role.PLATFORM, "k")
NAME = "杭州霁川示例食品有限公司"
SHOP = "https://shop.qingluan.example/jichuan"
FIRST = NOW - timedelta(days=7)


def always() -> bool:
    return True


def context(fresh: bool = True) -> licence_renewal.Context:
    return replace(dependencies.licence_renewal(), register_is_fresh=lambda: fresh)


def due_licence(day: str, **fields: Any) -> None:
    """A licence that is due on a day, filed as verifying files it."""
    item = licence(due_on=day, **fields)
    wiring.exchange().put(item)
    wiring.exchange().add_to_set(f"licences_due#{day}", "usccs", {item["uscc"]})


def registered(status: str = "operating", name: str = NAME, at: str = "2026-11-01T00:00:00.000Z") -> None:
    wiring.registry().save(builders.registered({"uscc": COMPANY}, {"status": status, "name": name}, at))


def the_licence() -> dict[str, Any]:
    return wiring.exchange().get(f"licence#{COMPANY}") or {}


def tasks(platform: str = "alpha") -> list[tuple[str, str]]:
    return [(task["task"], task["says"]["zh"]) for task in wiring.task_log(platform).read(0)]


def kinds(platform: str = "alpha") -> list[str]:
    return [entry["notice"]["kind"] for entry in wiring.notice_log(platform).read(0)]


def show(world: World, **more: Any) -> dict[str, Any]:
    """Alpha shows the licence with a link to its shop."""
    world.admit("alpha")
    wanted = {"uscc": COMPANY, "shop_links": [{"name": "店", "url": SHOP}], **more}
    made, _ = manage_displays.make(
        dependencies.displays(), wiring.digest(), ALPHA, wanted, "https://l.example.cn", FIRST
    )
    return made


class Shelf:
    """Shop pages by address and device; what is not there cannot be reached."""

    def __init__(self, pages: Mapping[tuple[str, str], tuple[str, str]]) -> None:
        self.pages = pages

    def read(self, url: str, device: str) -> tuple[str, str]:
        return self.pages.get((url, device), ("", "timed out"))


def both(text: str) -> Shelf:
    return Shelf({(SHOP, "pc"): (text, ""), (SHOP, "mobile"): (text, "")})


def test_what_is_due_today_is_renewed_where_a_fresh_register_bears_it_out(world: World) -> None:
    due_licence("2026-11-23")
    registered()
    done = licence_renewal.review(context(), NOW, always)
    assert done == {"renewed": 1, "lapsed": 0, "done_until": "2026-11-22"}
    after = the_licence()
    assert (after["due_on"], after["state"], after["rechecked_by"]) == ("2027-05-23", "verified", "register")
    assert ("2027-05-23", COMPANY) in licence_store.licences_due_on(wiring.exchange(), ["2027-05-23"])
    assert licence_renewal.review(context(), NOW, always)["renewed"] == 0
    assert tasks() == []


@pytest.mark.parametrize("why", ["stale", "unknown", "suspended"])
def test_what_nobody_bears_out_lapses_the_day_after_and_platforms_are_asked(world: World, why: str) -> None:
    world.admit("alpha")
    due_licence("2026-11-22")
    if why != "unknown":
        registered("suspended" if why == "suspended" else "operating")
    for _ in range(2):
        licence_renewal.review(context(fresh=why != "stale"), NOW, always)
    assert the_licence()["state"] == "lapsed"
    assert tasks() == [("licence_outdated", "执照信息须重新核验或更新")]
    assert kinds() == ["licence_changed", "licence_task_opened"]


def test_what_is_due_later_stays_as_it_is(world: World) -> None:
    due_licence("2026-11-24")
    before = the_licence()
    assert licence_renewal.review(context(), NOW, always)["done_until"] == "2026-11-22"
    assert the_licence() == before


def test_an_entry_that_leads_to_a_renewed_licence_changes_nothing(world: World) -> None:
    due_licence("2026-11-20")
    wiring.exchange().set_fields(f"licence#{COMPANY}", {"due_on": "2027-05-20"})
    assert licence_renewal.review(context(), NOW, always) == {"renewed": 0, "lapsed": 0, "done_until": "2026-11-22"}
    assert the_licence()["state"] == "verified"


def test_out_of_time_it_goes_on_where_it_was(world: World) -> None:
    world.admit("alpha")
    due_licence("2026-11-20")
    assert licence_renewal.review(context(fresh=False), NOW, lambda: False)["done_until"] < "2026-11-20"
    licence_renewal.review(context(fresh=False), NOW, always)
    assert the_licence()["state"] == "lapsed"


@pytest.mark.long
def test_killed_after_any_write_a_review_ends_the_same(clients: dict[str, object]) -> None:
    from moto import mock_aws

    def run(dies_after: int) -> tuple[int, Any]:
        with mock_aws():
            world = World(clients)  # type: ignore[arg-type]
            show_licence(world)
            with killed_after(world, dies_after) as written:
                try:
                    licence_renewal.review(context(fresh=False), NOW, always)
                except Killed:
                    licence_renewal.review(context(fresh=False), NOW + timedelta(minutes=5), always)
            ended = timeless([the_licence(), wiring.task_log("alpha").read(0), wiring.notice_log("alpha").read(0)])
            world.close()
            return (
                len(written),
                [{k: v for k, v in task.items() if k != "history"} for task in ended[1]],
                ended[0]["state"],
            )

    def show_licence(world: World) -> None:
        world.admit("alpha")
        due_licence("2026-11-21")

    writes, *expected = run(0)
    assert writes > 8
    for dies_after in range(1, writes + 1):
        assert run(dies_after)[1:] == tuple(expected), dies_after


def test_a_platform_foresees_what_is_due_of_its_own_and_a_regulator_all(world: World) -> None:
    from tests.support.builders import uscc

    for number, (day, platform) in enumerate(
        (("2026-11-20", "alpha"), ("2026-12-01", "beta"), ("2026-12-02", "alpha"))
    ):
        due_licence(day, uscc=uscc(number), verified_for={platform: "x"}, state="lapsed" if number == 0 else "verified")
    due_licence("2027-03-01", uscc=uscc(9))

    def seen(role: str, limit: int = 100, after: str = "") -> Any:
        return licences_due.due_within(wiring.exchange(), Caller("alpha", role, "k"), 30, after, limit, NOW)

    assert [licence["uscc"] for licence in seen("platform")["licences"]] == [uscc(0), uscc(2)]
    assert [licence["uscc"] for licence in seen("regulator")["licences"]] == [uscc(0), uscc(1), uscc(2)]
    first = seen("regulator", 2)
    assert [licence["uscc"] for licence in seen("regulator", 2, first["next"])["licences"]] == [uscc(2)]
    assert "verified_for" not in first["licences"][0]


@pytest.mark.parametrize(
    ("text", "finding", "asked"),
    [
        ("<a href='{url}'>", "displayed", []),
        ("<p>", "missing", ["licence_missing"]),
        ("<a href='https://l.example.cn/licences/d_ffffffffffffffffffff'>", "outdated", ["licence_outdated"]),
    ],
)
def test_a_shop_page_is_looked_at_on_its_day(world: World, text: str, finding: str, asked: list[str]) -> None:
    wiring.exchange().put(licence())
    made = show(world)
    pages = both(text.format(url=made["url"]))
    assert shop_page_checks.visit_shops(context(), pages, FIRST, always)["done_until"] < "2026-11-17", (
        "not before the next day"
    )
    shop_page_checks.visit_shops(context(), pages, FIRST + timedelta(days=1), always)
    item = wiring.exchange().get(f"display#{made['display_id']}") or {}
    assert (item["watch"]["finding"], item["look_on"]) == (finding, "2026-11-24")
    assert [page["found"] for page in item["watch"]["pages"]] == [finding, finding]
    assert [kind for kind, _ in tasks()] == asked
    # A week later it is still so, which opens no other task.
    shop_page_checks.visit_shops(context(), pages, FIRST + timedelta(days=8), always)
    assert [kind for kind, _ in tasks()] == asked
    assert (wiring.exchange().get(item["id"]) or {})["look_on"] == "2026-12-01"


def test_a_mark_that_only_the_computer_shows_is_missing(world: World) -> None:
    wiring.exchange().put(licence())
    made = show(world)
    pages = Shelf({(SHOP, "pc"): (made["url"], ""), (SHOP, "mobile"): ("<p>", "")})
    assert shop_page_checks.visit_shops(context(), pages, NOW, always)["missing"] == 1
    (task,) = wiring.task_log("alpha").read(0)
    assert task["licence"]["pages"] == [SHOP]
    assert task["licence"]["display_id"] == made["display_id"]


@pytest.mark.parametrize(
    ("problem", "finding", "again"), [("timed out", "unreachable", 1), ("not_allowed", "not_allowed", 7)]
)
def test_a_page_that_cannot_be_seen_is_no_offence(world: World, problem: str, finding: str, again: int) -> None:
    wiring.exchange().put(licence())
    made = show(world)
    pages = Shelf({(SHOP, device): ("", problem) for device in ("pc", "mobile")})
    shop_page_checks.visit_shops(context(), pages, NOW, always)
    item = wiring.exchange().get(f"display#{made['display_id']}") or {}
    assert item["watch"]["finding"] == finding
    assert datetime.fromisoformat(item["look_on"]).date() == (NOW + timedelta(days=again)).date()
    assert tasks() == []


def test_a_host_that_was_slow_three_times_is_left_alone_for_longer_each_time(world: World) -> None:
    wiring.exchange().put(licence())
    show(world)
    asked: list[str] = []

    class Slow:
        def read(self, url: str, device: str) -> tuple[str, str]:
            asked.append(device)
            return "", "too_slow"

    visits = [shop_page_checks.visit_shops(context(), Slow(), NOW + timedelta(days=day), always) for day in range(5)]
    # Two devices on each visit: the third slow answer is that of the second day, and a day later it may answer again.
    assert len(asked) == 2 + 1 + 1 + 0 + 1
    assert [visit.get("hosts_resting", 0) for visit in visits] == [0, 1, 1, 1, 1]
    assert tasks() == []
    assert (wiring.exchange().get("slow-shop-hosts") or {})["hosts"]
    shop_page_checks.visit_shops(context(), both("<p>"), NOW + timedelta(days=40), always)
    assert (wiring.exchange().get("slow-shop-hosts") or {})["hosts"] == {}


def test_suspended_deleted_and_linkless_displays_are_not_looked_at(world: World) -> None:
    wiring.exchange().put(licence())
    made = show(world)
    context_ = dependencies.displays()
    manage_displays.suspend(context_, ALPHA, made["display_id"], "核查", NOW)
    assert shop_page_checks.visit_shops(context(), both("<p>"), NOW, always).keys() == {"done_until"}
    manage_displays.resume(context_, ALPHA, made["display_id"], NOW)
    tomorrow = NOW + timedelta(days=1)
    assert shop_page_checks.visit_shops(context(), both("<p>"), tomorrow, always)["missing"] == 1, (
        "resumed, it is looked at again"
    )
    manage_displays.change(context_, ALPHA, made["display_id"], {}, "https://l.example.cn", tomorrow)
    later = NOW + timedelta(days=9)
    assert shop_page_checks.visit_shops(context(), both("<p>"), later, always).keys() == {"done_until"}


def test_what_the_register_ends_or_renames_is_asked_of_whoever_verified_or_shows_it(world: World) -> None:
    wiring.exchange().put(licence())
    world.admit("beta")
    show(world)
    # Alpha's display may be of an older version, which did not ask who had verified the licence.
    wiring.exchange().set_fields(f"licence#{COMPANY}", {"verified_for": {"beta": "x"}})
    registered()
    world.settle()
    assert tasks() == []
    registered(name="杭州霁川示例实业有限公司", at="2026-11-20T00:00:00.000Z")
    world.settle()
    assert [kind for kind, _ in tasks("alpha")] == [kind for kind, _ in tasks("beta")] == ["licence_outdated"]
    registered("licence_revoked", at="2026-11-21T00:00:00.000Z")
    world.settle()
    for platform in ("alpha", "beta"):
        assert [kind for kind, _ in tasks(platform)] == ["licence_outdated", "licence_revoked"]
    assert the_licence()["state"] == "revoked"
    records = list(world.stream_records())
    import app

    app.subject_announced({"Records": records}, None)
    assert len(tasks("alpha")) == 2, "delivered again, no task is opened twice"


def test_whoever_has_on_its_roster_whom_the_register_ends_is_asked_and_can_answer(world: World) -> None:
    from tests.support import roster_files

    beta, gamma = world.admit("beta"), world.admit("gamma")
    roster_files.done(world, beta, f"S-1,{COMPANY},{NAME}")
    roster_files.done(world, gamma, f"S-2,,{NAME}")
    registered()
    world.settle()
    registered("deregistered", at="2026-11-02T00:00:00.000Z")
    world.settle()
    (task,) = world.call("GET", "/v1/tasks", beta)[1]["tasks"]
    assert (task["task"], task["state"], task["subject"]["uscc"]) == ("licence_revoked", "told", COMPANY)
    assert (task["licence"]["status"], task["says"]["zh"]) == ("deregistered", "执照已失效，请核处")
    assert tasks("gamma") == [], "a name alone is not asked"
    path = f"/v1/tasks/{task['task_id']}/outcome"
    status, refused, _ = world.call("POST", path, beta, {"outcome": "reopened"})
    assert (status, refused["error"]["code"]) == (409, "wrong_outcome")
    status, answered, _ = world.call("POST", path, beta, {"outcome": "closed"})
    assert (status, answered["state"]) == (200, "closed")
    # It has no clock, and is counted all the same.
    import app
    from tests.world import SCHEDULED

    app.clocks_due(SCHEDULED, None)
    assert world.call("GET", "/v1/statistics", beta)[0] == 200
