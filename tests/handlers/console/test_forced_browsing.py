"""What belongs to a platform opens for no other, however an address came to it: every page of the table with an id."""

import re
from collections.abc import Iterator

import pytest

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.console_pages import PAGES
from chalicelib.handlers.console.page import Page
from chalicelib.people.duties import Duty
from tests.disputes.dispute_calls import dispute, evict, look_up
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.support.licence_holders import PICTURE, Holders
from tests.support.national_office import NationalOffice
from tests.world import World

# Pages whose ids are nobody's own: a merchant, a listing, a campaign, a plot.
FOR_ALL = {
    "GET /console/merchants/{uscc}",
    "GET /console/listings/{listing_id}",
    "GET /console/listings/{listing_id}/ledger.csv",
    "POST /console/listings/{listing_id}/dispute",
    "GET /console/rules/campaigns/{campaign_id}",
}
# A burst takes a hundred reports; tests/handlers/console/policies has one.
ELSEWHERE = {"GET /console/rules/guards/{guard_id}"}
ROSTER = "商家ID,统一社会信用代码\nS-1,91330106MA2GT00116\n".encode()


def name(page: Page) -> str:
    return f"{page.method} {page.path}"


OWN = [
    page for page in PAGES if Role.PLATFORM in page.roles and "{" in page.path and name(page) not in FOR_ALL | ELSEWHERE
]


def visitor_of(world: World, organisation: str) -> tuple[Visitor, str]:
    visitor, session = signed_in(world, add_person(world, organisation, *Duty))
    return visitor, session.csrf_key


@pytest.fixture
def holders(world: World) -> Iterator[Holders]:
    with NationalOffice() as national:
        yield Holders(world, national)


def of_alpha(holders: Holders) -> tuple[Visitor, dict[str, str]]:
    """A person of alpha, and one thing of each kind that alpha has, by the parameter that names it."""
    world, key = holders.world, holders.key
    visitor, form_key = visitor_of(world, "alpha")
    look_up(world, key)
    reported = world.admit("beta")
    theirs = evict(world, reported)
    mine = evict(world, key)
    send = {"key": form_key}

    def post(path: str, body: object) -> dict[str, str]:
        status, answer, _ = world.call("POST", path, key, body)
        assert status < 300, answer
        return dict(answer)

    def sent(path: str, fields: dict[str, str], file: bytes = b"") -> str:
        status, text = visitor.send(path, fields, file, "t.csv") if file else visitor.post(path, fields)
        assert status == 303, text
        return visitor.headers["Location"].partition("?")[0].rpartition("/")[2]

    made = holders.open("manual")
    holders.upload(made, PICTURE)
    disputed = dispute(world, key, theirs)[1]["dispute_id"]
    evidence = {"file_name": "a.pdf", "content_type": "application/pdf"}
    onboarding = post("/v1/onboarding-checks", {"uscc": "91330106MA2GT00116", "merchant_id": "m-1"})
    first, roster_draft = (sent("/console/roster/drafts", {**send, "mode": mode}, ROSTER) for mode in ("full", "delta"))
    rows = {"主体名称": "示例", "清退日期": "2026-01-02"}
    table = "\n".join((",".join(rows), ",".join(rows.values()))).encode()
    mail = {"topic": "own", "protocol": "email", "endpoint": "a@example.com"}
    things = {
        "task_id": world.call("GET", "/v1/tasks", key)[1]["tasks"][0]["task_id"],
        "dispute_id": disputed,
        "evidence_id": post(f"/v1/disputes/{disputed}/evidence", evidence)["evidence_id"],
        "listing_id": mine,
        "lookup_id": look_up(world, key)["lookup_id"],
        "batch_id": sent("/console/search/batch", {**send, "lines": uscc(1), "purpose": "onboarding"}),
        "report_id": world.call("GET", "/v1/reports", key)[1]["reports"][0]["report_id"],
        "draft_id": sent("/console/reports/drafts", send, table),
        "roster_draft_id": roster_draft,
        "roster_id": sent(f"/console/roster/drafts/{first}/roster", send),
        "check_id": made["check_id"],
        "display_id": post("/v1/displays", {"declaration": "farm_produce", "shop_name": "山野小铺"})["display_id"],
        "receipt": onboarding["receipt"],
        "person_id": add_person(world, "alpha", *Duty).person_id,
        "subscription_id": post("/v1/subscriptions", mail)["subscription_id"],
        "key_id": key.split("_")[1],
    }
    reason = {"reason": "误报，已与商户核实。"}
    things["decision_id"] = sent(f"/console/reports/listings/{mine}/withdrawal", {**send, **reason})
    world.settle()
    return visitor, things


def address(page: Page, things: dict[str, str]) -> str:
    def one(match: re.Match[str]) -> str:
        is_of_roster = match[1] == "draft_id" and "/roster/" in page.path
        return things["roster_draft_id" if is_of_roster else match[1]]

    return re.sub(r"{(\w+)}", one, page.path)


@pytest.mark.long
def test_what_is_a_platforms_own_opens_for_no_other(holders: Holders) -> None:
    owner, things = of_alpha(holders)
    stranger, form_key = visitor_of(holders.world, "gamma")
    fields = {"key": form_key, "duties": "read", "decision": "not_same", "subject_id": "uscc:" + uscc(1)}
    fields |= dict.fromkeys(("why", "reason", "text", "statement"), "无")
    opened = {}
    for page in OWN:
        path = address(page, things)
        status, _text = stranger.get(path) if page.method == "GET" else stranger.post(path, fields)
        # A draft lies under its person, so what is discarded here is nothing.
        if status not in (403, 404) and not path.endswith("/discard"):
            opened[name(page)] = status
    assert opened == {}
    # All of it is there, for its owner; a file of evidence is opened by the other side and by regulators.
    closed = {
        name(page): status
        for page in OWN
        if page.method == "GET"
        and "evidence" not in page.path
        and (status := owner.get(address(page, things))[0]) >= 400
    }
    assert closed == {}
