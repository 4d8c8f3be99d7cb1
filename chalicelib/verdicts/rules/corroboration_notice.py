"""The notice that platforms and government came to agree or to disagree about a subject."""

from chalicelib.notices.rules.notice import Notice, notice_id
from chalicelib.verdicts.rules.corroboration_entry import CorroborationEntry


def corroboration_notice(entry: CorroborationEntry, recipient: str) -> Notice:
    """The notice to a platform, or to `regulators`, of a change of state."""
    return Notice(
        notice_id=notice_id(f"corroboration.{entry.entry_id}", recipient),
        kind="corroboration_changed",
        at=entry.at,
        content={
            "subject": entry.subject,
            "was": entry.was,
            "corroboration": entry.corroboration,
        },
        filters={"state": entry.state},
    )
