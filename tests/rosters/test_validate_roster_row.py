"""One row of a roster, and how rosters follow each other."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.monitoring.rules import monitored_merchant
from chalicelib.monitoring.rules.monitored_merchant import Enrolment, Merchant
from chalicelib.reports.rules.eviction import Rejection
from chalicelib.rosters.rules import merge_roster, validate_roster_row
from chalicelib.rosters.rules.kept_merchant import KeptMerchant
from chalicelib.values.keyed_digest import keyed_digest
from tests.support.builders import registration_no, uscc

DIGEST = keyed_digest(b"0" * 32)
PERSON = "11010519491231002X"
AT = "2026-03-{:02d}T00:00:00.000Z"


def take(mode: str = "full", **cells: str) -> tuple[str, Any]:
    """What a row asks for and of whom; of a rejection its code and its column."""
    taken = validate_roster_row.read_roster_row(1, cells, mode, DIGEST)
    if isinstance(taken, Rejection):
        return taken.code, taken.column
    return taken.operation, taken.merchant


def test_a_row_becomes_a_merchant_with_personal_values_as_digests() -> None:
    op, merchant = take(
        shop_id=" S1 ", uscc=uscc(1), name="苏州霁昱商贸有限公司", phone="13812345678", legal_representative="张三",
        address="某市某路1号，电话13812345678", id_no=PERSON,
    )  # fmt: skip
    assert op == "add"
    assert (merchant.id, merchant.uscc, merchant.name) == ("S1", uscc(1), "苏州霁昱商贸有限公司")
    assert merchant.phone == DIGEST("phone", "13812345678")
    assert merchant.person == DIGEST("resident_id", PERSON)
    assert not [value for value in (PERSON, "13812345678", "张三") if value in str(merchant)]


def test_a_person_without_a_firm_has_no_name_to_be_found_by() -> None:
    merchant = take(shop_id="S1", name="张三", id_no=PERSON)[1]
    assert merchant.name == ""
    assert merchant.legal_representative == DIGEST("legal_representative", "张三")
    assert take(shop_id="S1", uscc=uscc(1), name="张*")[1].name == ""


@pytest.mark.parametrize(
    ("mode", "cells", "code"),
    [
        ("full", {"uscc": uscc(1)}, "missing_merchant_id"),
        ("full", {"shop_id": "S" * 81, "uscc": uscc(1)}, "invalid_merchant_id"),
        ("full", {"shop_id": PERSON, "uscc": uscc(1)}, "invalid_merchant_id"),
        ("full", {"shop_id": "S1"}, "missing_identity"),
        ("full", {"shop_id": "S1", "uscc": "9.13302E+17"}, "damaged_uscc"),
        ("full", {"shop_id": "S1", "uscc": "坏码"}, "invalid_uscc"),
        ("full", {"shop_id": "S1", "name": "锟斤拷有限公司"}, "damaged_text"),
        ("patch", {"shop_id": "S1", "uscc": uscc(1)}, "missing_op"),
        ("patch", {"shop_id": "S1", "uscc": uscc(1), "op": "也许"}, "invalid_op"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(mode: str, cells: dict[str, str], code: str) -> None:
    assert take(mode, **cells)[0] == code


@pytest.mark.parametrize(
    ("word", "op"),
    [("增", "add"), ("新增", "add"), ("改", "add"), ("Change", "add"), ("删", "remove"), ("REMOVE", "remove")],
)
def test_a_patch_says_its_operation_in_either_language(word: str, op: str) -> None:
    assert take("patch", shop_id="S1", uscc=uscc(1), op=word)[0] == op


def test_a_row_that_removes_needs_only_the_id() -> None:
    assert take("patch", shop_id="S1", op="删") == ("remove", Merchant(id="S1"))


def test_a_repaired_code_identifies_nobody_exactly() -> None:
    misread = uscc(1).replace("0", "O", 1)
    merchant = take(shop_id="S1", uscc=misread)[1]
    assert (merchant.uscc, merchant.uscc_as_given) == (uscc(1), misread)
    assert list(monitored_merchant.exact_ids_of(merchant)) == []
    assert monitored_merchant.applicant(merchant).repaired
    ids = dict(monitored_merchant.exact_ids_of(Merchant(uscc=uscc(1), registration_no=registration_no(1))))
    assert ids == {
        "same_uscc": f"uscc:{uscc(1)}",
        "same_registration_no": f"reg:{registration_no(1)}",
        "same_org_code": f"org:{uscc(1)[8:17]}",
    }


IDS = st.sampled_from(["S1", "S2", "S3", "S4"])
ROWS = st.lists(st.tuples(st.sampled_from(["add", "remove", "keep"]), IDS, st.integers(0, 3)), max_size=6)
FILES = st.lists(st.tuples(st.sampled_from(["full", "patch"]), ROWS), min_size=1, max_size=5)


def row(op: str, merchant_id: str, name: int) -> tuple[str, Merchant]:
    return op, Merchant(id=merchant_id, name=f"甲{name}" if op == "add" else "")


@given(files=FILES, data=st.data())
def test_rosters_end_the_same_in_whatever_order_they_are_worked_off(files: Any, data: st.DataObject) -> None:
    numbered = [(mode, [row(*values) for values in rows], AT.format(day)) for day, (mode, rows) in enumerate(files, 1)]

    def run(order: Any) -> Any:
        kept: dict[str, KeptMerchant] = {}
        full_at = ""
        for mode, rows, at in order:
            kept, _ = merge_roster.merge(kept, rows, mode, at, {}, full_at)
            full_at = max(full_at, at if mode == "full" else "")
        return merge_roster.merchants(kept)

    # A row that only keeps a merchant speaks of what stood before it, so it alone depends on the order.
    plain = [(mode, [entry for entry in rows if entry[0] != "keep"], at) for mode, rows, at in numbered]
    assert run(data.draw(st.permutations(plain))) == run(plain)


def test_the_counts_say_what_a_file_did() -> None:
    first, counts = merge_roster.merge({}, [row("add", f"S{n}", 0) for n in range(3)], "full", AT.format(1), {})
    assert (counts.merchants, counts.added) == (3, 3)
    rows = [row("add", "S0", 0), row("add", "S1", 1), row("add", "S9", 0)]
    _, counts = merge_roster.merge(first, rows, "full", AT.format(2), {})
    assert (counts.merchants, counts.added, counts.changed, counts.removed) == (3, 1, 1, 1)


def test_an_enrolled_merchant_stays_thirty_days_without_being_named() -> None:
    enrolled = {"S5": Enrolment(at=AT.format(1), merchant=Merchant(id="S5", name="甲"))}
    kept, counts = merge_roster.merge({}, [], "full", AT.format(20), enrolled)
    assert (set(merge_roster.merchants(kept)), counts.kept_enrolled) == ({"S5"}, 1)
    later, counts = merge_roster.merge(kept, [], "full", "2026-04-05T00:00:00.000Z", enrolled)
    assert (merge_roster.merchants(later), counts.removed) == ({}, 1)
    named, _ = merge_roster.merge(kept, [row("add", "S5", 1)], "full", AT.format(21), {})
    gone, _ = merge_roster.merge(named, [], "full", AT.format(22), {})
    assert merge_roster.merchants(gone) == {}, "once a roster has named it, rosters speak of it"


@given(st.lists(st.text(min_size=1, max_size=12), max_size=30), st.integers(0, 8), st.integers(0, 4))
def test_with_more_shards_a_merchant_stays_in_a_shard_of_the_same_rest(ids: list[str], few: int, more: int) -> None:
    small, large = 2**few, 2 ** (few + more)
    for merchant_id in ids:
        assert merge_roster.shard_number(merchant_id, large) % small == merge_roster.shard_number(merchant_id, small)


def test_ten_million_merchants_are_spread_over_shards_of_some_thousands() -> None:
    assert merge_roster.shards_for(0) == merge_roster.shards_for(5_000) == 1
    assert 2_000 <= 10_000_000 / merge_roster.shards_for(10_000_000) <= 5_000


@pytest.mark.parametrize("name", ["李会芳", "古丽巴哈尔", "JOHN EXAMPLE", "示例商贸有限公司"])
def test_a_natural_person_is_kept_by_digests_and_without_its_name(name: str) -> None:
    merchant = take(shop_id="S1", id_no="H12345678(01)", name=name)[1]
    assert (merchant.permit, merchant.person, merchant.name) == (DIGEST("hk_macau_permit", "H12345678"), "", "")
    by_account = take(shop_id="S1", id_no="无效", bank_account="6222021234567890128", name=name)[1]
    assert (by_account.personal_account, by_account.name) == (DIGEST("bank_account", "6222021234567890128"), "")


def test_a_natural_person_without_a_number_that_can_be_keyed_is_rejected() -> None:
    for cells in ({"id_no": "110105********1234"}, {"entity_type": "自然人"}, {"id_type": "护照", "id_no": ""}):
        code, _column = take(shop_id="S1", name="李会芳", phone="13800001111", **cells)
        assert code == "person_without_identifier", cells


def test_an_account_alone_identifies_a_person_and_no_company() -> None:
    merchant = take(shop_id="S1", name="李会芳", bank_account="6222021234567890128")[1]
    assert (merchant.personal_account, merchant.name) == (DIGEST("bank_account", "6222021234567890128"), "")
    assert merchant.legal_representative == DIGEST("legal_representative", "李会芳")


def test_an_empty_column_of_documents_leaves_a_company_under_its_name() -> None:
    merchant = take(shop_id="S1", id_no="", bank_account="6222021234567890128", name="苏州霁昱商贸有限公司")[1]
    assert (merchant.name, merchant.personal_account) == ("苏州霁昱商贸有限公司", "")
