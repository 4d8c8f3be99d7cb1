"""What the services work with, put together from what the wiring holds."""

from chalicelib import wiring
from chalicelib.services import corroborating, displaying, notifying, settling, undoing
from chalicelib.services.delivering import Post


def post() -> Post:
    """Where notices go."""
    return Post(wiring.exchange(), wiring.notices_of, wiring.topics())


def telling() -> notifying.Desk:
    """What telling works with."""
    return notifying.Desk(wiring.exchange(), wiring.changes(), wiring.tasks_of, post())


def corroboration() -> corroborating.Desk:
    """What corroborating works with."""
    return corroborating.Desk(wiring.exchange(), wiring.corroborations(), post())


def displays() -> displaying.Desk:
    """What displaying works with."""
    return displaying.Desk(wiring.exchange(), wiring.registry(), wiring.displays_of)


def licensing() -> settling.Desk:
    """What licence checks work with."""
    names = wiring.settings()
    return settling.Desk(
        wiring.exchange(),
        wiring.registry(),
        wiring.licence_verifiers(),
        wiring.verified_of,
        names.stage,
        int(names.licence_months),
    )


def undo() -> undoing.Desk:
    """What undoing works with."""
    return undoing.Desk(telling(), wiring.disputes_of)
