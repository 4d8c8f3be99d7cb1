"""Subscriptions as the API and the console show those of another organisation."""

from chalicelib.people.people import masked_email
from chalicelib.values.records import Json


def masked(subscription: Json) -> Json:
    """A subscription of an answer, of whose mailbox the first letter and the domain are left."""
    endpoint = subscription["endpoint"]
    return {**subscription, "endpoint": masked_email(endpoint)} if subscription["protocol"] == "email" else subscription
