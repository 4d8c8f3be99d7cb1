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
