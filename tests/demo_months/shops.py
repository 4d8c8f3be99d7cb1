"""Licences and displays of the invented city, and its onboarding checks: some in each state."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from chalicelib import wiring
from chalicelib.licences.adapters.exchange_issuer import present
from chalicelib.licences.adapters.trust_store import LICENCES, TrustStore
from tests.support import licence_holders, licence_issuing

if TYPE_CHECKING:
    from tests.demo_months.city import Merchant
    from tests.demo_months.days import City

TYPED = {key: value for key, value in asdict(licence_issuing.LICENCE).items() if key != licence_holders.UNTYPED}
TYPED |= {"legal_representative": "示例人", "address": "示例路1号", "authority": "示例市场监督管理局"}
REGISTER = "UNISCID,ENTNAME,曾用名,REGSTATE_CN,ENTTYPE_CN,REGORG_CN,APPRDATE,名称变更日期,原统一社会信用代码,ESTDATE\n"
Plan = Callable[[int, Callable[[], None]], None]
PLATFORMS = ("qingluan", "beidou", "yunfan")


class Shops:
    """Shops of some platforms that show their licences; merchants from the 900th on are never reported here."""

    def __init__(self, city: "City") -> None:
        self.city = city
        self.stage = city.stage
        self._issuer: Any = None
        clean = city.people[900:1_000]
        city.unreported = [each for each in city.unreported if each not in clean]
        self._clean = iter(clean)
        self._shown: list[tuple[str, str]] = []
        self._revoked: list[Merchant] = []

    def begin(self) -> None:
        """The issuer of licences, and the register."""
        self._issuer = licence_issuing.another_office(self.stage.clock.now)
        wanted = {"list_type": "registration", "way": "dropped", "delivers": "changes"}
        self.stage.call("ops", "PUT", "/v1/feeds/registration", {**wanted, "stale_after_seconds": 7_776_000})

    def plan(self, on: Plan) -> None:
        """When what happens, in days before the last."""
        for left in (178, 176, 150, 130, 100, 80, 60, 45, 30, 20, 14, 7, 4):
            on(left, self._verify)
        for left in range(160, 0, -4):
            on(left, self._onboard)
        on(40, self._change_displays)
        on(12, self._revoke)
        on(6, self._manual)
        on(1, self._leave_open)

    def _verify(self) -> None:
        """A merchant of each platform shows its licence and the shop displays it."""
        TrustStore(wiring.bucket(), LICENCES).publish(self._issuer, self.stage.clock.now)
        for platform_id in PLATFORMS:
            merchant = next(self._clean)
            made = self._open(platform_id, merchant)
            self._respond(made, merchant)
            shop = {
                "uscc": merchant.uscc,
                "shop_id": f"s-{len(self._shown)}",
                "shop_name": merchant.name[:6] + "示例店",
            }
            display = self.stage.post(platform_id, "/v1/displays", shop)
            self._shown.append((platform_id, display["display_id"]))
            self._revoked = [*self._revoked, merchant][-6:]

    def _open(self, platform_id: str, merchant: "Merchant", method: str = "local") -> dict[str, Any]:
        wanted = {**merchant.who, "purpose": "onboarding", "method": method}
        return dict(self.stage.post(platform_id, "/v1/licence-checks", wanted))

    def _respond(self, made: dict[str, Any], merchant: "Merchant") -> None:
        now = self.stage.clock.now
        holder = self._issuer.holder(merchant.uscc, now)
        fields = {**merchant.who, "legal_representative": "示例人", "address": "示例路1号"}
        licence = self._issuer.licence(replace(licence_issuing.LICENCE, **fields), holder, now)
        shown = present(holder, licence, licence_issuing.wallet_request(made), now)
        self.stage.post("", f"/v1/licence-checks/{made['check_id']}/response", {"presentation": shown})

    def _onboard(self) -> None:
        """Applicants are checked; some are listed."""
        dice = self.city.dice
        for platform_id in dice.sample(("qingluan", "beidou", "shanhai", "lingxi"), 2):
            listed = self.city.reported and dice.random() < 0.3
            merchant = dice.choice(self.city.reported)[1] if listed else dice.choice(self.city.people)
            applicant = {**merchant.who, "merchant_id": f"a-{dice.randrange(10_000)}"}
            self.stage.post(platform_id, "/v1/onboarding-checks", applicant)

    def _change_displays(self) -> None:
        for place, act in ((3, "suspension"), (4, "deletion")):
            platform_id, display_id = self._shown[place]
            self.stage.post(platform_id, f"/v1/displays/{display_id}/{act}", {"why": "店铺核查中（示例）"})
        farm = {"declaration": "farm_produce", "shop_name": "示例山野小铺", "shop_id": "s-farm"}
        self.stage.post("qingluan", "/v1/displays", farm)

    def _revoke(self) -> None:
        """The register says that two licences were revoked, and of some reported merchants what contradicts."""
        rows = [
            f"{each.uscc},{each.name},,吊销，未注销,有限责任公司,示例市场监督管理局,2026-10-05,,,2021-03-01\n"
            for each in self._revoked[:2]
        ]
        contradicted = {each.uscc: each for _, each in self.city.reported[-30:]}
        for place, each in enumerate(list(contradicted.values())[:5]):
            name, state = (each.name, "注销") if place < 3 else ("示例市同码异名示例商行", "存续")
            rows.append(f"{each.uscc},{name},,{state},有限责任公司,示例市场监督管理局,2026-05-05,,,2021-03-01\n")
        self.stage.drop("registration", REGISTER + "".join(rows))

    def _manual(self) -> None:
        """A licence is read by two people from a picture; another is still read by the first alone."""
        for has_second in (True, False):
            merchant = next(self._clean)
            made = self._open("qingluan", merchant, "manual")
            self.stage.upload(made, licence_holders.PICTURE)
            for reader in ("regulator", "qingluan")[: 1 + has_second]:
                body = {"decision": "genuine", **TYPED, **merchant.who}
                self.stage.post(reader, f"/v1/licence-checks/{made['check_id']}/reviews", body)

    def _leave_open(self) -> None:
        """Checks that wait: for a wallet, for a picture, for a first reader."""
        for platform_id in PLATFORMS:
            self._open(platform_id, next(self._clean))
            self._open(platform_id, next(self._clean), "manual")
        unread = self._open("qingluan", next(self._clean), "manual")
        self.stage.upload(unread, licence_holders.PICTURE)
