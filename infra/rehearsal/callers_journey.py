"""Who reaches an API whose gateway asks for signatures: accounts of participants, by the operator's admission."""

from pathlib import Path
from typing import Final

from chalicelib.values.records import Json
from infra.deploy import admit_callers
from infra.rehearsal.deployed_exchange import Journey, expect

STRANGER: Final = "333333333333"


def check_signatures(journey: Journey, stage: str, project: Path) -> Json:
    """Expect what each account is answered, before a platform's account is let in and after; returns the answers."""
    admitted = journey.admit("shop-c", aws_account=STRANGER)
    before = _asked(journey, admitted["key"])
    expect(STRANGER in admit_callers(stage, project), "the account is let in")
    after = _asked(journey, admitted["key"])
    expect(before == {"unsigned": 403, "admitted": 403, "page": 404, "no_route": 403}, f"before: {before}")
    expect(after == {**before, "admitted": 200}, f"after: {after}")
    return {"before": before, "after": after}


def _asked(journey: Journey, key: str) -> dict[str, int]:
    """Statuses: of a request that nobody signed, of the account's own, of a page that anybody reads."""
    gateway = journey.gateway
    return {
        "unsigned": gateway.send("GET", "/v1/platforms/me", key=key, signed_by="").status,
        "admitted": gateway.send("GET", "/v1/platforms/me", key=key, signed_by=STRANGER).status,
        "page": gateway.send("GET", "/licences/none", signed_by="").status,
        "no_route": gateway.send("GET", "/v1/nothing", key=key).status,
    }
