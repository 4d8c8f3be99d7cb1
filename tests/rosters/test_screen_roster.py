"""Screening against a snapshot gives the answers that lookups give, from the last snapshot that is good."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from benchmarks.invented_names import KINDS, Firm, disguise, firms
from benchmarks.priced_store import PricedStore
from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.lookups import look_up_applicant, show_answer
from chalicelib.lookups.rules.posting_lists import postings_of
from chalicelib.monitoring.rules import monitored_merchant
from chalicelib.monitoring.rules.monitored_merchant import Merchant
from chalicelib.registry.adapters.registry_table import RegistryTable
from chalicelib.registry.rules.subject import Subject
from chalicelib.rosters.rules.build_snapshot import SnapshotPart, assemble
from chalicelib.rosters.rules.snapshot_format import Snapshot
from chalicelib.rosters.screen_roster import SnapshotReader, screen
from chalicelib.rosters.snapshot_holder import SnapshotHolder
from chalicelib.rosters.take_registry_snapshot import SnapshotContext, build_snapshot
from chalicelib.storage.dynamodb_values import to_item
from chalicelib.storage.item_keys import roster_keys
from tests.support.builders import listed, registration_no, subject, uscc
from tests.world import World

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BETA = Caller("beta", Role.PLATFORM, "")


def subjects(names: list[Firm]) -> Iterator[Subject]:
    """Listed subjects of every kind: by code, by number, by name alone, with shops, signals and several listings."""
    for number, firm in enumerate(names):
        result: dict[str, Any] = {"name": firm.name}
        if number % 5:
            result["uscc"] = uscc(number, firm.code[2:8])
        elif number % 10:
            result["registration_no"] = registration_no(number)
        if number % 4 == 0:
            result |= {
                "shop_name": firm.brand + "旗舰店",
                "phone": f"p{number % 60}",
                "address": f"某市某路{number % 60}号",
            }
        if number % 9 == 0:
            result["person"] = f"d{number}"
        severity, level = 1 + number % 3, f"E{1 + number % 4}"
        made = [listed("alpha" if number % 7 else "beta", identity=result, severity=severity, evidence_level=level)]
        if number % 6 == 0:
            made.append(listed(source="government:serious_violations", identity=result, expires_on="2026-02-01"))
        if number % 8 == 0:
            made.append(listed("gamma", identity=result, listed_on="2026-02-02", expires_on="2027-02-01"))
        yield subject(*made)


def merchants(names: list[Firm], others: list[Firm], count: int) -> Iterator[Merchant]:
    """Merchants that are listed, disguised, kin by one identifier or by two signals, or nobody's."""
    rng = random.Random(5)
    for number in range(count):
        place = rng.randrange(len(names))
        firm, kind = names[place], number % 8
        values: dict[str, Any] = {"name": others[number % len(others)].name}
        if kind == 0:
            values = {"uscc": uscc(place, firm.code[2:8]), "name": firm.name}
        elif kind == 1:
            values = {"name": disguise(rng.choice(KINDS), firm, rng) or firm.name}
        elif kind == 2:
            values = {"registration_no": registration_no(place), "name": firm.name}
        elif kind == 3:
            values = {"uscc": uscc(place, firm.code[2:8]), "uscc_as_given": uscc(place, firm.code[2:8])[:-1] + "?"}
        elif kind == 4:
            values |= {
                "phone": f"p{number % 60}",
                "address": f"某市某路{number % 60}号",
                "shop_name": firm.brand + "专卖店",
            }
        elif kind == 5:
            values |= {"person": f"d{place}"}
        yield Merchant(id=f"S{number}", **values)


def outcome(answer: dict[str, Any]) -> Any:
    """What an answer comes to."""
    matches = [
        (match["subject"]["subject_id"], match["verdict"], match["relation"], match["score"],
         match["corroboration"]["finding"],
         tuple(sorted((listing["listing_id"], listing["verdict"]) for listing in match["listings"])))
        for match in answer["matches"]
    ]  # fmt: skip
    return answer["verdict"], sorted(matches)


def both(listings: int, count: int) -> tuple[RegistryTable, Snapshot, PricedStore, list[Merchant]]:
    names = firms(listings + count // 4, seed=31)
    listed_firms, others = names[:listings], names[listings:]
    store = PricedStore({"subjects": "subject_id", "keys": "key", "exchange": "id"})
    registry = RegistryTable(store, "subjects", "keys", "exchange")
    packed, part = [], SnapshotPart()
    for listed_subject in subjects(listed_firms):
        store.tables["subjects"][listed_subject.subject_id] = to_item(listed_subject.to_item())
        registry.add_postings(listed_subject.subject_id, listed_subject.version, postings_of(listed_subject))
        part.add(listed_subject)
        if len(part) == 300:
            packed.append(part.pack())
            part = SnapshotPart()
    packed.append(part.pack())
    snapshot = Snapshot(b"".join(assemble(packed, "2026-03-01T00:00:00.000Z", 48)))
    return registry, snapshot, store, list(merchants(listed_firms, others, count))


class Nothing:
    """An exchange table without any item."""

    def get_many(self, _ids: Any) -> dict[str, Any]:
        return {}


def compare(listings: int, count: int) -> None:
    registry, snapshot, _, asked = both(listings, count)
    exchange = cast("Any", Nothing())
    tables = look_up_applicant.Context(registry, ())
    snapshots = look_up_applicant.Context(SnapshotReader(snapshot, exchange), ())
    rows = screen(snapshot, exchange, (), "beta", {merchant.id: merchant for merchant in asked}, NOW)
    verdicts: set[str] = set()
    for merchant in asked:
        applicant = monitored_merchant.applicant(merchant)
        live = show_answer.answer_view(look_up_applicant.look_up(tables, BETA, applicant, NOW), BETA)
        held = show_answer.answer_view(look_up_applicant.look_up(snapshots, BETA, applicant, NOW), BETA)
        assert outcome(held) == outcome(live), merchant
        assert (merchant.id in rows) == bool(live["matches"]), merchant
        if live["matches"]:
            verdicts.add(live["verdict"])
            assert rows[merchant.id].verdict == live["verdict"]
    assert verdicts == {"block", "review", "inform"}
    assert len(rows) < count


def test_a_snapshot_gives_the_answers_of_the_lookup_path() -> None:
    compare(300, 300)


@pytest.mark.long
def test_a_snapshot_gives_the_answers_of_the_lookup_path_on_a_sample_of_5000() -> None:
    compare(2_000, 5_000)


def test_an_expired_listing_stops_matching_though_the_snapshot_still_has_it() -> None:
    part = SnapshotPart()
    part.add(subject(listed(expires_on="2026-03-10")))
    snapshot = Snapshot(b"".join(assemble([part.pack()], "2026-03-01T00:00:00.000Z", 48)))
    roster_of_one = {"S1": Merchant(id="S1", uscc=uscc(1))}
    for days, element in ((0, ["S1"]), (30, [])):
        rows = screen(snapshot, cast("Any", Nothing()), (), "beta", roster_of_one, NOW + timedelta(days=days))
        assert list(rows) == element


def snapshot_context(**sizes: int) -> SnapshotContext:
    return SnapshotContext(
        registry=wiring.registry(), exchange=wiring.exchange(), bucket=wiring.bucket(), **cast("Any", sizes)
    )


def built(world: World, number: int) -> str:
    """A snapshot with one listing more; its id."""
    wiring.registry().save(replace(listed(identity={"uscc": uscc(number)})))
    state = wiring.exchange().get(roster_keys.SNAPSHOT_BUILD)
    if state:
        wiring.exchange().put({**state, "began_at": f"2026-01-0{number}T00:00:00.000Z"})
    later = wiring.now() + timedelta(seconds=number)
    build_snapshot(snapshot_context(), later, lambda: True)
    assert world
    return str((wiring.exchange().get(roster_keys.SNAPSHOT) or {})["snapshot_id"])


@pytest.mark.parametrize("damage", ["missing", "short", "another"])
def test_the_last_good_snapshot_stays_when_a_new_one_is_bad(world: World, damage: str) -> None:
    holder = SnapshotHolder(wiring.exchange(), wiring.bucket(), lambda: 0.5)
    assert holder.current(NOW) is None
    first = built(world, 1)
    held = holder.current(NOW + timedelta(hours=1))
    assert held is not None
    assert (held.file.snapshot_id, len(held.snapshot), holder.problem) == (first, 1, "")
    second = built(world, 2)
    pointer = wiring.exchange().get(roster_keys.SNAPSHOT) or {}
    body = wiring.bucket().get(pointer["key"]) or b""
    if damage == "missing":
        wiring.bucket().discard([pointer["key"]])
    else:
        wiring.bucket().put(pointer["key"], body[:-9] if damage == "short" else body[:-1] + b"x")
    for each in (holder, SnapshotHolder(wiring.exchange(), wiring.bucket())):
        held = each.current(NOW + timedelta(hours=2), wanted=second)
        assert held is not None
        assert held.file.snapshot_id == first
        assert each.problem
    wiring.bucket().put(pointer["key"], body)
    held = holder.current(NOW + timedelta(hours=3))
    assert held is not None
    assert (held.file.snapshot_id, holder.problem) == (second, "")


def test_workers_do_not_all_look_for_a_new_snapshot_at_once(world: World) -> None:
    built(world, 1)
    calls: list[str] = []
    world.dynamodb.meta.events.register("before-call", lambda model, **_: calls.append(model.name), unique_id="count")
    patient, eager = (SnapshotHolder(wiring.exchange(), wiring.bucket(), lambda n=n: n) for n in (1.0, 0.0))
    for holder in (patient, eager):
        holder.current(NOW)
    calls.clear()
    for holder in (patient, eager):
        holder.current(NOW + timedelta(minutes=9))
    world.dynamodb.meta.events.unregister("before-call", unique_id="count")
    assert calls == ["GetItem"], "five minutes to fifteen"


def test_a_build_goes_on_where_its_time_was_over(world: World) -> None:
    for number in range(1, 8):
        wiring.registry().save(listed(identity={"uscc": uscc(number)}))
    states = [build_snapshot(snapshot_context(page=2, part_size=2), NOW, lambda: False) for _ in range(4)]
    assert [state.published for state in states] == [False, False, False, False]
    assert build_snapshot(snapshot_context(page=2), NOW, lambda: False).published
    held = SnapshotHolder(wiring.exchange(), wiring.bucket()).current(NOW)
    assert held is not None
    assert len(held.snapshot) == 7
    same = build_snapshot(snapshot_context(), NOW + timedelta(hours=5), lambda: True)
    assert same.began_at == states[0].began_at
    again = build_snapshot(snapshot_context(), NOW + timedelta(hours=7), lambda: True)
    assert again.began_at != states[0].began_at
    assert world.s3.list_objects_v2(Bucket="lianfang-files-test", Prefix="snapshots/")["KeyCount"] == 2
