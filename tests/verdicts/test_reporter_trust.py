"""The shares of voids at which a reporter is trusted less, each at its very border."""

import pytest

from chalicelib.verdicts.rules.reporter_trust import LEVELS, Level, TrustCounters, level


@pytest.mark.parametrize("row", [row for row in LEVELS if row.per_hundred_decided], ids=lambda row: row.name)
def test_the_share_of_decided_disputes_counts_from_its_border_on(row: Level) -> None:
    # So many that one decided dispute more is less than a hundredth of the share.
    voided = row.voided * row.per_hundred_decided * 100
    at_border = voided * 100 // row.per_hundred_decided
    assert level(TrustCounters(reported=voided, voided=voided, upheld=at_border - voided)) == row
    assert level(TrustCounters(reported=voided, voided=voided, upheld=at_border - voided + 1)) != row


@pytest.mark.parametrize("row", [row for row in LEVELS if row.per_thousand_reported], ids=lambda row: row.name)
def test_the_share_of_reported_listings_counts_from_its_border_on(row: Level) -> None:
    voided = row.voided * row.per_thousand_reported * 100
    at_border = voided * 1_000 // row.per_thousand_reported
    assert level(TrustCounters(reported=at_border, voided=voided)) == row
    assert level(TrustCounters(reported=at_border + 1, voided=voided)) != row
