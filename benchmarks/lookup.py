"""The cost of a lookup: own CPU time, calls to the store and read units, beside each other for lists of growing size.

    python -m benchmarks.lookup [1000 10000 100000]

The store is in memory and priced (see priced_store.py), so the time is that of our own code. Half of the lookups are of
listed merchants by name, half of unknown merchants. Nothing here may grow with the list.
"""

import random
import sys
import time
from datetime import UTC, datetime

from benchmarks.invented_names import firms
from benchmarks.priced_store import PricedStore
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.lookups import look_up_applicant, show_answer
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.posting_lists import postings_of
from chalicelib.registry.adapters.registry_table import RegistryTable
from chalicelib.registry.rules.subject import Subject
from chalicelib.storage.dynamodb_values import to_item

LOOKUPS = 400
NOW = datetime(2026, 3, 1, tzinfo=UTC)
CALLER = Caller("beta", Role.PLATFORM, "k")


def main() -> None:
    """Print one line for each size of the list."""
    sizes = [int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000]
    listed = firms(max(sizes) + LOOKUPS, seed=7)
    strangers = listed[max(sizes) :]
    store = PricedStore({"subjects": "subject_id", "keys": "key", "exchange": "id"})
    registry = RegistryTable(store, "subjects", "keys", "exchange")
    print("listings   ms CPU/lookup   calls   read units   found")
    filled = 0
    for size in sorted(sizes):
        for number in range(filled, size):
            fill(registry, store, number, listed[number].name)
        filled = size
        asked = [listed[number].name for number in random.Random(1).sample(range(size), LOOKUPS // 2)]
        listed_names = set(asked)
        asked += [stranger.name for stranger in strangers[: LOOKUPS - len(asked)]]
        measure(registry, store, size, asked, listed_names)


def fill(registry: RegistryTable, store: PricedStore, number: int, name: str) -> None:
    """One subject with one listing, filed under its keys as the stream handler does."""
    subject = subject_of(number, name)
    store.tables["subjects"][subject.subject_id] = to_item(subject.to_item())
    registry.add_postings(subject.subject_id, 1, postings_of(subject))


def subject_of(number: int, name: str) -> Subject:
    """A listed subject of an invented firm."""
    listing = {
        "listing_id": f"l_uscc-{number:018d}_0000000000000000",
        "source": "platform:alpha",
        "state": "active",
        "listed_on": "2026-01-02",
        "reasons": ["QC01"],
        "reason_text": "销售假冒注册商标商品",
        "severity": 3,
        "evidence_level": "E2",
        "reported_at": "2026-01-03T00:00:00.000Z",
        "revision": 1,
        "history": [{"revision": 1, "kind": "opened", "at": "2026-01-03T00:00:00.000Z", "by": "platform:alpha"}],
    }
    uscc = f"91110105MA{number:08d}"
    subject = {
        "subject_id": f"uscc:{uscc}",
        "uscc": uscc,
        "names": [name],
        "version": 1,
        "listings": {str(listing["listing_id"]): listing},
    }
    return Subject.from_item(subject)


def measure(registry: RegistryTable, store: PricedStore, size: int, asked: list[str], listed_names: set[str]) -> None:
    """Look each name up and print the cost."""
    store.forget()
    context = look_up_applicant.Context(registry, ["serious_violations"])
    matched = 0
    start = time.process_time()
    for name in asked:
        answer = look_up_applicant.look_up(context, CALLER, Applicant(name=name), NOW)
        matched += name in listed_names and bool(show_answer.answer_view(answer, CALLER)["matches"])
    spent = time.process_time() - start
    count = len(asked)
    calls = store.calls["BatchGetItem"] / count
    print(
        f"{size:8,}   {spent / count * 1000:13.2f}   {calls:5.2f}   {store.reads / count:10.1f}   "
        f"{matched} of {len(listed_names)}"
    )


if __name__ == "__main__":
    main()
