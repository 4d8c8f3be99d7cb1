"""A lookup as it is stored: who asked about whom, for which purpose, and what was answered.

A stored lookup is a short JSON list, deflated with a dictionary of the texts that most lookups have. Its first byte
names the dictionary; a dictionary that was ever used is never changed.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chalicelib.values.records import Json, Record, stored
from chalicelib.values.timestamps import CHINA, iso

# The attribute of a stored lookup, where it is an item of its own.
BODY: Final = "body"
# What the version before wrote instead: the platform, the purpose, what was asked by, and the verdict.
_TEXT: Final = "asked"
_SEPARATOR: Final = "|"
_BESIDE_TEXT: Final = ("relations", "by", "given", "verdicts", "stale", "policy")
_DICTIONARY: Final = 1
# Raw deflate, within a window that holds the longest dictionary.
_WINDOW: Final = -12
_LEVEL: Final = 9
# What is most frequent comes last.
_DICTIONARIES: Final[Mapping[int, bytes]] = {
    1: (
        '"former_name":"","shop_name":"","org_code":"","registration_no":"","bank_account":"","id_no":"","resident_id":""'
        ',"legal_representative":"","address":"","phone":""},{"permit:{"account:{"person:{"org:{"reg:{"unverified:{"name:'
        '"same_registration_no","same_org_code","same_resident_id","same_bank_account","shares_signal","branch_of",'
        '"successor_of","repaired_uscc","carries_on","same_words","likely_same","inform"],"weak","unknown","clear"],'
        '"investigation","recheck",{"uscc:92{"uscc:9144{"uscc:9133{"uscc:9111["same_uscc","block"]["same_name","review"]}'
        "个体工商户经营部工作室百货店商行集团股份食品服饰文化传媒科技网络电子商务有限责任公司贸易商贸有限公司"
        '","phone":""},{"name":"***,"block","p_,"review",","clear","'
        ',"onboarding","person:,"onboarding","uscc:91,"onboarding","name:'
    ).encode(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLookup(Record):
    """A lookup without any personal value: `asked_id` names the applicant, `relations` each match by subject id.

    `by` is the person or the key that asked, `given` what was given beside the identifier in `asked_id`, by field,
    masked ('' for what is not kept). `verdicts` is the verdict on each match, `stale` the sources that could not be
    searched, `policy` the version of the platform's own policy that judged, 0 for none.
    `lookup_id` is empty on the receipt of an onboarding check, which is stored field by field under its own id.
    `expires_at` is in seconds of the epoch.
    """

    lookup_id: str = stored("")
    platform_id: str = stored()
    purpose: str = stored()
    at: str = stored()
    asked_id: str = stored()
    verdict: str = stored()
    relations: Mapping[str, str] = stored()
    by: str = stored("")
    given: Mapping[str, str] = stored(factory=dict)
    verdicts: Mapping[str, str] = stored(factory=dict)
    stale: tuple[str, ...] = stored((), many="values")
    policy: int = stored(0)
    expires_at: int = stored()


def packed(lookup: StoredLookup) -> bytes:
    """What is stored of a lookup, but for its platform and for what its id says: the day."""
    matches = {
        subject_id: [relation, *([verdict] if (verdict := lookup.verdicts.get(subject_id)) else [])]
        for subject_id, relation in lookup.relations.items()
    }
    parts: list[Any] = [_second_of_day(lookup.at), lookup.purpose, lookup.asked_id, lookup.verdict, lookup.by]
    parts += [lookup.given, matches, lookup.stale, lookup.policy]
    while not parts[-1]:
        parts.pop()
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    deflating = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, zdict=_DICTIONARIES[_DICTIONARY])
    return bytes([_DICTIONARY]) + deflating.compress(text) + deflating.flush()


def unpacked(item: Json, lookup_id: str, day: str, kept: timedelta) -> StoredLookup:
    """The lookup with an id that was made on a day in China, from its item, of this or of an earlier version.

    `kept` is how long lookups are kept.
    """
    if BODY in item:
        return _of_body(bytes(item[BODY]), str(item["platform_id"]), lookup_id, day, kept)
    return _of_text(item, lookup_id, kept) if _TEXT in item else StoredLookup.from_item(item)


def inflated(body: bytes) -> list[Any]:
    """The JSON list of a stored lookup: second of the day, purpose, applicant, verdict, asker, what else was given,
    matches, sources that were not searched, version of the policy; a later version may add to it.

    What is empty at its end is left out of what is stored, and is in this list.
    """
    inflating = zlib.decompressobj(_WINDOW, zdict=_DICTIONARIES[body[0]])
    parts: list[Any] = json.loads(inflating.decompress(body[1:]) + inflating.flush())
    empty: list[Any] = [0, "", "", "", "", {}, {}, [], 0]
    return parts + empty[len(parts) :]


def _of_body(body: bytes, platform_id: str, lookup_id: str, day: str, kept: timedelta) -> StoredLookup:
    second, purpose, asked_id, verdict, by, given, matches, stale, policy, *_ = inflated(body)
    at = datetime.fromisoformat(day).replace(tzinfo=CHINA) + timedelta(seconds=second)
    return StoredLookup(
        lookup_id=lookup_id,
        platform_id=platform_id,
        purpose=purpose,
        at=iso(at),
        asked_id=asked_id,
        verdict=verdict,
        relations={subject_id: match[0] for subject_id, match in matches.items()},
        by=by,
        given=given,
        verdicts={subject_id: match[1] for subject_id, match in matches.items() if len(match) > 1},
        stale=tuple(stale),
        policy=policy,
        expires_at=int((at + kept).timestamp()),
    )


def _second_of_day(at: str) -> int:
    moment = datetime.fromisoformat(at).astimezone(CHINA)
    return int((moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds())


def _of_text(item: Json, lookup_id: str, kept: timedelta) -> StoredLookup:
    """A lookup as the version before stored it."""
    platform_id, purpose, rest = str(item[_TEXT]).split(_SEPARATOR, 2)
    asked_id, _, verdict = rest.rpartition(_SEPARATOR)
    expires_at = int(item["expires_at"])
    fields = {
        "lookup_id": lookup_id,
        "platform_id": platform_id,
        "purpose": purpose,
        "at": iso(datetime.fromtimestamp(expires_at, UTC) - kept),
        "asked_id": asked_id,
        "verdict": verdict,
        "relations": {},
        "expires_at": expires_at,
    }
    return StoredLookup.from_item({**fields, **{name: item[name] for name in _BESIDE_TEXT if name in item}})
