"""The merchants of a roster are screened against the snapshot, by the very code that answers lookups."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.lookups import look_up_applicant, not_same_decisions, show_answer
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.posting_lists import keys_to_read
from chalicelib.monitoring.rules import monitored_merchant
from chalicelib.monitoring.rules.monitored_merchant import Merchant
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_id import ids_of
from chalicelib.rosters.rules.screening_outcomes import ScreenedMerchant
from chalicelib.rosters.rules.snapshot_format import Snapshot, SnapshotCandidates
from chalicelib.storage.item_keys import government_list_keys, lookup_keys
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


class SnapshotReader:
    """A snapshot in the place of the registry's tables; items of the exchange table are read once."""

    def __init__(self, snapshot: Snapshot, exchange: "ExchangeTable") -> None:
        self._snapshot = snapshot
        self._exchange = exchange
        self._items: dict[str, Json | None] = {}

    def prefetch(self, item_ids: Iterable[str]) -> None:
        """Read these items of the exchange table at once."""
        wanted = list(dict.fromkeys(item_ids))
        self._items |= dict.fromkeys(wanted)
        self._items |= self._exchange.get_many(wanted)

    def candidates(
        self,
        subject_ids: Sequence[str],
        keys: Sequence[str],
        exchange_ids: Sequence[str],
        fresh: bool = False,  # noqa: ARG002 (a snapshot is as fresh as it is)
    ) -> SnapshotCandidates:
        """What one round trip to the tables would read, as it was when the snapshot was built."""
        candidates = self._snapshot.find(subject_ids, keys)
        self.prefetch(item_id for item_id in exchange_ids if item_id not in self._items)
        others = [item for item_id in exchange_ids if (item := self._items[item_id])]
        return SnapshotCandidates(candidates.subjects, candidates.postings, others)

    def subjects(self, subject_ids: Iterable[str]) -> dict[str, Subject]:
        """Those of the subjects that the snapshot holds, by id."""
        return self._snapshot.subjects(subject_ids)


def screen(
    snapshot: Snapshot,
    exchange: "ExchangeTable",
    feeds: Sequence[str],
    platform_id: str,
    merchants: Mapping[str, Merchant],
    now: datetime,
) -> dict[str, ScreenedMerchant]:
    """The merchants that match a listed subject, each with the matches that a lookup would answer, by id.

    Also those of whom nothing is given that says who is meant, or whose code fails its check: they are `unknown`. Most
    merchants have no key in common with the snapshot, and cost no more; the others are looked up in it.
    """
    applicants: dict[str, Applicant] = {}
    screened: dict[str, ScreenedMerchant] = {}
    for merchant_id, merchant in merchants.items():
        applicant = monitored_merchant.applicant(merchant)
        if snapshot.has_any(*keys_to_read(applicant)):
            applicants[merchant_id] = applicant
        elif applicant.findings:
            screened[merchant_id] = ScreenedMerchant(merchant_id, "unknown", (), _said(applicant))
    reader, caller = SnapshotReader(snapshot, exchange), Caller(platform_id, Role.PLATFORM, "")
    if applicants:
        asked_ids = (each for applicant in applicants.values() for each in ids_of(applicant.asked_id))
        decisions = (lookup_keys.match_decisions(platform_id, asked_id) for asked_id in asked_ids)
        reader.prefetch([government_list_keys.SOURCES, *look_up_applicant.rule_ids(caller), *decisions])
    context = look_up_applicant.Context(reader, feeds)
    for merchant_id, applicant in applicants.items():
        answer = look_up_applicant.look_up(context, caller, applicant, now)
        if answer.not_same:
            not_same_decisions.move_decisions(exchange, platform_id, applicant.asked_id)
        if answer.matches or applicant.findings:
            matches = [show_answer.match_view(match, caller) for match in answer.matches]
            screened[merchant_id] = ScreenedMerchant(merchant_id, answer.verdict, matches, _said(applicant))
    return screened


def _said(applicant: Applicant) -> tuple[Json, ...]:
    """Why the merchant is not clear although nobody matches it."""
    return tuple(show_answer.coded(code) for code in applicant.findings)
