"""A report in the browser: looked at before it counts, followed, its rejected rows mended and sent by themselves."""

import json
import re

import pytest

from chalicelib import wiring
from chalicelib.people.duties import Duty
from chalicelib.reports.read_report import find_report
from chalicelib.table_files.drafts import keep_draft
from tests.handlers.visitor import Forms, Visitor
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.world import World

CODE = uscc(7, "330106")
PHONE = "13912345678"
FILE = f"""商户名称,统一社会信用代码,清退日期,清退原因,联系电话,内部备注
杭州霁川示例食品有限公司,{CODE},2026-03-01,假冒注册商标,{PHONE},甲
杭州晴山示例服饰有限公司,{uscc(8, "330106")},2026-13-41,假冒注册商标,1391234567,乙
杭州雨田示例百货有限公司,{uscc(9, "330106")},某日,商品质量问题,{PHONE},丙
""".encode()


class Sender:
    """A person of a platform who reports, in a browser."""

    def __init__(
        self,
        world: World,
        organisation: str = "alpha",
        role: str = "platform",
        duties: tuple[Duty, ...] = (Duty.READ, Duty.REPORT),
    ) -> None:
        self.world = world
        self.person = add_person(world, organisation, *duties, role=role)
        self.visitor, session = signed_in(world, self.person)
        self.key = session.csrf_key

    def drop(self, file: bytes = FILE, name: str = "清退 名单.csv", **fields: str) -> tuple[int, str]:
        return self.visitor.send("/console/reports/drafts", {"key": self.key, **fields}, file, name)

    @property
    def location(self) -> str:
        return "/console/" + self.visitor.headers["Location"].partition("console/")[2].replace("../", "")

    def confirm(self, draft: str) -> str:
        assert self.visitor.post(f"{draft}/report", {"key": self.key})[0] == 303
        return self.location

    def report(self, file: bytes = FILE) -> str:
        """The page of a report that is done."""
        assert self.drop(file)[0] == 303
        page = self.confirm(self.location)
        self.world.settle()
        return page


@pytest.fixture
def sender(world: World) -> Sender:
    return Sender(world)


def counts(report_id: str) -> tuple[int, int, int]:
    report = find_report(wiring.exchange(), report_id)
    return report.rows, report.accepted, report.rejected


def drafts_kept(world: World) -> list[str]:
    listed = world.s3.list_object_versions(Bucket="lianfang-files-test", Prefix="drafts/").get("Versions", [])
    return [str(version["Key"]) for version in listed]


def test_a_file_is_looked_at_before_it_counts(world: World, sender: Sender) -> None:
    assert sender.drop()[0] == 303
    status, text = sender.visitor.get(sender.location)
    assert status == 200
    for words in (
        "清退 名单.csv",
        "商户名称",
        "统一社会信用代码",
        "内部备注",
        "杭州霁川示例食品有限公司",
        "139****5678",
    ):
        assert words in text
    assert "共 3 行，可收 <b>1</b>，拒收 <b>2</b>" in re.sub(r"\s+", " ", text)
    # Of a number that was mistyped no more is shown than of any other.
    assert PHONE not in text
    assert "1391234567" not in text
    assert "没有一行可收" not in text
    assert "这段时间没有报送" in sender.visitor.get("/console/reports")[1]
    [kept] = drafts_kept(world)
    assert kept.startswith(f"drafts/{sender.person.person_id}/f_")
    assert "清退" not in kept


def test_only_its_sender_sees_a_draft_and_only_for_its_day(world: World, sender: Sender) -> None:
    sender.drop()
    draft = sender.location
    other = Sender(world)
    assert other.visitor.get(draft)[0] == 404
    draft_id = draft.rpartition("/")[2]
    kept = keep_draft.find_draft(wiring.bucket(), sender.person.person_id, draft_id, "report", wiring.now())
    assert kept is not None
    later = wiring.now() + keep_draft.KEPT
    assert keep_draft.find_draft(wiring.bucket(), sender.person.person_id, draft_id, "report", later) is None
    assert keep_draft.find_draft(wiring.bucket(), sender.person.person_id, draft_id, "roster", wiring.now()) is None


def test_a_file_of_which_no_row_fits_says_so_before_it_is_confirmed(sender: Sender) -> None:
    head, *rows = FILE.splitlines()
    sender.drop(b"\n".join([head, *rows[1:]]))
    assert "没有一行可收" in sender.visitor.get(sender.location)[1]


def test_what_is_given_up_leaves_nothing(world: World, sender: Sender) -> None:
    sender.drop()
    assert sender.visitor.post(f"{sender.location}/discard", {"key": sender.key})[0] == 303
    assert drafts_kept(world) == []


@pytest.mark.parametrize(
    ("file", "name", "status", "words"),
    [
        (b"", "empty.csv", 400, "请先选择文件"),
        (b"\n\n", "blank.csv", 422, "文件没有内容"),
        (b"%PDF-1.7 \n", "a.csv", 422, "无法识别的文件"),
        (b"<html><table></table>", "a.xls", 422, "另存为 .xlsx"),
        ("甲,乙\n1,2\n".encode(), "a.csv", 422, "没有可识别的列名"),
        (b"PK\x03\x04" + b"x" * 40, "a.xlsx", 422, "无法识别的文件"),
        (("a" * 400 + ",").encode() * 400, "a.csv", 422, "<b>"),
        (b"x" * 4_718_593, "a.csv", 413, "内容超过大小限制"),
    ],
)
def test_a_file_that_is_refused_is_kept_nowhere(
    world: World, sender: Sender, file: bytes, name: str, status: int, words: str
) -> None:
    assert sender.drop(file, name)[0] == status
    assert words in sender.drop(file, name)[1]
    assert drafts_kept(world) == []


def test_a_report_is_followed_and_is_that_of_the_api(world: World, sender: Sender) -> None:
    sender.drop()
    page = sender.confirm(sender.location)
    status, text = sender.visitor.get(page)
    assert (status, 'hx-trigger="every 2s"' in text, "<progress" in text) == (200, True, True)
    world.settle()
    status, text = sender.visitor.get(page)
    assert "hx-trigger" not in text
    for words in ("2026-13-41", "某日", "修改后单独再报"):
        assert words in text
    report_id = page.rpartition("/")[2]
    assert counts(report_id) == (3, 1, 2)
    listed = sender.visitor.get("/console/reports")[1]
    assert f"reports/{report_id}" in listed
    assert report_id in sender.visitor.get("/console/reports.csv")[1]
    assert "2026-13-41" in sender.visitor.get(f"{page}/rejections.csv")[1]
    # The same content again is the same report, and is said to be.
    sender.drop()
    again = sender.confirm(sender.location)
    assert again == f"{page}?again=yes"
    assert "此前已经报送过" in sender.visitor.get(again)[1]


def test_rejected_rows_are_mended_and_sent_by_themselves(world: World, sender: Sender) -> None:
    page = sender.report()
    status, text = sender.visitor.get(f"{page}/mend")
    assert status == 200
    assert 'name="c-2-evicted_on" value="2026-13-41"' in text
    # Masked but for what is at fault, and kept where nothing is typed.
    assert "1391234567" not in text
    assert 'name="c-2-phone" value=""' in text
    # The form of the rejected sends no row that was accepted.
    assert sender.visitor.send(f"{page}/mend", {"key": sender.key, "c-1-name": "杭州他名示例有限公司"})[0] == 400
    fields = {"key": sender.key, "c-2-evicted_on": "2026-13-42", "c-2-phone": "", "c-3-evicted_on": "某日"}
    status, text = sender.visitor.send(f"{page}/mend", fields)
    assert (status, "仍有问题的行已标出" in text, 'value="2026-13-42"' in text) == (400, True, True)
    status, text = sender.visitor.send(f"{page}/mend", {"key": sender.key, "c-2-phone": ""})
    assert (status, "没有勾选任何一项" in text) == (400, True)
    status, _ = sender.visitor.send(f"{page}/mend", fields | {"c-2-evicted_on": "2026-03-04"})
    assert status == 303
    mended = sender.location
    assert mended.endswith("?mended=1")
    world.settle()
    text = sender.visitor.get(mended)[1]
    assert "已将 1 行修改后单独报送" in text
    report_id = mended.rpartition("/")[2].partition("?")[0]
    assert counts(report_id) == (1, 1, 0)
    # What was sent again is not asked for twice; what was not, is.
    text = sender.visitor.get(f"{page}/mend")[1]
    assert "c-2-" not in text
    assert "c-3-evicted_on" in text
    # Another person mends in the file itself, another platform sees nothing.
    other = Sender(world)
    assert f"{page.removeprefix('/console/')}/mend" not in other.visitor.get(page)[1]
    assert "原文件已不在" in other.visitor.get(f"{page}/mend")[1]
    assert Sender(world, "beta").visitor.get(page)[0] == 404


def test_a_row_gets_what_its_file_lacks_and_a_personal_value_that_is_typed_over(world: World, sender: Sender) -> None:
    rows = [{"name": "杭州晴山示例服饰有限公司", "uscc": CODE, "phone": PHONE, "reason_text": "假冒注册商标"}]
    page = sender.report("\n".join(json.dumps(row) for row in rows).encode())
    text = sender.visitor.get(f"{page}/mend")[1]
    assert 'name="c-1-evicted_on" value=""' in text
    assert PHONE not in text
    fields = {"key": sender.key, "c-1-evicted_on": "2026-03-01", "c-1-phone": "13887654321", "c-1-<b>": "x"}
    assert sender.visitor.send(f"{page}/mend", fields)[0] == 303
    mended = find_report(wiring.exchange(), sender.location.rpartition("/")[2].partition("?")[0])
    sent = {**rows[0], "evicted_on": "2026-03-01", "phone": "13887654321"}
    assert json.loads(wiring.bucket().get(mended.key) or b"") == sent


def test_a_cell_that_holds_no_text_is_typed_anew_or_stays_rejected(world: World, sender: Sender) -> None:
    page = sender.report(FILE.replace("晴山示例".encode(), b"\xe5\xff\xfe").replace(b"2026-13-41", b"2026-03-01"))
    text = sender.visitor.get(f"{page}/mend")[1]
    assert 'name="c-2-name" value=""' in text
    # Nothing typed is nothing changed, and never becomes what a page shows of bytes that are no text.
    assert sender.visitor.send(f"{page}/mend", {"key": sender.key, "c-2-name": ""})[0] == 400
    fields = {"key": sender.key, "c-2-name": "杭州晴山示例服饰有限公司"}
    assert sender.visitor.send(f"{page}/mend", fields)[0] == 303


def test_of_a_file_without_faults_nothing_is_kept(world: World, sender: Sender) -> None:
    sender.report(b"\n".join(FILE.splitlines()[:2]))
    assert drafts_kept(world) == []


def test_a_regulator_files_for_a_platform_or_its_own_enforcement(world: World) -> None:
    world.admit("gamma")
    regulator = Sender(world, "bureau", "regulator")
    assert regulator.drop()[0] == 400
    assert regulator.drop(filed_for="nobody")[0] == 400
    assert regulator.drop(filed_for="gamma")[0] == 303
    draft = regulator.location
    assert "代gamma报送" in regulator.visitor.get(draft)[1]
    page = regulator.confirm(draft)
    world.settle()
    assert "bureau代gamma报送" in regulator.visitor.get(page)[1]
    assert page.removeprefix("/console/") in Sender(world, "gamma").visitor.get("/console/reports")[1]
    assert page.removeprefix("/console/") in regulator.visitor.get("/console/reports?platform=gamma")[1]
    regulator.drop(filed_for="@enforcement")
    assert "本机关执法结果" in regulator.visitor.get(regulator.location)[1]


def test_what_a_file_says_stays_text(sender: Sender) -> None:
    hostile = "名称,统一社会信用代码,清退日期,清退原因\n<script>alert(1)</script>,x,<b>,<i>\n"
    sender.drop(hostile.encode(), '<img src=x>".csv')
    text = sender.visitor.get(sender.location)[1]
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_a_form_without_its_key_is_refused(world: World, sender: Sender) -> None:
    assert sender.visitor.send("/console/reports/drafts", {"key": "0"}, FILE, "a.csv")[0] == 403
    assert drafts_kept(world) == []


def test_who_only_reads_sends_nothing(world: World) -> None:
    visitor: Visitor = signed_in(world, add_person(world, "alpha", Duty.READ))[0]
    status, text = visitor.get("/console/reports")
    assert (status, "选择文件" in text) == (200, False)


def test_a_large_file_is_posted_straight_to_the_bucket_and_counts_then(world: World, sender: Sender) -> None:
    visitor = sender.visitor
    status, text = visitor.post("/console/reports/uploads", {"key": sender.key, "file_name": ""})
    assert (status, "请先选择文件" in text) == (400, True)
    status, text = visitor.post("/console/reports/uploads", {"key": sender.key, "file_name": "大名单.csv"})
    assert (status, "没有核对步骤" in text) == (200, True)
    [form] = [fields for action, fields in Forms(text).found if action.startswith("https://")]
    page = "/console/" + form["success_action_redirect"].partition("/console/")[2]
    assert "form-action 'self' https://" in visitor.headers["Content-Security-Policy"]
    world.s3.put_object(Bucket="lianfang-files-test", Key=form["key"], Body=FILE)
    world.settle()
    assert "拒收的行" in visitor.get(f"{page}?bucket=x&key=y&etag=z")[1]
    # What did not come through a form of ours is mended in the file itself.
    assert "修改后单独再报" not in visitor.get(page)[1]


def test_a_listing_is_withdrawn_once_it_is_plain_what_that_does(world: World, sender: Sender) -> None:
    page = sender.report()
    decider = Sender(world, duties=(Duty.READ, Duty.DECIDE))
    visitor = decider.visitor
    text = visitor.get(f"{page}/listings")[1]
    found = re.search(r'href="[^"]*(reports/listings/[^"]+)"', text)
    assert found is not None
    assert "杭州霁川示例食品有限公司" in text
    own = f"/console/{found[1]}"
    text = visitor.get(own)[1]
    for words in ("撤回这条记录会怎样", "未完成的任务", "查询立即不再命中"):
        assert words in text
    reason = {"reason": f"误报，电话 {PHONE}"}
    text = sender.visitor.get(own)[1]
    assert ("职责的人员提出" in text, "撤回这条记录会怎样" in text) == (True, False)
    assert sender.visitor.post(f"{own}/withdrawal", {"key": sender.key, **reason})[0] == 403
    status, text = visitor.post(f"{own}/withdrawal", {"key": decider.key, "reason": ""})
    assert (status, 'aria-invalid="true"' in text) == (400, True)
    assert visitor.post(f"{own}/withdrawal", {"key": decider.key, **reason})[0] == 303
    text = visitor.get(decider.location)[1]
    for words in ("已撤回，查询不再命中该记录", "已撤回"):
        assert words in text
    assert "撤回这条记录会怎样" not in text
    assert Sender(world, "beta").visitor.get(own)[0] == 404
    reader = signed_in(world, add_person(world, "alpha", Duty.READ))[0]
    assert "撤回这条记录会怎样" not in reader.get(own)[1]
