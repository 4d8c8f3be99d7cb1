"""What DynamoDB refuses for good: an item that is too large or not valid. Throttling and outages are no refusals."""

from typing import Final

from botocore.exceptions import ClientError, ParamValidationError

from chalicelib.messages import FindingCode

# The condition of a write did not hold.
CHANGED_MEANWHILE: Final = "ConditionalCheckFailedException"


def finding_of(error: ClientError | ParamValidationError) -> str:
    """Why the store, or its client, would refuse the same write each time: the code of a finding, or
    `CHANGED_MEANWHILE`; '' for what may pass when it is tried again."""
    if isinstance(error, ParamValidationError):
        return FindingCode.CHANGE_NOT_SAVED
    code = error.response["Error"]["Code"]
    if code == CHANGED_MEANWHILE:
        return CHANGED_MEANWHILE
    if code != "ValidationException":
        return ""
    is_size = "size has exceeded" in str(error) or "size to update has exceeded" in str(error)
    return FindingCode.ITEM_TOO_LARGE if is_size else FindingCode.CHANGE_NOT_SAVED
