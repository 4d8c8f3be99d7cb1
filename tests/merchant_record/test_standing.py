"""What a merchant sees of itself: every shared listing in full, and nothing that is another's or a reporter's own."""

from typing import Any

import pytest

from chalicelib.government_lists.rules.source_freshness import SourceState
from chalicelib.merchant_record.rules import standing
from chalicelib.merchant_record.rules.record_texts import page_view
from chalicelib.registry.rules.listing import Dispute
from chalicelib.registry.rules.subject import with_listing
from chalicelib.registry.rules.subject_changes import Ended
from tests.support.builders import AT, listed, subject

PLATFORMS = {"alpha": "青鸾示例商城"}
TODAY = "2026-03-01"
SECRETS = {
    "reason_text": "内部备注：顾客沈某投诉，转法务",
    "shop_id": "S-778899",
    "shop_name": "霁昱小铺",
    "shop_url": "https://shop.example/778899",
    "report_id": "r_778899",
    "row": 778899,
}


def seen(*changes: Any, types: dict[str, str] | None = None) -> list[dict[str, Any]]:
    return standing.listings([subject(*changes)], PLATFORMS, types or {}, TODAY)


def test_a_listing_says_who_for_what_until_when_and_how_to_dispute_it() -> None:
    (view,) = seen(listed(expires_on="2029-01-02", document_no="苏市监罚〔2026〕1号", measure="清退"))
    assert view["listed_at"] == {"kind": "platform", "name": "青鸾示例商城"}
    assert view["reasons"][0]["code"] == "PR01"
    assert view["reasons"][0]["zh"] == "哄抬价格"
    assert (view["listed_on"], view["expires_on"], view["state"]) == ("2026-01-02", "2029-01-02", "active")
    assert view["effect"]["verdict"] == "block"
    assert view["can_dispute"]
    assert "申诉" in view["how_to_dispute"]["zh"]


def test_what_a_reporter_keeps_for_itself_stays_there() -> None:
    result = str(seen(listed(**SECRETS)))
    assert [value for value in SECRETS.values() if str(value) in result] == []


def test_what_an_authority_published_is_shown_as_published() -> None:
    entry = listed(source="government:gsxt", reasons=["GX04"], severity=1, evidence_level="E4", reason_text="无法联系")
    (view,) = seen(entry, types={"gsxt": "abnormal_operations"})
    assert view["text"] == "无法联系"
    assert view["listed_at"]["zh"].startswith("经营异常名录")
    assert (view["effect"]["verdict"], view["can_dispute"]) == ("inform", False)
    assert "信用修复" in view["how_to_dispute"]["zh"]


def test_a_hint_that_is_never_shared_is_not_shown() -> None:
    assert seen(listed(severity=1, reasons=["LC04"])) == []


def test_what_is_over_is_shown_as_over_and_counts_for_nothing() -> None:
    listed_subject = subject(listed(), listed(source="platform:beta", listed_on="2026-01-03"))
    (first, _) = listed_subject.listings
    end = Ended(listed_subject.subject_id, first, "withdrawn", "2026-02-01T00:00:00.000Z", "platform:alpha")
    after = end.apply(listed_subject)
    assert after is not None
    result = standing.listings([after], PLATFORMS, {}, TODAY)
    assert [view["state"] for view in result] == ["active", "withdrawn"]
    assert "effect" not in result[1]
    assert not result[1]["can_dispute"]
    summary = standing.summary(result, "operating", "current", [])
    assert (summary.verdict, summary.platform_listings, summary.reasons) == ("block", 1, ("PR01",))


def test_a_listing_is_over_on_its_day_though_nobody_has_ended_it_yet() -> None:
    (view,) = seen(listed(expires_on=TODAY))
    assert (view["state"], view["ended_at"], view["can_dispute"]) == ("expired", TODAY, False)
    assert standing.summary([view], "", "none", []).verdict == "clear"


def test_a_disputed_listing_blocks_nobody_and_only_the_merchants_own_dispute_is_told() -> None:
    listed_subject = subject()
    (listing,) = listed_subject.listings.values()
    mine = Dispute(
        dispute_id="d_1",
        by="merchant:" + listed_subject.subject_id,
        kind="merchant",
        state="open",
        opened_at=AT,
        due=AT,
    )
    theirs = mine.replace(dispute_id="d_2", by="platform:gamma")
    disputed = listing.replace(disputed=True, disputes={"d_1": mine, "d_2": theirs})
    listed_subject = with_listing(listed_subject, disputed)
    (view,) = standing.listings([listed_subject], PLATFORMS, {}, TODAY)
    assert (view["effect"]["verdict"], view["can_dispute"]) == ("review", False)
    assert [each["dispute_id"] for each in view["disputes"]] == ["d_1"]
    assert "gamma" not in str(view)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", " https://x", "//evil.example", "file:///etc"]
)
def test_only_a_web_address_becomes_a_link(url: str) -> None:
    record = {
        "standing": standing.summary([], "", "none", []).as_json(),
        "sources": [],
        "listings": seen(listed(notice_url=url)),
    }
    assert page_view(record, "法定代表人", AT)["listings"][0]["notice_link"] == ""
    record["listings"] = seen(listed(notice_url="https://rules.example/notice"))
    assert page_view(record, "法定代表人", AT)["listings"][0]["notice_link"] == "https://rules.example/notice"


def test_a_summary_tells_which_of_its_claims_have_changed() -> None:
    ok = [SourceState("x", status="ok")]
    before = standing.summary([], "operating", "current", ok)
    assert standing.changed(before.as_json(), standing.summary([], "operating", "current", ok)) == []
    after = standing.summary(seen(listed()), "licence_revoked", "revoked", ok)
    assert standing.changed(before.as_json(), after) == [
        "verdict",
        "platform_listings",
        "reasons",
        "registration",
        "licence",
    ]
    assert standing.changed(
        before.as_json(), standing.summary([], "operating", "current", [SourceState("x", status="stale")])
    ) == ["verdict"]
