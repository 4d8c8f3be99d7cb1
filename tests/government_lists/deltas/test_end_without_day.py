"""A row of a delivery of changes may end an entry without its day: by the number of the decision, or by the company."""

from typing import Any

import pytest

from tests.government_lists.test_states_of_entries import PENALTY, deliver, listing, penalty
from tests.support.builders import uscc
from tests.world import World

HEADER = PENALTY + "当前状态\n"
CHANGES: dict[str, Any] = {"delivers": "changes", "unreadable_percent": 100}


def end(number: int, *, document: str | None = None, who: str = "", code: str | None = None, state: str = "1") -> str:
    name = who or f"北京朔序{number}商贸有限公司"
    written = f"京处〔2026〕{number}号" if document is None else document
    return f"{written},{name},{uscc(number) if code is None else code},,,,{state}\n"


def ended(*rows: str) -> Any:
    return deliver("penalties", HEADER + "".join(rows), 1, **CHANGES)


@pytest.fixture(autouse=True)
def standing(world: World) -> None:
    rows = "".join(penalty(number, "0") for number in range(5))
    deliver("penalties", HEADER + rows, **CHANGES)
    assert all(listing(number).state == "active" for number in range(5))
    assert world


@pytest.mark.parametrize(
    "row",
    [
        end(1),
        end(1, state="撤销"),
        end(1, state="已修复"),
        end(1, document="京处[2026]1号"),
        end(1, document="京处（2026）1 号"),
        end(1, code=""),
        end(1, document=""),
        end(1, document="", who=" "),
    ],
)
def test_the_entry_that_is_named_ends_and_no_other(row: str) -> None:
    state = ended(row)
    assert state.rejected == 0
    assert listing(1).state != "active"
    assert all(listing(number).state == "active" for number in (0, 2, 3, 4))
    assert deliver("penalties", HEADER + row, 2, **CHANGES).rejected == 0, "and again"


@pytest.mark.parametrize(
    "row",
    [
        end(1, document="京处〔2026〕99号"),
        end(7),
        end(1, code=uscc(2)),
        end(1, code="", document=""),
        end(1, code="", who="北京另一商贸有限公司"),
        end(1, state="0"),
        end(1, state=""),
        end(1, state="异议"),
    ],
)
def test_a_row_that_names_no_entry_or_ends_none_is_rejected(row: str) -> None:
    assert ended(row).rejected == 1
    assert all(listing(number).state == "active" for number in range(5))


def test_a_company_alone_ends_its_entry_only_where_there_is_one() -> None:
    two = penalty(1, "0").replace("〕1号", "〕11号")
    state = deliver("penalties", HEADER + two + end(1, document=""), 1, **CHANGES)
    assert state.rejected == 1
    assert listing(1).state == "active"


def test_a_decision_may_come_and_go_in_one_delivery_in_whatever_order() -> None:
    state = deliver("penalties", HEADER + end(8) + penalty(8, "0") + penalty(9, "0"), 1, **CHANGES)
    assert state.rejected == 0
    assert listing(8) is None or listing(8).state != "active"
    assert listing(9).state == "active"
