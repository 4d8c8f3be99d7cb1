"""The keys that sign statements, kept in Secrets Manager: the current one signs, all are published.

The secret is a document of keys (key_document.py). While it is still a plain value, that is the current key, and
the value before it (AWSPREVIOUS) is published beside it and signs nothing more.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.container_cache import KEPT_SECONDS
from chalicelib.key_document import read_key_document

if TYPE_CHECKING:
    from chalicelib.merchant_record.rules.signed_statement import Keyring

_MISSING: Final = "ResourceNotFoundException"


class SigningKeys:
    """Reads a secret of seeds, each of 64 hex digits; `client` is Secrets Manager's."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name
        self._read: tuple[int, Keyring] | None = None

    def ring(self, now: datetime) -> "Keyring":
        """The keys, at most five minutes old; the earlier ones while the secret cannot be read or understood."""
        window = int(now.timestamp()) // int(KEPT_SECONDS)
        if self._read is None or self._read[0] != window:
            try:
                self._read = window, self._ring()
            except (ClientError, BotoCoreError, ValueError) as error:
                if self._read is None:
                    raise
                self._read = window, self._read[1]
                logs.failed_with("secret_not_read", error, secret=self._name)
                logs.measure({"SecretsNotRead": 1})
        return self._read[1]

    def _ring(self) -> "Keyring":
        from chalicelib.merchant_record.rules.signed_statement import Keyring

        text = self._value("AWSCURRENT")
        document = read_key_document(text)
        if text in document.keys.values():
            return Keyring([seed for seed in (text, self._value("AWSPREVIOUS")) if seed])
        published = (*document.in_use, *([document.next] if document.next else []))
        return Keyring([document.keys[key_id] for key_id in published])

    def _value(self, stage: str) -> str:
        try:
            answer = self._client.get_secret_value(SecretId=self._name, VersionStage=stage)
        except ClientError as error:
            if stage == "AWSCURRENT" or error.response["Error"]["Code"] != _MISSING:
                raise
            return ""
        return str(answer["SecretString"])
