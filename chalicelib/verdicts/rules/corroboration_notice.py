"""The notice that platforms and government came to agree or to disagree about a subject."""

from chalicelib.notices.rules.notice import SCHEMA, Attributes, Notice, notice_id
from chalicelib.verdicts.rules.corroboration_entry import CorroborationEntry


def corroboration_notice(entry: CorroborationEntry, recipient: str) -> tuple[Notice, Attributes]:
    """The notice to a platform, or to `regulators`, of a change of state."""
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(f"corroboration.{entry.entry_id}", recipient),
        "kind": "corroboration_changed",
        "at": entry.at,
        "subject": entry.subject,
        "was": entry.was,
        "corroboration": entry.corroboration,
    }
    return notice, {"kind": "corroboration_changed", "state": entry.state}
