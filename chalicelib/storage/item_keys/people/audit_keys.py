"""Keys of the audit log: the entries of an organisation by month, and where entries of all or of one object stand."""

import hashlib
from datetime import timedelta
from typing import Final

from chalicelib.storage.item_keys.numbered_log_keys import slot

# 网络安全法 21 asks for six months, 个人信息保护法 56 for three years of what is recorded of personal values.
AUDIT_KEPT: Final = timedelta(days=3 * 365 + 1)


def entry_log_name(platform_id: str, month: str) -> str:
    """The name of the log of what people and keys of an organisation did in a month."""
    return f"audit:{platform_id}:{month}"


def all_log_name(month: str) -> str:
    """The name of the log of where the entries of all organisations of a month stand."""
    return f"audit-all:{month}"


def object_log_name(object_name: str) -> str:
    """The name of the log of where the entries about one object stand; the object is digested, for it is any text."""
    return f"audit-of:{hashlib.sha256(object_name.encode('utf-8', 'replace')).hexdigest()[:32]}"


def audit_entry(platform_id: str, month: str, number: int) -> str:
    """What a person or a key of an organisation did."""
    return slot(entry_log_name(platform_id, month), number)


def audit_place(month: str, number: int) -> str:
    """Where an entry of any organisation stands."""
    return slot(all_log_name(month), number)


def audit_place_of_object(digest: str, number: int) -> str:
    """Where an entry about an object (by digest) stands."""
    return slot(f"audit-of:{digest}", number)
