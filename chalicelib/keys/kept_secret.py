"""A secret that a container keeps for some minutes: rotated without a deploy, and read anew where that is possible."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib import logs
from chalicelib.container_cache import ReadAgain

T = TypeVar("T")


def kept_secret(read: Callable[[str], str], name: str, parse: Callable[[str], T]) -> ReadAgain[T]:
    """What `parse` makes of the secret of that name, at most five minutes old; the earlier value, with a log and a
    measure, while it cannot be read or understood."""

    def tell(error: Exception) -> None:
        logs.failed_with("secret_not_read", error, secret=name)
        logs.measure({"SecretsNotRead": 1})

    return ReadAgain(lambda: parse(read(name)), tell)
