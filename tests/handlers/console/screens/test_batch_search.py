"""The batch search: what was pasted or sent, looked up as the API does, kept for a day for its person alone."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping

import pytest

from chalicelib import wiring
from chalicelib.accounts.quotas import MERCHANTS
from chalicelib.errors import FileRefused, TooMany
from chalicelib.handlers.console.screens.batch import applicants, batch_lookups
from chalicelib.handlers.console.screens.batch.applicants import MOST, Asked, TooManyApplicants
from chalicelib.handlers.console.visit import Visit
from chalicelib.messages import ErrorCode
from chalicelib.people.duties import Duty
from chalicelib.table_files.drafts import keep_draft
from chalicelib.table_files.drafts.keep_draft import Draft
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.world import World

PATH = "/console/search/batch"
EVICTION = {"evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4"}
TEXT = f"1、霁川示例食品有限公司 {uscc(1)}\n\n2\t千帆<i>示例服饰有限公司,13912345678\n无\n"


def test_each_line_is_an_applicant_and_its_number_is_no_part_of_it() -> None:
    first, second, third = applicants.pasted(TEXT).asked
    assert (first.number, first.fields) == (1, {"name": "霁川示例食品有限公司", "uscc": uscc(1)})
    assert second.number == 3
    assert second.fields["phone"] == "13912345678"
    assert third.number == 4


def test_a_table_that_was_copied_with_its_header_is_read_by_its_columns() -> None:
    text = (
        f"商户名称\t统一社会信用代码/注册号\t法定代表人\n甲示例商行\t{uscc(1)}\t沈知白\n乙示例商行\t330106600123456\t\n"
    )
    first, second = applicants.pasted(text).asked
    assert first.fields == {"name": "甲示例商行", "uscc": uscc(1), "legal_representative": "沈知白"}
    assert second.fields == {"name": "乙示例商行", "registration_no": "330106600123456"}
    assert [
        each.fields["name"] for each in applicants.pasted("甲示例商行\t13912345678\n乙示例商行\t13912345679").asked
    ] == [
        "甲示例商行",
        "乙示例商行",
    ], "without a header each line speaks for itself"


def test_of_a_longer_file_one_batch_is_taken_and_the_row_to_go_on_with_is_said() -> None:
    file = ("名称,统一社会信用代码\n" + f"甲示例商行,{uscc(1)}\n" * (MOST + 2)).encode()
    batch = applicants.in_file(file, "a.csv")
    assert (len(batch.asked), batch.following) == (MOST, batch.asked[-1].number + 1)
    rest = applicants.in_file(file, "a.csv", batch.following)
    assert (len(rest.asked), rest.following, rest.asked[0].number) == (2, 0, batch.following)
    assert applicants.in_file(file, "a.csv", 99_999).asked == []


def test_more_than_five_hundred_lines_are_refused_and_so_is_no_table() -> None:
    assert len(applicants.pasted("甲示例商行\n" * MOST).asked) == MOST
    with pytest.raises(TooManyApplicants):
        applicants.pasted("名称\t统一社会信用代码\n" + f"甲示例商行\t{uscc(1)}\n" * (MOST + 1))
    with pytest.raises(TooManyApplicants):
        applicants.pasted("甲示例商行\n" * (MOST + 1))
    with pytest.raises(FileRefused):
        applicants.in_file(b"%PDF-1.7", "a.pdf")


@pytest.fixture
def officer(world: World) -> tuple[Visitor, str]:
    visitor, session = signed_in(world, add_person(world, "alpha", Duty.READ))
    return visitor, session.csrf_key


@pytest.fixture
def reported(world: World) -> None:
    """One of the applicants was evicted elsewhere."""
    report = {"evictions": [{**EVICTION, "uscc": uscc(1), "name": "霁川示例食品有限公司"}]}
    world.call("POST", "/v1/reports", world.admit("beta"), report)
    world.settle()


def send(officer: tuple[Visitor, str], lines: str = "", file: bytes = b"") -> tuple[int, str]:
    visitor, key = officer
    fields = {"key": key, "purpose": "onboarding", "lines": lines}
    return visitor.send(PATH, fields, file, "applicants.csv" if file else "")


@pytest.mark.usefixtures("reported")
def test_a_batch_leads_to_its_verdicts_which_are_filtered_and_a_file(
    world: World, officer: tuple[Visitor, str]
) -> None:
    visitor, _ = officer
    assert send(officer, TEXT)[0] == 303
    path = "/console/" + visitor.headers["Location"].rpartition("console/")[2]
    text = visitor.get(path)[1]
    assert text.index("不得入驻") < text.index("无法查询")
    assert "千帆&lt;i&gt;示例服饰" in text
    assert "13912345678" not in text
    assert "至少提供一个查询字段" in text
    only = visitor.get(f"{path}?verdict=block")[1]
    assert "霁川示例食品有限公司" in only
    assert "千帆" not in only
    lines = visitor.get(f"{path}/verdicts.csv")[1].splitlines()
    assert [line.partition(",")[0] for line in lines[1:]] == ["1", "3", "4"]
    assert "没有这样的结果" in visitor.get(f"{path}?verdict=not_asked")[1]
    stored = world.everything_stored()
    assert "13912345678" not in stored
    made = world.call("GET", "/v1/lookups?platform=alpha", world.admit("bureau", "regulator"))[1]["lookups"]
    assert len(made) == 2, "what does not fit is no lookup"
    assert {each["lookup_id"] for each in made} == set(re.findall(r"lookups/(k_\w+)", text))
    form = visitor.get(PATH)[1]
    batch_id = path.rpartition("/")[2]
    assert f'search/batch/{batch_id}"' in form, "the way back to it"
    assert f"search/batch/{batch_id}/verdicts.csv" in form
    other = signed_in(world, add_person(world, "alpha", Duty.READ))[0]
    assert other.get(path)[0] == 404
    assert batch_id not in other.get(PATH)[1]


def test_a_file_is_looked_up_and_not_kept(world: World, officer: tuple[Visitor, str]) -> None:
    visitor, _ = officer
    file = f"名称,统一社会信用代码,联系电话,备注\n霁川示例食品有限公司,{uscc(1)},13912345678,只在文件里\n".encode()
    assert send(officer, file=file)[0] == 303
    assert "霁川示例食品有限公司" in visitor.get("/console/" + visitor.headers["Location"].rpartition("console/")[2])[1]
    assert "只在文件里" not in world.everything_stored()
    status, text = send(officer, file=b"colour,size\nred,1\n")
    assert (status, "没有可识别的列名" in text) == (400, True)


@pytest.mark.parametrize(("lines", "sentence"), [("", "请粘贴至少一行"), ("甲示例商行\n" * (MOST + 1), "请分批查询")])
def test_what_cannot_be_looked_up_is_said_in_the_form(officer: tuple[Visitor, str], lines: str, sentence: str) -> None:
    status, text = send(officer, lines)
    assert (status, sentence in text) == (400, True)
    if lines:
        assert text.count("甲示例商行") == MOST + 1, "what was pasted stays"


def test_what_was_left_of_a_file_is_gone_on_with_from_its_row(world: World) -> None:
    person = add_person(world, "alpha", Duty.READ)
    visitor, session = signed_in(world, person)
    file = f"名称,统一社会信用代码\n甲示例商行,{uscc(1)}\n乙示例商行,{uscc(2)}\n".encode()
    fields = {"key": session.csrf_key, "purpose": "onboarding", "lines": "", "first": "2"}
    assert visitor.send(PATH, fields, file, "applicants.csv")[0] == 303
    path = "/console/" + visitor.headers["Location"].rpartition("console/")[2]
    text = visitor.get(path)[1]
    assert ("乙示例商行" in text, "甲示例商行" in text, "起还没有查询" in text) == (True, False, False)
    rows = json.dumps({"purpose": "onboarding", "rows": [{"number": 7, "verdict": "not_asked", "asked": {}}]}).encode()
    draft = Draft("lookups", "lookups.json", rows)
    keep_draft.keep_draft(wiring.bucket(), person.person_id, path.rpartition("/")[2], draft, wiring.now())
    assert 'search/batch?first=7"' in visitor.get(path)[1]
    assert 'value="7"' in visitor.get(f"{PATH}?first=7")[1]


def test_a_purpose_that_was_not_granted_is_refused(officer: tuple[Visitor, str]) -> None:
    visitor, key = officer
    status, text = visitor.send(PATH, {"key": key, "purpose": "investigation", "lines": "甲示例商行"})
    assert (status, "未获准" in text) == (403, True)
    assert visitor.send(PATH, {"key": key, "purpose": "curiosity", "lines": "甲示例商行"})[0] == 400


class Visiting:
    """A visit of a platform's person whose quota leaves `hundreds` of merchants, and what was taken of it."""

    def __init__(self, world: World, hundreds: int) -> None:
        self.caller = signed_in(world, add_person(world, "alpha", Duty.READ))[1].caller
        self.request = self.allowance = self
        self.taken: list[int] = []
        self.hundreds = hundreds

    def take(self, units: Mapping[str, int]) -> None:
        if len(self.taken) == self.hundreds:
            raise TooMany(ErrorCode.TOO_MANY_REQUESTS, seconds=40)
        self.taken.append(units[MERCHANTS])


def look_up(visiting: Visiting, count: int, clock: Callable[[], float] = lambda: 0.0) -> Counter[str]:
    asked = [Asked(number, {}) for number in range(count)]
    visit: Visit = visiting  # type: ignore[assignment]
    rows = json.loads(batch_lookups.look_up(visit, "onboarding", asked, clock))["rows"]
    assert [row["number"] for row in rows] == list(range(count))
    return Counter(row["verdict"] == "not_asked" for row in rows)


def test_each_hundred_counts_against_the_quota_and_what_that_leaves_is_not_asked(world: World) -> None:
    visiting = Visiting(world, 1)
    assert look_up(visiting, 150) == {False: 100, True: 50}
    assert visiting.taken == [100]
    visiting = Visiting(world, 2)
    assert look_up(visiting, 150) == {False: 150}
    assert visiting.taken == [100, 50]
    with pytest.raises(TooMany):
        look_up(Visiting(world, 0), 3)


def test_what_the_time_leaves_is_not_asked_and_does_not_count(world: World) -> None:
    visiting, seconds = Visiting(world, 9), iter((0.0, batch_lookups.LAST_BEGIN_SECONDS))
    assert look_up(visiting, 150, lambda: next(seconds)) == {False: 100, True: 50}
    assert visiting.taken == [100]
