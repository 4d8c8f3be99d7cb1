"""What the services work with, put together from what the wiring holds."""

from chalicelib import wiring
from chalicelib.services import closing, corroborating
from chalicelib.services.delivering import Post


def post() -> Post:
    """Where notices go."""
    return Post(wiring.exchange(), wiring.notices_of, wiring.topics())


def telling() -> closing.Desk:
    """What telling works with, and the closure ledger."""
    return closing.Desk(wiring.exchange(), wiring.changes(), wiring.tasks_of, post(), wiring.restricted())


def corroboration() -> corroborating.Desk:
    """What corroborating works with."""
    return corroborating.Desk(wiring.exchange(), wiring.corroborations(), post())
