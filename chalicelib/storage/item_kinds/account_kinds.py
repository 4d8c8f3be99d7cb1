"""Kinds of items of accounts and sessions: platforms and their API keys, merchants and their sessions."""

from typing import Final

from chalicelib.storage.item_keys import account_keys
from chalicelib.storage.item_kind import Growth, ItemKind, Ttl, names

KINDS: Final = (
    ItemKind(
        name="platforms",
        key=account_keys.PLATFORMS,
        fields=names("members"),
        holds="the ids of all who were admitted",
        writer="accounts",
        limit="bounded: 1,000 participants",
        growth=(Growth("participants", 1_000, 42),),
    ),
    ItemKind(
        name="platform",
        key=account_keys.platform,
        fields=names("platform_id name role aws_account topics keys created_at purposes"),
        holds="a participant; `keys` are the ids of its API keys, `purposes` what was granted to it",
        writer="accounts",
        limit="bounded: 1,000 keys; past that those that are revoked are taken out, or no further one is issued",
        growth=(Growth("keys", 1_100, 13),),
    ),
    ItemKind(
        name="credential",
        key=account_keys.credential,
        fields=names("platform_id role digest created_at revoked_from"),
        holds="an API key: SHA-256 of its secret, and from when on it is revoked",
        writer="accounts",
    ),
    ItemKind(
        name="claim",
        key=account_keys.claim,
        fields=names("digest shown"),
        holds="SHA-256 of the secret by which a merchant claims its check; what there is to scan",
        writer="merchant record",
        ttl=Ttl(account_keys.CLAIM_KEPT, "the start of the check"),
    ),
    ItemKind(
        name="session",
        key=account_keys.session,
        fields=names("digest uscc name holder_role receipt_id verified_at ends_at"),
        holds="a merchant's session: SHA-256 of its secret, who has proved to hold which licence",
        writer="merchant record",
        ttl=Ttl(account_keys.SESSION_KEPT, "the session was opened"),
    ),
    ItemKind(
        name="starts of checks",
        key=account_keys.check_starts,
        fields=names("n"),
        holds="how many checks one address started in ten minutes",
        writer="merchant record",
        ttl=Ttl(account_keys.CHECK_STARTS_KEPT, "the start of the window"),
    ),
    ItemKind(
        name="usage",
        key=account_keys.usage,
        fields=("<quota>:<window>",),
        holds="how much an account (`platform:<id>`), a key (`key:<id>`) or an address (`address:<digest>`) has asked "
        "of each quota in each of its windows that runs; those that are over are taken out with the next write",
        writer="accounts",
        limit="bounded: five quotas, and the windows of an hour that were not yet taken out",
        growth=(Growth("windows", 5 * 60, 40),),
        ttl=Ttl(account_keys.USAGE_KEPT, "the last request was counted"),
    ),
    ItemKind(
        name="usage of rows",
        key=account_keys.usage_of_rows,
        fields=names("n marks"),
        holds="how many rows of files of an account or a key were read in a window; `marks` are the files that were "
        "counted. Earlier versions counted everything so",
        writer="accounts",
        ttl=Ttl(account_keys.USAGE_KEPT, "the window began"),
    ),
    ItemKind(
        name="turns of files",
        key=account_keys.file_turns,
        fields=names("turn holders waiting"),
        holds="which files of a platform (reports, rosters) are in work, each until when at most; which wait",
        writer="accounts",
        limit="bounded: 500 keys in `waiting`",
        growth=(Growth("waiting", 500, 350),),
    ),
    ItemKind(
        name="limits",
        key=account_keys.limits,
        fields=names(
            "requests_per_minute requests_per_day merchants_per_minute merchants_per_day files_per_hour rows_per_hour"
        ),
        holds="how much an account or a key may ask; made when an operator sets it",
        writer="accounts",
    ),
)
