"""What runs out by itself is measured in days."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.handlers.events import running_out
from tests.world import World


@pytest.mark.parametrize(("now", "left"), [("2026-11-27", 34.0), ("2026-12-31", 0.0), ("2026-01-01", 364.0)])
def test_the_calendar_is_known_to_the_end_of_its_last_year(now: str, left: float) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    known = running_out.calendar_days_left(moment)
    assert known % 365 in (left, left - 1, left + 1) or known == left


def test_a_year_far_ahead_is_not_known() -> None:
    assert running_out.calendar_days_left(datetime(2100, 1, 1, tzinfo=UTC)) == -1.0


def test_what_was_never_set_up_is_not_measured(world: World) -> None:
    assert set(dict(running_out.days_left(wiring.now(), wiring.bucket()))) == {"CalendarDaysLeft"}
    assert world


def test_lists_and_anchors_of_our_issuer_are_measured(world: World) -> None:
    from chalicelib.licences.adapters.exchange_issuer import LicenceIssuer
    from chalicelib.licences.adapters.trust_store import LICENCES, TrustStore

    assert world
    now = datetime.now(UTC)
    TrustStore(wiring.bucket(), LICENCES).publish(LicenceIssuer.make("Exchange", now), now)
    measured = dict(running_out.days_left(now, wiring.bucket()))
    assert 29 <= measured["RevocationListDaysLeft"] <= 31
    assert measured["AnchorDaysLeft"] > 300
    later = dict(running_out.days_left(now + timedelta(days=40), wiring.bucket()))
    assert later["RevocationListDaysLeft"] < 0


def test_the_api_is_asked_on_lambda_alone(monkeypatch: pytest.MonkeyPatch, world: World, capsys: Any) -> None:
    assert world
    assert running_out.probe_api(None) == {"asked": False}
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "lianfang-test-clocks_due")
    assert running_out.probe_api(None) == {"asked": True, "status": 0}
    assert '"ApiNotReady":[1.0]' in capsys.readouterr().out
