"""What still stands under an earlier key of the digests alone, by kind: what would be lost if that key were dropped.

A digest cannot be made anew without the value, so it moves on only when the value is sent again: a report moves its
subject, a roster its merchants, a lookup its inquiry and the decisions on its applicant, a call for a display its id.
"""

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from chalicelib.monitoring.lookup_index import ASKED_BY
from chalicelib.registry.rules.listing import ACTIVE
from chalicelib.registry.rules.subject_id import DIGEST_FIELDS
from chalicelib.rosters.rules.kept_merchant import read_kept
from chalicelib.rosters.rules.roster_files import generation_key
from chalicelib.rosters.rules.roster_generation import read_generation
from chalicelib.storage.dynamodb_values import from_item
from chalicelib.storage.file_bucket import FileBucket
from chalicelib.values.keyed_digest import is_form, key_of, values_of
from chalicelib.values.records import Json

SUBJECTS: Final = "subjects with a personal value and an active listing"
PAST: Final = "subjects with a personal value whose listings have ended"
MERCHANTS: Final = "merchants of rosters with a personal value"
INQUIRIES: Final = "inquiries (they expire 360 days after the lookup)"
DECISIONS: Final = "decisions on applicants (moved ones are counted too)"
DISPLAYS: Final = "displays"
KINDS: Final = (SUBJECTS, PAST, MERCHANTS, INQUIRIES, DECISIONS, DISPLAYS)
# Kinds that end by themselves, hold nobody up, or cannot be told from moved ones: they are reported and stop no drop.
INFORMATION: Final = frozenset({PAST, INQUIRIES, DECISIONS})


def is_left_behind(digest: str, current: str) -> bool:
    """Whether a value of a field has no form by the current key."""
    return any(all(key_of(form) != current for form in value) for value in values_of(digest))


def count_subjects(items: Iterable[Json], current: str) -> Counter[str]:
    """The subjects with a value that stands under earlier keys alone."""
    counts: Counter[str] = Counter()
    for item in items:
        if any(is_left_behind(str(item.get(field, "")), current) for field in DIGEST_FIELDS):
            is_active = any(listing.get("state") == ACTIVE for listing in item["listings"].values())
            counts[SUBJECTS if is_active else PAST] += 1
    return counts


def count_exchange(items: Iterable[Json], current: str, since: str) -> Counter[str]:
    """The inquiries, decisions and displays under earlier keys; `since`: when the current key became so."""
    counts: Counter[str] = Counter()
    displays: set[str] = set()
    lasting: set[str] = set()
    for item in items:
        kind, _, rest = str(item["id"]).partition("#")
        if kind == "asked" and _is_earlier(rest, current):
            asked = [str(at) for field, at in item.items() if field.startswith(ASKED_BY)]
            counts[INQUIRIES] += bool(asked) and max(asked) < since
        elif kind == "decided" and _is_earlier(rest.split("#")[1], current):
            counts[DECISIONS] += 1
        elif kind == "display" and item.get("state") != "deleted" and str(item["made_at"]) < since:
            displays.add(rest)
        elif kind == "named":
            lasting.add(str(item["named"]))
    counts[DISPLAYS] = len(displays - lasting)
    return counts


def count_merchants(exchange: Mapping[str, Json], bucket: FileBucket, current: str) -> Counter[str]:
    """The merchants of all rosters, as their last runs left them, with a value under earlier keys alone."""
    behind = 0
    for platform_id, queue in exchange.items():
        run_id = str(queue.get("current", ""))
        body = bucket.get(generation_key(platform_id, run_id)) if run_id else None
        generation = read_generation(body) if body else None
        shards = (generation.shard(platform_id, number) for number in range(generation.shards)) if generation else ()
        for shard in shards:
            packed = bucket.get(shard.key("merchants")) if shard else None
            lines = gzip.decompress(packed).decode("utf-8", "surrogatepass").splitlines() if packed else ()
            merchants = (read_kept(line)[1].merchant for line in lines)
            behind += sum(
                any(is_left_behind(getattr(merchant, field), current) for field in DIGEST_FIELDS)
                for merchant in merchants
                if merchant
            )
    return Counter({MERCHANTS: behind})


def items_of(client: Any, table: str) -> Iterator[Json]:
    """Every item of a table, strongly consistent."""
    for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from map(from_item, page["Items"])


def _is_earlier(subject_id: str, current: str) -> bool:
    """Whether an id is made of a digest that is not by the current key."""
    _, _, value = subject_id.partition(":")
    return is_form(value) and key_of(value) != current
