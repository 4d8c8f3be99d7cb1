"""Whatever is reported, enrolled, disputed, withdrawn, repaired or runs out, under whatever campaigns and guards,
whatever dies, comes twice, late or out of order, is lost and derived again, and however long SNS is unavailable: every
change reaches everyone whom it concerns, once by its id, and each cursor reads it in order.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.closure_tasks import recheck_tasks
from chalicelib.closure_tasks.rules.blocking_listings import blocks
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.handlers import dependencies
from chalicelib.lookups.rules.posting_lists import postings_of
from chalicelib.registry import listing_expiry
from chalicelib.registry.rules.listing import Event, Listing, listing_id, subject_of
from chalicelib.registry.rules.subject import Subject
from chalicelib.storage.dynamodb_values import from_item
from chalicelib.storage.item_keys.scheduled_job_keys import EXPIRED_UNTIL
from chalicelib.stream import rebuild
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import detect_bursts
from chalicelib.verdicts.rules.burst_thresholds import BURST_LEAST
from tests.government_lists.list_pulling import pull
from tests.government_lists.test_credit_repair import HEADER, NOW
from tests.handlers.test_outages import failing
from tests.interruptions.interruption import Killed, killed_after
from tests.recorded import state
from tests.support.builders import listed, reported, uscc
from tests.world import World, aws_clients

pytestmark = pytest.mark.slow
PLATFORMS = ("alpha", "beta", "gamma")
# What a platform writes, its code, whether everyone hears of it, whether those who know the merchant are asked to act.
REASONS = (("售假", "QC01", True, True), ("虚假宣传", "AD01", True, False), ("未亮照", "LC04", False, False))
DAY = "2026-01-02"
LIST = Feed("serious_violations", "serious_violations", "dropped", delivers="changes")
AWAY = ClientError({"Error": {"Code": "ServiceUnavailable", "Message": "away"}}, "Publish")
OPENINGS = {"opened", "reopened"}
QUEUES = ("report_file_arrived", "report_chunk_arrived", "roster_file_arrived", "roster_chunk_arrived")
HTTP_OK = 200

evidence = st.sampled_from(("E2", "E4"))
who, merchant, reason = st.sampled_from(PLATFORMS), st.integers(1, 3), st.sampled_from(REASONS)
STEP = st.one_of(
    st.tuples(st.just("report"), who, merchant, reason, evidence, st.booleans(), st.booleans()),
    st.tuples(st.just("report"), who, merchant, st.just(REASONS[0]), evidence, st.booleans(), st.booleans()),
    st.tuples(st.just("withdraw"), who, merchant, reason),
    st.tuples(st.just("look_up"), who, merchant),
    st.tuples(st.just("government"), merchant, st.booleans()),
    st.tuples(st.just("queues"), st.booleans(), st.integers(0, 9)),
    st.tuples(st.just("stream"), st.integers(0, 20)),
    st.tuples(st.just("give_up")),
    st.tuples(st.just("again"), st.booleans()),
    st.tuples(st.just("sns"), st.booleans()),
    st.tuples(st.just("clock")),
    st.tuples(st.just("roster"), who, merchant, st.booleans()),
    st.tuples(st.just("dispute"), who, merchant, reason, st.sampled_from(("void", "uphold", "withdrawn", "open"))),
    st.tuples(st.just("campaign"), st.booleans()),
    st.tuples(st.just("burst"), who),
    st.tuples(st.just("lift")),
    st.tuples(st.just("restore")),
)


class Story:
    """One world, what is done in it, and the little that the test itself remembers of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.keys = {name: world.admit(name) for name in PLATFORMS}
        self.keys["bureau"] = world.admit("bureau", "regulator")
        topics = wiring.topics()
        self.everyone = world.listen(wiring.settings().closures_topic_arn)
        self.ears = {name: world.listen(topics.platform_arn(name)) for name in self.keys}
        self.heard: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.sns_is_away = self.gave_up = False
        self.done = 0
        self.reports: Counter[str] = Counter()
        # (who asked, merchant) -> how many records the stream held then; listing -> whether it stands
        self.asked: dict[tuple[str, int], int] = {}
        self.stands: dict[str, bool] = {}
        self.ends_by_itself: set[str] = set()
        self.voided: set[str] = set()
        # Rosters on their way: (who sent it, merchant, roster); whose reports looked like a burst; campaigns that run.
        self.rosters: list[tuple[str, int, str]] = []
        self.bursting: set[str] = set()
        self.campaigns: list[str] = []

    def do(self, step: tuple[Any, ...]) -> None:
        """Take one step, on this day with or without SNS."""
        act: Callable[..., None] = getattr(self, step[0])
        if self.sns_is_away and step[0] != "sns":
            with failing(self.world.sns, "Publish", AWAY):
                act(*step[1:])
        else:
            act(*step[1:])
        self.look_at_rosters()
        self.done += 1

    def report(self, name: str, number: int, why: tuple[Any, ...], evidence: str, ends: bool, at_once: bool) -> None:
        words, code, _, _ = why
        eviction = {"uscc": uscc(number), "evicted_on": DAY, "reason_text": words, "evidence_level": evidence}
        ident = listing_id(f"platform:{name}", f"uscc:{uscc(number)}", DAY, [code])
        if ends or ident in self.ends_by_itself:
            self.ends_by_itself.add(ident)
            eviction["expires_on"] = china_date(wiring.now() + timedelta(days=2))
        # A bad row, another each time: the same bytes would be the same report.
        sent = {"evictions": [eviction, {"name": f"无日期{self.done}"}]}
        status, body, _ = self.world.call("POST", "/v1/reports", self.keys[name], sent)
        assert status < 300, body
        self.reports[name] += 1
        # What was voided stays so; a new report of it is another listing.
        if ident not in self.voided:
            self.stands[ident] = True
        if at_once:
            self.queues(False, 0)
            self.stream(0)

    def withdraw(self, name: str, number: int, why: tuple[Any, ...]) -> None:
        ident = listing_id(f"platform:{name}", f"uscc:{uscc(number)}", DAY, [why[1]])
        if self.world.call("POST", f"/v1/listings/{ident}/withdrawal", self.keys[name], {})[0] == HTTP_OK:
            self.stands[ident] = False

    def look_up(self, name: str, number: int) -> None:
        asked = {"uscc": uscc(number), "purpose": "onboarding"}
        assert self.world.call("POST", "/v1/lookups", self.keys[name], asked)[0] == HTTP_OK
        self.asked.setdefault((name, number), len(self.world.stream_records()))

    def government(self, number: int, repaired: bool) -> None:
        row = f"{uscc(number)},北京朔序{number}商贸有限公司,组织虚假交易。情节严重,2025-08-28,京处〔2025〕7号,"
        row += "信用修复,2026-03-02" if repaired else ","
        wiring.bucket().put(f"feeds/serious_violations/dropped/{self.done:03}.csv", (HEADER + row).encode())
        pull(LIST, NOW + timedelta(days=self.done))

    def is_active(self, ident: str) -> bool:
        """Whether a listing is active: as the story has it, or else, for a government entry, as the registry has it."""
        if ident in self.stands:
            return self.stands[ident]
        subject = wiring.registry().subject(subject_of(ident))
        return subject is not None and subject.listings[ident].state == "active"

    def queues(self, twice: bool, writes: int) -> None:
        for function in QUEUES:
            try:
                with killed_after(self.world, writes):
                    self.world.deliver_queue(function, keep=twice)
            except Killed:
                event("killed in a queue")

    def stream(self, writes: int) -> None:
        try:
            with killed_after(self.world, writes):
                self.world.deliver_stream(("subject_announced", "subject_indexed"))
        except Killed:
            event("killed in the stream")

    def give_up(self) -> None:
        """The stream has tried often enough and goes on; an operator will have everything derived again."""
        self.gave_up = self.world.skip_stream() > 0 or self.gave_up

    def again(self, backwards: bool) -> None:
        """An old batch comes once more, of one function alone, in whatever order."""
        import app

        records = self.world.stream_records()[: self.world.stream_position]
        app.subject_announced({"Records": records[::-1] if backwards else records}, None)

    def sns(self, away: bool) -> None:
        self.sns_is_away = away

    def clock(self) -> None:
        self.world.push_due()

    def roster(self, name: str, number: int, at_once: bool) -> None:
        """A platform adds a merchant to its roster."""
        rows = f"操作,商家ID,统一社会信用代码,主体名称\n新增,S{number},{uscc(number)},\n".encode()
        headers = {"Content_Type": "text/csv", "X_File_Name": "r.csv", "Idempotency_Key": f"roster-{self.done}"}
        status, body, _ = self.world.call("POST", "/v1/rosters/files?mode=patch", self.keys[name], rows, **headers)
        assert status < 300, body
        self.rosters.append((name, number, body["roster_id"]))
        if at_once:
            self.queues(False, 0)

    def look_at_rosters(self) -> None:
        """Whoever has its roster done knows the merchant from here on."""
        for name, number, ident in self.rosters:
            if self.world.call("GET", f"/v1/rosters/{ident}", self.keys[name])[1]["status"] == "done":
                self.asked.setdefault((name, number), len(self.world.stream_records()))

    def dispute(self, name: str, number: int, why: tuple[Any, ...], ends: str) -> None:
        """Another platform disputes what one has reported; the regulator decides, or it is withdrawn, or waits."""
        ident = listing_id(f"platform:{name}", f"uscc:{uscc(number)}", DAY, [why[1]])
        other = self.keys[PLATFORMS[PLATFORMS.index(name) - 1]]
        wanted = {"listing_id": ident, "kind": "for_merchant", "statement": "有授权书"}
        opened, body, _ = self.world.call("POST", "/v1/disputes", other, wanted, Idempotency_Key=f"d-{ident}")
        if opened >= 300 or ends == "open":
            return
        path = f"/v1/disputes/{body['dispute_id']}"
        if ends == "withdrawn":
            self.world.call("POST", f"{path}/withdrawal", other, {"statement": "已和解"})
            return
        decision = {"decision": ends, "statement": "已核查"}
        if self.world.call("POST", f"{path}/decision", self.keys["bureau"], decision)[0] == HTTP_OK and ends == "void":
            self.voided.add(ident)
            self.stands[ident] = False
        event(f"a dispute: {ends}")

    def campaign(self, opens: bool) -> None:
        """A campaign raises what is reported of one reason, or ends."""
        if opens:
            today = wiring.now()
            days = {"starts_on": china_date(today), "ends_on": china_date(today + timedelta(days=30))}
            wanted = {"name": f"专项{self.done}", "reasons": ["AD01"], **days, "severity_floor": 3, "working_days": 0}
            status, body, _ = self.world.call("POST", "/v1/campaigns", self.keys["bureau"], wanted)
            assert status < 300, body
            self.campaigns.append(body["campaign_id"])
        elif self.campaigns:
            path = f"/v1/campaigns/{self.campaigns.pop()}/end"
            assert self.world.call("POST", path, self.keys["bureau"], {"why": "结束"})[0] == HTTP_OK

    def burst(self, name: str) -> None:
        """A platform has reported so many merchants of one region that none of them blocks."""
        many = [listed(name, identity={"uscc": uscc(1_000 + number)}) for number in range(BURST_LEAST)]
        sent = reported(report_id=f"r_{self.done}", platform_id=name, received_at=iso(wiring.now()))
        detect_bursts.count_chunk(dependencies.notices(), sent, 1, many, wiring.now())
        self.bursting.add(name)

    def lift(self) -> None:
        """The regulator lifts every guard that stands."""
        for guard in self.world.call("GET", "/v1/guards", self.keys["bureau"])[1]["bursts"]:
            path = f"/v1/guards/{guard['guard_id']}/lift"
            assert self.world.call("POST", path, self.keys["bureau"], {"why": "已核实"})[0] == HTTP_OK
            event("a guard is lifted")

    def restore(self) -> None:
        """The table of keys comes back empty, and everything that is derived is derived again."""
        self.queues(False, 0)
        self.stream(0)
        state.empty(self.world, "keys")
        self.rebuild()

    def rebuild(self) -> None:
        rebuild.sweep(wiring.registry(), "", lambda: True)
        rebuild.rebuild(dependencies.projections(), wiring.digest(), "", wiring.now(), lambda: True)

    def finish(self) -> None:
        """SNS is back, everything is delivered, and the last listings run out."""
        self.sns_is_away = False
        self.world.settle()
        if self.gave_up:
            event("given up and rebuilt")
            self.rebuild()
        self.lift()
        recheck_tasks.recheck_tasks(dependencies.closure_tasks(), wiring.registry(), wiring.now(), lambda: True)
        wiring.exchange().put({"id": EXPIRED_UNTIL, "day": china_date(wiring.now())})
        context = listing_expiry.Context(registry=wiring.registry(), exchange=wiring.exchange())
        listing_expiry.end_due_listings(context, wiring.now() + timedelta(days=3), lambda: True)
        for ident in self.ends_by_itself:
            self.stands[ident] = False
        self.world.settle()
        self.world.push_due()
        for name, url in {"everyone": self.everyone, **self.ears}.items():
            self.heard[name] = self.world.heard(url)

    def read(self, name: str, what: str) -> list[dict[str, Any]]:
        """All that a cursor gives, by pages of seven."""
        result: list[dict[str, Any]] = []
        after = "0"
        while True:
            page = self.world.call("GET", f"/v1/{what}?after={after}&limit=7", self.keys[name])[1]
            result += page[what]
            if page["next"] == after:
                return result
            after = page["next"]


def told_by_the_stream(world: World) -> list[tuple[int, Subject, Listing, Event]]:
    """Every event of every listing as the stream told it first: record, subject as it was then, listing, event."""
    seen: set[tuple[str, int]] = set()
    events = []
    for place, record in enumerate(world.stream_records()):
        image = Subject.from_item(from_item(record["dynamodb"]["NewImage"]))
        for listing in image.listings.values():
            for change in listing.history:
                if (listing.listing_id, change.revision) not in seen:
                    seen.add((listing.listing_id, change.revision))
                    events.append((place, image, listing, change))
    return events


def check_changes(story: Story, events: list[Any]) -> dict[int, Any]:
    """Each event is one change; numbers have no gap; per subject they are in the order in which they were saved."""
    changes = story.read("bureau", "changes")
    assert [change["change"] for change in changes] == list(range(1, len(changes) + 1))
    result = {(change["listing"]["listing_id"], change["listing"]["revision"]): change for change in changes}
    assert len(result) == len(changes), "no event has two numbers"
    assert result.keys() == {(listing.listing_id, element.revision) for _, _, listing, element in events}
    order = defaultdict(list)
    for _, image, listing, element in sorted(events, key=lambda event: event[0]):
        change = result[listing.listing_id, element.revision]
        assert change["kind"] == element.kind
        order[image.subject_id].append(change["change"])
        before = result.get((listing.listing_id, element.revision - 1))
        assert before is None or before["change"] < change["change"]
    # A batch that was given up is numbered late, yet never after what followed it on the same listing.
    for outcome, numbers in order.items():
        assert numbers == sorted(numbers) or story.gave_up, outcome
    for name in PLATFORMS:
        seen = [entry["change"] for entry in story.read(name, "changes")]
        own = f"platform:{name}"
        assert seen == [
            n for n, element in enumerate(changes, 1) if _is_shared(element) or element["listing"]["source"] == own
        ]
    return dict(enumerate(changes, 1))


def _is_shared(change: dict[str, Any]) -> bool:
    return bool(change["listing"]["severity"] > 1 or change["listing"]["source"].startswith("government:"))


def check_closures(story: Story, changes: dict[int, Any]) -> None:
    """Everyone heard each shared change, always by one id, and no other; what was repaired unheard stays unheard."""
    heard = story.heard["everyone"]
    assert len({notice["notice_id"] for notice in heard}) == len(
        {(notice["change"], notice["notice_id"]) for notice in heard}
    )
    numbers = {notice["change"] for notice in heard}
    assert len(numbers) == len({notice["notice_id"] for notice in heard})
    shared = {number for number, element in changes.items() if _is_shared(element)}
    assert numbers <= shared
    assert numbers >= {number for number in shared if "reasons" in changes[number]["listing"]}


def check_own(story: Story) -> None:
    """Each feed of notices is without a gap; all of it was pushed, by the same ids and numbers."""
    for name in story.keys:
        notices = story.read(name, "notices")
        assert [notice["sequence"] for notice in notices] == list(range(1, len(notices) + 1))
        ids = [notice["notice"]["notice_id"] for notice in notices]
        assert len(set(ids)) == len(ids)
        heard = {(notice["notice_id"], notice["sequence"]) for notice in story.heard[name]}
        assert heard <= set(zip(ids, range(1, 1 + len(ids)), strict=True))
        pushed = {notice["sequence"] for notice in notices if "pushed_at" in notice}
        assert pushed == {number for _, number in heard}
        unpushed = [notice for notice in notices if "pushed_at" not in notice]
        assert all("reasons" not in entry["notice"]["task"]["listing"] for entry in unpushed), (
            "repaired before its push"
        )
        done = [
            notice["notice"]["report"]["report_id"] for notice in notices if notice["notice"]["kind"] == "report_done"
        ]
        assert len(done) == len(set(done)) == story.reports[name]


def check_tasks(story: Story, events: list[Any]) -> None:
    """Whoever had asked before a listing that blocks was saved has one task for it, and undoes when it ends."""
    today = china_date(wiring.now())
    for name in PLATFORMS:
        tasks = story.read(name, "tasks")
        assert [task["task_id"] for task in tasks] == [str(number) for number in range(1, len(tasks) + 1)]
        notices = [entry["notice"] for entry in story.read(name, "notices")]
        notified = Counter(notice["task"]["task_id"] for notice in notices if "task" in notice)
        assert notified == Counter(task["task_id"] for task in tasks), "each task is told, and once"
        by_listing = defaultdict(list)
        for result in tasks:
            by_listing[result["listing"]["listing_id"]].append(result["kind"])
        for ident, asked in by_listing.items():
            assert not any(pair == ("check", "check") for pair in pairwise(asked)), ident
            if not story.is_active(ident):
                assert asked[-1] == "undo", ident
        for place, image, listing, result in events:
            knew = story.asked.get((name, _number(image.subject_id)), place + 1) <= place
            concerned = knew and result.kind in OPENINGS and listing.source != f"platform:{name}"
            # What was given up is told from how the subject stands at the end.
            # A guard that held it back was lifted in the end; what had ended by then opens nothing any more.
            guarded = str(listing.source).removeprefix("platform:") in story.bursting
            is_open = not guarded or story.is_active(listing.listing_id)
            if concerned and is_open and blocks(image, listing, today) and not story.gave_up:
                assert "check" in by_listing[listing.listing_id], (name, listing.listing_id)


def check_postings(events: list[Any]) -> None:
    """Every subject is filed under each of its keys, and under no other."""
    for subject_id in {image.subject_id for _, image, _, _ in events}:
        subject = wiring.registry().subject(subject_id)
        assert subject is not None
        wanted = postings_of(subject)
        filed = wiring.registry().candidates((), list(wanted), ()).postings
        assert {key for key in wanted if subject_id not in filed.get(key, {})} == set()


def _number(subject: str) -> int:
    return next(number for number in range(1, 4) if subject == f"uscc:{uscc(number)}")


# A guard holds back what two platforms would be asked of; once it is lifted, both are.
GUARDED = [
    ("look_up", "beta", 1),
    ("burst", "alpha"),
    ("report", "alpha", 1, REASONS[0], "E4", False, True),
    ("roster", "gamma", 2, True),
    ("report", "alpha", 2, REASONS[0], "E4", False, True),
    ("lift",),
]
# A roster, a campaign, a dispute that voids, and a lost table of keys meet on one merchant.
ENROLLED = [
    ("roster", "beta", 1, True),
    ("campaign", True),
    ("report", "alpha", 1, REASONS[1], "E4", False, True),
    ("report", "gamma", 1, REASONS[0], "E4", False, True),
    ("dispute", "gamma", 1, REASONS[0], "void"),
    ("restore",),
    ("campaign", False),
    ("report", "gamma", 1, REASONS[0], "E4", False, True),
]


@pytest.mark.long
@settings(
    max_examples=15,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(STEP, min_size=8, max_size=20))
@example(GUARDED)
@example(ENROLLED)
def test_every_change_reaches_everyone_whom_it_concerns(steps: list[tuple[Any, ...]]) -> None:
    from moto import mock_aws

    clients = aws_clients()
    with mock_aws():
        story = Story(World(clients))
        for step in steps:
            story.do(step)
        story.finish()
        for ident, stands in story.stands.items():
            subject = wiring.registry().subject(subject_of(ident))
            assert subject is not None
            assert (subject.listings[ident].state == "active") == stands, ident
        events = told_by_the_stream(story.world)
        event(f"{len(events) // 4 * 4} changes or some more")
        changes = check_changes(story, events)
        check_closures(story, changes)
        check_own(story)
        check_tasks(story, events)
        check_postings(events)
        story.world.close()
