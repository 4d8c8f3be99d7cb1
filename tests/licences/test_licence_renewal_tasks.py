"""What a visit to a shop's page finds, and what the register does to a licence that is due."""

import base64
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.displays.rules import identity_report_rows, shop_page_findings
from chalicelib.displays.rules.display import PageVisit
from chalicelib.licences.rules import licence_lapse, licence_renewal_tasks
from chalicelib.licences.rules.licence_renewal_tasks import TaskLicence
from chalicelib.registry.rules.subject import Registration
from tests.support.builders import uscc
from tests.support.licence_records import COMPANY, display_record, verified_licence
from tests.support.moments import NOW

URL = "https://licences.example.cn/licences/d_0123456789abcdef0123"
OTHER = URL[:-4] + "ffff"
DER = base64.b64encode(bytes([0x30, 6, 2, 1, 5, 2, 1, 7])).decode()


def national(code: str) -> str:
    serial = f"{code}-SAIC_SHOW_100000{code}1711000000000"
    return f"https://zzlz.gsxt.gov.cn/businessCheck/verifKey.do?showType=p&serial={serial}&signData={DER}"


@pytest.mark.parametrize(
    ("html", "finding"),
    [
        (f'<a href="{URL}"><img src="{URL}/mark.svg"></a>', "displayed"),
        (f"<script>var footer = {{url: '{URL}'}}</script>", "displayed"),
        ('{"link":"' + URL.replace("/", "\\/") + '"}', "displayed"),
        (f'<a href="{national(COMPANY)}">营业执照</a>', "national_link"),
        (f'<a href="{national(COMPANY).replace("&", "&amp;")}">营业执照</a>', "national_link"),
        (f'<a href="{national(uscc(99))}">营业执照</a>', "outdated"),
        (f'<a href="{national(COMPANY).replace(DER, "AAAA")}">营业执照</a>', "outdated"),
        (f'<a href="{OTHER}">营业执照</a>', "outdated"),
        (f'<!-- <a href="{URL}">营业执照</a> -->', "missing"),
        ('<a href="https://evil.example/licences/d_0123456789abcdef0123">营业执照</a>', "missing"),
        ("<p>电子营业执照</p>", "missing"),
        ("", "missing"),
    ],
)
def test_a_page_carries_our_link_or_a_national_one_or_none(html: str, finding: str) -> None:
    assert shop_page_findings.read_page(html, URL, COMPANY, NOW) == finding


@given(st.text(max_size=300))
def test_no_page_breaks_the_reading(html: str) -> None:
    assert shop_page_findings.read_page(html, URL, COMPANY, NOW) in ("missing", "outdated")


def test_the_gravest_of_all_looks_counts() -> None:
    def looks(*findings: str) -> list[PageVisit]:
        return [PageVisit(url="https://a.cn", device="pc", finding=finding) for finding in findings]

    assert shop_page_findings.gravest(looks("displayed", "national_link")) == "national_link"
    assert shop_page_findings.gravest(looks("displayed", "missing", "unreachable")) == "missing"
    assert shop_page_findings.gravest(looks("displayed", "unreachable")) == "unreachable"
    assert shop_page_findings.gravest(looks("displayed", "displayed")) == "displayed"


@pytest.mark.parametrize(
    ("fields", "register", "renewed"),
    [
        ({"due_on": "2026-11-23"}, {"status": "operating"}, True),
        ({"due_on": "2026-11-20", "state": "lapsed"}, {"status": "operating"}, True),
        ({"due_on": "2026-11-24"}, {"status": "operating"}, False),
        ({"due_on": "2026-11-23"}, {"status": "suspended"}, False),
        ({"due_on": "2026-11-23"}, {"status": "operating", "name": "另一家示例公司"}, False),
        ({"due_on": "2026-11-23"}, {"status": "operating", "name": ""}, False),
        ({"due_on": "2026-11-23", "state": "revoked"}, {"status": "operating"}, False),
        ({"due_on": "2026-11-23"}, {}, False),
    ],
)
def test_the_register_renews_what_it_bears_out_on_the_day(
    fields: dict[str, str], register: dict[str, str], renewed: bool
) -> None:
    before = verified_licence(**fields)
    registration = Registration(**{"name": before.name, **register}) if register else Registration()
    after = licence_lapse.verified_by_register(
        before, registration, "2027-05-23", "2026-11-23T01:00:00.000Z", "2026-11-23"
    )
    assert (after is not None) is renewed
    if after:
        assert (after.state, after.due_on, after.version) == ("verified", "2027-05-23", 2)
        assert after.verified_at == before.verified_at


def test_a_task_and_its_notice_say_what_is_asked_and_are_the_same_each_time() -> None:
    about = TaskLicence(uscc=COMPANY, name="杭州霁川示例食品有限公司")
    task = licence_renewal_tasks.licence_task("missing", "alpha", about, "k", "2026-11-23")
    assert task == licence_renewal_tasks.licence_task("missing", "alpha", about, "k", "2026-11-23")
    assert task.kind == "licence_missing"
    result = licence_renewal_tasks.task_notice(task.replace(number=7), "alpha")
    notice = result.to_json()
    assert (notice["kind"], notice["licence_task"]["task_id"]) == ("licence_task_opened", "7")
    assert result.attributes["task"] == "licence_missing"
    schema = json.loads((Path(__file__).parents[2] / "docs/schemas/notice-1.json").read_text("utf-8"))
    jsonschema.validate(notice, schema)
    ids = {
        licence_renewal_tasks.licence_task("missing", platform, TaskLicence(), key, "x").entry_id
        for platform in ("alpha", "beta")
        for key in ("k", "l")
    }
    assert len(ids) == 4


def test_a_row_of_the_identity_report_has_every_column() -> None:
    row = identity_report_rows.row(
        display_record(shop_links=[{"name": "店", "url": "https://a.cn"}]), verified_licence(), "2026-11-23"
    )
    assert row.keys() <= {field for field, _ in identity_report_rows.COLUMNS}
    assert (row["registered"], row["uscc"], row["shop_url"]) == ("已登记", COMPANY, "https://a.cn")
    exempt = display_record(uscc="", declaration="handicraft", over_limit=True)
    row = identity_report_rows.row(exempt, None, "2026-11-23")
    assert (row["registered"], row["over_limit"]) == ("未登记", "是")
    assert "家庭手工业产品" in row["declaration"]


def test_the_report_is_of_the_half_year_that_began() -> None:
    assert identity_report_rows.period(NOW) == "2026-07"
    assert not identity_report_rows.is_month_of_report(NOW)
    assert identity_report_rows.is_month_of_report(NOW.replace(month=12, day=31, hour=20))
    assert identity_report_rows.period(NOW.replace(month=12, day=31, hour=20)) == "2027-01"
