"""The stage of the recording: an exchange, everyone who takes part, and short words for what they do."""

from typing import Any

from tests.conftest import ENVIRONMENT
from tests.recorded.state import Clock
from tests.support.builders import uscc
from tests.world import SCHEDULED, World

# Invented, and no two alike.
BRANDS = [
    "霁昱", "朔序", "岚桓", "沅芷", "瑜棠", "叙宁", "澜溯", "芮屿", "祎辰", "昱珩", "槿初",
    "泠川", "砚秋", "云岫", "汀兰", "枳夏", "栎阳", "楚陌", "苓溪", "绮岫", "沁砚", "昀柏",
    "筠舟", "黛笙", "晗璐", "珞瑾", "祁楠", "泽芃", "翊宸", "檀屿", "沄熙", "璟禾", "颐堇",
    "曦蔓", "湛蓝玥", "蘅芜", "缃叶", "隽永屿", "曳舟", "岑澍",
]  # fmt: skip
PLATFORMS = ("alpha", "beta", "gamma", "delta")


def code(number: int) -> str:
    """The credit code of a merchant of the recording."""
    return uscc(number, "320594")


def name(number: int) -> str:
    """Its registered name; invented, and no two alike."""
    return f"苏州{BRANDS[number % len(BRANDS)]}商贸有限公司"


def who(number: int) -> dict[str, str]:
    """The merchant as a platform names it."""
    return {"uscc": code(number), "name": name(number)}


class TimeLeft:
    """A Lambda context with so many milliseconds left."""

    def __init__(self, milliseconds: int) -> None:
        self._left = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        """How many are left."""
        return self._left


class Stage:
    """The exchange, its clock, and the keys of everyone who was admitted; each request takes a second."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.world = world
        self.clock = clock
        self.keys: dict[str, str] = {"ops": world.admit("ops", "operator"), "": ""}
        self.kept: dict[str, Any] = {}

    def call(self, actor: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request that succeeds; its answer."""
        self.clock.move()
        status, answer, _ = self.world.call(method, path, self.keys[actor], body, **headers)
        assert status < 300, (method, path, status, answer)
        return answer

    def post(self, actor: str, path: str, body: Any = None, **headers: str) -> Any:
        """One POST that succeeds; its answer."""
        return self.call(actor, "POST", path, {} if body is None else body, **headers)

    def get(self, actor: str, path: str) -> Any:
        """One GET that succeeds; its answer."""
        return self.call(actor, "GET", path)

    def settle(self) -> None:
        """Deliver everything that waits."""
        self.world.settle()

    def invoke(self, function: str, left: int = 300_000, **event: Any) -> None:
        """A schedule invokes a function of the app, with so many milliseconds left to it."""
        import app

        self.clock.move()
        getattr(app, function)({**SCHEDULED, **event}, TimeLeft(left))
        self.settle()

    def upload(self, form: dict[str, Any], body: bytes) -> None:
        """Post a file with a form."""
        key = form["upload"]["fields"]["key"]
        self.world.s3.put_object(Bucket=ENVIRONMENT["FILES_BUCKET"], Key=key, Body=body)

    def evict(self, actor: str, *numbers: int, **fields: Any) -> Any:
        """Report merchants in one call, gravely and proven unless the fields say otherwise; all follows."""
        plain = {"evicted_on": "2026-11-08", "reason_text": "售假", "evidence_level": "E4", **fields}
        sent = self.post(actor, "/v1/reports", {"evictions": [{**who(number), **plain} for number in numbers]})
        self.settle()
        return sent

    def look_up(self, actor: str, **asked: str) -> Any:
        """One lookup."""
        return self.post(actor, "/v1/lookups", {"purpose": "onboarding", **asked})

    def listing(self, number: int, source: str = "platform:alpha") -> str:
        """The id of the newest listing of a merchant by a source, ended or not."""
        listing_id, after = "", "0"
        while changes := (page := self.get("bureau", f"/v1/changes?after={after}"))["changes"]:
            after = page["next"]
            for change in changes:
                if (change["subject"].get("uscc"), change["listing"]["source"]) == (code(number), source):
                    listing_id = change["listing"]["listing_id"]
        assert listing_id, (number, source)
        return listing_id

    def task(self, actor: str, number: int, kind: str = "check") -> str:
        """The id of a platform's newest task about a merchant."""
        tasks = self.get(actor, "/v1/tasks")["tasks"]
        return str(
            [task["task_id"] for task in tasks if (task["task"], task["subject"].get("uscc")) == (kind, code(number))][
                -1
            ]
        )

    def answer(self, actor: str, number: int, outcome: str, reason: str = "", kind: str = "check") -> None:
        """Answer a platform's newest task about a merchant."""
        body = {"outcome": outcome, **({"reason": reason} if reason else {})}
        self.post(actor, f"/v1/tasks/{self.task(actor, number, kind)}/outcome", body)

    def dispute(self, actor: str, number: int, source: str = "platform:alpha", **more: str) -> str:
        """Open a dispute over a merchant's listing; its id."""
        wanted = {"kind": "for_merchant", "statement": "本店销售的是正品，有授权书。", **more}
        body = {"listing_id": self.listing(number, source), **wanted}
        made = self.post(actor, "/v1/disputes", body, Idempotency_Key=f"dispute-{number}")
        self.world.deliver_stream()
        return str(made["dispute_id"])

    def step(self, actor: str, dispute: str, kind: str, **body: Any) -> None:
        """One step of a dispute."""
        self.post(actor, f"/v1/disputes/{dispute}/{kind}", body)
        self.world.deliver_stream()

    def drop(self, feed: str, text: str) -> None:
        """An office drops a file for a government list, and the schedule pulls it."""
        form = self.post("ops", f"/v1/feeds/{feed}/uploads", {"file_name": "list.csv"})
        self.upload(form, text.encode())
        self.invoke("feeds_due", feeds=[feed])
