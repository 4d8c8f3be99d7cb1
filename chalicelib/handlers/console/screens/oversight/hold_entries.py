"""Which entries a release of a held list would add, change or end, and whom of those that platforms have listed."""

from collections.abc import Mapping
from typing import Final

from chalicelib import errors, wiring
from chalicelib.accounts.roles import Role
from chalicelib.government_lists import hold_preview
from chalicelib.government_lists.hold_preview import EntryPage
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.screens.oversight.lists import status_of
from chalicelib.handlers.console.texts.hold_texts import list_title
from chalicelib.handlers.console.texts.listing_texts import Fields, State, Text, reason_names
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.values.records import Json

PAGE: Final = 50
# Of all three kinds platforms may have listed some.
MOST_IN_A_FILE: Final = hold_preview.MOST_KEPT * 3
KINDS: Final[Mapping[str, Text]] = {
    "added": ("新增", "Added"),
    "changed": ("变更", "Changed"),
    "ended": ("结束", "Ended"),
    "touched": ("平台也列入的", "Also listed by platforms"),
}
TONES: Final = {"added": "info", "changed": "warn", "ended": "wait"}
FIELDS: Final[Mapping[str, Text]] = {
    "name": ("名称", "name"),
    "uscc": ("统一社会信用代码", "credit code"),
    "registration_no": ("注册号", "registration number"),
    "org_code": ("组织机构代码", "organisation code"),
    "unverified_uscc": ("未通过校验的代码", "code that fails its check"),
    "listed_on": ("列入日期", "listed on"),
    "reason_text": ("列入原因", "reason"),
    "reasons": ("原因类别", "kinds of reason"),
    "listed_by": ("列入机关", "listed by"),
    "document_no": ("文号", "document"),
    "removed_on": ("移出日期", "removed on"),
    "removed_reason": ("移出原因", "why removed"),
    "removed_by": ("移出机关", "removed by"),
    "publish_until": ("公示截止", "published until"),
    "measure": ("措施", "measure"),
    "category": ("类别", "category"),
    "state": ("状态", "state"),
    "ends_on": ("失效日期", "ends on"),
    "former_names": ("曾用名", "former names"),
    "renamed_on": ("更名日期", "renamed on"),
    "status": ("登记状态", "status"),
    "entity_type": ("主体类型", "kind of entity"),
    "registered_by": ("登记机关", "registered by"),
    "established_on": ("成立日期", "established on"),
    "approved_on": ("核准日期", "approved on"),
    "predecessor": ("承继自", "successor of"),
}
COLUMNS: Final = (
    "kind", "name", "uscc", "registration_no", "org_code", "listed_on", "document_no", "status", "reasons",
    "differences", "touched_by", "touches",
)  # fmt: skip


def page(visit: Visit, name: str, hold_id: str) -> Reply:
    """Fifty entries of one kind: a file of the bucket is read from its beginning, and the state of the list."""
    status, kind = status_of(name), visit.query("kind", tuple(KINDS))
    shown, kind = _shown(name, hold_id, kind, visit.cursor())
    title = list_title(visit, status.feed.list_type, name)
    path = f"lists/{name}/holds/{hold_id}/entries"
    return console_frame.page(
        visit,
        "oversight/hold_entries.html",
        ("放行会影响哪些条目", "What a release would change"),
        list_name=title,
        is_regulator=visit.caller.role == Role.REGULATOR,
        name=name,
        computed_at=shown.at,
        is_whole=shown.is_whole,
        kinds=[
            {
                "path": f"{path}?kind={each}",
                "label": f"{visit.t(*text)} {shown.counts[each]:,}",
                "current": each == kind,
            }
            for each, text in KINDS.items()
        ],
        rows=[_row(visit, entry) for entry in shown.entries],
        pages=console_frame.pages_of(visit, path, _says(shown, kind), shown.next, {"kind": kind}),
        csv=f"{visit.root}{path}.csv?kind={kind}",
    )


def export(visit: Visit, name: str, hold_id: str) -> Reply:
    """All kept entries of one kind as CSV, 4,000 at most."""
    status_of(name)
    kind = visit.query("kind", tuple(KINDS)) or "added"
    where = (name, hold_id)
    shown = hold_preview.read_preview(wiring.bucket(), where, kind, 0, MOST_IN_A_FILE)
    rows = [_line(hold_preview.shown_to(visit.caller.role, entry)) for entry in shown.entries]
    return console_frame.csv_table([COLUMNS, *rows], f"{kind}.csv")


def entry_counts(visit: Visit, name: str, hold_id: str) -> list[tuple[str, str]]:
    """How many entries of each kind a release would change; nothing where none were kept."""
    try:
        counts = hold_preview.read_preview(wiring.bucket(), (name, hold_id), "added", 0, 1).counts
    except errors.NotFound:
        return []
    return [(visit.t(*text), f"{counts[kind]:,}") for kind, text in KINDS.items()]


def entries_link(visit: Visit, name: str, hold_id: str) -> tuple[str, str]:
    """The address and the label of the page of a hold's entries."""
    return f"lists/{name}/holds/{hold_id}/entries", visit.t(
        "逐条查看会影响哪些条目", "See which entries it would change"
    )


def _shown(name: str, hold_id: str, kind: str, after: int) -> tuple[EntryPage, str]:
    """The page of that kind; without one, of the first kind that has entries, ended ones first."""
    where = (name, hold_id)
    if kind:
        return hold_preview.read_preview(wiring.bucket(), where, kind, after, PAGE), kind
    counts = hold_preview.read_preview(wiring.bucket(), where, "ended", 0, 1).counts
    first = next((each for each in ("ended", "added", "changed") if counts[each]), "ended")
    return hold_preview.read_preview(wiring.bucket(), where, first, 0, PAGE), first


def _says(shown: EntryPage, kind: str) -> Text:
    most = hold_preview.MOST_KEPT
    if kind == "touched":
        return (
            f"共 {shown.kept:,} 条；在每类前 {most:,} 条中查找",
            f"{shown.kept:,}, of the first {most:,} of each kind",
        )
    total = shown.counts[kind]
    if total > shown.kept:
        return f"共 {total:,} 条，只保留前 {shown.kept:,} 条", f"{total:,}, of which the first {shown.kept:,} are kept"
    return f"共 {total:,} 条", f"{total:,} in all"


def _row(visit: Visit, kept: Json) -> Json:
    entry = Fields(hold_preview.shown_to(visit.caller.role, kept))
    names = [organisations.name_of(platform) for platform in entry["touches"] or ()]
    count = entry["touched_by"]
    return Fields(
        {
            **entry,
            "state": State(visit.t(*KINDS[entry["kind"]]), TONES[entry["kind"]]),
            "reasons": reason_names(visit, entry["reasons"] or ()),
            "differences": [
                {"field": visit.t(*FIELDS.get(each["field"], (each["field"],) * 2)), **_both(each)}
                for each in entry["differences"] or ()
            ],
            "touched": visit.t("、", ", ").join(names) or (visit.t(f"{count} 个平台", f"{count}") if count else ""),
        }
    )


def _both(difference: Json) -> Json:
    return {"before": difference["before"] or "—", "after": difference["after"] or "—"}


def _line(entry: Json) -> list[object]:
    differences = "; ".join(
        f"{each['field']}: {each['before']} → {each['after']}" for each in entry.get("differences", ())
    )
    texts = {
        **entry,
        "differences": differences,
        "reasons": " ".join(entry.get("reasons", ())),
        "touches": " ".join(entry.get("touches", ())),
    }
    return [texts.get(name, "") for name in COLUMNS]
