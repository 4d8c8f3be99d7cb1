"""A roster in the browser: looked at before it counts, followed, its results by verdict and kind, what is new."""

import pytest

from chalicelib.people.duties import Duty
from tests.handlers.console.test_reports import Sender, drafts_kept
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.support.roster_files import EVICTION, evict, snapshot
from tests.world import World

FILE = f"""商家ID,统一社会信用代码,主体名称,联系电话
m-1,{EVICTION["uscc"]},{EVICTION["name"]},13912345678
m-2,{uscc(22)},苏州晴川示例商贸有限公司,13912345678
,{uscc(23)},苏州无号示例商贸有限公司,
""".encode()


class RosterSender(Sender):
    """A person of a platform who sends rosters, in a browser."""

    def roster(self, file: bytes = FILE, mode: str = "full") -> str:
        """The page of a roster that is done."""
        status, _ = self.visitor.send("/console/roster/drafts", {"key": self.key, "mode": mode}, file, "名册.csv")
        assert status == 303
        assert self.visitor.post(f"{self.location}/roster", {"key": self.key})[0] == 303
        page = self.location
        self.world.settle()
        return page


@pytest.fixture
def sender(world: World) -> RosterSender:
    sender = RosterSender(world)
    evict(world, world.admit("beta"))
    snapshot(world)
    return sender


def test_a_roster_is_looked_at_followed_and_screened(world: World, sender: RosterSender) -> None:
    visitor = sender.visitor
    assert visitor.send("/console/roster/drafts", {"key": sender.key, "mode": "full"}, FILE, "名册.csv")[0] == 303
    draft = sender.location
    text = visitor.get(draft)[1]
    for words in ("整体替换", "不再监控", "139****5678", "可收 <b>2</b>，拒收 <b>1</b>"):
        assert words in text
    assert "这段时间没有上传名册" in visitor.get("/console/roster")[1]
    visitor.post(f"{draft}/roster", {"key": sender.key})
    page = sender.location
    assert 'hx-trigger="every 2s"' in visitor.get(page)[1]
    assert drafts_kept(world) == []
    world.settle()
    text = visitor.get(page)[1]
    assert "hx-trigger" not in text
    for words in ("m-1", "不得入驻", str(EVICTION["name"]), "beta", "拒收的行"):
        assert words in text
    assert "未列出的商户" in text
    assert 'class="v late">1<' in visitor.get("/console/roster")[1]
    assert page.rpartition("/")[2] in visitor.get("/console/roster.csv")[1]
    assert visitor.get(f"{page}/rejections.csv")[0] == 200
    assert visitor.get(f"{page}/results.csv")[0] == 303
    assert "results.csv" in visitor.headers["Location"]
    # A regulator sees the roster of a platform that it names, another platform does not.
    office = signed_in(world, add_person(world, "bureau", Duty.READ, role="regulator"))[0]
    assert "请选择平台" in office.get("/console/roster")[1]
    text = office.get("/console/roster?platform=alpha")[1]
    assert page.removeprefix("/console/") in text
    assert "选择文件" not in text
    assert office.get(page)[0] == 200
    other = signed_in(world, add_person(world, "delta", Duty.READ))[0]
    assert other.get(page)[0] == 404
    assert other.get("/console/roster?platform=alpha")[0] == 403


def test_results_are_filtered_and_what_is_new_is_told_with_what_it_was(world: World, sender: RosterSender) -> None:
    page = sender.roster()
    visitor = sender.visitor
    for query, is_there in (
        ("verdict=block", True),
        ("verdict=review", False),
        ("kind=exact", True),
        ("kind=weak", False),
        ("show=changed", True),
        ("verdict=block&kind=exact&show=changed", True),
        ("verdict=nonsense", True),
    ):
        assert ('data-copy="m-1"' in visitor.get(f"{page}?{query}")[1]) is is_there, query
    assert "原为：未发现记录" in visitor.get(f"{page}?show=changed")[1]
    assert visitor.get(f"{page}?after=7")[0] == 400
    # Sent again with one more: what was found before is no news.
    again = sender.roster(FILE + f"m-4,{uscc(44)},苏州新来示例商贸有限公司,\n".encode())
    assert 'data-copy="m-1"' in visitor.get(again)[1]
    assert 'data-copy="m-1"' not in visitor.get(f"{again}?show=changed")[1]


def test_a_file_that_is_refused_changes_nothing_and_a_draft_of_a_report_is_no_roster(world: World) -> None:
    sender = RosterSender(world)
    status, text = sender.visitor.send("/console/roster/drafts", {"key": sender.key, "mode": "patch"}, b"%PDF-1", "a")
    assert (status, "无法识别的文件" in text) == (422, True)
    assert 'value="patch" checked' in text
    assert drafts_kept(world) == []
    assert sender.drop()[0] == 303
    draft_id = sender.location.rpartition("/")[2]
    assert sender.visitor.get(f"/console/roster/drafts/{draft_id}")[0] == 404
    assert sender.visitor.post(f"/console/roster/drafts/{draft_id}/roster", {"key": sender.key})[0] == 404
