"""What the exchange costs a month on AWS, by item, for the load of the seed and for a hundred times that.

    python -m benchmarks.cost [us-east-1 | cn-north-1]

What the code asks of the store and writes to the log is counted (`counts`), what is deployed is read from the template
(`deployed`), prices are list prices with source and date (`prices`), what is guessed is named in `bill`. Half of the
lookups are of listed names.
"""

import contextlib
import os
import sys
import urllib.error
from collections.abc import Mapping
from typing import Final

from benchmarks.cost import bill
from benchmarks.cost.bill import Load, Metrics
from benchmarks.cost.counts import INDEX, LOOKUP, Output, Units, measure
from benchmarks.cost.deployed import Deployed, read_deployed
from benchmarks.cost.prices import REGIONS, PriceList
from local import launch

LOADS: Final = {
    "20,000 lookups a day": Load(600e3, 10e3 / 12, 2),
    "2,000,000": Load(60e6, 1e6 / 12, 8),
    "EXCHANGE_UNITS=100": Load(60e6, 1e6 / 12, 8, 100),
}
HOURS: Final = 730


def count(deployed: Deployed) -> tuple[dict[str, Units], Metrics]:
    """The units of each piece of work, and the metrics that were published."""
    output = Output()
    # As deployed; the local exchange says less otherwise.
    os.environ["POWERTOOLS_LOG_LEVEL"] = "INFO"
    with contextlib.redirect_stdout(output):
        running = launch.start()
        try:
            running.settle(60)
            from chalicelib import wiring

            units = measure(running, wiring.client("dynamodb"), output, list(deployed.runs))
        except urllib.error.HTTPError as error:
            print(error.read().decode(), file=sys.stderr)
            raise
        finally:
            running.stop()
    return units, output.metrics()


def print_counts(units: Mapping[str, Units]) -> None:
    """Print what was counted."""
    print("counted               read units   write units   calls in a row   bytes of log")
    for name, each in units.items():
        print(f"  {name:20}{each.reads:12.1f}{each.written():14.1f}{each.rounds:17.1f}{each.log_bytes:15.0f}")
    lookup = units["lookup"]
    print("  of a lookup by kind of item: " + ", ".join(f"{kind} {n:.2f}" for kind, n in sorted(lookup.writes.items())))
    merchant = lookup.bytes_kept[INDEX] / lookup.writes[INDEX]
    print(f"  kept of a lookup: {lookup.bytes_kept[LOOKUP]:.0f} bytes; of a merchant: {merchant:.0f}\n")


def print_bill(region: str, price: PriceList, units: Mapping[str, Units], metrics: Metrics, deployed: Deployed) -> None:
    """Print the bills of both loads, and what a peer's way costs whatever the load."""
    bills = [bill.bill(load, units, metrics, deployed, price) for load in LOADS.values()]
    print(f"{region}, {price.currency} a month".ljust(44) + "".join(f"{name:>24}" for name in LOADS))
    for item in bills[0]:
        print(f"  {item:42}" + "".join(f"{each[item]:24.2f}" for each in bills))
    print(f"  {'total':42}" + "".join(f"{sum(each.values()):24.2f}" for each in bills))
    written = [bill.written_by_lookup(load, units["lookup"]) for load in LOADS.values()]
    print(f"  {'write units of a lookup':42}" + "".join(f"{each:24.2f}" for each in written))
    print("  for comparison, before storage and traffic, at any load:")
    for peer, amount in peers(price).items():
        print(f"  {peer:42}{amount:24.2f}")
    print()


def peers(price: PriceList) -> dict[str, float]:
    """A month of what others keep such a list in."""
    return {
        "OpenSearch, three r6g.large.search": 3 * HOURS * price["OpenSearch r6g large hour"],
        "OpenSearch serverless, one OCU at least": HOURS * price["OpenSearch serverless OCU hour"],
        "PostgreSQL, db.r6g.large in two zones": 2 * HOURS * price["PostgreSQL db r6g large hour"],
    }


def main(regions: list[str]) -> int:
    """Print counts, bills and prices."""
    deployed = read_deployed()
    units, metrics = count(deployed)
    print_counts(units)
    for region in regions or REGIONS:
        print_bill(region, REGIONS[region], units, metrics, deployed)
    print("prices")
    for region in regions or REGIONS:
        print(f" {region}, {REGIONS[region].currency}")
        print("\n".join(REGIONS[region].sources()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
