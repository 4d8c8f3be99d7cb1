"""What operations of the API are called, in zh and en: their summaries in the description of the API."""

import json
from functools import cache
from typing import Final

from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.openapi import document

# What people do at the console alone.
OF_THE_CONSOLE: Final = {"signIn": ("登录", "Sign in"), "signOut": ("退出", "Sign out")}


@cache
def operations() -> dict[str, tuple[str, str]]:
    """The name of each operation in zh and en."""
    texts = json.loads((document.FOLDER / "texts.json").read_text("utf-8"))["operations"]
    return OF_THE_CONSOLE | {name: (text["summary"]["zh"], text["summary"]["en"]) for name, text in texts.items()}


def operation_name(visit: Visit, operation: str) -> str:
    """An operation in the words of the visitor's language; as it is called by the API where it has none."""
    names = operations().get(operation)
    return visit.t(*names) if names else operation
