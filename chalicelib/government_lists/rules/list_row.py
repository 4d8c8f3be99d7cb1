"""One row of a government list (列严, 列异, 行政处罚) in normal form, or why it cannot be taken.

列严, 严重违法失信名单: 市场监督管理总局令第44号, in force 2021-09-01; before it the usual reason was three years on the
abnormal list, which says nothing of fraud (GX10). 列异, 经营异常名录: 企业经营异常名录管理暂行办法, article 4.
行政处罚, 双公示: 市场监管总局令第45号, article 4 (what a published decision says), article 6 (no personal data).
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.government_lists.rules.columns import entry_days
from chalicelib.government_lists.rules.columns.penalty_kinds import UNKNOWN as KIND_UNKNOWN
from chalicelib.government_lists.rules.columns.penalty_kinds import penalty_class
from chalicelib.messages import FindingCode
from chalicelib.registry.rules.reason_codes import UNKNOWN, read_reasons
from chalicelib.reports.rules.eviction import Rejection
from chalicelib.reports.rules.validate_report_row import destroyed, reject
from chalicelib.table_files.rules import entry_state
from chalicelib.table_files.rules.row_identifiers import Fault, RowIdentity
from chalicelib.table_files.rules.row_identity import identify
from chalicelib.values.cell_text import given, tidy
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Record, stored

_NO_HEADERS: Mapping[str, str] = {}
_LEGACY = re.compile("(?:届满|满|逾期|超过).{0,3}[3三].{0,2}年|[3三]年.{0,6}(?:未|仍)|异常名录.{0,20}年")
_ABNORMAL = (
    ("GX03", re.compile("隐瞒|弄虚作假|虚假|不实")),
    ("GX02", re.compile("第十条|责令.{0,8}期限|即时信息|有关企业信息|20个工作日")),
    ("GX04", re.compile("无法(?:取得)?联系|无法联络|查无|联系不上|住所.{0,12}(?:不符|无法)|失联")),
    ("GX01", re.compile("第八条|年度报告|年报|公示年")),
)
_ABNORMAL_CODES = {"1": "GX01", "2": "GX02", "3": "GX03", "4": "GX04"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry(Record):
    """One entry of a government list; days are YYYY-MM-DD, '' is what is not given.

    `key` is the same for the same entry however often and in whatever order it is issued again. `gone`: the source says
    by its mark (增删改标志, 数据状态) that the row was deleted. `state` is what its state columns say, one of
    `entry_state.ENDED` or `IN_DOUBT`; `ends_on` the day on which they say that it ends. `category` is the class of a
    penalty.
    """

    key: str = stored()
    source_id: str = stored("")
    uscc: str = stored("")
    registration_no: str = stored("")
    org_code: str = stored("")
    unverified_uscc: str = stored("")
    name: str = stored("")
    listed_on: str = stored("")
    reason_text: str = stored("")
    reasons: tuple[str, ...] = stored((), many="values")
    listed_by: str = stored("")
    document_no: str = stored("")
    removed_on: str = stored("")
    removed_reason: str = stored("")
    removed_by: str = stored("")
    publish_until: str = stored("")
    measure: str = stored("")
    category: str = stored("")
    state: str = stored("")
    ends_on: str = stored("")
    updated_at: str = stored("")
    gone: bool = stored(False)
    warnings: tuple[str, ...] = stored((), many="values")


def read_list_row(
    row: int,
    cells: Mapping[str, str] | None,
    *,
    list_type: str,
    today: date,
    headers: Mapping[str, str] = _NO_HEADERS,
) -> ListEntry | Rejection:
    """The entry that a row of canonical cells holds, or its rejection; the first problem decides."""
    entry = _read(cells, list_type, today.isoformat())
    if isinstance(entry, Fault) or cells is None:
        return reject(row, entry, headers) if isinstance(entry, Fault) else entry
    return with_state(entry, cells, list_type, today.isoformat())


def read_listed_reasons(list_type: str, text: str) -> tuple[str, ...]:
    """The codes of a listing's reason: GX11 or GX10 for 列严, GX01 to GX04 for 列异, ZZ99 for any other.

    A penalty has no list of its own: its violation is read as a platform's reason is.
    """
    if list_type == "penalties":
        return read_reasons(text)
    plain = re.sub(r"\s+", "", text)
    if list_type != "abnormal_operations":
        if not plain:
            return (UNKNOWN,)
        return ("GX10",) if "异常" in plain and _LEGACY.search(plain) else ("GX11",)
    if plain in _ABNORMAL_CODES:
        return (_ABNORMAL_CODES[plain],)
    return tuple(sorted(code for code, words in _ABNORMAL if words.search(plain))) or (UNKNOWN,)


def _read(cells: Mapping[str, str] | None, list_type: str, today: str) -> ListEntry | Fault:
    if cells is None:
        return Fault("", FindingCode.NOT_A_RECORD, "")
    fault = destroyed(cells)
    if fault:
        return fault
    # A person of a published list is identified by name at most: no digest of an ID is kept from it.
    identity = identify(cells, lambda _kind, _value: "")
    if isinstance(identity, Fault):
        return identity
    name = mask_personal(given(cells.get("name", "")))[0]
    if not (identity.has_code or name):
        return Fault("uscc", FindingCode.MISSING_IDENTITY, "")
    source_id = tidy(cells.get("source_id", ""))
    listed_on = entry_days.listed_on(cells, list_type, today, may_be_missing=bool(source_id))
    if isinstance(listed_on, Fault):
        return listed_on
    return _entry(cells, identity, list_type, name=name, source_id=source_id, listed_on=listed_on)


def _entry(
    cells: Mapping[str, str], identity: RowIdentity, list_type: str, *, name: str, source_id: str, listed_on: str
) -> ListEntry:
    warnings = list(identity.warnings)
    reason_text = _reason_text(cells, list_type)
    reasons = read_listed_reasons(list_type, reason_text or tidy(cells.get("listed_reason_code", "")))
    if reasons == (UNKNOWN,):
        warnings.append("unknown_reason")
    code = identity.uscc or identity.registration_no or identity.org_code or identity.unverified_uscc
    document_no = tidy(cells.get("document_no", ""))
    # A decision is identified by its number; corrected and issued again it is the same decision.
    distinguishing = document_no if list_type == "penalties" and document_no else reason_text
    measure, category = _penalty(cells, list_type, warnings)
    return ListEntry(
        key=_key(list_type, source_id, code or name, listed_on, distinguishing),
        source_id=source_id,
        uscc=identity.uscc,
        registration_no=identity.registration_no,
        org_code=identity.org_code,
        unverified_uscc=identity.unverified_uscc,
        name="" if "uscc_in_name_column" in identity.warnings else name,
        listed_on=listed_on,
        reason_text=mask_personal(reason_text)[0],
        reasons=reasons,
        listed_by=tidy(cells.get("listed_by", "")),
        document_no=document_no,
        removed_on=entry_days.other_day(cells, "removed_on", warnings),
        removed_reason=mask_personal(tidy(cells.get("removed_reason", "")))[0],
        removed_by=tidy(cells.get("removed_by", "")),
        publish_until=entry_days.publish_until(cells, listed_on, warnings),
        updated_at=tidy(cells.get("updated_at", "")),
        measure=measure,
        category=category,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def with_state(entry: ListEntry, cells: Mapping[str, str], list_type: str, today: str) -> ListEntry:
    """The entry with what the state columns of its row say of it."""
    state, ends_on = entry_state.read_state(cells, list_type, today), entry_state.end_day(cells)
    if not (state or ends_on):
        return entry
    if state == entry_state.DELETED:
        return entry.replace(gone=True)
    if state == entry_state.REMOVED and "" < entry.removed_on <= today:
        # The day of the removal says it all.
        return entry
    warnings = (*entry.warnings, state) if state in entry_state.IN_DOUBT else entry.warnings
    return entry.replace(state=state, ends_on=ends_on, warnings=warnings)


def _reason_text(cells: Mapping[str, str], list_type: str) -> str:
    text = tidy(cells.get("listed_reason", "")) or tidy(cells.get("reason_text", ""))
    return text or (tidy(cells.get("penalty_name", "")) if list_type == "penalties" else "")


def _penalty(cells: Mapping[str, str], list_type: str, warnings: list[str]) -> tuple[str, str]:
    """What was imposed, in words and as a class; nothing for a list of another type."""
    if list_type != "penalties":
        return "", ""
    category = penalty_class(cells)
    if category == KIND_UNKNOWN:
        warnings.append("kind_unknown")
    kind, content = tidy(cells.get("penalty_kind", "")), tidy(cells.get("measure", ""))
    measure = f"{kind}；{content}" if kind and content and kind not in content else content or kind
    return mask_personal(measure)[0], category


def _key(list_type: str, source_id: str, subject: str, listed_on: str, reason_text: str) -> str:
    if source_id:
        return f"{list_type}#{source_id}"
    reason = re.sub(r"[\s，,。.；;、]+", "", reason_text)
    return hashlib.sha256(f"{list_type}|{subject}|{listed_on}|{reason}".encode()).hexdigest()[:32]
