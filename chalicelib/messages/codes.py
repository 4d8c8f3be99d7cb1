"""What a code is: its own text, with its sentences in Chinese and English."""

from enum import StrEnum


class Code(StrEnum):
    """A code, stable for ever; `status` is the HTTP status of an error, 0 for what is no error of a request."""

    status: int
    zh: str
    en: str
