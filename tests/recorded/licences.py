"""Licences, displays and merchants' own records before the recording: checks by each method in each state."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

from chalicelib import wiring
from tests.recorded.stage import Stage, code, name
from tests.support import licence_holders, licence_issuing, national_office

PICTURE = licence_holders.PICTURE
TYPED = {key: value for key, value in asdict(licence_issuing.LICENCE).items() if key != licence_holders.UNTYPED}


class Office:
    """The issuer whom the exchange trusts, and the holders of its licences."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.issuer = licence_issuing.another_office(stage.clock.now)
        self.publish()

    def publish(self) -> None:
        """Put what is to be trusted into the bucket; its lists are good for a month."""
        for trusted in (licence_issuing.LICENCES, licence_holders.NATIONAL):
            licence_issuing.TrustStore(wiring.bucket(), trusted).publish(self.issuer, self.stage.clock.now)

    def shown(self, made: dict[str, Any], number: int, **says: Any) -> str:
        """What the holder of a merchant's licence answers to a challenge."""
        now = self.stage.clock.now
        holder = self.issuer.holder(code(number), now)
        fields = {"uscc": code(number), "name": name(number), **says}
        licence = self.issuer.licence(replace(licence_issuing.LICENCE, **fields), holder, now)
        return licence_issuing.present(holder, licence, licence_issuing.wallet_request(made), now)

    def seal(self) -> Any:
        """The key with which the national system signs what it says."""
        purpose = national_office.certificate.SIGNS_STATEMENTS
        return national_office.leaf(self.issuer.authority, "national system", purpose, self.stage.clock.now)


@contextmanager
def national_system() -> Iterator[national_office.NationalOffice]:
    """The national licence system, to which the exchange is connected for the length of a `with` block."""
    with national_office.NationalOffice() as office:
        os.environ["NATIONAL_LICENCES_URL"] = office.url
        wiring.reset(keep_clients=True)
        # Now: a request reads the environment that the test client of Chalice makes from the project's own settings.
        wiring.settings()
        yield office
    os.environ["NATIONAL_LICENCES_URL"] = ""
    wiring.reset(keep_clients=True)
    wiring.settings()


def open_check(stage: Stage, actor: str, number: int, method: str = "local") -> dict[str, Any]:
    """Open a check of a merchant's licence."""
    wanted = {"uscc": code(number), "name": name(number), "purpose": "onboarding", "method": method}
    return dict(stage.post(actor, "/v1/licence-checks", wanted))


def respond(stage: Stage, office: Office, made: dict[str, Any], number: int, **says: Any) -> None:
    """The holder answers a check."""
    result = {"presentation": office.shown(made, number, **says)}
    stage.post("", f"/v1/licence-checks/{made['check_id']}/response", result)


def verify(stage: Stage, office: Office, actor: str, number: int) -> str:
    """A licence that is verified by its holder's wallet; the id of the check."""
    made = open_check(stage, actor, number)
    respond(stage, office, made, number)
    return str(made["check_id"])


def in_spring(stage: Stage, office: Office) -> None:
    """Licences that are due half a year later: one that the register will bear out, one that it will not."""
    stage.kept["checks"] = [verify(stage, office, "alpha", number) for number in (30, 39)]
    old = open_check(stage, "alpha", 38)
    stage.kept["checks"].append(old["check_id"])


def review(stage: Stage, actor: str, check: str, number: int, **typed: str) -> None:
    """One review of an uploaded licence."""
    body = {"decision": "genuine", **TYPED, "uscc": code(number), "name": name(number), **typed}
    stage.post(actor, f"/v1/licence-checks/{check}/reviews", body)


def in_autumn(stage: Stage, office: Office) -> None:
    """Checks by wallet, by upload and by the national system, and how each ends."""
    office.publish()
    kept = stage.kept["checks"]
    kept += [verify(stage, office, actor, number) for actor, number in (("alpha", 31), ("beta", 32), ("alpha", 33))]
    failed = open_check(stage, "beta", 34)
    respond(stage, office, failed, 34, name=name(35))
    for number, second in ((34, {}), (35, {"name": name(36)})):
        made = open_check(stage, "alpha", number, "manual")
        stage.upload(made, PICTURE)
        review(stage, "bureau", made["check_id"], number)
        review(stage, "alpha", made["check_id"], number, **second)
        kept.append(made["check_id"])
    secret = wiring.client("secretsmanager")
    secret.create_secret(Name="lianfang/test/national-licences", SecretString=json.dumps(national_office.CREDENTIALS))
    with national_system() as national:
        done, lost, late = (open_check(stage, "alpha", number, "national") for number in (36, 37, 38))
        session = done["session"]
        says = {"uscc": code(36), "name": name(36)}
        statement = national.statement(session, stage.clock.now, office.seal(), **says)
        national.answers[session] = {"state": "answered", "statement": statement}
        stage.get("alpha", f"/v1/licence-checks/{done['check_id']}")
        national.failures = [503] * 9
        stage.get("alpha", f"/v1/licence-checks/{lost['check_id']}")
    kept += [failed["check_id"], done["check_id"], lost["check_id"], late["check_id"]]


def displays(stage: Stage) -> None:
    """Displays that are shown, suspended, deleted, of a declaration, and of a licence that is revoked later."""
    permit = {"name": "食品经营许可证", "number": "JY13205060123456", "valid_until": "2029-04-15"}
    shop = {"name": "示例旗舰店", "url": "https://shop.qingluan.example/1"}
    wanted = [
        {"uscc": code(31), "shop_id": "s-1", "shop_name": "示例旗舰店", "permits": [permit], "over_limit": True},
        {"uscc": code(33), "shop_id": "s-2", "shop_name": "将暂停的店", "shop_links": [shop]},
        {"uscc": code(33), "shop_id": "s-3", "shop_name": "将撤下的店"},
        {"declaration": "farm_produce", "shop_name": "山野小铺", "shop_id": "s-9"},
        {"uscc": code(36), "shop_id": "s-4", "shop_name": "将失效的店", "rules_url": "https://alpha.example/rules"},
    ]
    made = [stage.post("alpha", "/v1/displays", content)["display_id"] for content in wanted]
    stage.call("alpha", "PUT", f"/v1/displays/{made[0]}", {"shop_name": "示例旗舰店二", "permits": [permit]})
    stage.post("alpha", f"/v1/displays/{made[1]}/suspension", {"why": "核查中"})
    stage.call("alpha", "DELETE", f"/v1/displays/{made[1]}/suspension")
    stage.post("alpha", f"/v1/displays/{made[1]}/suspension", {"why": "再次核查"})
    stage.post("alpha", f"/v1/displays/{made[2]}/deletion", {"why": "店铺退出"})
    stage.post("beta", "/v1/displays", {"uscc": code(32), "shop_id": "b-1", "shop_links": [shop]})
    stage.kept["displays"] = made
    stage.kept["period"] = stage.post("alpha", "/v1/identity-reports")["period"]


def merchants(stage: Stage, office: Office) -> None:
    """Two merchants see their own records, one ends its session; a third has not shown its licence yet."""
    sessions = []
    for number in (1, 16):
        made = stage.post("", "/v1/my-record/checks", {"uscc": code(number)})
        respond(stage, office, made, number)
        token = stage.post("", "/v1/my-record/sessions", {"claim": made["claim"]})["token"]
        stage.keys[f"merchant-{number}"] = token
        sessions.append(token)
    dispute = {"listing_id": stage.listing(16), "statement": "检验报告证明为正品", "contact": "shen@example.cn"}
    stage.kept["disputes"].append(stage.post("merchant-16", "/v1/my-record/disputes", dispute)["dispute_id"])
    stage.kept["statement"] = stage.post("merchant-16", "/v1/my-record/statement")["statement"]
    stage.post("delta", "/v1/statements/check", {"statement": stage.kept["statement"]})
    stage.call("merchant-1", "DELETE", "/v1/my-record/sessions")
    stage.kept["claim"] = stage.post("", "/v1/my-record/checks", {"uscc": code(53)})["claim"]
    stage.settle()


def pending(stage: Stage, office: Office) -> None:
    """Checks that wait: for a wallet (its answer is kept), for an upload, for the second review."""
    made = open_check(stage, "beta", 34)
    stage.kept["pending"] = [made["check_id"], office.shown(made, 34)]
    unread, half = (open_check(stage, "alpha", number, "manual") for number in (37, 38))
    stage.upload(half, PICTURE)
    review(stage, "bureau", half["check_id"], 38)
    stage.kept["typed"] = TYPED
    stage.kept["manual"] = [unread["check_id"], half["check_id"]]
