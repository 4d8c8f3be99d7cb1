"""What two subjects share besides a name, and when that makes one the successor of the other.

Values of personal fields (legal representative, phone, bank account) arrive as keyed digests.
"""

from collections.abc import Mapping
from hashlib import blake2b

from chalicelib.domain.match import Reason

SIGNALS: dict[str, float] = {
    "legal_representative": 0.4,
    "phone": 0.4,
    "bank_account": 0.5,
    "address": 0.3,
    "domain": 0.4,
    "shop_url": 0.5,
}


def signal_keys(signals: Mapping[str, str]) -> tuple[str, ...]:
    """The posting lists under which a subject's signals are filed and asked for."""
    return tuple(
        f"{field}#{blake2b(value.encode(), digest_size=9).hexdigest()}"
        for field in SIGNALS
        if (value := signals.get(field, ""))
    )


def compare_signals(asked: Mapping[str, str], listed: Mapping[str, str]) -> tuple[Reason, ...]:
    """The signals that both carry with the same value; two independent ones make a successor."""
    return tuple(
        Reason(field, "same", value, value, weight)
        for field, weight in SIGNALS.items()
        if (value := asked.get(field, "")) and value == listed.get(field, "")
    )
