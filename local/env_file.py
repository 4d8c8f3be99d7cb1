"""The file that `make run` writes for a shell: the address and the keys that the commands of the documents use.

source .local/env
"""

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from local.stack import ROOT

if TYPE_CHECKING:
    from local.stack import Stack

DEFAULT = ROOT / ".local" / "env"


def variables(stack: "Stack") -> dict[str, str]:
    """Name and value of each variable: one key for each participant, named as it is in capitals."""
    return {
        "URL": stack.url,
        "JSON": "Content-Type: application/json",
        **{name.upper().replace("-", "_"): key for name, key in stack.keys.items()},
    }


def write(stack: "Stack", path: Path = DEFAULT) -> None:
    """Write the file for its owner alone, whole or not at all; raises `OSError`."""
    if path.exists() and not path.is_file():
        raise FileExistsError(f"{path} is no file")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables(stack).items()]
    draft = path.with_name(path.name + ".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write("# Written by make run, for the commands in the documents: source this file.\n")
        file.write("\n".join(lines) + "\n")
    draft.replace(path)
