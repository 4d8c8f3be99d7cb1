"""The keys that sign statements, kept in Secrets Manager: the present one, and the one before it for as long as it is.

An administrator that puts a new value makes it the present one (AWSCURRENT); the value before stays as AWSPREVIOUS, is
published beside it and signs nothing more.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from chalicelib.merchant_record.rules.signed_statement import Keyring

# Read again so often: a new key counts soon, and no stream of public requests is a stream of calls.
KEPT_SECONDS: Final = 300


class SigningKeys:
    """Reads a secret of 64 hex digits and what it was before; `client` is Secrets Manager's."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name
        self._read: tuple[int, Keyring] | None = None

    def ring(self, now: datetime) -> "Keyring":
        """The keys, at most five minutes old."""
        from chalicelib.merchant_record.rules.signed_statement import Keyring

        window = int(now.timestamp()) // KEPT_SECONDS
        if self._read is None or self._read[0] != window:
            stages = (self._value("AWSCURRENT"), self._value("AWSPREVIOUS"))
            self._read = window, Keyring([seed for seed in stages if seed])
        return self._read[1]

    def _value(self, stage: str) -> str:
        try:
            answer = self._client.get_secret_value(SecretId=self._name, VersionStage=stage)
        except ClientError as error:
            if stage == "AWSCURRENT" or error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return ""
        return str(answer["SecretString"])
