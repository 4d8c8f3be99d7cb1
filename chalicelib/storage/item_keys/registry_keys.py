"""Keys of the tables `subjects` and `keys`, and of the index of ends by day."""


def subject(scheme: str, value: str) -> str:
    """The id of a subject: how it is identified (uscc, reg, org, person, unverified, name) and by which value."""
    return f"{scheme}:{value}"


def subject_with_uscc(uscc: str) -> str:
    """The id of the subject with that unified social credit code."""
    return subject("uscc", uscc)


def subject_with_unverified_uscc(code: str) -> str:
    """The id of the subject with that credit code, the check character of which fails."""
    return subject("unverified", code)


def lasting_name(subject_id: str) -> str:
    """Where the id of a natural person's subject leads, by a key of the digests that it was not named under."""
    return f"named#{subject_id}"


def posting(kind: str, value: str) -> str:
    """The key of one posting list of the `keys` table."""
    return f"{kind}#{value}"


def expiring(day: str, shard: int) -> str:
    """The listings that end by their own date on that day, one of 16 parts, as earlier versions stored them."""
    return f"expiring#{day}#{shard:x}"


def expiring_part(day: str, part: int) -> str:
    """The listings that end by their own date on that day, one part of them."""
    return f"expiring#{day}#{part:02x}"
