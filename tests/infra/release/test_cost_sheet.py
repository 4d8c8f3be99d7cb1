"""The sheet of a month's bill: prices with their sources, counts from what is deployed, and the sum."""

from collections import Counter

import pytest

from benchmarks.cost import bill
from benchmarks.cost.__main__ import LOADS, peers
from benchmarks.cost.counts import Units, shared_usage
from benchmarks.cost.deployed import Deployed, read_deployed
from benchmarks.cost.prices import REGIONS, US_EAST_1, YUAN_A_DOLLAR
from chalicelib.handlers.console.screens.operation.monthly_cost import RATES
from tests.infra.project import properties

# As counted on the local exchange.
LOOKUP = Units(
    12.1,
    Counter({"asked": 1.38, "asked-sample": 1.0, "lately": 0.75, "lookups": 1.0, "taken": 1.0}),
    Counter({"read": 9.1}),
    Counter({"lookups": 131.0, "asked": 266.0}),
    4.5,
)
SEED, HUNDREDFOLD, PROVISIONED = LOADS.values()


@pytest.fixture(scope="module")
def deployed() -> Deployed:
    return read_deployed()


def units(deployed: Deployed) -> dict[str, Units]:
    return {
        "lookup": LOOKUP,
        "listing": Units(39, Counter({"task": 73})),
        **{name: Units(50) for name in (*deployed.runs, "poll")},
    }


def test_every_price_says_where_it_stands_and_of_when_it_is() -> None:
    for prices in REGIONS.values():
        assert set(prices.prices) == set(US_EAST_1.prices)
        for price in prices.prices.values():
            assert price.amount > 0
            assert price.source.startswith("https://")
            assert price.of[:4].isdigit() or price.of.startswith("before 20")
    own = [item for item, price in REGIONS["cn-north-1"].prices.items() if not price.nearest]
    assert own, "what is not the price of Beijing itself says so"
    converted = REGIONS["cn-north-1"].prices["secret"]
    assert str(YUAN_A_DOLLAR) in converted.nearest


def test_what_is_deployed_is_read_from_the_template_and_the_app(deployed: Deployed) -> None:
    assert deployed.alarms >= len(properties("AWS::CloudWatch::Alarm"))
    assert deployed.secrets == len(properties("AWS::SecretsManager::Secret"))
    assert deployed.queues == 4
    assert deployed.runs["notices_due"] == 30 * 24 * 60
    assert deployed.memory["api_handler"] == pytest.approx(1.73, abs=0.01)


def test_usage_is_shared_in_less_than_a_write_for_each_request() -> None:
    rates = [each / bill.SECONDS for each in (HUNDREDFOLD.lookups, HUNDREDFOLD.polls)]
    reads, writes = shared_usage(HUNDREDFOLD.platforms, HUNDREDFOLD.containers, *rates)
    assert writes < 0.3 * sum(rates)
    assert reads < sum(rates)


def test_of_a_large_load_only_a_sample_is_written() -> None:
    each = [bill.written_by_lookup(load, LOOKUP) for load in (SEED, HUNDREDFOLD)]
    assert each[0] == pytest.approx(3.38 + 0.75 + 512 / 952, abs=0.1)
    assert each[1] == pytest.approx(3.43, abs=0.05)


def test_the_bill_keeps_to_what_the_document_says(deployed: Deployed) -> None:
    metrics = [("FileWaitSeconds", "reports", "Platform"), *((f"Metric{number}",) for number in range(12))]
    bills = [bill.bill(load, units(deployed), metrics, deployed, US_EAST_1) for load in LOADS.values()]
    seed, hundredfold, provisioned = (sum(each.values()) for each in bills)
    assert seed < 32
    assert hundredfold < 610
    assert provisioned < 550, "the goal at a hundred times the seed's load"
    assert bills[0]["API Gateway"] == pytest.approx((600e3 + 362_880 + 833) * 3.5e-6, rel=0.01)
    assert bills[1]["DynamoDB, units of the exchange table"] == 0
    assert bills[2]["DynamoDB, usage that containers share"] == 0
    assert peers(US_EAST_1)["OpenSearch, three r6g.large.search"] == pytest.approx(365.73)


@pytest.mark.parametrize("region", RATES)
def test_the_estimate_of_the_console_lies_on_the_sheet(deployed: Deployed, region: str) -> None:
    metrics = [("FileWaitSeconds", "reports", "Platform"), *((f"Metric{number}",) for number in range(12))]
    for load in (SEED, HUNDREDFOLD):
        total = sum(bill.bill(load, units(deployed), metrics, deployed, REGIONS[region]).values())
        rate = RATES[region]
        assert rate.standing + load.lookups / 1e6 * rate.million == pytest.approx(total, rel=0.2), region
