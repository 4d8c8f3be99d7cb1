"""What is kept of lookups: no personal value, each request as likely as any other, at most two hundred of a day."""

import random
from collections import Counter

import pytest

from chalicelib.lookups.parse_applicant import parse_applicant
from chalicelib.probing.rules.asked import asked_of, from_entry
from chalicelib.probing.sample_lookups import PLACES, draw
from chalicelib.values.keyed_digest import keyed_digest
from tests.support.builders import uscc

DIGEST = keyed_digest(b"k" * 32)
RESIDENT = "11010519491231002X"


@pytest.mark.parametrize(
    ("given", "personal", "odd"),
    [
        ({"uscc": uscc(1)}, False, False),
        ({"uscc": "91330106MA2ABCDEFU"}, False, True),
        ({"uscc": "91330106MA2ABCDEF4"}, False, True),
        ({"name": "苏州霁昱商贸有限公司", "phone": "13812345678", "address": "苏州市姑苏区示例路2号"}, False, False),
        ({"id_no": RESIDENT, "name": "李会芳"}, True, False),
        ({"id_no": RESIDENT, "name": "李会芳", "phone": "13812345678"}, True, False),
        ({"id_no": RESIDENT, "former_name": "李会芳"}, True, False),
        ({"id_no": RESIDENT, "name": "李会芳", "shop_name": "示例小铺"}, False, False),
        ({"id_no": RESIDENT, "uscc": uscc(1)}, False, False),
        ({"phone": "13812345678"}, True, False),
        ({"bank_account": "6222021234567890128", "name": "李会芳"}, True, False),
        ({"name": "李会芳"}, False, False),
    ],
)
def test_what_a_lookup_looks_like(given: dict[str, str], personal: bool, odd: bool) -> None:
    asked = asked_of(parse_applicant(given, DIGEST), hit=True)
    assert (asked.personal, asked.odd_code, asked.hit) == (personal, odd, True)
    assert from_entry(asked.entry()) == asked
    assert RESIDENT not in asked.entry()
    assert "李会芳" not in asked.entry()


def test_each_request_of_a_day_is_as_likely_as_any_other() -> None:
    drawn: Counter[int] = Counter()
    for seed in range(40):
        below, places = random.Random(seed).randrange, {}
        for request in range(1, 2_001):
            place = draw(request, below)
            if place is not None:
                places[place] = request
        assert len(places) == PLACES
        drawn.update(request // 500 for request in places.values())
    expected = 40 * PLACES / 4
    assert all(0.85 * expected < drawn[quarter] < 1.15 * expected for quarter in range(4))
