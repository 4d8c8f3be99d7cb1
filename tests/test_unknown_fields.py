"""An older version never drops what a newer one wrote: a field that it does not know stays through every update.

While an exchange is upgraded both versions write to the same tables for a while, and an upgrade may be taken back.
Each case puts a field into a recorded item and updates the item through the API; afterwards the field must be there.
All cases share one exchange, for filling it takes longer than the cases do.
"""

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from moto import mock_aws

from tests.conftest import ENVIRONMENT
from tests.recorded import replay, state
from tests.recorded.stage import code
from tests.recorded.steps import Step, call, invoke
from tests.recorded.story import the_register
from tests.world import World, aws_clients

# One worker, so that the exchange is filled once.
pytestmark = pytest.mark.xdist_group("unknown fields")
FUTURE = {"M": {"said_by": {"S": "a later version"}}}
Item = dict[str, Any]
Chooses = Callable[[Item], Any]


@cache
def recorded(name: str) -> Any:
    return state.read(name)


def first(table: str, chooses: Chooses) -> Item:
    """The first recorded item that is chosen."""
    return next(item for item in recorded("state")[table] if chooses(item))


def last(table: str, chooses: Chooses) -> Item:
    """The last recorded item that is chosen."""
    return [item for item in recorded("state")[table] if chooses(item)][-1]


def starts(prefix: str, **fields: str) -> Chooses:
    """Chooses an item of the exchange table by the start of its id and by fields that are texts."""

    def chosen(item: Item) -> bool:
        return item["id"]["S"].startswith(prefix) and all(
            item.get(key) == {"S": value} for key, value in fields.items()
        )

    return chosen


def with_id(ident: str) -> Chooses:
    """Chooses the item of the exchange table that has this id."""
    return lambda item: item["id"]["S"] == ident


def text(item: Item, field: str) -> str:
    return str(item[field]["S"])


def listings_of(item: Item) -> dict[str, Any]:
    return dict(item["listings"]["M"])


def disputed(item: Item) -> Any:
    """The first dispute of a subject that delta opened and nobody has answered, with its listing's id."""
    for ident, listing in listings_of(item).items():
        for dispute, fields in listing["M"].get("disputes", {"M": {}})["M"].items():
            if (fields["M"]["state"]["S"], fields["M"]["by"]["S"]) == ("open", "platform:delta"):
                return ident, dispute
    return None


def open_listing(item: Item) -> str:
    """The first standing, undisputed listing that alpha reported, '' where there is none."""
    for ident, listing in listings_of(item).items():
        fields = listing["M"]
        if (fields["source"]["S"], fields["state"]["S"]) == ("platform:alpha", "active") and "disputes" not in fields:
            return ident
    return ""


@dataclass(frozen=True)
class Case:
    """An item, the map within it that gets the field (by path), and the steps that update the item."""

    table: str
    item: Item
    steps: list[Step]
    within: tuple[str, ...] = ()


def of_subject(*within: str) -> Case:
    item = last("subjects", open_listing)
    ident = open_listing(item)
    return Case("subjects", item, [call("alpha", "POST", f"/v1/listings/{ident}/withdrawal", {"reason": "误报"})],
                tuple(name.format(ident) for name in within))  # fmt: skip


def of_report(*within: str) -> Case:
    """The same eviction comes again, with more: the listing is amended."""
    item = first("subjects", lambda subject: open_listing(subject) and "uscc" in subject)
    ident = open_listing(item)
    reported = {"uscc": text(item, "uscc"), "evicted_on": listings_of(item)[ident]["M"]["listed_on"]["S"],
                "reason_text": listings_of(item)[ident]["M"]["reason_text"]["S"], "measure": "永久清退"}  # fmt: skip
    sent = [call("alpha", "POST", "/v1/reports", {"evictions": [reported]}), {"do": "settle"}]
    return Case("subjects", item, sent, tuple(name.format(ident) for name in within))


def of_dispute_in_subject() -> Case:
    item = first("subjects", disputed)
    ident, dispute = disputed(item)
    body = {"decision": "uphold", "statement": "见决定书"}
    steps = [call("bureau", "POST", f"/v1/disputes/{dispute}/decision", body)]
    return Case("subjects", item, steps, ("listings", ident, "disputes", dispute))


def of_task(state: str) -> Case:
    item = first("exchange", starts("task:beta#", state=state))
    path = f"/v1/tasks/{item['number']['N']}/outcome"
    return Case("exchange", item, [call("beta", "POST", path, {"outcome": "kept", "reason": "已整改"})])


def of_evidence() -> Case:
    """The file arrives, and is taken in by the next reading."""
    item = first("exchange", starts("evidence#", state="waiting"))
    dispute = text(item, "id").split("#")[1]
    key = f"evidence/{dispute}/{text(item, 'evidence_id')}/{text(item, 'file_name')}"
    arrives = {"do": "upload", "key": key, "body": "%PDF-1.7 late"}
    return Case("exchange", item, [arrives, call("bureau", "GET", f"/v1/disputes/{dispute}")])


def of_roster() -> Case:
    """The roster was being worked on when the version changed, and is carried on."""
    return Case(
        "exchange", first("exchange", starts("roster#", platform_id="beta", status="processing")), [{"do": "settle"}]
    )


def of_report_item() -> Case:
    return Case("exchange", first("exchange", starts("report#", status="processing")), [{"do": "settle"}])


def of_rosters() -> Case:
    return Case("exchange", first("exchange", starts("rosters#beta")), [{"do": "settle"}])


def of_campaign() -> Case:
    item = first("exchange", lambda campaign: starts("campaign#")(campaign) and "ended_at" not in campaign)
    path = f"/v1/campaigns/{text(item, 'campaign_id')}/end"
    return Case("exchange", item, [call("bureau", "POST", path, {"why": "结束"})])


def of_campaign_in_ruling() -> Case:
    """Opening another campaign leaves those that lookups read as they are."""
    item = first("exchange", with_id("ruling"))
    ended = text(of_campaign().item, "campaign_id")
    field = next(name for name in item if name.startswith("campaign:") and name != f"campaign:{ended}")
    wanted = {"name": "新专项", "reasons": ["DR02"], "starts_on": "2026-11-24", "ends_on": "2026-12-24"}
    return Case("exchange", item, [call("bureau", "POST", "/v1/campaigns", wanted)], (field,))


def of_bounds_in_ruling() -> Case:
    item = first("exchange", with_id("ruling"))
    wanted = {"name": "新专项", "reasons": ["DR02"], "starts_on": "2026-11-24", "ends_on": "2026-12-24"}
    return Case("exchange", item, [call("bureau", "POST", "/v1/campaigns", wanted)])


def of_licence() -> Case:
    """A licence is verified once more, by the answer of a wallet that was recorded."""
    check, presentation = next(
        (step["path"].split("/")[3], step["body"]["presentation"])
        for step, _ in recorded("answers")["going_on"]
        if step.get("path", "").endswith("/response")
    )
    uscc = text(first("exchange", starts(f"licence_check#{check}")), "uscc")
    item = first("exchange", starts("licence#", uscc=uscc))
    path = f"/v1/licence-checks/{check}/response"
    return Case("exchange", item, [call("", "POST", path, {"presentation": presentation})])


def of_licence_check() -> Case:
    """The check that this answer decides."""
    check = of_licence().steps[0]["path"].split("/")[3]
    return Case("exchange", first("exchange", starts(f"licence_check#{check}")), [])


def of_licence_by_register() -> Case:
    """The register ends a merchant: its licence is revoked."""
    item = first("exchange", starts("licence#", uscc=code(31)))
    dropped = {
        "do": "upload",
        "key": "feeds/registration/dropped/later.csv",
        "body": the_register({36: "吊销，未注销", 31: "注销"}),
    }
    return Case("exchange", item, [dropped, invoke("feeds_due", feeds=["registration"])])


def of_registration(*within: str) -> Case:
    """What the register said of that merchant before."""
    item = first("subjects", lambda subject: subject["subject_id"]["S"] == f"uscc:{code(31)}")
    return Case("subjects", item, [], within)


def of_display() -> Case:
    item = first("exchange", starts("display#", state="shown", platform_id="alpha"))
    path = f"/v1/displays/{text(item, 'display_id')}"
    steps = [
        call("alpha", "PUT", path, {"shop_name": "新名"}),
        call("alpha", "POST", f"{path}/suspension", {"why": "核查"}),
    ]
    return Case("exchange", item, steps)


def of_platform() -> Case:
    return Case(
        "exchange", first("exchange", starts("platform#gamma")), [call("ops", "POST", "/v1/platforms/gamma/keys", {})]
    )


def of_credential() -> Case:
    key_id = recorded("answers")["keys"]["gamma"].split("_")[1]
    steps = [call("ops", "DELETE", f"/v1/platforms/gamma/keys/{key_id}")]
    return Case("exchange", first("exchange", starts(f"credential#{key_id}")), steps)


def of_hold() -> Case:
    item = first("exchange", starts("hold#", decision=""))
    path = f"/v1/feeds/{text(item, 'feed')}/holds/{text(item, 'hold_id')}/release"
    return Case("exchange", item, [call("bureau", "POST", path, {"why": "确有"})])


def of_feed_state() -> Case:
    """A list whose saving was cut off is carried on."""
    return Case(
        "exchange",
        first("exchange", starts("feed#abnormal_operations")),
        [invoke("feeds_due", feeds=["abnormal_operations"])],
    )


def of_feeds() -> Case:
    wanted = {"list_type": "penalties", "way": "dropped", "every_minutes": 30}
    return Case("exchange", first("exchange", starts("feeds")), [call("ops", "PUT", "/v1/feeds/penalties", wanted)])


def of_subscription() -> Case:
    item = first(
        "exchange", lambda subscription: starts("subscription#beta")(subscription) and "ended_at" not in subscription
    )
    path = f"/v1/subscriptions/{text(item, 'subscription_id')}"
    return Case("exchange", item, [call("beta", "DELETE", path)])


def of_acknowledged() -> Case:
    body = {"through": 5}
    return Case(
        "exchange",
        first("exchange", starts("acknowledged#beta")),
        [call("beta", "POST", "/v1/notices/acknowledgements", body)],
    )


def of_notice() -> Case:
    """What nobody could push is pushed."""
    item = first("exchange", lambda notice: starts("notice:delta#")(notice) and "pushed_at" not in notice)
    return Case("exchange", item, [invoke("notices_due")])


def of_policy() -> Case:
    row = {"relation": "name", "severity": 2, "verdict": "inform"}
    steps = [call("beta", "PUT", "/v1/platforms/me/policy", {"rows": [row], "why": "放宽"})]
    return Case("exchange", first("exchange", with_id("policy#beta")), steps)


def of_snapshot_building() -> Case:
    return Case("exchange", first("exchange", starts("snapshot-building")), [invoke("snapshot_due")])


CASES: dict[str, Callable[[], Case]] = {
    "subject, ended": of_subject,
    "listing, ended": lambda: of_subject("listings", "{}"),
    "subject, amended": of_report,
    "listing, amended": lambda: of_report("listings", "{}"),
    "dispute in a listing": of_dispute_in_subject,
    "task, told": lambda: of_task("told"),
    "task, overdue": lambda: of_task("overdue"),
    "evidence": of_evidence,
    "report": of_report_item,
    "roster": of_roster,
    "turn of rosters": of_rosters,
    "campaign": of_campaign,
    "campaign in the rules": of_campaign_in_ruling,
    "rules": of_bounds_in_ruling,
    "licence, verified again": of_licence,
    "licence, by the register": of_licence_by_register,
    "licence check": of_licence_check,
    "registered subject": of_registration,
    "registration of a subject": lambda: of_registration("registration"),
    "display": of_display,
    "platform": of_platform,
    "credential": of_credential,
    "hold": of_hold,
    "state of a list": of_feed_state,
    "lists": of_feeds,
    "subscription": of_subscription,
    "acknowledgement": of_acknowledged,
    "notice": of_notice,
    "policy": of_policy,
    "snapshot under way": of_snapshot_building,
}


def carry_out(world: World, clock: state.Clock, step: Step) -> None:
    """One step, which succeeds."""
    if step["do"] == "upload":
        world.s3.put_object(Bucket=ENVIRONMENT["FILES_BUCKET"], Key=step["key"], Body=step["body"].encode())
    else:
        taken = replay.take(world, clock, recorded("state"), step, recorded("answers")["keys"])
        assert taken is None or taken["status"] < 300, (step, taken)


def key_of(case: Case) -> tuple[str, str]:
    return case.table, text(case.item, state.TABLES[case.table][1])


def inside(item: Item, within: tuple[str, ...]) -> Item:
    for name in within:
        item = item[name]["M"]
    return item


def with_fields(cases: Iterable[Case]) -> dict[tuple[str, str], Item]:
    """The items of the cases with the field in each place that a case names."""
    marked: dict[tuple[str, str], Item] = {}
    for case in cases:
        item = marked.setdefault(key_of(case), deepcopy(case.item))
        inside(item, case.within)["future_field"] = FUTURE
    return marked


@pytest.fixture(scope="module")
def after() -> Iterator[dict[tuple[str, str], Item]]:
    """Every item as it is after the steps of all cases."""
    cases = [make() for make in CASES.values()]
    with state.stopped_at(recorded("answers")["at"]) as clock, mock_aws():
        world = World(aws_clients())
        state.load(world, recorded("state"))
        for (table, _), item in with_fields(cases).items():
            state.put(world, table, [item])
        world.skip_stream()
        for case in cases:
            for step in case.steps:
                carry_out(world, clock, step)
        yield {key_of(case): state.item(world, *key_of(case)) for case in cases}
        world.close(declared=False)


@pytest.mark.parametrize("name", list(CASES))
def test_a_field_of_a_later_version_stays(after: dict[tuple[str, str], Item], name: str) -> None:
    case = CASES[name]()
    key = key_of(case)
    assert after[key] != with_fields(make() for make in CASES.values())[key], "the steps have changed nothing"
    assert inside(after[key], case.within).get("future_field") == FUTURE
