"""What a walk through the console needs so that no page and no form is closed to it: acts that wait for a second
person, files that have come, disputes at each side, things that can still be ended."""

import json
from collections.abc import Mapping
from typing import Any

from tests.browser.console_site import FILES
from tests.browser.duties.fresh_cases import FreshCases, days_ago

# Of one they are sent again, of the other discarded.
QUEUES = ("report-chunks", "roster-chunks")


def prepared(cases: FreshCases) -> Mapping[str, list[str]]:
    """The pages from which each role sets out, each of them in the state in which most can be done."""
    furnished = {
        role: [cases.site.paths[name] for name, whose in FILES.items() if whose == role]
        for role in ("platform", "regulator", "operator")
    }
    held = f"/console/lists/{cases.held_list()}"
    return {
        "platform": [*furnished["platform"], *_of_a_platform(cases)],
        "regulator": [*furnished["regulator"], held, f"/console/rules/guards/{_guard()}", *_of_a_regulator(cases)],
        "operator": [*furnished["operator"], *_of_an_operator(cases), held],
    }


def _of_a_platform(cases: FreshCases) -> list[str]:
    call = cases.site.call
    new = {"declaration": "farm_produce", "shop_name": "山野小铺"}
    first, second = (call("qingluan", "POST", "/v1/displays", new)["display_id"] for _ in range(2))
    call("qingluan", "POST", "/v1/subscriptions", _mail("duty@example.com"))
    licence = cases.uploaded_licence()
    return [
        f"/console/disputes/{cases.dispute()}",
        f"/console/disputes/{_dispute_with_evidence(cases)}",
        f"/console/licences/checks/{licence}",
        f"/console/licences/reviews/{licence}",
        f"/console/licences/displays/{first}/content",
        f"/console/licences/displays/{second}",
        f"/console/people/{cases.site.person('platform', 'read')}",
    ]


def _of_a_regulator(cases: FreshCases) -> list[str]:
    campaign = {
        "name": "示例专项",
        "reasons": ["AD01"],
        "starts_on": days_ago(0),
        "ends_on": days_ago(-5),
        "severity_floor": 3,
    }
    made = cases.site.call("regulator", "POST", "/v1/campaigns", campaign)
    _slow_a_key()
    return [
        f"/console/rules/campaigns/{made['campaign_id']}",
        f"/console/disputes/{_dispute_with_evidence(cases)}",
        "/console/findings",
    ]


def _of_an_operator(cases: FreshCases) -> list[str]:
    _dead_letters(cases)
    return [
        *(f"/console/decisions/{cases.pending_decision()}" for _ in range(2)),
        *(f"/console/operation/queues/{queue}" for queue in QUEUES),
        f"/console/licences/reviews/{cases.uploaded_licence()}",
        "/console/people/keys?organisation=qingluan",
        "/console/people/subscriptions?organisation=qingluan",
        f"/console/people/{cases.site.person('operator', 'read')}",
    ]


def _dispute_with_evidence(cases: FreshCases) -> str:
    """A dispute that qingluan opened about beidou's listing, with a file that has come."""
    from chalicelib import wiring

    call, listing = cases.site.call, cases.listing("beidou", "qingluan")
    new = {"listing_id": listing, "kind": "for_merchant", "statement": "商户出示了授权书。"}
    path = f"/v1/disputes/{call('qingluan', 'POST', '/v1/disputes', new)['dispute_id']}"
    form = call("qingluan", "POST", f"{path}/evidence", {"file_name": "授权书.pdf", "content_type": "application/pdf"})
    wiring.bucket().put(form["upload"]["fields"]["key"], b"%PDF-1.4 a letter of authority")
    cases.site.running.settle()
    return path.rpartition("/")[2]


def _guard() -> str:
    """A burst of reports that holds back what it is about."""
    from chalicelib import wiring
    from chalicelib.values.timestamps import china_date, iso
    from chalicelib.verdicts.bursts_in_force import put_in_force
    from chalicelib.verdicts.rules.burst_thresholds import Burst

    now = wiring.now()
    burst = Burst(
        guard_id="g_0123456789abcdef",
        platform_id="beidou",
        day=china_date(now),
        key="trade:酒业",
        filed=120,
        in_all=130,
        busiest_before=50,
        at=iso(now),
    )
    put_in_force(wiring.exchange(), burst, now)
    return burst.guard_id


def _slow_a_key() -> None:
    """A finding of probing about beidou, whose key is slowed."""
    from chalicelib import wiring
    from chalicelib.probing import slow_keys
    from chalicelib.probing.rules.lookup_figures import LookupFigures
    from chalicelib.probing.rules.slowing_rule import SlowingRule
    from chalicelib.probing.rules.suspicion import IN_SEQUENCE
    from chalicelib.storage.item_keys import probing_keys
    from chalicelib.values.timestamps import china_date, iso

    exchange, now = wiring.exchange(), wiring.now()
    until = slow_keys.slow(exchange, ["key-1"], SlowingRule(slows=True), now)
    signal = {"signal": IN_SEQUENCE, "window": "day", "share_percent": 90, "others_percent": 2}
    finding = {"at": iso(now), "signals": [signal], "key_ids": ["key-1"], "slowed_until": until}
    figures = LookupFigures(lookups=40, codes=40, in_sequence=36, checked_at=iso(now), finding=finding)
    exchange.put(
        {"id": probing_keys.figures(china_date(now), "beidou"), **figures.to_item(), "expires_at": 4_000_000_000}
    )


def _dead_letters(cases: FreshCases) -> None:
    """Queues of dead letters, which the local exchange lacks, with a letter in each."""
    from chalicelib import wiring

    sqs: Any = cases.site.running.cloud.client("sqs")
    for queue in QUEUES:
        url = sqs.create_queue(QueueName=f"lianfang-{queue}-dead-{wiring.settings().stage}")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"report_id": "r_1", "chunk": 0}))


def _mail(endpoint: str) -> dict[str, str]:
    return {"topic": "own", "protocol": "email", "endpoint": endpoint}
