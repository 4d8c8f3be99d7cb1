"""Kinds of items of the rules that judge listings: bounds, policies, campaigns, guards, trust, corroboration."""

from typing import Final

from chalicelib.storage.item_keys import verdict_keys
from chalicelib.storage.item_kind import Growth, ItemKind, Ttl, names

_VERSION: Final = names("version rows set_by key_id set_at why")

KINDS: Final = (
    ItemKind(
        name="rules in force for all",
        key=verdict_keys.RULING,
        fields=(
            verdict_keys.BOUNDS_FIELD,
            "campaign:<campaign_id>",
            "burst:<platform_id>:<day>:<key>",
            "burst:<platform_id>:<first>..<last>:*",
            "trust:<platform_id>",
        ),
        holds="what every lookup reads: bounds, running campaigns, standing bursts, platforms of low trust",
        writer="verdicts",
        limit=(
            "bounded: 20 campaigns, 60 rows of bounds, 60 bursts (past that one a platform), platforms of low trust"
        ),
        growth=(
            Growth("campaigns", 40, 1_500),
            Growth("rows of bounds", 60, 300),
            Growth("bursts of platforms", 1_068, 140),
            Growth("platforms of low trust", 1_000, 60),
        ),
    ),
    ItemKind(
        name="burst",
        key=verdict_keys.burst,
        fields=names("guard_id platform_id day until key filed in_all busiest_before at members"),
        holds="a burst of filings; `members` are the days and keys that one over several days was made of",
        writer="verdicts",
        limit="bounded: 3,000 days and keys",
        growth=(Growth("days and keys", 3_000, 60),),
    ),
    ItemKind(
        name="policy",
        key=verdict_keys.policy,
        fields=names(verdict_keys.POLICY_FIELD),
        holds="a platform's own table of verdicts, in force",
        writer="verdicts",
        limit="bounded: 60 rows",
        growth=(Growth("rows", 60, 300), Growth("why", 1, 16_000)),
    ),
    ItemKind(
        name="policy version",
        key=verdict_keys.policy_version,
        fields=_VERSION,
        holds="a policy as it was set",
        writer="verdicts",
        limit="bounded: 60 rows",
        growth=(Growth("rows", 60, 300), Growth("why", 1, 16_000)),
    ),
    ItemKind(
        name="bounds version",
        key=verdict_keys.bounds_version,
        fields=_VERSION,
        holds="bounds as they were set",
        writer="verdicts",
        limit="bounded: 60 rows",
        growth=(Growth("rows", 60, 300), Growth("why", 1, 16_000)),
    ),
    ItemKind(
        name="campaigns",
        key=verdict_keys.CAMPAIGNS,
        fields=names("members"),
        holds="the ids of all campaigns, past ones too",
        writer="verdicts",
        limit="bounded: 5,000 campaigns, past ones too",
        growth=(Growth("campaigns", 5_000, 20),),
    ),
    ItemKind(
        name="campaign",
        key=verdict_keys.campaign,
        fields=names(
            "campaign_id name reasons starts_on ends_on severity_floor working_days opened_by opened_at ended_by "
            "ended_at why"
        ),
        holds="a campaign: its reasons, its days, what it makes stricter",
        writer="verdicts",
        limit="bounded: 20 reasons",
        growth=(Growth("reasons", 20, 1_600), Growth("why", 1, 16_000)),
    ),
    ItemKind(
        name="entry of a campaign's figure",
        key=verdict_keys.campaign_entry,
        fields=names("entry_id number"),
        holds="a listing or task that counts once; the length of the feed is the figure",
        writer="verdicts",
        forms={"figure": "listings|tasks|answered|closed|in_time"},
    ),
    ItemKind(
        name="filings of a day",
        key=verdict_keys.filings,
        fields=names("in_all region:<code> trade:<word> hour:<hour> marks standing lifted"),
        holds="how many rows a platform filed on a day, by trade, region and hour; bursts that stand or were lifted",
        writer="verdicts",
        limit="bounded: one field for each trade and region of the tables; `marks` has the chunks in work",
        growth=(Growth("regions and trades", 6_000, 30), Growth("chunks in work", 2_000, 40)),
        ttl=Ttl(verdict_keys.FILINGS_KEPT, "the report was received"),
    ),
    ItemKind(
        name="lifted burst",
        key=verdict_keys.lifted_burst,
        fields=names("guard_id platform_id day until key filed in_all busiest_before at lifted_by lifted_at why"),
        holds="a burst of filings that a regulator found harmless",
        writer="verdicts",
    ),
    ItemKind(
        name="trust",
        key=verdict_keys.trust,
        fields=names("reported upheld amended voided conceded marks"),
        holds="how many rows a platform reported and how disputes over them ended; `marks` has each decision once",
        writer="verdicts",
        limit="bounded: 10,000 marks of decided disputes, and those of reports in work",
        growth=(Growth("decided disputes", 10_000, 14), Growth("reports in work", 2_000, 30)),
        goes_on=True,
    ),
    ItemKind(
        name="further trust",
        key=verdict_keys.more_trust,
        fields=names("upheld amended voided conceded marks"),
        holds="how further disputes over a platform's listings ended, once the marks fill the item before",
        writer="verdicts",
        limit="bounded: 10,000 marks of decided disputes",
        growth=(Growth("decided disputes", 10_000, 14),),
        goes_on=True,
    ),
    ItemKind(
        name="corroboration",
        key=verdict_keys.corroboration,
        fields=names("entry_id number before state finding was at subject corroboration platforms told_at"),
        holds="how platforms and government agree on a subject since that moment; `before`: the number of the "
        "entry that was the subject's current one, 0 for none",
        writer="verdicts",
        limit="bounded: `platforms` names each of 1,000 participants at most, `subject` 24 names",
        growth=(Growth("platforms", 1_000, 42), Growth("names", 24, 700)),
    ),
    ItemKind(
        name="current corroboration",
        key=verdict_keys.current_corroboration,
        fields=names("number finding"),
        holds="the number of the subject's last entry among corroborations",
        writer="verdicts",
    ),
    ItemKind(
        name="counts of corroborations",
        key=verdict_keys.CORROBORATION_COUNTS,
        fields=names("all p:<platform_id> r:<province> number at"),
        holds="how many subjects stand in each state of corroboration: in all, by reporting platform, by province; "
        "up to which entry of the log they are counted",
        writer="verdicts",
        limit="bounded: 1,000 participants and 35 provinces",
        growth=(Growth("rows", 1_035, 90),),
    ),
)
