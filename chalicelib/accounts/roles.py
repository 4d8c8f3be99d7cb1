"""The roles of accounts."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is: a platform that reports and looks up, a regulator, or an operator of the exchange.

    `PUBLIC` is anyone without an account, who sees only what is public.
    """

    PLATFORM = "platform"
    REGULATOR = "regulator"
    OPERATOR = "operator"
    PUBLIC = "public"


def role_of_actor(actor: str) -> Role:
    """The role in the name of an actor, such as `regulator:bureau`; `PUBLIC` for a merchant, who has no account."""
    prefix = actor.partition(":")[0]
    return Role(prefix) if prefix in set(Role) else Role.PUBLIC


def actor_name(role: Role, account_id: str) -> str:
    """An account as histories name it, such as `platform:alpha` or `regulator:bureau`."""
    return f"{role}:{account_id}"


def signature(actor: str, person_id: str) -> str:
    """An act as histories keep it: the organisation, and behind a slash the person that acted in its name, if any."""
    return f"{actor}/{person_id}" if person_id else actor


def organisation_of(signed: str) -> str:
    """The organisation of a signature, which is all that other organisations see of it."""
    return signed.partition("/")[0]
