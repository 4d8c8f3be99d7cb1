"""The key of every item, by function or constant: `item_keys.lookup(lookup_id)`, `item_keys.PLATFORMS`.

What each item holds is declared beside its key; `storage/item_kinds.py` has the whole table."""

from chalicelib.storage.item_keys.accounts import PLATFORMS, check_starts, claim, credential, platform, session
from chalicelib.storage.item_keys.decisions import (
    BOUNDS_FIELD,
    CAMPAIGNS,
    POLICY_FIELD,
    RULING,
    bounds_version,
    campaign,
    campaign_entry,
    corroboration,
    current_corroboration,
    filings,
    lifted_burst,
    policy,
    policy_version,
    rules_version,
    trust,
)
from chalicelib.storage.item_keys.disputes import (
    answers_due,
    dispute,
    dispute_entry,
    dispute_entry_of,
    dispute_statement,
    evidence_file,
    evidence_list,
)
from chalicelib.storage.item_keys.government_lists import FEEDS, SOURCES, feed_state, hold
from chalicelib.storage.item_keys.ledger import (
    FIGURES_STATE,
    day_ranges,
    figures,
    restricted,
    stale_days,
    task,
    task_name,
    task_named,
    tasks_due,
    tasks_of_listing,
    usage,
)
from chalicelib.storage.item_keys.licences import (
    check_receipt,
    display,
    display_entry,
    displays_of,
    identity_report,
    licence,
    licence_check,
    licences_due,
    presentation,
    shop_visits_due,
    verified_licence,
)
from chalicelib.storage.item_keys.lookups import (
    inquiry_index,
    lookup,
    match_decisions,
    match_decisions_on,
    onboarding_receipt,
    recent_lookup,
    recent_lookup_count,
    roster_index,
)
from chalicelib.storage.item_keys.notices import (
    acknowledged,
    change,
    notice,
    notices_of_listing,
    push_cursor,
    subscription,
    subscriptions,
)
from chalicelib.storage.item_keys.numbered_feeds import (
    CHANGES,
    CORROBORATIONS,
    DISPUTES,
    RESTRICTED,
    campaign_feed,
    display_feed,
    dispute_feed,
    entry_number,
    head,
    notice_feed,
    slot,
    task_feed,
    verified_licence_feed,
)
from chalicelib.storage.item_keys.registry import expiring, posting, subject, subject_with_uscc
from chalicelib.storage.item_keys.reports import content, idempotency, report
from chalicelib.storage.item_keys.rosters import SNAPSHOT, SNAPSHOT_BUILD, enrolments, roster, roster_news, roster_state
from chalicelib.storage.item_keys.scheduled_jobs import (
    DISPUTE_CLOCKS_UNTIL,
    EXPIRED_UNTIL,
    LICENCES_REVIEWED_UNTIL,
    SHOPS_VISITED_UNTIL,
    TASK_CLOCKS_UNTIL,
    lease,
)

__all__ = (
    "BOUNDS_FIELD", "CAMPAIGNS", "CHANGES", "CORROBORATIONS", "DISPUTES", "DISPUTE_CLOCKS_UNTIL", "EXPIRED_UNTIL",
    "FEEDS", "FIGURES_STATE", "LICENCES_REVIEWED_UNTIL", "PLATFORMS", "POLICY_FIELD", "RESTRICTED", "RULING",
    "SHOPS_VISITED_UNTIL", "SNAPSHOT", "SNAPSHOT_BUILD", "SOURCES", "TASK_CLOCKS_UNTIL", "acknowledged",
    "answers_due", "bounds_version", "campaign", "campaign_entry", "campaign_feed", "change", "check_receipt",
    "check_starts", "claim", "content", "corroboration", "credential", "current_corroboration", "day_ranges",
    "display", "display_entry", "display_feed", "displays_of", "dispute", "dispute_entry", "dispute_entry_of",
    "dispute_feed", "dispute_statement", "enrolments", "entry_number", "evidence_file", "evidence_list", "expiring",
    "feed_state", "figures", "filings", "head", "hold", "idempotency", "identity_report", "inquiry_index", "lease",
    "licence", "licence_check", "licences_due", "lifted_burst", "lookup", "match_decisions", "match_decisions_on",
    "notice", "notice_feed", "notices_of_listing", "onboarding_receipt", "platform", "policy", "policy_version",
    "posting", "presentation", "push_cursor", "recent_lookup", "recent_lookup_count", "report", "restricted",
    "roster", "roster_index", "roster_news", "roster_state", "rules_version", "session", "shop_visits_due", "slot",
    "stale_days", "subject", "subject_with_uscc", "subscription", "subscriptions", "task", "task_feed", "task_name",
    "task_named", "tasks_due", "tasks_of_listing", "trust", "usage", "verified_licence", "verified_licence_feed",
)  # fmt: skip
