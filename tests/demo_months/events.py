"""What is out of the ordinary in the six months: lists, campaigns, bursts, disputes, withdrawals, probing."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from chalicelib import wiring
from chalicelib.storage.set_aside import SetAside, set_aside
from chalicelib.values.timestamps import iso
from local import demo_data, people_of_demo
from tests.demo_months import lists
from tests.demo_months.city import HABITS, merchant_of
from tests.demo_months.days import City
from tests.demo_months.shops import Shops
from tests.people.persons import signed_in
from tests.recorded.stage import Stage
from tests.support.builders import uscc

OPERATOR, REGULATOR = "operator", "regulator"
ACCOUNTS: Final = {each["id"]: each for each in demo_data.OTHERS}
# Days before the last on which a dispute is opened, by which platform about whose listing, and how it goes on.
DISPUTES: Final = (
    (150, "qingluan", "beidou", "uphold"),
    (131, "beidou", "qingluan", "void"),
    (112, "yunfan", "lingxi", "uphold"),
    (95, "lingxi", "yunfan", "concede"),
    (80, "shanhai", "qingluan", "void"),
    (66, "jinxiu", "yunfan", "uphold"),
    (51, "xinghai", "beidou", "withdraw"),
    (40, "beidou", "shanhai", "void"),
    (33, "luming", "yunfan", "amend"),
    (27, "luming", "jinxiu", "uphold"),
    (22, "jinxiu", "qingluan", "void"),
    (16, "xinghai", "beidou", "void"),
    (12, "zhiwen", "yunfan", "answer"),
    (9, "qingluan", "beidou", "answer"),
    (6, "beidou", "qingluan", "open"),
    (4, "shanhai", "qingluan", "open"),
    (2, "yunfan", "lingxi", "open"),
)
DECISIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "uphold": {"statement": "证据充分，维持。"},
    "void": {"statement": "证据不足以认定，撤销该条清退。"},
    "amend": {"statement": "违法事实属实，但应认定为刷单炒信。", "reasons": ["AD04"]},
}
AUTHORISATION: Final = b"%PDF-1.4\n% an invented letter of authorisation\n"
WITHDRAWALS: Final = (140, 121, 104, 90, 75, 62, 49, 38, 30, 22, 15, 8, 3)


class Story:
    """Everything that does not happen every day; days are counted from the last one back."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.stage: Stage = city.stage
        self.shops: Shops
        self._due: dict[int, list[Callable[[], None]]] = {}

    def begin(self, first: date) -> None:
        """The operator admits everybody; rosters are sent and lists are set up."""
        self.stage.clock.set(f"{first}T01:00:00+00:00")
        key = self.stage.world.admit(OPERATOR, "operator", name=demo_data.OPERATOR["name"])
        self.stage.keys[OPERATOR] = self.stage.keys["ops"] = key
        for habit in HABITS:
            self._admit({"id": habit.platform_id, "name": habit.name, "role": "platform"})
        self._admit({})
        self.shops = Shops(self.city)
        self.shops.begin()
        lists.arrange(self.stage)
        self.stage.invoke("snapshot_due")
        self.city.send_rosters()
        self._plan()

    def day(self, day: date, left: int) -> None:
        """What is out of the ordinary on that day, `left` days before the last."""
        self.stage.clock.set(f"{day}T06:30:00+00:00")
        for act in self._due.pop(left, ()):
            act()
            self.stage.settle()

    def end(self) -> None:
        """The first minutes of the last day: rosters were screened in the night, a list is held."""
        lists.hold(self.city)
        self.stage.invoke("licences_due")
        self.stage.invoke("clocks_due")
        self.stage.invoke("notices_due")

    def _admit(self, wanted: Mapping[str, Any]) -> None:
        wanted = wanted or {each: ACCOUNTS[REGULATOR][each] for each in ("id", "name", "role")}
        account = {"aws_account": "123456789012"} if wanted["id"] in ACCOUNTS else {}
        self.stage.keys[wanted["id"]] = self.stage.post(OPERATOR, "/v1/platforms", {**wanted, **account})["key"]

    def _on(self, left: int, act: Callable[[], None]) -> None:
        self._due.setdefault(left, []).append(act)

    def _plan(self) -> None:
        for place, (left, by, against, goes) in enumerate(DISPUTES):
            self._on(left, partial(self._dispute, by, against, goes, place))
        for left in WITHDRAWALS:
            self._on(left, self._withdraw)
        for left in range(170, 0, -14):
            self._on(left, partial(lists.deliver, self.city, left))
        for left in (60, 1):
            self._on(left, self._screen)
        self._on(120, lambda: self._campaign("暑期食品安全专项（示例）", ("FD01", "FD02"), 30))
        self._on(25, lambda: self._campaign("反假冒专项（示例）", ("IP01",), 45))
        self._on(3, lambda: self._campaign("年末促销专项（示例）", ("AD01",), 40, 10))
        self._on(70, lambda: self._burst("lingxi", "510107", "成都", True))
        self._on(5, lambda: self._burst("fengqi", "370102", "济南", False))
        self._on(30, self._policy)
        self._on(10, people_of_demo.add_people)
        self._on(3, self._probe)
        self._on(2, self._assign)
        self._on(1, self._set_aside)
        self._on(1, self._reread)
        self._on(1, self._ask_second)
        self.shops.plan(self._on)

    def _listing_id(self, source: str) -> str:
        """The newest active listing of a platform that is not disputed yet; '' for none."""
        for platform_id, merchant in reversed(self.city.reported):
            if platform_id != source:
                continue
            path = f"/v1/merchants/{merchant.uscc}"
            status, answer, _ = self.stage.world.call("GET", path, self.stage.keys[REGULATOR])
            # Of a merchant whose row was rejected there is nothing.
            for listing in answer["listings"] if status == HTTPStatus.OK else ():
                is_free = listing["state"] == "active" and not listing.get("disputed") and not listing.get("disputes")
                if listing["source"] == f"platform:{source}" and is_free:
                    return str(listing["listing_id"])
        return ""

    def _dispute(self, by: str, against: str, goes: str, place: int) -> None:
        if not (listing_id := self._listing_id(against)):
            return
        wanted = {
            "listing_id": listing_id,
            "kind": "for_merchant" if place % 3 else "found_otherwise",
            "statement": "商户提交了授权书和检验报告，认为清退理由不成立，请复核。",
        }
        made = self.stage.post(by, "/v1/disputes", wanted, Idempotency_Key=f"dispute-{place}")
        self.stage.world.deliver_stream()
        path = f"/v1/disputes/{made['dispute_id']}"
        if place % 2:
            wanted = {"file_name": "授权书（示例）.pdf", "content_type": "application/pdf"}
            form = self.stage.post(by, f"{path}/evidence", wanted, Idempotency_Key=f"file-{place}")
            self.stage.upload(form, AUTHORISATION)
        now = self.stage.clock.now
        if goes == "open":
            return
        self.stage.clock.now = now + timedelta(hours=2)
        if goes == "withdraw":
            self.stage.post(by, f"{path}/withdrawal", {"statement": "与商户核实后撤回。"})
        else:
            stand = "concede" if goes == "concede" else "stand_by"
            says = "复核后认定证据不足，撤销清退。" if stand == "concede" else "鉴定报告已附，维持原清退。"
            self.stage.post(against, f"{path}/answer", {"stand": stand, "statement": says})
        self.stage.world.deliver_stream()
        if goes in DECISIONS:
            self.stage.clock.now = now + timedelta(hours=3)
            self.stage.post(REGULATOR, f"{path}/decision", {"decision": goes, **DECISIONS[goes]})

    def _withdraw(self) -> None:
        by = self.city.dice.choice(("qingluan", "beidou", "yunfan", "jinxiu", "xinghai"))
        if listing_id := self._listing_id(by):
            self.stage.post(by, f"/v1/listings/{listing_id}/withdrawal", {"reason": "商户已整改，申诉成立"})

    def _screen(self) -> None:
        self.stage.invoke("snapshot_due")
        self.city.send_rosters(("qingluan", "beidou", "yunfan", "shanhai"))

    def _campaign(self, name: str, reasons: tuple[str, ...], days: int, begins_in: int = 0) -> None:
        today = self.stage.clock.now.date()
        wanted = {
            "name": name,
            "reasons": list(reasons),
            "starts_on": (today + timedelta(days=begins_in)).isoformat(),
            "ends_on": (today + timedelta(days=begins_in + days)).isoformat(),
            "severity_floor": 3,
            "working_days": 1,
        }
        self.stage.post(REGULATOR, "/v1/campaigns", wanted)

    def _burst(self, by: str, division: str, place: str, is_lifted: bool) -> None:
        numbers = range(5_000 if is_lifted else 6_000, (5_000 if is_lifted else 6_000) + 104)
        firms = [merchant_of(number, division, place, self.city.dice) for number in numbers]
        rows = [self.city.eviction_of(each, "E2") for each in firms]
        self.stage.post(by, "/v1/reports", {"evictions": rows})
        self.stage.settle()
        guards = self.stage.get(REGULATOR, "/v1/guards")["bursts"]
        assert guards, "no burst"
        if is_lifted:
            for guard in guards:
                path = f"/v1/guards/{guard['guard_id']}/lift"
                self.stage.post(REGULATOR, path, {"why": "已核实：平台集中清退同一批次商户"})

    def _ask_second(self) -> None:
        """A person of the regulator would lift the burst that stands; another must approve it."""
        from chalicelib.people import people

        asking = next(each for each in people.list_people(wiring.exchange(), REGULATOR) if each.name == "周例")
        visitor, session = signed_in(self.stage.world, asking)
        guard = self.stage.get(REGULATOR, "/v1/guards")["bursts"][-1]["guard_id"]
        fields = {"key": session.csrf_key, "why": "已向平台核实：一次集中清理，商户均有处罚决定"}
        assert visitor.post(f"/console/rules/guards/{guard}/lift", fields)[0] == HTTPStatus.SEE_OTHER
        assert self.stage.get(REGULATOR, "/v1/pending-decisions?state=pending")["decisions"]

    def _policy(self) -> None:
        rows = [{"relation": "name", "severity": 3, "verdict": "inform"}]
        self.stage.call("qingluan", "PUT", "/v1/platforms/me/policy", {"rows": rows, "why": "同名先提示，人工核对"})

    def _probe(self) -> None:
        codes = [uscc(number, "330106") for number in range(9_000, 9_360)]
        for start in range(0, len(codes), 12):
            body = {"purpose": "onboarding", "applicants": [{"uscc": code} for code in codes[start : start + 12]]}
            self.stage.post("zhiwen", "/v1/lookups/batch", body)
        self.stage.invoke("clocks_due")

    def _assign(self) -> None:
        from chalicelib.people import people

        open_tasks = self.stage.get("qingluan", "/v1/tasks/open")["tasks"]
        worker = next(each for each in people.list_people(wiring.exchange(), "qingluan") if each.name == "李例")
        ids = [str(each["task_id"]) for each in open_tasks[:4]]
        if ids:
            self.stage.post("qingluan", "/v1/tasks/assignments", {"assignee": worker.person_id, "task_ids": ids})
            self.stage.post("qingluan", f"/v1/tasks/{ids[0]}/notes", {"text": "已致电商户，等待其回传进货凭证。"})

    def _set_aside(self) -> None:
        record = SetAside(
            at=iso(self.stage.clock.now),
            job="government_list",
            origin="penalties",
            record_id=f"uscc:{self.city.people[7].uscc}",
            change="listed",
            finding="change_not_saved",
        )
        set_aside(wiring.exchange(), [record])

    def _reread(self) -> None:
        table = "店铺名称,主体名称,统一社会信用代码,清退时间,清退原因,证据等级\n"
        some = self.city.people[40:43]
        day = (self.stage.clock.now.date() - timedelta(days=1)).isoformat()
        table += "".join(f"示例店,{each.name},{each.uscc},{day},{each.reason},E2\n" for each in some)
        table += f"示例店,{some[0].name},{some[0].uscc[:-1]}?,{day},售假,E2\n示例店,,,{day},售假,E2\n"
        file = {"Content_Type": "text/csv", "X_File_Name": "qingtui.csv"}
        self.stage.post("qingluan", "/v1/reports/files", table.encode(), **file)
