"""What the routes of listings take, as pydantic models."""

from chalicelib.handlers.requests.fields import LongText, Strict


class Withdrawal(Strict):
    """Why the reporter takes its listing back."""

    reason: LongText = ""
