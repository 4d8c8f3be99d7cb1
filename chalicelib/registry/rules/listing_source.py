"""The source of a listing: a platform, or a government list; and who may act for it."""

from collections.abc import Mapping
from typing import Any, Final

ENFORCEMENT: Final = "government:enforcement:"


def scope(report: Mapping[str, Any]) -> str:
    """What tells apart the same bytes filed for different platforms; '' for a platform's own."""
    if report.get("enforcement"):
        return "|enforcement"
    return f"|for:{report['on_behalf_of']}" if report.get("on_behalf_of") else ""


def regulator(platform_id: str) -> str:
    """A regulator as histories and `filed_by` name it."""
    return f"regulator:{platform_id}"
