"""The files of the recorded state as people look at them: an invented licence and an invented letter of authorisation.

The record holds a few bytes in their place, so that it stays small and each sample is stored once.
"""

import hashlib
from pathlib import Path
from typing import Final

from chalicelib.storage.item_keys import dispute_keys
from chalicelib.values.records import Json

FOLDER: Final = Path(__file__).parent
LICENCE: Final = "licence.png"
AUTHORISATION: Final = "authorisation.pdf"


def with_sample(entry: tuple[str, str, bytes]) -> tuple[str, str, bytes]:
    """The object (key, type, body), with the sample in place of what stands for one."""
    key, _, body = entry
    if key.startswith("evidence/") and key.endswith(".pdf"):
        return key, "application/pdf", (FOLDER / AUTHORISATION).read_bytes()
    if key.startswith("licences/") and body.startswith(b"\x89PNG"):
        return key, "image/png", (FOLDER / LICENCE).read_bytes()
    return entry


def of_stored_files(items: list[Json], stored: dict[str, tuple[str, bytes]]) -> None:
    """Let each item of a file of evidence speak of the object that is stored for it: its version, size and SHA-256.

    `stored` are version and bytes by the key of the object.
    """
    for item in items:
        if "evidence_id" not in item:
            continue
        dispute_id = item["id"]["S"].split("#")[1]
        if item["id"]["S"] != dispute_keys.evidence_file(dispute_id, item["evidence_id"]["S"]):
            continue
        version, body = stored.get(
            f"evidence/{dispute_id}/{item['evidence_id']['S']}/{item['file_name']['S']}", ("", b"")
        )
        if version:
            item["version"], item["bytes"] = {"S": version}, {"N": str(len(body))}
            item["sha256"] = {"S": hashlib.sha256(body).hexdigest()}
