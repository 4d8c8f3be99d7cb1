"""The six months of the demo data: moved to any day they are what the exchange would have stored until then."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import requests

from chalicelib.lookups import kept_lookups
from chalicelib.storage.item_keys import lookup_keys
from chalicelib.values.timestamps import china_date
from local import launch
from local.people_of_demo import PEOPLE, links
from local.six_months.audit_months import by_month
from local.six_months.dates import mover
from local.six_months.load import moved_state
from local.six_months.samples import of_stored_files, with_sample
from local.stack import Stack
from tests.storage.stored_items import faults
from tests.support.local_calls import called

LEAP, NEW_YEAR = date(2028, 2, 29), date(2027, 1, 1)
DEMO = {"qingluan", "beidou", "shanhai", "regulator", "operator"}


@pytest.mark.parametrize(
    ("days", "text", "moved"),
    [
        (94, '"2026-11-27"', '"2027-03-01"'),
        (460, '"2026-11-27T16:00:00.000Z"', '"2028-03-01T16:00:00.000Z"'),
        (459, "due#2026-11-27T08#0a", "due#2028-02-29T08#0a"),
        (35, "figures#2026-11-27#01", "figures#2027-01-01#01"),
        (1, '"d20261231":', '"d20270101":'),
        (1, '"d20280228b000012":', '"d20280229b000012":'),
        (-1, '"expires_at":{"N":"1800000000"}', '"expires_at":{"N":"1799913600"}'),
        (1, "9999-12-31", "9999-12-31"),
        (1, "2026-02-30", "2026-02-30"),
        (1, "12026-11-271", "12026-11-271"),
        (1, '"count":{"N":"20261127"}', '"count":{"N":"20261127"}'),
    ],
)
def test_each_form_of_a_day_is_moved(days: int, text: str, moved: str) -> None:
    assert mover(days, ())(text) == moved


def test_the_id_of_a_lookup_moves_with_its_day_and_no_other_id_does() -> None:
    before, after = (lookup_keys.lookup_id_of("qingluan", day, 7) for day in ("2026-11-27", "2027-01-02"))
    others = (lookup_keys.lookup_id_of("nobody", "2026-11-27", 7), "k_" + "0a" * 16, f"{before}0a")

    move = mover(36, ["qingluan"])

    assert move(f"lookup#{before}") == f"lookup#{after}"
    assert move(f"lookups#{before}") == f"lookups#{after}"
    assert [move(other) for other in others] == list(others)


def _entry(month: str, number: int, at: str) -> dict[str, Any]:
    key = {"S": f"audit:alpha:{month}#{number:012d}"}
    return {"id": key, "number": {"N": str(number)}, "at": {"S": at}, "organisation": {"S": "alpha"}}


def test_entries_of_the_audit_log_are_numbered_in_the_months_into_which_they_moved() -> None:
    entries = [
        _entry("2026-05", 2, "2026-05-31T17:00:00.000Z"),  # June in China
        _entry("2026-05", 1, "2026-05-31T15:00:00.000Z"),
        _entry("2026-06", 1, "2026-06-02T01:00:00.000Z"),
    ]
    place = {"at": {"S": "2026-06-02T01:00:00.000Z"}, "number": {"N": "1"}, "entry": entries[2]["id"]}
    items = [*entries, {"id": {"S": "audit-of:ab#000000000001"}, **place}, {"id": {"S": "head#audit:alpha:2026-06"}}]

    ordered = {item["id"]["S"]: item for item in by_month(items)}

    assert sorted(ordered) == [
        "audit-of:ab#000000000001",
        "audit:alpha:2026-05#000000000001",
        "audit:alpha:2026-06#000000000001",
        "audit:alpha:2026-06#000000000002",
        "head#audit:alpha:2026-05",
        "head#audit:alpha:2026-06",
    ]
    assert ordered["head#audit:alpha:2026-06"]["number"] == {"N": "2"}
    assert ordered["audit-of:ab#000000000001"]["entry"] == {"S": "audit:alpha:2026-06#000000000002"}


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    return {name: next(iter(value.values())) for name, value in item.items()}


@pytest.mark.slow
@pytest.mark.parametrize("day", [LEAP, pytest.param(NEW_YEAR, marks=pytest.mark.long)])
def test_moved_to_any_day_every_item_is_declared_and_the_last_day_is_that_day(day: date) -> None:
    state = moved_state(day)

    for table in ("subjects", "keys", "exchange"):
        assert faults(table, map(_plain, state[table])) == []
    items = {item["id"]["S"]: item for item in state["exchange"]}
    assert len(items) == len(state["exchange"])
    last = max(item["at"]["S"] for key, item in items.items() if key.startswith("change#"))
    assert day - timedelta(days=2) <= date.fromisoformat(china_date(datetime.fromisoformat(last))) <= day
    for key, item in items.items():
        if key.startswith(("audit-all:", "audit-of:")):
            assert item["entry"]["S"] in items
        if "asked" in item:
            plain = {**_plain(item), "relations": {}, "verdicts": {}, "given": {}, "stale": ()}
            lookup_id = key.removeprefix("lookup#")
            lookup = kept_lookups.stored_lookup(plain, lookup_id)
            made_on, number = china_date(datetime.fromisoformat(lookup.at)), int(lookup_id[16:], 16)
            assert lookup_keys.lookup_id_of(lookup.platform_id, made_on, number) == lookup_id
        if key.startswith("lookups#"):
            first, owner = key.removeprefix("lookups#"), item["platform_id"]["S"]
            made_on = lookup_keys.day_of_lookup(first)
            assert made_on <= day.isoformat()
            assert lookup_keys.lookup_id_of(owner, made_on, int(first[18:], 16)) == first


def test_an_item_of_evidence_speaks_of_the_object_that_is_stored() -> None:
    key, kind, body = with_sample(("evidence/d_1/e_1/a.pdf", "binary/octet-stream", b"%PDF-1.4"))
    assert (kind, body[:5], len(body) > 1_000) == ("application/pdf", b"%PDF-", True)
    assert with_sample(("licences/k_1", "", b"\x89PNG\r\n\x1a\n"))[1] == "image/png"
    assert with_sample(("reports/r_1", "text/csv", b"a")) == ("reports/r_1", "text/csv", b"a")
    other = {"id": {"S": "evidence#d_1"}, "members": {"SS": ["e_1"]}}
    item = {"id": {"S": "evidence#d_1#e_1"}, "evidence_id": {"S": "e_1"}, "file_name": {"S": "a.pdf"}}
    of_stored_files([other, item], {key: ("v1", body)})
    assert (item["version"], item["bytes"]) == ({"S": "v1"}, {"N": str(len(body))})
    assert item["sha256"] == {"S": hashlib.sha256(body).hexdigest()}


@pytest.fixture(scope="module")
def months() -> Iterator[Stack]:
    running = launch.start(months=True)
    try:
        yield running
    finally:
        running.stop(patience=60)


@pytest.mark.long
@pytest.mark.xdist_group("local")
class TestLoaded:
    """The six months in a running exchange: no list that a person of the demo data opens is empty."""

    def test_there_are_21_platforms_each_with_a_key(self, months: Stack) -> None:
        platforms = called(months.url, months.keys["operator"], "GET", "/v1/platforms")["platforms"]
        assert sum(each["role"] == "platform" for each in platforms) == 21
        assert {each["platform_id"] for each in platforms} == months.keys.keys() >= DEMO

    @pytest.mark.parametrize(
        ("who", "path", "field"),
        [
            *(
                (who, path, field)
                for who in ("qingluan", "beidou")
                for path, field in (
                    ("/v1/tasks/open", "tasks"),
                    ("/v1/tasks", "tasks"),
                    ("/v1/reports", "reports"),
                    ("/v1/rosters", "rosters"),
                    ("/v1/licence-checks", "checks"),
                    ("/v1/onboarding-checks", "checks"),
                    ("/v1/displays", "displays"),
                    ("/v1/notices", "notices"),
                )
            ),
            ("regulator", "/v1/tasks/open?state=overdue", "tasks"),
            ("regulator", "/v1/disputes", "disputes"),
            ("regulator", "/v1/campaigns", "campaigns"),
            ("regulator", "/v1/guards", "bursts"),
            ("regulator", "/v1/probing", "days"),
            ("beidou", "/v1/lookups", "lookups"),
            ("regulator", "/v1/audit", "entries"),
            ("operator", "/v1/feeds", "feeds"),
            ("operator", "/v1/set-aside", "set_aside"),
            ("operator", "/v1/people?organisation=qingluan", "people"),
        ],
    )
    def test_a_list_is_not_empty(self, months: Stack, who: str, path: str, field: str) -> None:
        assert called(months.url, months.keys[who], "GET", path)[field]

    def test_one_list_is_held(self, months: Stack) -> None:
        feeds = called(months.url, months.keys["regulator"], "GET", "/v1/feeds")["feeds"]
        assert [feed["name"] for feed in feeds if feed.get("hold")] == ["penalties"]

    def test_evidence_is_there_to_be_read(self, months: Stack) -> None:
        key = months.keys["regulator"]
        disputes = called(months.url, key, "GET", "/v1/disputes?limit=100")["disputes"]
        files = [
            (dispute["dispute_id"], file)
            for dispute in disputes
            for file in called(months.url, key, "GET", f"/v1/disputes/{dispute['dispute_id']}")["evidence"]
        ]
        dispute_id, file = files[0]
        path = f"/v1/disputes/{dispute_id}/evidence/{file['evidence_id']}"
        answer = requests.get(called(months.url, key, "GET", path)["shown_url"], timeout=10)
        assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == (
            "application/pdf",
            "private, no-store",
        )
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]

    def test_there_are_figures_of_every_platform(self, months: Stack) -> None:
        figures = called(months.url, months.keys["regulator"], "GET", "/v1/statistics?days=180")
        assert len(figures["platforms"]) == 21

    def test_every_demo_person_has_a_link(self, months: Stack) -> None:
        names = {link["name"] for link in links(months.url)}
        assert names == {person.name for person in PEOPLE}
