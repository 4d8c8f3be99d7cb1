"""Whether two names may mean one subject, and under which keys a name is filed and asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from chalicelib.domain.name import Name

RELATIONS: dict[str, tuple[str, str]] = {
    "same_name": ("名称相同", "The names are the same."),
    "same_words": ("名称用词相同而排列不同", "The names have the same words in another order."),
    "likely_same": ("名称很可能指同一主体", "The names likely mean one subject."),
    "weak": ("名称近似，仅供参考", "The names are similar; for information only."),
    "branch_of": ("一方是另一方的分支机构", "One is a branch of the other."),
    "different": ("名称不同", "The names are different."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One field, the two values of it, how they relate and what that is worth."""

    field: str
    relation: str
    query: str
    candidate: str
    score: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two names relate (a key of `RELATIONS`), how strongly (0 to 1), and why."""

    score: float
    relation: str
    reasons: tuple[Reason, ...]


def _digest(kind: str, *parts: str) -> str:
    value = blake2b("\x1f".join(parts).encode(), digest_size=9).hexdigest()
    return f"{kind}#{value}"


def listed_keys(name: Name) -> tuple[str, ...]:
    """The posting lists under which a listed subject's name is filed."""
    return (_digest("name", name.key), _digest("body", name.brand, name.trade))


def asked_keys(name: Name) -> tuple[str, ...]:
    """The posting lists to fetch for a name that is asked for: 24 at most, most specific first."""
    return listed_keys(name)


def same_name(asked: Name, listed: Name) -> float:
    """The two registered names are one and the same but for width, case and punctuation."""
    return float(asked.key == listed.key)


def same_brand(asked: Name, listed: Name) -> float:
    """The brand and the trade are the same; the form may differ."""
    return float(bool(asked.brand) and (asked.brand, asked.trade) == (listed.brand, listed.trade))


FEATURES: tuple[tuple[Callable[[Name, Name], float], float, str], ...] = (
    (same_name, 1.0, "same_name"),
    (same_brand, 0.8, "likely_same"),
)


def compare(asked: Name, listed: Name) -> Comparison:
    """Score one candidate; the first feature that holds decides the relation."""
    for feature, weight, relation in FEATURES:
        if feature(asked, listed):
            score = weight if asked.raw == listed.raw or relation != "same_name" else 0.99
            reason = Reason("name", relation, asked.raw, listed.raw, score)
            return Comparison(score, relation, (reason,))
    return Comparison(0.0, "different", ())
