"""Every code with its sentences in Chinese and English: errors of requests, and findings."""

from typing import Final

from chalicelib.messages.codes import Code
from chalicelib.messages.error_codes import ErrorCode
from chalicelib.messages.finding_codes import FindingCode

__all__ = ["CODES", "Code", "ErrorCode", "FindingCode", "message"]
CODES: Final[dict[str, Code]] = {str(code): code for code in (*ErrorCode, *FindingCode)}


def message(code: str) -> dict[str, str]:
    """The sentence of a code in Chinese and English."""
    entry = CODES[code]
    return {"zh": entry.zh, "en": entry.en}
