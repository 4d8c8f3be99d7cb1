"""A world in which everything that an onboarding check asks for is known and new: each test takes one thing away."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.update_posting_lists import update_posting_lists
from chalicelib.onboarding import onboarding_check
from chalicelib.registry.rules.subject_changes import Change
from chalicelib.values.timestamps import iso
from tests.support.builders import registered, uscc

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
BETA = Caller("beta", Role.PLATFORM, "k")
NAME = "苏州霁昱商贸有限公司"
LISTS = ("serious_violations", "abnormal_operations", "registration")


def save(*changes: Change) -> None:
    """Save changes, and file their subjects as the stream would."""
    for change in changes:
        saved = wiring.registry().save(change)
        assert saved is not None
        update_posting_lists(wiring.registry(), [(None, saved)])


def fresh(name: str, list_type: str = "", age: int = 600) -> None:
    """A feed that was confirmed so many seconds ago."""
    entry = {
        "version": "v1",
        "confirmed_at": iso(NOW - timedelta(seconds=age)),
        "stale_after_seconds": 86_400,
        "list_type": list_type or name,
    }
    wiring.exchange().upsert("sources", {f"feed:{name}": entry})


def register(number: int = 1, **fields: Any) -> None:
    """Save the register's entry of a merchant."""
    status = {"name": NAME, "status": "operating", "source": "government:registration", **fields}
    save(registered({"uscc": uscc(number)}, status, iso(NOW - timedelta(days=9))))


def licence(number: int = 1, **fields: Any) -> None:
    """The licence of a merchant, verified ten days ago."""
    record = {
        "id": f"licence#{uscc(number)}",
        "uscc": uscc(number),
        "name": NAME,
        "state": "verified",
        "status": "operating",
        "verified_at": iso(NOW - timedelta(days=10)),
        "verified_by": "local",
        "receipt_id": "r_1",
        "due_on": "2026-08-19",
        "verified_for": dict.fromkeys(("alpha", "beta"), iso(NOW - timedelta(days=10))),
        "version": 1,
    }
    wiring.exchange().put({**record, **fields})


def all_is_known(number: int = 1) -> None:
    """Every list fresh, the merchant registered and its licence verified."""
    for name in LISTS:
        fresh(name)
    register(number)
    licence(number)


def check(caller: Caller = BETA, now: datetime = NOW, number: int = 1, **more: Any) -> dict[str, Any]:
    """One onboarding check of the merchant of that number."""
    fields = {name: more.pop(name) for name in ("merchant_id", "licence_check_id", "display_link") if name in more}
    enrol = more.pop("enrol", "merchant_id" in fields)
    code = more.pop("uscc", uscc(number))
    applicant = {"uscc": code, "uscc_as_given": code, "name": NAME, **more}
    context = onboarding_check.Context(wiring.registry(), wiring.exchange(), ["serious_violations"])
    request = onboarding_check.CheckRequest(Applicant(**applicant), **fields, enrol=enrol)
    return onboarding_check.check_applicant(context, caller, request, now).view(caller)


def part(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of the answer, by its name."""
    (answered_part,) = [part for part in answer["parts"] if part["part"] == name]
    return dict(answered_part)
