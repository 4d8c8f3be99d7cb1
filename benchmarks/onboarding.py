"""The cost of an onboarding check: own CPU time at p50 and p95, waits for the store, read and write units.

    python -m benchmarks.onboarding [1000 10000 100000]

From the body of the request to the body of the answer; only the gateway and Chalice are left out. The store is in
memory and priced (see priced_store.py). Half of the applicants bear the name of a listed merchant, half are unknown;
all are registered and licensed, come with a phone and a display link, and are enrolled. Nothing here may grow with the
list.
"""

import json
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from benchmarks.invented_names import firms
from benchmarks.lookup import fill
from benchmarks.priced_store import Item, PricedStore
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.handlers.requests.onboarding import OnboardingCheck
from chalicelib.lookups.parse_applicant import parse_applicant
from chalicelib.onboarding import onboarding_check
from chalicelib.registry.adapters.registry_table import RegistryTable
from chalicelib.storage.dynamodb_values import to_item
from chalicelib.storage.exchange_table import ExchangeTable
from chalicelib.values import organisation_codes
from chalicelib.values.keyed_digest import keyed_digest
from chalicelib.values.timestamps import iso

CHECKS = 1_000
NOW = datetime(2026, 3, 1, tzinfo=UTC)
CALLER = Caller("beta", Role.PLATFORM, "k")
DIGEST = keyed_digest(b"0123456789abcdef" * 4)
LISTS = ("serious_violations", "abnormal_operations", "registration")
LINK = "https://zzlz.gsxt.gov.cn/businessCheck/verifKey.do?showType=p&serial={0}-SAIC_SHOW_100000{0}1710900000000&signData=MAYCAQECAQE="


class Store(PricedStore):
    """The priced store, which can also set fields of an item of the exchange table."""

    def update_item(
        self,
        TableName: str,  # noqa: N803
        Key: Item,  # noqa: N803
        UpdateExpression: str,  # noqa: N803
        ExpressionAttributeValues: Item,  # noqa: N803
        ExpressionAttributeNames: Mapping[str, str],  # noqa: N803
        **more: Any,
    ) -> Item:
        """Fields of one item, and members of a set, made when there are none."""
        if TableName != "exchange":
            return super().update_item(
                TableName, Key, UpdateExpression, ExpressionAttributeValues, ExpressionAttributeNames, **more
            )
        self.calls["UpdateItem"] += 1
        before = self.tables[TableName].get(Key["id"]["S"])
        if UpdateExpression.startswith("ADD #f :m"):
            field, added = ExpressionAttributeNames["#f"], ExpressionAttributeValues[":m"]["SS"]
            members = (before or {}).get(field, {"SS": []})["SS"]
            fields: Item = {field: {"SS": sorted({*members, *added})}}
            if ":up" in ExpressionAttributeValues:
                fields["n"] = {"N": str(int((before or {}).get("n", {"N": "0"})["N"]) + 1)}
        else:
            names = ExpressionAttributeNames
            fields = {names["#" + place[1:]]: value for place, value in ExpressionAttributeValues.items()}
        after = {**(before or Key), **fields}
        self._pay(after, before)
        self.tables[TableName][Key["id"]["S"]] = after
        return {}


def main() -> None:
    """Print one line for each size of the list."""
    sizes = [int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000]
    listed = firms(max(sizes) + CHECKS, seed=7)
    store = Store({"subjects": "subject_id", "keys": "key", "exchange": "id"})
    registry = RegistryTable(store, "subjects", "keys", "exchange")
    _fresh_lists(store)
    print("listings   ms CPU p50    p95   calls: read   write   units: read   write   not clear")
    filled = 0
    for size in sorted(sizes):
        for number in range(filled, size):
            fill(registry, store, number, listed[number].name)
        filled = size
        names = [listed[number * (size // (CHECKS // 2)) % size].name for number in range(CHECKS // 2)]
        names += [firm.name for firm in listed[max(sizes) : max(sizes) + CHECKS // 2]]
        measure(registry, store, size, [_known(store, size + number, name) for number, name in enumerate(names)])


def measure(registry: RegistryTable, store: Store, size: int, bodies: list[bytes]) -> None:
    """Make each check and print the cost."""
    context = onboarding_check.Context(registry, ExchangeTable(store, "exchange"), ["serious_violations"])
    _once(context, bodies[0])
    store.forget()
    spent: list[float] = []
    marked = 0
    for body in bodies:
        start = time.process_time()
        answer = _once(context, body)
        spent.append(time.process_time() - start)
        marked += b'"verdict": "clear", "parts"' not in answer
    spent.sort()
    count = len(bodies)
    reads = (store.calls["BatchGetItem"] + store.calls["GetItem"]) / count
    writes = (store.calls["PutItem"] + store.calls["UpdateItem"]) / count
    p50, p95 = spent[count // 2] * 1000, spent[count * 95 // 100] * 1000
    print(
        f"{size:8,}   {p50:10.2f}  {p95:5.2f}   {reads:11.2f}   {writes:5.2f}   {store.reads / count:11.1f}   "
        f"{store.writes / count:5.1f}   {marked} of {count}"
    )


def _once(context: onboarding_check.Context, body: bytes) -> bytes:
    wanted = OnboardingCheck.model_validate_json(body)
    request = onboarding_check.CheckRequest(
        parse_applicant(wanted.model_dump(), DIGEST), wanted.merchant_id or "", "", wanted.display_link or ""
    )
    return json.dumps(
        onboarding_check.check_applicant(context, CALLER, request, NOW).view(CALLER), ensure_ascii=False
    ).encode()


def _fresh_lists(store: Store) -> None:
    state = {"version": "v1", "confirmed_at": iso(NOW), "stale_after_seconds": 86_400}
    entries = {f"feed:{name}": {**state, "list_type": name} for name in LISTS}
    store.tables["exchange"]["sources"] = to_item({"id": "sources", **entries})


def _known(store: Store, number: int, name: str) -> bytes:
    """A merchant whom the register and a verified licence know; the request that checks it."""
    organisation = f"MC{number:06d}"
    first = "91110105" + next(
        organisation + c for c in "0123456789X" if organisation_codes.is_valid_org_code(organisation + c)
    )
    code = first + organisation_codes.uscc_check_character(first)
    registration = {"name": name, "status": "operating", "at": iso(NOW), "source": "government:registration"}
    subject = {"subject_id": f"uscc:{code}", "uscc": code, "names": [name], "version": 1, "listings": {}}
    store.tables["subjects"][f"uscc:{code}"] = to_item({**subject, "registration": registration})
    licence = {"uscc": code, "name": name, "state": "verified", "verified_at": iso(NOW), "due_on": "2026-08-31"}
    store.tables["exchange"][f"licence#{code}"] = to_item({"id": f"licence#{code}", **licence, "status": "operating"})
    asked = {"uscc": code, "name": name, "phone": f"138{number:08d}", "merchant_id": f"m{number}"}
    return json.dumps({**asked, "display_link": LINK.format(code)}).encode()


if __name__ == "__main__":
    main()
