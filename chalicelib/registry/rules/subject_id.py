"""The id of a subject: its strongest identifier, or a digest of its name."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.matching import parse_name

# Each kind of identity in the order in which it names the subject.
IDENTIFIERS: Final = (
    ("uscc", "uscc"),
    ("registration_no", "reg"),
    ("org_code", "org"),
    ("person", "person"),
)


def subject_id(identity: Mapping[str, Any]) -> str:
    """The one id of a subject: its strongest identifier, or a digest of its name where it has none.

    Names are digested after normalisation, so spelling variants of one name are one subject.
    """
    for field, kind in IDENTIFIERS:
        if identity.get(field):
            return f"{kind}:{identity[field]}"
    return name_id(identity["name"])


def name_id(name: str) -> str:
    """The id of a subject that is known by its name alone."""
    return "name:" + hashlib.sha256(parse_name.comparison_key(name).encode()).hexdigest()[:24]
