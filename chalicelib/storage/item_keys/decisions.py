"""Keys of the rules that judge listings: bounds, policies, campaigns, guards, trust, corroboration."""

from datetime import timedelta
from typing import Final

from chalicelib.storage.item_keys.numbered_feeds import CORROBORATIONS, campaign_feed, slot
from chalicelib.storage.item_kind import UNBOUNDED, ItemKind, Ttl, names

RULING: Final = "ruling"
CAMPAIGNS: Final = "campaigns"
# The fields that hold what is in force: the bounds in `ruling`, a platform's table in its policy.
BOUNDS_FIELD: Final = "bounds"
POLICY_FIELD: Final = "current"


def policy(platform_id: str) -> str:
    """A platform's own policy as it is in force."""
    return f"policy#{platform_id}"


def rules_version(holder: str, field: str, version: int) -> str:
    """One version of the rules that a field of an item (`ruling`, a policy) holds."""
    return f"{holder}#{field}#{version:06d}"


def policy_version(platform_id: str, version: int) -> str:
    """One version of a platform's policy."""
    return rules_version(policy(platform_id), POLICY_FIELD, version)


def bounds_version(version: int) -> str:
    """One version of the regulator's bounds."""
    return rules_version(RULING, BOUNDS_FIELD, version)


def campaign(campaign_id: str) -> str:
    """A campaign."""
    return f"campaign#{campaign_id}"


def campaign_entry(figure: str, campaign_id: str, number: int) -> str:
    """One listing or task that counts for a figure of a campaign."""
    return slot(campaign_feed(figure, campaign_id), number)


def filings(platform_id: str, day: str) -> str:
    """What a platform filed on a day, counted by trade and region."""
    return f"filed#{platform_id}#{day}"


def lifted_burst(guard_id: str) -> str:
    """A burst that a regulator lifted."""
    return f"guard#{guard_id}"


def trust(platform_id: str) -> str:
    """How disputes over a platform's listings ended."""
    return f"trust#{platform_id}"


def corroboration(number: int) -> str:
    """A change of how platforms and government agree on a subject."""
    return slot(CORROBORATIONS, number)


def current_corroboration(subject_id: str) -> str:
    """Which entry of the feed of corroborations is current for a subject."""
    return f"corroborated#{subject_id}"


_VERSION: Final = names("version rows set_by key_id set_at why")

KINDS: Final = (
    ItemKind(
        "rules in force for all",
        RULING,
        (BOUNDS_FIELD, "campaign:<campaign_id>", "burst:<platform_id>:<day>:<key>", "trust:<platform_id>"),
        "what every lookup reads: bounds, running campaigns, standing bursts, platforms of low trust",
        "decisions",
        UNBOUNDED + "20 campaigns, but 180 bytes for each burst that nobody decided; some 2,200 fill it,"
        " and each lookup pays for every 4 KB",
    ),
    ItemKind(
        "policy",
        policy,
        names(POLICY_FIELD),
        "a platform's own table of verdicts, in force",
        "decisions",
        "bounded: 60 rows",
    ),
    ItemKind("policy version", policy_version, _VERSION, "a policy as it was set", "decisions", "bounded: 60 rows"),
    ItemKind("bounds version", bounds_version, _VERSION, "bounds as they were set", "decisions", "bounded: 60 rows"),
    ItemKind(
        "campaigns",
        CAMPAIGNS,
        names("members"),
        "the ids of all campaigns, past ones too",
        "decisions",
        UNBOUNDED + "one id for each campaign; some 20,000 fill it",
    ),
    ItemKind(
        "campaign",
        campaign,
        names("campaign_id name reasons starts_on ends_on severity_floor working_days opened_by opened_at")
        + names("ended_by ended_at why"),
        "a campaign: its reasons, its days, what it makes stricter",
        "decisions",
        "bounded: 20 reasons",
    ),
    ItemKind(
        "entry of a campaign's figure",
        campaign_entry,
        names("entry_id number"),
        "a listing or task that counts once; the length of the feed is the figure",
        "decisions",
        forms={"figure": "listings|tasks|answered|closed|in_time"},
    ),
    ItemKind(
        "filings of a day",
        filings,
        names("in_all region:<code> trade:<word> marks standing lifted"),
        "how many rows a platform filed on a day, by trade and region; bursts that stand or were lifted",
        "decisions",
        "bounded: one field for each trade and region of the tables; `marks` has the chunks in work",
        ttl=Ttl(timedelta(days=60), "the report was received"),
    ),
    ItemKind(
        "lifted burst",
        lifted_burst,
        names("guard_id platform_id day key filed in_all busiest_before at lifted_by lifted_at why"),
        "a burst of filings that a regulator found harmless",
        "decisions",
    ),
    ItemKind(
        "trust",
        trust,
        names("reported upheld amended voided conceded marks"),
        "how many rows a platform reported and how disputes over them ended; `marks` has each decision once",
        "decisions",
        UNBOUNDED + "one mark for each decided dispute, never taken off; some 20,000 fill it",
    ),
    ItemKind(
        "corroboration",
        corroboration,
        names("entry_id number state finding was at subject corroboration platforms told_at"),
        "how platforms and government agree on a subject since that moment",
        "decisions",
        UNBOUNDED + "`platforms` names each platform that reported the subject; some thousands fill it",
    ),
    ItemKind(
        "current corroboration",
        current_corroboration,
        names("number finding"),
        "the number of the subject's last entry among corroborations",
        "decisions",
    ),
)
