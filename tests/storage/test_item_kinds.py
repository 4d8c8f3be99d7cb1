import inspect
import os
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

from chalicelib.storage import item_keys
from chalicelib.storage.item_keys import (
    closure_task_keys,
    dispute_keys,
    government_list_keys,
    notice_keys,
    numbered_log_keys,
    registry_keys,
    scheduled_job_keys,
)
from chalicelib.storage.item_kind import EXCHANGE, KEYS, MOST_ITEM_BYTES, PAST, SUBJECTS, ItemKind
from chalicelib.storage.item_kinds import ITEM_KINDS, kinds_of

DOCS = Path(__file__).parents[2] / "docs" / "storage.md"
BEGIN, END = "<!-- item kinds: begin -->", "<!-- item kinds: end -->"
TABLES = {SUBJECTS: "subjects", KEYS: "keys", EXCHANGE: "exchange"}

# A key of each kind as it lies in the tables of an exchange that runs; none of them may ever change.
STORED = {
    "subject": "uscc:91110105MA0000015F",
    "posting list of an identifier": "org#MA0000015",
    "posting list of a signal": "phone#0f2a",
    "posting list of a name": "n#0f2a",
    "lasting name": "named#uscc:1",
    "listings that end on a day": "expiring#2026-03-05#d",
    "part of the listings that end on a day": "expiring#2026-11-27#0a",
    "head of a log": "head#notice:beta",
    "number of an entry": "numbered#notice:beta#n_1",
    "count of a day": "day#reports:beta#2026-11-27",
    "entry of a day": "day#reports:beta#2026-11-27#000012",
    "expiring entry of a day": "day-until#onboarding:beta#2026-11-27#000012",
    "lease": "lease#feed#registration",
    "expiry done until": "expired-until",
    "task clocks done until": "clocks-done-until",
    "dispute clocks done until": "disputes-chased-until",
    "licence reviews done until": "licences-reviewed-until",
    "shop visits done until": "shops-looked-until",
    "slow hosts of shop pages": "slow-shop-hosts",
    "recheck of tasks": "task-recheck",
    "record set aside": "set-aside#000000000007",
    "platforms": "platforms",
    "platform": "platform#beta",
    "credential": "credential#c62d5e7d6951",
    "claim": "claim#k_1",
    "session": "session#1",
    "starts of checks": "starts#0f2a#2985114",
    "usage": "usage#platform:beta",
    "usage of rows": "usage#platform:beta#rows-hour#2985114",
    "turns of files": "turns#reports#beta",
    "limits": "limits#platform:beta",
    "report": "report#r_1",
    "content of a report": "content#alpha|for:beta#7f7a",
    "idempotency key": "idempotency#alpha#0f2a",
    "change": "change#000000000007",
    "notice": "notice:beta#000000000007",
    "notices of a listing": "told#beta#l_uscc-1_2",
    "push cursor": "pushed#*",
    "acknowledgements": "acknowledged#beta",
    "subscription": "subscription#beta#s_1",
    "subscriptions": "subscriptions#beta",
    "rules in force for all": "ruling",
    "burst": "burst#g_1",
    "policy": "policy#beta",
    "policy version": "policy#beta#current#000007",
    "bounds version": "ruling#bounds#000007",
    "campaigns": "campaigns",
    "campaign": "campaign#c_1",
    "entry of a campaign's figure": "campaign-in_time:c_1#000000000007",
    "filings of a day": "filed#beta#2026-11-27",
    "lifted burst": "guard#g_1",
    "trust": "trust#beta",
    "further trust": "trust#beta#0a",
    "corroboration": "corroboration#000000000007",
    "current corroboration": "corroborated#uscc:1",
    "counts of corroborations": "corroboration-counts",
    "feeds": "feeds",
    "sources": "sources",
    "state of a feed": "feed#registration",
    "held delivery": "hold#registration#c3d1",
    "run of a feed": "feed-run#registration#2026-11-27#000012",
    "lookups": "lookups#k_09dab8209be9600000000007",
    "lookup": "lookup#k_1",
    "onboarding receipt": "lookup#o_1",
    "count of recent lookups": "lately#beta",
    "recent lookup": "lately#beta#7",
    "match decisions": "decided#beta#name:0f2a",
    "further match decisions": "decided#beta#name:0f2a#0a",
    "match decisions on a subject": "apart#uscc:1",
    "further match decisions on a subject": "apart#uscc:1#0a",
    "inquiry index": "asked#name:0f2a",
    "roster index": "known#org:MA0000015",
    "batches of a person": "batches#p_1",
    "licence": "licence#91110105MA0000015F",
    "licences due on a day": "licences_due#2027-05-23",
    "part of the licences due on a day": "licences_due#2026-11-27#0a",
    "licence check": "licence_check#k_1",
    "presentation": "presented#0f2a",
    "receipt of a check": "receipt#r_1",
    "verified licence of a platform": "licence:beta#000000000007",
    "display": "display#d_1",
    "displays of a licence": "displays#91110105MA0000015F",
    "display of a platform": "shown:beta#000000000007",
    "shop visits due on a day": "shops_due#2026-11-17",
    "part of the shop visits due on a day": "shops_due#2026-11-27#0a",
    "identity report": "identity#beta#2027-01",
    "task": "task:beta#000000000007",
    "tasks of a listing": "ledger#l_uscc-1_2",
    "tasks due at an hour": "due#2026-11-30T16#0a",
    "open tasks of a block": "open-tasks:beta#000012",
    "days of open tasks": "open-task-days:beta#0a",
    "state of the open tasks": "open-tasks-state",
    "notes on a task": "task-notes:beta#000000000007",
    "restricted listing": "restricted#000000000007",
    "stale days of a log": "stale#task:beta",
    "day ranges of a log": "ranges#change",
    "figures of a day": "figures#2026-11-27",
    "further figures of a day": "figures#2026-11-27#0a",
    "usage of a day": "taken#2026-11-27#beta",
    "state of the figures": "figures-state",
    "dispute": "dispute#d_1",
    "statement in a dispute": "dispute-words#d_1#0f2a",
    "dispute in the feed of all": "disputes#000000000007",
    "dispute in the feed of a platform": "disputes:beta#000000000007",
    "answers due on a day": "answer-due#2026-12-03",
    "part of the answers due on a day": "answer-due#2026-11-27#0a",
    "evidence of a dispute": "evidence#d_1",
    "evidence file": "evidence#d_1#e_1",
    "roster": "roster#m_1",
    "state of a platform's rosters": "rosters#beta",
    "roster that waits behind others": "waiting:beta#000000000007",
    "news of a platform's rosters": "roster-news#beta",
    "enrolments": "enrolled#beta#0a",
    "snapshot": "snapshot",
    "snapshot in work": "snapshot-building",
    "sample of lookups": "asked-sample#2026-11-27#beta#7",
    "figures of lookups": "probing#2026-11-27#beta",
    "rule for probing": "probing-rule",
    "slowed key": "slowed#key:c62d5e7d6951",
    "progress of the watch for probing": "probing-watched-until",
    "person": "person#p_1",
    "people": "people#beta",
    "invited address": "invited#0f2a",
    "sign-in of a person": "sign-in#0f2a",
    "session of a person": "person-session#0f2a",
    "sign-in link": "sign-in-link#0f2a",
    "sign-in that was begun": "sign-in-attempt#0f2a",
    "entry of the audit log": "audit:beta:2026-11#000000000007",
    "place of an entry of the audit log": "audit-all:2026-11#000000000007",
    "place of an entry about an object": "audit-of:0f2a#000000000007",
    "rule for second persons": "second-person-rule",
    "pending decision": "pending:beta#000000000007",
}
# The values of the keys above, by parameter; where kinds differ, by kind.
VALUES: dict[str, str | int] = {
    "day": "2026-11-27", "digest": "0f2a", "log": "task:beta", "hour": "2026-11-30T16", "name": "registration",
    "number": 7, "version": 7, "part": 10, "place": 7, "platform_id": "beta", "uscc": "91110105MA0000015F",
    "listing_id": "l_uscc-1_2", "subject_id": "uscc:1", "campaign_id": "c_1", "figure": "in_time", "guard_id": "g_1",
    "lookup_id": "k_1", "receipt": "o_1", "check_id": "k_1", "report_id": "r_1", "receipt_id": "r_1", "key_id":
    "c62d5e7d6951", "session_id": "1", "origin": "0f2a", "window": 2_985_114, "filer": "alpha", "sha256": "7f7a",
    "audience": "*", "subscription_id": "s_1", "hold_id": "c3d1", "asked_id": "name:0f2a", "proof": "0f2a",
    "display_id": "d_1", "period": "2027-01", "dispute_id": "d_1", "evidence_id": "e_1", "roster_id": "m_1",
    "person_id": "p_1", "month": "2026-11", "first_id": "k_09dab8209be9600000000007",
}  # fmt: skip
OWN_VALUES: dict[str, dict[str, str | int]] = {
    "subject": {"scheme": "uscc", "value": "91110105MA0000015F"},
    "posting list of an identifier": {"kind": "org", "value": "MA0000015"},
    "posting list of a signal": {"kind": "phone", "value": "0f2a"},
    "posting list of a name": {"kind": "n", "value": "0f2a"},
    "listings that end on a day": {"day": "2026-03-05", "shard": 13},
    "head of a log": {"log": "notice:beta"},
    "number of an entry": {"log": "notice:beta", "entry_id": "n_1"},
    "count of a day": {"log": "reports:beta"},
    "entry of a day": {"log": "reports:beta", "place": 12},
    "expiring entry of a day": {"log": "onboarding:beta", "place": 12},
    "lease": {"name": "feed#registration"},
    "usage": {"account": "platform:beta"},
    "usage of rows": {"account": "platform:beta", "quota": "rows-hour"},
    "turns of files": {"kind": "reports"},
    "limits": {"account": "platform:beta"},
    "slowed key": {"account": "key:c62d5e7d6951"},
    "content of a report": {"filer": "alpha|for:beta"},
    "inquiry index": {"subject_id": "name:0f2a"},
    "roster index": {"subject_id": "org:MA0000015"},
    "licences due on a day": {"day": "2027-05-23"},
    "shop visits due on a day": {"day": "2026-11-17"},
    "answers due on a day": {"day": "2026-12-03"},
    "day ranges of a log": {"log": "change"},
    "open tasks of a block": {"block": 12},
    "run of a feed": {"place": 12},
}


def key_of(kind: ItemKind) -> str:
    if isinstance(kind.key, str):
        return kind.key
    values = {**VALUES, **OWN_VALUES.get(kind.name, {})}
    return kind.key(**{name: values[name] for name in inspect.signature(kind.key).parameters})


def test_every_kind_has_a_name_of_its_own_and_a_key_that_is_known() -> None:
    assert [kind.name for kind in ITEM_KINDS] == list(STORED)


@pytest.mark.parametrize("kind", ITEM_KINDS, ids=lambda kind: kind.name)
def test_the_key_is_byte_for_byte_what_is_stored_and_of_this_kind_alone(kind: ItemKind) -> None:
    assert key_of(kind) == STORED[kind.name]
    assert kinds_of(STORED[kind.name], kind.table) == [kind]


@pytest.mark.parametrize(
    "key", ["", "lookup", "lookup#", "lookups#k_1", "change#7", "change#000000000007#1", "due#2026-11-30#0a", "ruling#"]
)
def test_what_no_function_builds_is_of_no_kind(key: str) -> None:
    assert kinds_of(key) == []


def test_names_of_tasks_and_logs_lead_to_the_same_keys() -> None:
    name = closure_task_keys.task_name("beta", 7)
    assert name == "beta#000000000007"
    assert closure_task_keys.task_named(name) == closure_task_keys.task("beta", 7)
    for text in (name, closure_task_keys.task("beta", 7), numbered_log_keys.task_log_name("beta")):
        assert closure_task_keys.platform_of_task(text) == "beta"
    slot = numbered_log_keys.slot
    assert slot(numbered_log_keys.dispute_log_name(""), 7) == dispute_keys.dispute_entry(7)
    assert slot(numbered_log_keys.CHANGES, 7) == notice_keys.change(7)
    registration = government_list_keys.feed_state("registration")
    assert scheduled_job_keys.lease(registration) == STORED["lease"]
    assert registry_keys.subject_with_uscc("91110105MA0000015F") == STORED["subject"]


def test_every_key_function_belongs_to_a_kind_or_names_a_part_of_a_key() -> None:
    found = walk_packages(item_keys.__path__, f"{item_keys.__name__}.")
    modules = [import_module(each.name) for each in found]
    built = {function.__name__ for module in modules for _, function in inspect.getmembers(module, inspect.isfunction)}
    of_kinds = {kind.key.__name__ for kind in ITEM_KINDS if callable(kind.key)}
    parts = {
        "entry_log_name",
        "all_log_name",
        "object_log_name",
        "decision_log_name",
        "day_of_due",
        "slot",
        "place",
        "logs_read_by_cursor",
        "lookup_id_of",
        "is_numbered",
        "day_of_lookup",
        "place_of_lookup",
        "rules_version",
        "subject_with_uscc",
        "subject_with_unverified_uscc",
        "task_name",
        "task_named",
        "platform_of_task",
    }
    assert {name for name in built - of_kinds - parts if not name.endswith("_log_name")} == set()


@pytest.mark.parametrize("kind", ITEM_KINDS, ids=lambda kind: kind.name)
def test_every_kind_says_what_limits_its_size(kind: ItemKind) -> None:
    assert kind.limit.startswith(("fixed: ", "bounded: "))
    # What an earlier version alone has written has no arithmetic; every other bound is worked out.
    assert bool(kind.growth) == (kind.limit.startswith("bounded: ") and kind.limit != PAST)


@pytest.mark.parametrize("kind", ITEM_KINDS, ids=lambda kind: kind.name)
def test_the_largest_item_of_a_kind_stays_below_the_limit_of_the_store(kind: ItemKind) -> None:
    assert 0 < kind.most_bytes + 10_000 < MOST_ITEM_BYTES


def described(kinds: Iterable[ItemKind]) -> Iterator[str]:
    """The tables of storage.md, one for each table and capability, in order."""
    groups: dict[tuple[str, str], list[ItemKind]] = {}
    for kind in kinds:
        groups.setdefault((kind.table, kind.writer), []).append(kind)
    for table, name in TABLES.items():
        yield f"\n## Table `{name}`\n"
        for (of, writer), some in groups.items():
            if of == table:
                yield f"\n### {writer.capitalize()}\n\n"
                yield "| Key | What | Attributes | Kept | Size |\n|---|---|---|---|---|\n"
                yield from (described_kind(kind) for kind in some)


def described_kind(kind: ItemKind) -> str:
    fields = ", ".join(f"`{name}`" for name in kind.fields)
    cells = (f"`{kind.template}`", f"{kind.name}: {kind.holds}", fields, kept(kind), kind.limit)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def kept(kind: ItemKind) -> str:
    if kind.ttl is None:
        return "until deleted"
    days, minutes = kind.ttl.kept.days, kind.ttl.kept.seconds // 60
    after = f"`{kind.ttl.after}`" if kind.ttl.after in kind.fields else kind.ttl.after
    length = f"{days} days" if days > 1 else "a day" if days else f"{minutes} minutes"
    return f"{length} after {after}"


def test_storage_md_has_the_table_as_it_is_declared() -> None:
    """`UPDATE_DOCS=1 pytest tests/storage` writes it."""
    before, result, rest = DOCS.read_text("utf-8").partition(BEGIN)
    assert result
    section, result, after = rest.partition(END)
    assert result
    wanted = "\n" + "".join(described(ITEM_KINDS)) + "\n"
    if os.environ.get("UPDATE_DOCS") == "1":
        DOCS.write_text(before + BEGIN + wanted + END + after, "utf-8")
    elif section != wanted:
        raise AssertionError("docs/storage.md is not what is declared: UPDATE_DOCS=1 pytest tests/storage")
