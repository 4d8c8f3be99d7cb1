"""The bucket of an earlier moment: what was current then is current again. Nothing is destroyed.

What came later is covered by a copy of the version of then, or by a delete marker where there was none; it stays as an
older version until its term ends. What was erased since, or whose term is over, is not brought back.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.restoring.record import Restore, write

# What the deploy keeps, and whom we trust: the newest counts, whatever moment the data are of.
AS_IT_IS: Final = ("deployed/", "trust/")
COPIED, COVERED = "copied", "covered"
PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object, or a delete marker. `version_id` is "null" for one from before versions were kept."""

    key: str
    version_id: str
    at: datetime
    is_marker: bool
    is_latest: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """After how long objects expire by the bucket's lifecycle, by prefix; `now`, for what has expired."""

    by_prefix: Mapping[str, timedelta]
    now: datetime

    @classmethod
    def of(cls, s3: Any, bucket: str) -> "Terms":
        """The terms of a bucket."""
        try:
            rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchLifecycleConfiguration":
                raise
            rules = []
        days = {
            str(rule.get("Filter", rule).get("Prefix", "")): timedelta(days=rule["Expiration"]["Days"])
            for rule in rules
            if "Days" in rule.get("Expiration", {}) and rule["Status"] == "Enabled"
        }
        return cls(days, datetime.now(UTC))

    def is_over(self, version: "Version") -> bool:
        """Whether a version has lived as long as it may."""
        terms = (term for prefix, term in self.by_prefix.items() if version.key.startswith(prefix))
        return any(version.at + term <= self.now for term in terms)


def to_do(versions: Iterable[Version], moment: datetime, terms: Terms) -> tuple[str, str] | None:
    """What one key needs, its versions given newest first: `COPIED` and the version of then, or `COVERED`; None for
    nothing. A version whose term is over is not brought back."""
    kept = list(versions)
    latest = kept[0]
    if latest.at <= moment:
        return None
    of_then = next((version for version in kept if version.at <= moment), None)
    if of_then and not of_then.is_marker and not terms.is_over(of_then):
        return COPIED, of_then.version_id
    return None if latest.is_marker else (COVERED, "")


def put_back(s3: Any, restore: Restore, alive: Callable[[], None], page_size: int = PAGE) -> None:
    """Put every object back; the record says how far it is. Safe to repeat."""
    terms = Terms.of(s3, restore.bucket)
    for page in _pages(s3, restore.bucket, restore.places.get("bucket", ""), page_size):
        for key, versions in groupby(page, key=lambda version: version.key):
            change = None if key.startswith(AS_IT_IS) else to_do(versions, restore.moment, terms)
            if change and change[0] == COPIED:
                source = {"Bucket": restore.bucket, "Key": key, "VersionId": change[1]}
                s3.copy(source, restore.bucket, key)
            elif change:
                s3.delete_object(Bucket=restore.bucket, Key=key)
            if change:
                restore.counts[change[0]] = restore.counts.get(change[0], 0) + 1
        restore.places["bucket"] = page[-1].key
        write(s3, restore)
        alive()


def count_changes(s3: Any, bucket: str, moment: datetime) -> dict[str, int]:
    """How many objects would be put back, by the first part of their key."""
    counts: dict[str, int] = {}
    terms = Terms.of(s3, bucket)
    for page in _pages(s3, bucket, "", PAGE):
        for key, versions in groupby(page, key=lambda version: version.key):
            if not key.startswith(AS_IT_IS) and to_do(versions, moment, terms):
                folder = key.partition("/")[0]
                counts[folder] = counts.get(folder, 0) + 1
    return counts


def _pages(s3: Any, bucket: str, after: str, size: int) -> Iterator[list[Version]]:
    """The versions of whole keys, the newest of each first, behind a key."""
    rest: list[Version] = []
    start = {"KeyMarker": after} if after else {}
    for page in s3.get_paginator("list_object_versions").paginate(
        Bucket=bucket, PaginationConfig={"PageSize": size}, **start
    ):
        listed = [_version(each, False) for each in page.get("Versions", [])]
        listed += [_version(each, True) for each in page.get("DeleteMarkers", [])]
        rest += listed
        # The last key of a page may go on in the next one.
        last = max((version.key for version in listed), default="")
        if page.get("IsTruncated"):
            whole, rest = [each for each in rest if each.key != last], [each for each in rest if each.key == last]
        else:
            whole, rest = rest, []
        if whole:
            whole.sort(key=lambda version: (version.is_latest, version.at), reverse=True)
            yield sorted(whole, key=lambda version: version.key)


def _version(entry: Any, is_marker: bool) -> Version:
    return Version(entry["Key"], entry["VersionId"], entry["LastModified"], is_marker, entry["IsLatest"])
